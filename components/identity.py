"""IAM roles of the cluster and of its nodes, and the permissions boundary of every role of the platform.

Not managed here: roles of workloads and of GitHub, OIDC providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.roles import RoleArgs, make_role
from planning import auto_mode, iam
from planning.iam import boundary, trust


def current_scope(cluster: str, tags: Mapping[str, str]) -> iam.Scope:
    """Look up where the program runs, for `cluster` and the stack's `tags`, of which Project and Stack tell
    its resources from others."""
    return iam.Scope(
        partition=aws.get_partition().partition,
        region=aws.get_region().region,
        account=aws.get_caller_identity().account_id,
        cluster=cluster,
        tags={key: tags[key] for key in ("Project", "Stack")},
    )


@dataclass(frozen=True)
class IdentityArgs:
    """Arguments of `Identity`."""

    scope: iam.Scope
    """Partition, account, region and cluster that the documents name."""
    auto_mode: bool
    """Whether EKS runs the nodes, and the cluster's role their network, disks and load balancers."""
    tags: Mapping[str, str]
    """Tags of every resource."""


class Identity(pulumi.ComponentResource):
    """The two roles, each exposed only once its policies are attached: a cluster or a node that starts
    before has no rights yet, and fails in ways that look like something else."""

    boundary_arn: pulumi.Output[str]
    """What no role of the platform may ever do; every role in `planning.iam.Scope.role_path` has it."""
    cluster_role: pulumi.Output[aws.iam.Role]
    node_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:identity:Identity", name, None, opts)
        limit = aws.iam.Policy(
            f"{name}-boundary",
            # The name is fixed, as GitHub's deploy role may make no role without this very boundary.
            name=boundary.name(args.scope),
            path=args.scope.guard_path,
            description=f"What no role of {args.scope.cluster} may ever do",
            policy=iam.document(boundary.platform(args.scope)),
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.boundary_arn = limit.arn
        trusts = {
            # EKS tags the sessions of the role in Auto Mode and for elastic network interfaces
            # (Amazon EKS User Guide, "Amazon EKS cluster IAM role").
            "cluster": iam.service_trust("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
            "node": iam.service_trust(trust.service_principal(args.scope.partition, "ec2")),
        }
        policies = {
            "cluster": [*iam.CLUSTER_POLICIES, *(auto_mode.CLUSTER_POLICIES if args.auto_mode else ())],
            "node": auto_mode.NODE_POLICIES if args.auto_mode else iam.NODE_POLICIES,
        }
        roles = {
            kind: make_role(
                f"{name}-{kind}",
                RoleArgs(
                    path=args.scope.role_path,
                    trust=trusts[kind],
                    boundary_arn=limit.arn,
                    tags=args.tags,
                    policy_arns={
                        policy: iam.managed_policy_arn(args.scope.partition, policy)
                        for policy in policies[kind]
                    },
                ),
                self,
            )
            for kind in trusts
        }
        self.cluster_role = roles["cluster"].ready
        self.node_role_arn = roles["node"].arn
        self.register_outputs(
            {
                "boundary_arn": self.boundary_arn,
                "cluster_role": self.cluster_role,
                "node_role_arn": self.node_role_arn,
            }
        )
