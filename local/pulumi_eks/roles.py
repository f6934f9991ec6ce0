"""Roles for AWS services, with the managed policies that the service needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from local.pulumi_eks.scope import Scope


class ServiceRole(ComponentResource):
    """A role that a service may take, its policies attached one by one."""

    role: Output[aws.iam.Role]
    """Known once all policies are attached."""

    def __init__(self, scope: Scope, suffix: str, service: str, policies: Sequence[str]) -> None:
        name = f"{scope.name}-{suffix}"
        super().__init__("eks:index:ServiceRole", name, None, scope.opts)
        actions = (
            ["sts:AssumeRole", "sts:TagSession"] if service == "eks.amazonaws.com" else ["sts:AssumeRole"]
        )
        statement = {"Action": actions, "Effect": "Allow", "Principal": {"Service": [service]}}
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            tags=scope.tags,
            opts=ResourceOptions(parent=self),
        )
        attachments = [self._attach(name, role, f"arn:aws:iam::aws:policy/{policy}") for policy in policies]
        self.role = Output.all(role.arn, *(each.id for each in attachments)).apply(lambda _: role)
        self.register_outputs({"directRole": role, "resolvedRole": self.role})

    def _attach(self, name: str, role: aws.iam.Role, policy: str) -> aws.iam.RolePolicyAttachment:
        # The digest is part of the original's names; it protects nothing.
        digest = hashlib.sha1(policy.encode(), usedforsecurity=False).hexdigest()[:8]
        return aws.iam.RolePolicyAttachment(
            f"{name}-{digest}", policy_arn=policy, role=role.name, opts=ResourceOptions(parent=self)
        )


def control_plane_role(scope: Scope) -> Output[aws.iam.Role]:
    """The role of a control plane."""
    return ServiceRole(scope, "eksRole", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]).role


def node_role(scope: Scope) -> Output[aws.iam.Role]:
    """A role for nodes, and its instance profile."""
    policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"]
    role = ServiceRole(scope, "instanceRole", "ec2.amazonaws.com", policies).role
    aws.iam.InstanceProfile(f"{scope.name}-instanceProfile", role=role.name, opts=scope.opts)
    return role
