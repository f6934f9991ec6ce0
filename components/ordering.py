"""Order between resources that hand no value to each other."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import pulumi

T = TypeVar("T")


def once_made(output: pulumi.Output[T], *made: pulumi.Output[Any]) -> pulumi.Output[T]:
    """Return `output`, which nobody gets before the resources whose outputs are `made` exist.

    It stays known in a preview that makes one of them. By an ordinary `apply` it would not, and the preview
    of a new route would announce that the cluster and its nodes are replaced, as their subnets may be others.
    """
    together = pulumi.Output.all(output, *made)
    return together.apply(lambda known: cast(T, known[0]), run_with_unknowns=True)
