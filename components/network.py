"""The VPC: public and private subnets over the availability zones, and their routes to the internet.

Not managed here: VPC endpoints, flow logs, peering, DNS zones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning.subnets import ZoneSubnets


def availability_zones(count: int) -> list[str]:
    """Return the names of the region's first `count` availability zones, local and wavelength zones left out.

    Raises `pulumi.RunError` if the region has fewer.
    """
    found = aws.get_availability_zones(
        state="available",
        filters=[aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])],
    )
    zones = sorted(found.names)
    if len(zones) < count:
        raise pulumi.RunError(
            f"availabilityZones = {count}: region {found.region} has {len(zones)} ({', '.join(zones)}). "
            f"Use {len(zones)} or another region."
        )
    return zones[:count]


@dataclass(frozen=True)
class NetworkArgs:
    """Arguments of `Network`."""

    cidr: str
    """The VPC's CIDR, e.g. 10.0.0.0/16."""
    zones: Sequence[str]
    """Names of the availability zones, e.g. us-east-1a; their order is kept."""
    subnets: Sequence[ZoneSubnets]
    """Subnets of each zone, in the order of `zones`."""
    nat_gateways: str
    """none, single (the first zone's serves all) or per-zone."""
    cluster_name: str
    """The EKS cluster that subnet tags name."""
    tags: Mapping[str, str]
    """Tags of every resource."""


class Network(pulumi.ComponentResource):
    """A VPC with one public and one private subnet in each zone.

    Each zone has a private route table of its own, whatever its NAT gateway, so that changing the NAT
    profile changes routes and replaces no table.
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[list[str]]
    private_subnet_ids: pulumi.Output[list[str]]
    """Known only once each subnet's route exists: what starts there at once reaches the internet."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:network:Network", name, None, opts)
        if len(args.zones) != len(args.subnets):
            raise ValueError(f"{len(args.zones)} zones but subnets for {len(args.subnets)}")
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            # Private endpoints of EKS and AWS services resolve by names in the VPC.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._tags("vpc"),
            opts=self._child,
        )
        self._vpc_id = vpc.id
        public = self._public_subnets()
        nat_gateways = self._nat_gateways(public)
        self.vpc_id = vpc.id
        self.public_subnet_ids = pulumi.Output.all(*[subnet.id for subnet in public])
        self.private_subnet_ids = self._private_subnets(nat_gateways)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
            }
        )

    def _tags(self, suffix: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return {**self._args.tags, **(extra or {}), "Name": f"{self._args.cluster_name}-{suffix}"}

    def _subnet(self, kind: str, zone: str, cidr: str, role: str) -> aws.ec2.Subnet:
        suffix = f"{kind}-{zone}"
        # Both tags are how the AWS Load Balancer Controller finds subnets
        # (Amazon EKS User Guide, "Route internet traffic with AWS Load Balancer Controller").
        owner = f"kubernetes.io/cluster/{self._args.cluster_name}"
        tags = {f"kubernetes.io/role/{role}": "1", owner: "shared"}
        return aws.ec2.Subnet(
            f"{self._name}-{suffix}",
            vpc_id=self._vpc_id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags=self._tags(suffix, tags),
            opts=self._child,
        )

    def _public_subnets(self) -> list[aws.ec2.Subnet]:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=self._vpc_id, tags=self._tags("internet"), opts=self._child
        )
        table = self._route_table("public")
        route = aws.ec2.Route(
            f"{self._name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        subnets = []
        for zone, pair in zip(self._args.zones, self._args.subnets, strict=True):
            subnet = self._subnet("public", zone, str(pair.public), "elb")
            self._associate(f"public-{zone}", subnet, table)
            subnets.append(subnet)
        # A NAT gateway without this route comes up, and forwards nothing.
        self._internet_route = route
        return subnets

    def _nat_gateways(self, public: Sequence[aws.ec2.Subnet]) -> list[aws.ec2.NatGateway]:
        count = {"none": 0, "single": 1, "per-zone": len(public)}[self._args.nat_gateways]
        gateways = []
        for zone, subnet in list(zip(self._args.zones, public, strict=True))[:count]:
            suffix = f"nat-{zone}"
            address = aws.ec2.Eip(
                f"{self._name}-{suffix}", domain="vpc", tags=self._tags(suffix), opts=self._child
            )
            gateways.append(
                aws.ec2.NatGateway(
                    f"{self._name}-{suffix}",
                    allocation_id=address.id,
                    subnet_id=subnet.id,
                    tags=self._tags(suffix),
                    opts=pulumi.ResourceOptions(parent=self, depends_on=[self._internet_route]),
                )
            )
        return gateways

    def _private_subnets(self, nat_gateways: Sequence[aws.ec2.NatGateway]) -> pulumi.Output[list[str]]:
        ids = []
        for index, (zone, pair) in enumerate(zip(self._args.zones, self._args.subnets, strict=True)):
            subnet = self._subnet("private", zone, str(pair.private), "internal-elb")
            table = self._route_table(f"private-{zone}")
            reachable: list[pulumi.Output[str]] = [self._associate(f"private-{zone}", subnet, table).id]
            if nat_gateways:
                gateway = nat_gateways[index % len(nat_gateways)]
                route = aws.ec2.Route(
                    f"{self._name}-private-{zone}-nat",
                    route_table_id=table.id,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=gateway.id,
                    opts=self._child,
                )
                reachable.append(route.id)
            ids.append(pulumi.Output.all(subnet.id, *reachable).apply(lambda known: str(known[0])))
        return pulumi.Output.all(*ids)

    def _route_table(self, suffix: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{suffix}", vpc_id=self._vpc_id, tags=self._tags(suffix), opts=self._child
        )

    def _associate(
        self, suffix: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            f"{self._name}-{suffix}", subnet_id=subnet.id, route_table_id=table.id, opts=self._child
        )
