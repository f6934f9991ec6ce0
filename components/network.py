"""The VPC: its subnets over the availability zones, and their routes to the internet or to AWS alone.

Not managed here: flow logs, peering, DNS zones, network ACLs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

import settings.network
from components.ordering import once_made
from components.pod_subnets import PodSubnets, PodSubnetsArgs
from components.routed_subnet import RoutedSubnet
from components.vpc_endpoints import VpcEndpoints, VpcEndpointsArgs
from planning import subnet_tags


@dataclass(frozen=True)
class NetworkArgs:
    """Arguments of `Network`."""

    network: settings.network.Network
    """CIDRs, subnets by zone, NAT profile."""
    zones: Sequence[str]
    """Names of the availability zones, e.g. us-east-1a, in the order of the subnets."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    region: str
    """Where the VPC is, e.g. eu-west-1."""
    cluster_name: str
    """The EKS cluster that subnet tags name."""
    tags: Mapping[str, str]
    """Tags of every resource."""


class Network(pulumi.ComponentResource):
    """A VPC with one public and one private subnet in each zone, and a pod subnet if asked for.

    Each zone has a private route table of its own, whatever its NAT gateway, so that changing the NAT
    profile changes routes and replaces no table.
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[list[str]]
    private_subnet_ids: pulumi.Output[list[str]]
    """Known only once each subnet's routes and endpoints exist: what starts there at once reaches AWS."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:network:Network", name, None, opts)
        if len(args.zones) != args.network.zones:
            raise ValueError(f"{len(args.zones)} zones but subnets for {args.network.zones}")
        self._name, self._args, self._network = name, args, args.network
        self._child = pulumi.ResourceOptions(parent=self)
        vpc = self._vpc()
        self._vpc_id = vpc.id
        public = self._public_subnets()
        tables = [self._route_table(f"private-{zone}") for zone in args.zones]
        private = self._subnets("private", [pair.private for pair in args.network.subnets], tables)
        ready = [*self._nat_routes(tables, public), self._endpoints(tables, private)]
        if args.network.pod_cidr:
            ready.append(self._pod_subnets(args.network.pod_cidr, tables))
        self.vpc_id = vpc.id
        self.public_subnet_ids = pulumi.Output.all(*public)
        self.private_subnet_ids = once_made(pulumi.Output.all(*private), *ready)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
            }
        )

    def _tags(self, suffix: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._args.cluster_name}-{suffix}"}

    def _vpc(self) -> aws.ec2.Vpc:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=str(self._network.cidr),
            # Private endpoints of EKS and AWS services resolve by names in the VPC.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._tags("vpc"),
            opts=self._child,
        )
        # What is started without a security group gets this one; without rules, it reaches nothing.
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default", vpc_id=vpc.id, tags=self._tags("default"), opts=self._child
        )
        return vpc

    def _public_subnets(self) -> list[pulumi.Output[str]]:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=self._vpc_id, tags=self._tags("internet"), opts=self._child
        )
        table = self._route_table("public")
        # A NAT gateway without this route comes up, and forwards nothing.
        self._internet_route = aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        cidrs = [pair.public for pair in self._network.subnets]
        return self._subnets("public", cidrs, [table] * len(cidrs))

    def _subnets(
        self, kind: str, cidrs: Sequence[IPv4Network], tables: Sequence[aws.ec2.RouteTable]
    ) -> list[pulumi.Output[str]]:
        """The ids of one subnet per zone, each there once it has its route table."""
        tags = {"private": subnet_tags.private, "public": subnet_tags.public}[kind]
        ids = []
        for zone, cidr, table in zip(self._args.zones, cidrs, tables, strict=True):
            suffix = f"{kind}-{zone}"
            own = {**self._tags(suffix), **tags(self._args.cluster_name)}
            subnet = RoutedSubnet(self._vpc_id, zone, cidr, table.id, own)
            ids.append(subnet.make(f"{self._name}-{suffix}", self._child))
        return ids

    def _nat_routes(
        self, tables: Sequence[aws.ec2.RouteTable], public: Sequence[pulumi.Output[str]]
    ) -> list[pulumi.Output[str]]:
        """The ids of the private subnets' routes: by the NAT gateway of the zone, or the one for all."""
        zones = self._args.zones
        count = {"none": 0, "single": 1, "per-zone": len(zones)}[self._network.nat_gateways]
        gateways = [self._nat_gateway(zones[index], public[index]) for index in range(count)]
        if not gateways:
            return []
        return [
            aws.ec2.Route(
                f"{self._name}-private-{zone}-nat",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=gateways[index % count].id,
                opts=self._child,
            ).id
            for index, (zone, table) in enumerate(zip(zones, tables, strict=True))
        ]

    def _nat_gateway(self, zone: str, subnet_id: pulumi.Output[str]) -> aws.ec2.NatGateway:
        suffix = f"nat-{zone}"
        address = aws.ec2.Eip(
            f"{self._name}-{suffix}", domain="vpc", tags=self._tags(suffix), opts=self._child
        )
        return aws.ec2.NatGateway(
            f"{self._name}-{suffix}",
            allocation_id=address.id,
            subnet_id=subnet_id,
            tags=self._tags(suffix),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._internet_route]),
        )

    def _endpoints(
        self, tables: Sequence[aws.ec2.RouteTable], private: Sequence[pulumi.Output[str]]
    ) -> pulumi.Output[list[str]]:
        args, network = self._args, self._network
        clients = {"vpc": network.cidr} | ({"pods": network.pod_cidr} if network.pod_cidr else {})
        return VpcEndpoints(
            f"{self._name}-endpoints",
            VpcEndpointsArgs(
                vpc_id=self._vpc_id,
                route_table_ids=[table.id for table in tables],
                interfaces=network.nat_gateways == "none",
                subnet_ids=private,
                clients={client: str(cidr) for client, cidr in clients.items()},
                partition=args.partition,
                region=args.region,
                cluster_name=args.cluster_name,
                tags=args.tags,
            ),
            self._child,
        ).ids

    def _pod_subnets(
        self, cidr: IPv4Network, tables: Sequence[aws.ec2.RouteTable]
    ) -> pulumi.Output[list[str]]:
        args = self._args
        return PodSubnets(
            f"{self._name}-pods",
            PodSubnetsArgs(
                vpc_id=self._vpc_id,
                cidr=str(cidr),
                subnets=dict(zip(args.zones, self._network.pod_subnets, strict=True)),
                route_table_ids=[table.id for table in tables],
                cluster_name=args.cluster_name,
                tags=args.tags,
            ),
            self._child,
        ).ids

    def _route_table(self, suffix: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{suffix}", vpc_id=self._vpc_id, tags=self._tags(suffix), opts=self._child
        )
