"""Plans of stacks for the commands here, made offline by the local engine and the emulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import yaml

from local import paths
from local import preview as local_preview
from local.errors import LocalError
from local.progress import Progress
from operations import plan, terraform_schema
from operations.plan import Resource
from operations.terraform_schema import Schema


@dataclass(frozen=True)
class Planner:
    """Makes plans as long as the block of `planner` runs; plans of several stacks may be made at once."""

    schema: Schema
    """The types of the AWS provider that makes them."""

    def resources(self, stack: str, overrides: Mapping[str, object] | None = None) -> list[Resource]:
        """The AWS resources that an update of the stack would create in an empty account.

        `overrides` are keys of its configuration without the project's name. Raises
        settings.ConfigError or local.errors.LocalError.
        """
        return plan.read(local_preview.plan(stack, overrides))


@contextmanager
def planner(progress: Progress) -> Iterator[Planner]:
    """Build the toolchain if need be, start what answers look-ups, and end it with the block."""
    with local_preview.lookups(progress):
        yield Planner(terraform_schema.load(paths.BIN / "pulumi-resource-aws"))


def region(stack: str) -> str:
    """The region in the stack's file. Raises LocalError if it has none."""
    file = paths.ROOT / f"Pulumi.{stack}.yaml"
    found = yaml.safe_load(file.read_text())["config"].get("aws:region")
    if not found:
        raise LocalError(f"{file.name} names no aws:region.", remedy="set it there.")
    return str(found)
