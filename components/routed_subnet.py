"""A subnet with its route table, as every subnet of the VPC is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.ordering import once_made


@dataclass(frozen=True)
class RoutedSubnet:
    """What a subnet is made of."""

    vpc_id: pulumi.Input[str]
    """The VPC that it is in."""
    zone: str
    """Name of its availability zone, e.g. eu-west-1a."""
    cidr: IPv4Network
    """Its addresses."""
    route_table_id: pulumi.Input[str]
    """The table that says where its traffic goes."""
    tags: Mapping[str, str]
    """Its tags."""

    def make(self, name: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
        """Make the subnet; returns its id, which nobody gets before it has its routes."""
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc_id,
            availability_zone=self.zone,
            cidr_block=str(self.cidr),
            # Nothing is started in a public subnet that would need an address of the subnet's: NAT gateways
            # and load balancers bring their own.
            map_public_ip_on_launch=False,
            tags=dict(self.tags),
            opts=opts,
        )
        association = aws.ec2.RouteTableAssociation(
            name,
            subnet_id=subnet.id,
            route_table_id=self.route_table_id,
            opts=pulumi.ResourceOptions(parent=opts.parent),
        )
        return once_made(subnet.id, association.id)
