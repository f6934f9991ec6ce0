"""The EKS add-ons that belong to a cluster."""

from __future__ import annotations

import json

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from local.pulumi_eks import cni
from local.pulumi_eks.inputs import Inputs, Value, whole
from local.pulumi_eks.scope import Scope

OPTIONS = (
    "configurationValues",
    "enabled",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "version",
)
"""The options of coredns and kube-proxy."""


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


def _json(values: Value) -> Output[str] | None:
    if not isinstance(values, Output) and not values:
        return None
    given: Output[Value] = Output.from_input(values)
    # Keys are sorted: their order must not differ from one update to the next.
    return given.apply(lambda value: json.dumps(whole(value), sort_keys=True, separators=(",", ":")))
