"""What policy documents are made of: statements, and the scope that their ARNs and tags name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
"""Operator -> key -> values, e.g. {"StringEquals": {"aws:ResourceTag/Stack": "prod"}}."""

ANYTHING = ("*",)
"""The resource of actions that take none (Service Authorization Reference)."""


@dataclass(frozen=True)
class Scope:
    """Where the platform of one stack is, and how its resources are told from others of the account."""

    partition: str
    """aws, aws-cn or aws-us-gov."""
    region: str
    account: str
    """Twelve digits."""
    cluster: str
    """Name of the EKS cluster."""
    tags: Mapping[str, str]
    """Tags that every resource of the stack has, and no resource of another: Project and Stack."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account and region, e.g. arn("ec2", "vpc/*")."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def ec2(self, *kinds: str) -> tuple[str, ...]:
        """Return the ARNs of every EC2 resource of these kinds, e.g. ec2("vpc", "subnet")."""
        return tuple(self.arn("ec2", f"{kind}/*") for kind in kinds)

    def iam(self, resource: str) -> str:
        """Return the ARN of an IAM resource, which has no region."""
        return f"arn:{self.partition}:iam::{self.account}:{resource}"

    @property
    def role_path(self) -> str:
        """Path of the roles that the platform runs with; the path, not a name, limits what may touch them,
        so that Pulumi can name them and cluster names may be long."""
        return f"/{self.cluster}/platform/"

    @property
    def guard_path(self) -> str:
        """Path of what guards the platform, boundaries and GitHub's roles: only an administrator's."""
        return f"/{self.cluster}/guard/"

    def asked(self) -> Conditions:
        """Return the condition that a request gives what it creates the stack's tags."""
        return {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in self.tags.items()}}

    def owned(self) -> Conditions:
        """Return the condition that a resource has the stack's tags."""
        return {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in self.tags.items()}}

    def in_cluster(self) -> Conditions:
        """Return the condition that EKS has marked a resource (an instance, a security group) as the
        cluster's own (Amazon EKS User Guide, "Tag your Amazon EKS resources")."""
        return {"StringEquals": {f"aws:ResourceTag/kubernetes.io/cluster/{self.cluster}": "owned"}}


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    sid: str
    """What it is for, letters and digits only; unique in its document."""
    actions: Sequence[str]
    resources: Sequence[str]
    conditions: Conditions = field(default_factory=dict)
    effect: Literal["Allow", "Deny"] = "Allow"

    def as_dict(self) -> dict[str, object]:
        """Return it as IAM spells it."""
        spelled: dict[str, object] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Action": sorted(self.actions),
            "Resource": list(self.resources),
        }
        if self.conditions:
            spelled["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return spelled


def document(statements: Iterable[Statement]) -> str:
    """Return the policy as JSON without white space, of which IAM's size limits count none."""
    body = {"Version": "2012-10-17", "Statement": [statement.as_dict() for statement in statements]}
    return json.dumps(body, separators=(",", ":"))
