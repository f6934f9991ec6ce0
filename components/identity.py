"""IAM roles of the cluster and of its nodes.

Not managed here: roles of workloads, permission boundaries, OIDC providers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import auto_mode, iam


@dataclass(frozen=True)
class IdentityArgs:
    """Arguments of `Identity`."""

    partition: str
    """aws, aws-cn or aws-us-gov."""
    auto_mode: bool
    """Whether EKS runs the nodes; then no add-on needs a role."""
    tags: Mapping[str, str]
    """Tags of every role."""


class Identity(pulumi.ComponentResource):
    """The roles, each exposed only once its policies are attached: a cluster or a node that starts
    before has no rights yet, and fails in ways that look like something else."""

    cluster_role: pulumi.Output[aws.iam.Role]
    node_role_arn: pulumi.Output[str]
    workload_role_arns: dict[str, pulumi.Output[str]]
    """By add-on."""

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:identity:Identity", name, None, opts)
        self._name, self._args = name, args
        cluster, attached = self._role(
            "cluster",
            # EKS tags the sessions of the role in Auto Mode and for elastic network interfaces
            # (Amazon EKS User Guide, "Amazon EKS cluster IAM role").
            iam.service_trust("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
            [*iam.CLUSTER_POLICIES, *(auto_mode.CLUSTER_POLICIES if args.auto_mode else ())],
        )
        self.cluster_role = pulumi.Output.all(cluster.name, *attached).apply(lambda _: cluster)
        node_policies = auto_mode.NODE_POLICIES if args.auto_mode else iam.NODE_POLICIES
        node, attached = self._role("node", iam.service_trust("ec2.amazonaws.com"), node_policies)
        self.node_role_arn = pulumi.Output.all(node.arn, *attached).apply(lambda known: str(known[0]))
        self.workload_role_arns = {
            addon: self._workload(addon, policy)
            for addon, policy in ({} if args.auto_mode else iam.ADDON_POLICIES).items()
        }
        self.register_outputs({"cluster_role": self.cluster_role, "node_role_arn": self.node_role_arn})

    def _workload(self, addon: str, policy: str) -> pulumi.Output[str]:
        # EKS Pod Identity tags its sessions (Amazon EKS User Guide, "Configure IAM role for Pod Identity").
        trust = iam.service_trust("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")
        role, attached = self._role(addon, trust, [policy])
        return pulumi.Output.all(role.arn, *attached).apply(lambda known: str(known[0]))

    def _role(
        self, suffix: str, trust: str, policies: Sequence[str]
    ) -> tuple[aws.iam.Role, list[pulumi.Output[str]]]:
        role = aws.iam.Role(
            f"{self._name}-{suffix}",
            assume_role_policy=trust,
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        attached = [
            aws.iam.RolePolicyAttachment(
                f"{self._name}-{suffix}-{policy}",
                role=role.name,
                policy_arn=iam.managed_policy_arn(self._args.partition, policy),
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for policy in policies
        ]
        return role, attached
