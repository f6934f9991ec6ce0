"""EKS Auto Mode of a cluster."""

from __future__ import annotations

from typing import Any

from pulumi import Output

from local.pulumi_eks.inputs import Inputs, Problems, Value

OPTIONS = ("computeConfig", "createNodeRole", "enabled")

COMPUTE = {"enabled": True, "nodePools": ["general-purpose", "system"]}
"""What the original asks for where `computeConfig` says nothing else."""


def is_enabled(inputs: Inputs) -> bool:
    """Whether the cluster is in Auto Mode."""
    return bool((inputs.get("autoMode") or {}).get("enabled"))


def check(inputs: Inputs, problems: Problems) -> None:
    """Note what is wrong with the options."""
    options = problems.options(inputs, "autoMode", OPTIONS)
    if not is_enabled(inputs):
        return
    # The original makes both roles, with the policies that Auto Mode needs.
    if options.get("createNodeRole") is not False:
        problems.add("autoMode.createNodeRole", "the local stand-in for pulumi-eks supports false only")
    if "serviceRole" not in inputs:
        problems.add("serviceRole", "is required by the local stand-in for pulumi-eks in Auto Mode")


def settings(inputs: Inputs, network: Inputs) -> dict[str, Value]:
    """What Auto Mode and the network make of the cluster: all of it known or, in a preview, nothing of it.

    The AWS provider asks for that: the three parts must be on or off together.
    """
    if not is_enabled(inputs):
        return {"kubernetes_network_config": network or None}
    compute: Output[dict[str, Any]] = Output.from_input(inputs["autoMode"].get("computeConfig") or {})
    together = Output.all(compute=compute, network=network).apply(
        lambda known: {
            "compute": {**COMPUTE, **known["compute"]},
            "network": {
                "ipFamily": "ipv4",
                **known["network"],
                "elasticLoadBalancing": {"enabled": True},
            },
            "storage": {"blockStorage": {"enabled": True}},
        }
    )
    return {
        "compute_config": together["compute"],
        "kubernetes_network_config": together["network"],
        "storage_config": together["storage"],
    }
