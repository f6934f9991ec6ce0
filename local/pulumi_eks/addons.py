"""EKS add-ons: the three that belong to a cluster, and any other."""

from __future__ import annotations

import json

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from local.pulumi_eks import cni
from local.pulumi_eks.inputs import Inputs, Problems, Value, whole
from local.pulumi_eks.scope import Scope

OPTIONS = (
    "configurationValues",
    "enabled",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "version",
)
"""The options of coredns and kube-proxy."""

INPUTS = (
    "addonName",
    "addonVersion",
    "cluster",
    "configurationValues",
    "preserve",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "serviceAccountRoleArn",
)
"""The inputs of any other add-on."""


class VpcCniAddon(ComponentResource):
    """The vpc-cni add-on; its options become environment variables of the plugin."""

    def __init__(
        self, scope: Scope, cluster: aws.eks.Cluster, options: Inputs, entries: list[aws.eks.AccessEntry]
    ) -> None:
        name = f"{scope.name}-vpc-cni"
        opts = ResourceOptions(parent=scope.parent, depends_on=entries)
        super().__init__("eks:index:VpcCniAddon", name, None, opts)
        addon = aws.eks.Addon(
            name,
            cluster_name=cluster.name,
            addon_name="vpc-cni",
            addon_version=options["addonVersion"],
            configuration_values=_json(cni.configuration(options)),
            preserve=True,
            resolve_conflicts_on_create=options.get("resolveConflictsOnCreate", "OVERWRITE"),
            resolve_conflicts_on_update=options.get("resolveConflictsOnUpdate", "OVERWRITE"),
            service_account_role_arn=options.get("serviceAccountRoleArn"),
            tags=scope.tags,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"addon": addon})


def cluster_addon(scope: Scope, cluster: aws.eks.Cluster, addon: str, options: Inputs) -> None:
    """coredns or kube-proxy, as part of a cluster."""
    aws.eks.Addon(
        f"{scope.name}-{addon}",
        cluster_name=cluster.name,
        addon_name=addon,
        addon_version=options["version"],
        configuration_values=_json(options.get("configurationValues")),
        preserve=True,
        resolve_conflicts_on_create=options.get("resolveConflictsOnCreate", "OVERWRITE"),
        resolve_conflicts_on_update=options.get("resolveConflictsOnUpdate", "OVERWRITE"),
        tags=scope.tags,
        opts=scope.opts,
    )


class Addon(ComponentResource):
    """Any add-on; a child of its cluster, whatever parent the program named."""

    state: dict[str, Value]
    """What the program gets."""

    def __init__(self, name: str, inputs: Inputs, opts: ResourceOptions) -> None:
        _check(inputs)
        cluster = inputs["cluster"]
        opts = ResourceOptions.merge(opts, ResourceOptions(parent=cluster.as_parent))
        super().__init__("eks:index:Addon", name, None, opts)
        addon = aws.eks.Addon(
            name,
            cluster_name=cluster.core["cluster"].name,
            addon_name=inputs["addonName"],
            addon_version=inputs.get("addonVersion"),
            configuration_values=_json(inputs.get("configurationValues")),
            preserve=inputs.get("preserve"),
            resolve_conflicts_on_create=inputs.get("resolveConflictsOnCreate"),
            resolve_conflicts_on_update=inputs.get("resolveConflictsOnUpdate"),
            service_account_role_arn=inputs.get("serviceAccountRoleArn"),
            opts=ResourceOptions(parent=self),
        )
        self.state = {"addon": addon}
        self.register_outputs(self.state)


def _check(inputs: Inputs) -> None:
    problems = Problems()
    if "tags" in inputs:
        # The schema says a list of maps, the AWS resource wants one map: the original cannot use it either.
        problems.add("tags", "pulumi-eks cannot tag an add-on; set default tags on the AWS provider")
    problems.add_unsupported(inputs, (*INPUTS, "tags"))
    problems.plain(inputs, "cluster")
    problems.raise_if_any()


def _json(values: Value) -> Output[str] | None:
    if not isinstance(values, Output) and not values:
        return None
    given: Output[Value] = Output.from_input(values)
    # Keys are sorted: their order must not differ from one update to the next.
    return given.apply(lambda value: json.dumps(whole(value), sort_keys=True, separators=(",", ":")))
