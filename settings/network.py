"""Settings of the VPC: of a new one, or which existing one is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal, cast

from planning import subnets
from planning.config_reader import Reader

NatGateways = Literal["none", "single", "per-zone"]

_ID = "-([0-9a-f]{8}|[0-9a-f]{17})"
PRIVATE_IDS = "existingPrivateSubnetIds"
PUBLIC_IDS = "existingPublicSubnetIds"


@dataclass(frozen=True)
class ExistingVpc:
    """A VPC that somebody else manages."""

    vpc_id: str
    private_subnet_ids: tuple[str, ...]
    """Where nodes and the cluster's network interfaces are."""
    public_subnet_ids: tuple[str, ...]
    """Where internet-facing load balancers are; none if empty."""


@dataclass(frozen=True)
class Network:
    """The VPC."""

    cidr: IPv4Network
    zones: int
    subnets: list[subnets.ZoneSubnets]
    """One pair per zone, in the order of the zones."""
    pod_cidr: IPv4Network | None
    """A second CIDR, for pods alone."""
    pod_subnets: list[IPv4Network]
    """One per zone, or none."""
    nat_gateways: NatGateways
    existing: ExistingVpc | None
    """Used instead of a new one, which all the other fields are about."""


def read(reader: Reader) -> Network:
    """Read the VPC's keys."""
    # Every region that EKS serves has at least three zones, none more than six; EKS asks for two
    # (Amazon EKS User Guide, "EKS network requirements for VPCs and subnets").
    sound = len(reader.problems)
    zones = reader.integer("availabilityZones", 2, 6)
    prefixes = [_prefix(reader, f"{kind}SubnetPrefix") for kind in ("private", "public", "pod")]
    nat = reader.choice("natGateways", ("none", "single", "per-zone"))
    cidr = _cidr(reader, "vpcCidr")
    pod_cidr = _cidr(reader, "podCidr") if reader.text("podCidr") else None
    carved: list[subnets.ZoneSubnets] = []
    pods: list[IPv4Network] = []
    if cidr is not None and len(reader.problems) == sound:
        carved = _carved(reader, cidr, zones, prefixes)
        if pod_cidr is not None:
            pods = _pods(reader, (cidr, pod_cidr), zones, prefixes[2])
    existing = _existing(reader)
    if existing is not None and pod_cidr is not None:
        remedy = "Leave it empty; add pod subnets to the VPC, tagged kubernetes.io/role/cni = 1"
        reader.refuse("podCidr", "is for a new VPC, but existingVpcId names one", remedy)
    unknown = IPv4Network("0.0.0.0/0")
    return Network(cidr or unknown, zones, carved, pod_cidr, pods, cast(NatGateways, nat), existing)


def _prefix(reader: Reader, key: str) -> int:
    return reader.integer(key, subnets.SMALLEST_PREFIX_LENGTH, subnets.LARGEST_PREFIX_LENGTH)


def _cidr(reader: Reader, key: str) -> IPv4Network | None:
    cidr = reader.network(key)
    if cidr and not subnets.SMALLEST_PREFIX_LENGTH <= cidr.prefixlen <= subnets.LARGEST_PREFIX_LENGTH:
        reader.refuse(key, "is not a size that AWS gives a VPC", "Use /16 to /28")
    return cidr


def _carved(reader: Reader, cidr: IPv4Network, zones: int, prefixes: list[int]) -> list[subnets.ZoneSubnets]:
    try:
        return subnets.carve(cidr, zones, prefixes[0], prefixes[1])
    except subnets.VpcTooSmallError as error:
        remedy = "Widen it, lower availabilityZones, or raise privateSubnetPrefix or publicSubnetPrefix"
        reader.refuse("vpcCidr", f"is too small: {error}", remedy)
        return []


def _pods(
    reader: Reader, cidrs: tuple[IPv4Network, IPv4Network], zones: int, prefix: int
) -> list[IPv4Network]:
    vpc, pods = cidrs
    if vpc.overlaps(pods):
        reader.refuse("podCidr", f"overlaps vpcCidr {vpc}", "Use e.g. 100.64.0.0/16")
    elif problem := subnets.second_cidr_problem(vpc, pods):
        reader.refuse("podCidr", problem, "Use e.g. 100.64.0.0/16")
    try:
        return subnets.carve_pods(pods, zones, prefix)
    except subnets.VpcTooSmallError as error:
        remedy = "Widen it, lower availabilityZones, or raise podSubnetPrefix"
        reader.refuse("podCidr", f"is too small: {error}", remedy)
        return []


def _existing(reader: Reader) -> ExistingVpc | None:
    vpc_id = reader.text("existingVpcId")
    private, public = reader.texts(PRIVATE_IDS), reader.texts(PUBLIC_IDS)
    if not vpc_id:
        for key, ids in ((PRIVATE_IDS, private), (PUBLIC_IDS, public)):
            if ids:
                reader.refuse(key, "has subnets, but existingVpcId is empty", "Name the VPC, or no subnets")
        return None
    if not re.fullmatch(f"vpc{_ID}", vpc_id):
        reader.refuse("existingVpcId", "is not the id of a VPC", "Use e.g. vpc-0123456789abcdef0")
    for key, ids in ((PRIVATE_IDS, private), (PUBLIC_IDS, public)):
        _check_subnet_ids(reader, key, ids)
    if len(private) < 2:
        reader.refuse(PRIVATE_IDS, "has less than two subnets", "Name one in each of at least two zones")
    if both := sorted(set(private) & set(public)):
        reader.refuse(PUBLIC_IDS, f"{', '.join(both)} is also private", "Name each subnet once")
    return ExistingVpc(vpc_id, private, public)


def _check_subnet_ids(reader: Reader, key: str, ids: tuple[str, ...]) -> None:
    for subnet_id in ids:
        if not re.fullmatch(f"subnet{_ID}", subnet_id):
            reader.refuse(key, f"{subnet_id} is not the id of a subnet", "Use e.g. subnet-0123456789abcdef0")
    if len(set(ids)) < len(ids):
        reader.refuse(key, "names a subnet twice", "Name each subnet once")
