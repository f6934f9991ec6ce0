"""The two security groups of a cluster: its control plane's, and the one for nodes that EKS does not manage.

The rules are the original's but for their descriptions.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws

from local.pulumi_eks.inputs import Value, merged
from local.pulumi_eks.scope import Scope


@dataclass(frozen=True)
class Nodes:
    """The nodes' group, and the rule that lets it reach the API server."""

    group: aws.ec2.SecurityGroup
    cluster_ingress: aws.ec2.SecurityGroupRule


def control_plane_group(scope: Scope, vpc_id: Value, tags: Value) -> aws.ec2.SecurityGroup:
    """The control plane's security group; it may reach everything."""
    group = _group(scope, "eksClusterSecurityGroup", vpc_id, tags)
    _egress(scope, "eksClusterInternetEgressRule", group)
    return group


def node_groups(scope: Scope, vpc_id: Value, tags: Value, control_plane_id: Value) -> Nodes:
    """The nodes' security group, open to itself and to the control plane; it may reach everything."""
    group = _group(scope, "nodeSecurityGroup", vpc_id, tags)
    aws.ec2.SecurityGroupRule(
        f"{scope.name}-eksNodeIngressRule",
        description="Nodes to each other",
        type="ingress",
        from_port=0,
        to_port=0,
        protocol="-1",
        security_group_id=group.id,
        self=True,
        opts=scope.opts,
    )
    _egress(scope, "eksNodeInternetEgressRule", group)
    _ingress(scope, "eksNodeClusterIngressRule", (1025, 65535), source=control_plane_id, target=group.id)
    _ingress(scope, "eksExtApiServerClusterIngressRule", (443, 443), source=control_plane_id, target=group.id)
    to_api = _ingress(scope, "eksClusterIngressRule", (443, 443), source=group.id, target=control_plane_id)
    return Nodes(group, to_api)


def _group(scope: Scope, suffix: str, vpc_id: Value, tags: Value) -> aws.ec2.SecurityGroup:
    name = f"{scope.name}-{suffix}"
    return aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        revoke_rules_on_delete=True,
        tags=merged({"Name": name}, tags, scope.tags),
        opts=scope.opts,
    )


def _egress(scope: Scope, suffix: str, group: aws.ec2.SecurityGroup) -> None:
    aws.ec2.SecurityGroupRule(
        f"{scope.name}-{suffix}",
        description="To anywhere",
        type="egress",
        from_port=0,
        to_port=0,
        protocol="-1",
        cidr_blocks=["0.0.0.0/0"],
        security_group_id=group.id,
        opts=scope.opts,
    )


def _ingress(
    scope: Scope, suffix: str, ports: tuple[int, int], *, source: Value, target: Value
) -> aws.ec2.SecurityGroupRule:
    return aws.ec2.SecurityGroupRule(
        f"{scope.name}-{suffix}",
        description="Nodes and control plane to each other",
        type="ingress",
        from_port=ports[0],
        to_port=ports[1],
        protocol="tcp",
        security_group_id=target,
        source_security_group_id=source,
        opts=scope.opts,
    )
