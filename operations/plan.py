"""The plan of a stack as Python objects, read from what the engine's `preview --json` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value not known yet (`plugin.UnknownStringValue` of its SDK)."""

AWS = "aws:"
"""How the types of the AWS provider begin."""


@dataclass(frozen=True)
class Resource:
    """One resource that an update of an empty account would create."""

    urn: str
    type: str
    """Pulumi's type token, e.g. aws:ec2/vpc:Vpc."""
    name: str
    inputs: Mapping[str, Any]
    """What the provider is given, its defaults included, unknown values as `UNKNOWN`."""
    depends_on: Mapping[str, tuple[str, ...]]
    """For each input the URNs of the resources that its value comes from."""


def read(preview: Mapping[str, Any]) -> list[Resource]:
    """The resources of the AWS provider in a plan, in the plan's order.

    Components, providers and what is in the cluster are left out. Raises ValueError for a plan that does
    anything but create: what is unchanged or deleted would be judged by half.
    """
    resources = []
    for step in preview["steps"]:
        if step["op"] != "create":
            raise ValueError(f"The plan is not that of an empty account: {step['op']} {step['urn']}")
        state = step["newState"]
        if state["type"].startswith(AWS):
            resources.append(_resource(state))
    return resources


def _resource(state: Mapping[str, Any]) -> Resource:
    depends_on = state.get("propertyDependencies") or {}
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        inputs=state.get("inputs", {}),
        depends_on={key: tuple(urns) for key, urns in depends_on.items() if urns},
    )
