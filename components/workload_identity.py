"""One IAM role for each workload that calls AWS, and the EKS Pod Identity associations that give pods theirs.

Not managed here: the pods, their service accounts (Argo CD's, or an add-on's), the Pod Identity agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

import settings.identity
from components.roles import RoleArgs, make_role
from planning.iam import Scope, trust
from planning.iam.workloads import CONTROLLERS, workload


@dataclass(frozen=True)
class WorkloadIdentityArgs:
    """Arguments of `WorkloadIdentity`."""

    scope: Scope
    """Partition, account, region and cluster that the policies name."""
    identity: settings.identity.Identity
    """Which workloads and add-ons there are, and what of the account they may use."""
    boundary_arn: pulumi.Input[str]
    """The permissions boundary of each role."""
    tags: Mapping[str, str]
    """Tags of every role."""


class WorkloadIdentity(pulumi.ComponentResource):
    """The roles. They need no cluster, so that add-ons have theirs before the first node joins."""

    role_arns: dict[str, pulumi.Output[str]]
    """Of what Argo CD deploys, by workload; each known only once the role has its policy."""
    addon_role_arns: dict[str, pulumi.Output[str]]
    """Of the cluster's add-ons, likewise."""

    def __init__(
        self, name: str, args: WorkloadIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("gitops-platform:workload-identity:WorkloadIdentity", name, None, opts)
        self._name, self._args = name, args
        self.role_arns = {key: self._role(key) for key in args.identity.workloads}
        self.addon_role_arns = {key: self._role(key) for key in args.identity.addons}
        self.register_outputs({"role_arns": self.role_arns, "addon_role_arns": self.addon_role_arns})

    def _role(self, key: str) -> pulumi.Output[str]:
        args = self._args
        pods = workload(key, args.scope, args.identity.reach)
        return make_role(
            f"{self._name}-{key}",
            RoleArgs(
                path=args.scope.role_path,
                trust=trust.pod_trust(args.scope, pods.namespace, pods.service_account),
                boundary_arn=args.boundary_arn,
                tags=args.tags,
                statements=pods.statements,
            ),
            self,
        ).arn


@dataclass(frozen=True)
class PodIdentityArgs:
    """Arguments of `PodIdentity`."""

    cluster_name: pulumi.Input[str]
    """The cluster, once it exists."""
    role_arns: Mapping[str, pulumi.Input[str]]
    """Roles by workload, a key of `CONTROLLERS`, as `WorkloadIdentity` has them; an add-on names its own."""
    tags: Mapping[str, str]
    """Tags of every association."""


class PodIdentity(pulumi.ComponentResource):
    """Gives pods their roles: no annotation of a service account, and no fact on Argo CD's cluster Secret."""

    associations: list[aws.eks.PodIdentityAssociation]

    def __init__(self, name: str, args: PodIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:workload-identity:PodIdentity", name, None, opts)
        self.associations = [
            aws.eks.PodIdentityAssociation(
                f"{name}-{key}",
                cluster_name=args.cluster_name,
                namespace=CONTROLLERS[key][0],
                service_account=CONTROLLERS[key][1],
                role_arn=role_arn,
                tags=dict(args.tags),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for key, role_arn in args.role_arns.items()
        ]
        self.register_outputs({"associations": [association.id for association in self.associations]})
