"""A second CIDR of the VPC and a subnet of it in each zone, for the addresses of pods alone.

The vpc-cni finds the subnets by their tags and takes pod addresses from them, nodes stay where they are; so
they can be added to a running cluster, and neither the cluster nor a node group knows of them.

Not managed here: the vpc-cni add-on, which does this by default (ENABLE_SUBNET_DISCOVERY).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.routed_subnet import RoutedSubnet
from planning import subnet_tags


@dataclass(frozen=True)
class PodSubnetsArgs:
    """Arguments of `PodSubnets`."""

    vpc_id: pulumi.Input[str]
    """The VPC that gets the second CIDR."""
    cidr: str
    """The second CIDR, e.g. 100.64.0.0/16."""
    subnets: Mapping[str, IPv4Network]
    """The subnet of each zone, by the zone's name."""
    route_table_ids: Sequence[pulumi.Input[str]]
    """The private route table of each zone, in the order of `subnets`."""
    cluster_name: str
    """The EKS cluster whose pods they are for."""
    tags: Mapping[str, str]
    """Tags of every subnet."""


class PodSubnets(pulumi.ComponentResource):
    """Pod subnets, each with the routes of its zone's private subnet."""

    ids: pulumi.Output[list[str]]
    """Known once each subnet has its routes."""

    def __init__(self, name: str, args: PodSubnetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:pod_subnets:PodSubnets", name, None, opts)
        second = aws.ec2.VpcIpv4CidrBlockAssociation(
            f"{name}-cidr",
            vpc_id=args.vpc_id,
            cidr_block=args.cidr,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # They come after the CIDR that they are part of.
        child = pulumi.ResourceOptions(parent=self, depends_on=[second])
        ids = []
        for (zone, cidr), table in zip(args.subnets.items(), args.route_table_ids, strict=True):
            name_tag = {"Name": f"{args.cluster_name}-pods-{zone}"}
            tags = {**args.tags, **subnet_tags.pods(args.cluster_name), **name_tag}
            ids.append(RoutedSubnet(args.vpc_id, zone, cidr, table, tags).make(f"{name}-{zone}", child))
        self.ids = pulumi.Output.all(*ids)
        self.register_outputs({"ids": self.ids})
