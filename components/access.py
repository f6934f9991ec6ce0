"""Who may enter the cluster: access entries of EKS, each with one access policy.

Not managed here: the IAM roles that the entries name, entries that EKS makes for nodes, RBAC in the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import access
from settings.access import AccessEntry


@dataclass(frozen=True)
class AccessArgs:
    """Arguments of `Access`."""

    cluster_name: pulumi.Input[str]
    """The cluster, once it exists."""
    entries: Sequence[AccessEntry]
    """Principals, each at most once, with what they may do and where."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    tags: Mapping[str, str]
    """Tags of every entry."""


class Access(pulumi.ComponentResource):
    """The access entries of one cluster. Whoever depends on it finds all of them in effect."""

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:access:Access", name, None, opts)
        self._args = args
        for entry in args.entries:
            self._entry(f"{name}-{access.entry_name(entry.principal_arn)}", entry)
        self.register_outputs({})

    def _entry(self, name: str, entry: AccessEntry) -> None:
        made = aws.eks.AccessEntry(
            name,
            cluster_name=self._args.cluster_name,
            principal_arn=entry.principal_arn,
            type="STANDARD",
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.eks.AccessPolicyAssociation(
            name,
            cluster_name=made.cluster_name,
            principal_arn=made.principal_arn,
            policy_arn=access.policy_arn(
                self._args.partition, entry.scope, namespaced=bool(entry.namespaces)
            ),
            access_scope=_scope(entry.namespaces),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[made],
                # EKS knows an association by principal and policy alone. A replacement that comes first
                # would overwrite the old one, and the old one's deletion would then take it away.
                delete_before_replace=True,
            ),
        )


def _scope(namespaces: Sequence[str]) -> aws.eks.AccessPolicyAssociationAccessScopeArgs:
    if not namespaces:
        return aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster")
    return aws.eks.AccessPolicyAssociationAccessScopeArgs(type="namespace", namespaces=sorted(namespaces))
