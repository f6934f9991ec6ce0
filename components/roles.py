"""An IAM role with what it may do, and never may do.

Not a component: the parts of one, which several components make.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.ordering import once_made
from planning.iam import Statement, document


@dataclass(frozen=True)
class RoleArgs:
    """Arguments of `make_role`."""

    path: str
    """IAM path, e.g. /demo/platform/, by which policies tell the role from others."""
    trust: pulumi.Input[str]
    """Trust policy: who may assume it."""
    boundary_arn: pulumi.Input[str]
    """Its permissions boundary; no role is without."""
    tags: Mapping[str, str]
    statements: Iterable[Statement] = ()
    """What it may do, as a policy of its own."""
    policy_arns: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Managed policies that it gets, by a short name."""
    role_name: str | None = None
    """Its name in IAM, if something else has to know it; else Pulumi makes one, which eases replacing it."""


@dataclass(frozen=True)
class MadeRole:
    """A role and what it was given."""

    role: aws.iam.Role
    given: tuple[pulumi.Output[str], ...]
    """Ids of its policies, known once it has them."""

    @property
    def arn(self) -> pulumi.Output[str]:
        """Its ARN, known only once it has its policies: what starts with less fails in ways that look like
        something else."""
        return once_made(self.role.arn, *self.given)

    @property
    def ready(self) -> pulumi.Output[aws.iam.Role]:
        """The role, known only once it has its policies."""
        return once_made(self.role.name, *self.given).apply(lambda _: self.role)


def make_role(name: str, args: RoleArgs, parent: pulumi.Resource) -> MadeRole:
    """Make a role called `name` with its policies."""
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name,
        name=args.role_name,
        path=args.path,
        assume_role_policy=args.trust,
        permissions_boundary=args.boundary_arn,
        tags=dict(args.tags),
        opts=child,
    )
    given = [
        aws.iam.RolePolicyAttachment(f"{name}-{policy}", role=role.name, policy_arn=policy_arn, opts=child).id
        for policy, policy_arn in args.policy_arns.items()
    ]
    statements = list(args.statements)
    if statements:
        policy = aws.iam.RolePolicy(name, role=role.name, policy=document(statements), opts=child)
        given.append(policy.id)
    return MadeRole(role, tuple(given))
