"""EKS add-ons in their pinned versions, each with the role and the configuration that it needs.

`aws.eks.Addon` and not pulumi-eks's `Addon`, which has neither tags nor Pod Identity associations (4.3.0).

Not managed here: the roles, and whatever Argo CD installs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import addon_versions
from planning.addons import Addon, Configuration, configuration_values


@dataclass(frozen=True)
class AddonsArgs:
    """Arguments of `Addons`."""

    cluster_name: pulumi.Input[str]
    """Known once the cluster is there."""
    version: str
    """Kubernetes minor version of the cluster, for which the add-ons' versions are pinned."""
    addons: Sequence[Addon]
    """What to install."""
    configuration: Mapping[str, Configuration]
    """What differs from the default configuration, by add-on."""
    role_arns: Mapping[str, pulumi.Input[str]]
    """Roles of the add-ons that have a service account of their own, by add-on, with policies attached."""
    tags: Mapping[str, str]
    """Tags of every add-on."""
    after: Sequence[pulumi.Resource] = ()
    """What must be there first."""


class Addons(pulumi.ComponentResource):
    """Add-ons that come at the same time."""

    def __init__(self, name: str, args: AddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:addons:Addons", name, None, opts)
        for addon in args.addons:
            aws.eks.Addon(
                f"{name}-{addon.name}",
                cluster_name=args.cluster_name,
                addon_name=addon.name,
                addon_version=addon_versions.VERSIONS[args.version][addon.name],
                configuration_values=configuration_values(addon, args.configuration.get(addon.name, {})),
                pod_identity_associations=_pod_identity(addon, args.role_arns),
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="OVERWRITE",
                tags=dict(args.tags),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[*args.after]),
            )
        self.register_outputs({})


def _pod_identity(
    addon: Addon, role_arns: Mapping[str, pulumi.Input[str]]
) -> list[aws.eks.AddonPodIdentityAssociationArgs] | None:
    if addon.service_account is None:
        return None
    association = aws.eks.AddonPodIdentityAssociationArgs(
        role_arn=role_arns[addon.name], service_account=addon.service_account
    )
    return [association]
