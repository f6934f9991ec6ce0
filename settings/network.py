"""Settings of the VPC."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal, cast

from planning import subnets
from planning.config_reader import Reader

NatGateways = Literal["none", "single", "per-zone"]


@dataclass(frozen=True)
class Network:
    """The VPC."""

    cidr: IPv4Network
    zones: int
    subnets: list[subnets.ZoneSubnets]
    """One pair per zone, in the order of the zones."""
    nat_gateways: NatGateways


def read(reader: Reader) -> Network:
    """Read the VPC's keys."""
    # Every region that EKS serves has at least three zones, none more than six; EKS asks for two
    # (Amazon EKS User Guide, "EKS network requirements for VPCs and subnets").
    sound = len(reader.problems)
    zones = reader.integer("availabilityZones", 2, 6)
    private = reader.integer("privateSubnetPrefix", subnets.SMALLEST_PREFIX_LENGTH, 28)
    public = reader.integer("publicSubnetPrefix", subnets.SMALLEST_PREFIX_LENGTH, 28)
    nat = reader.choice("natGateways", ("none", "single", "per-zone"))
    cidr = reader.network("vpcCidr")
    carved: list[subnets.ZoneSubnets] = []
    if cidr is None:
        cidr = IPv4Network("0.0.0.0/0")
    elif not subnets.SMALLEST_PREFIX_LENGTH <= cidr.prefixlen <= subnets.LARGEST_PREFIX_LENGTH:
        reader.refuse("vpcCidr", "is not a size that AWS gives a VPC", "Use /16 to /28")
    elif len(reader.problems) == sound:
        try:
            carved = subnets.carve(cidr, zones, private, public)
        except subnets.VpcTooSmallError as error:
            remedy = "Widen it, lower availabilityZones, or raise privateSubnetPrefix or publicSubnetPrefix"
            reader.refuse("vpcCidr", f"is too small: {error}", remedy)
    return Network(cidr, zones, carved, cast(NatGateways, nat))
