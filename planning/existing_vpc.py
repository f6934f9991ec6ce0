"""Checks that a VPC which others manage can hold the cluster.

Source, unless a check names another: Amazon EKS User Guide, "View Amazon EKS networking requirements for VPC
and subnets".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from planning import subnet_tags
from planning.config_reader import Problem

VPC, PRIVATE, PUBLIC = "existingVpcId", "existingPrivateSubnetIds", "existingPublicSubnetIds"
#: Addresses that EKS must find free in a subnet of the cluster, for its network interfaces.
FREE_ADDRESSES = 6
#: How subnets may be tagged for load balancers: "" means the same as "1".
YES = ("1", "")
#: How they may be tagged for a cluster.
OF_CLUSTER = ("shared", "owned")


@dataclass(frozen=True)
class Subnet:
    """What was looked up of a subnet."""

    subnet_id: str
    vpc_id: str
    zone: str
    free_addresses: int
    maps_public_ips: bool
    """Whether what is started there gets a public address."""
    way_out: str
    """Prefix of the target of its default route, e.g. igw or nat, or "other"; empty if it has no such route.

    One that a VPN gateway propagates is not seen: the provider leaves it out."""
    route_table_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Vpc:
    """What was looked up of a VPC."""

    vpc_id: str
    cidrs: tuple[IPv4Network, ...]
    dns_support: bool
    dns_hostnames: bool
    private: tuple[Subnet, ...]
    """For nodes and the cluster."""
    public: tuple[Subnet, ...]
    """For internet-facing load balancers."""
    missing_endpoints: tuple[str, ...]
    """AWS services that private subnets without a default route cannot reach."""
    s3_route_table_ids: tuple[str, ...]
    """Route tables that the gateway endpoint of S3 is on."""


def problems(vpc: Vpc, service_cidr: IPv4Network, cni_cluster: str) -> list[Problem]:
    """Return everything that keeps a cluster with `service_cidr` from working in `vpc`.

    `cni_cluster` is its name if it has the vpc-cni, and empty in EKS Auto Mode.
    """
    return [
        *_dns(vpc),
        *_addresses(vpc, service_cidr),
        *_membership(vpc),
        *_zones(vpc),
        *_free_addresses(vpc),
        *_routes(vpc),
        *_load_balancer_tags(PRIVATE, vpc.private, subnet_tags.INTERNAL_LOAD_BALANCERS),
        *_load_balancer_tags(PUBLIC, vpc.public, subnet_tags.PUBLIC_LOAD_BALANCERS),
        *(_cni_tags(vpc, cni_cluster) if cni_cluster else ()),
    ]


def _dns(vpc: Vpc) -> Iterator[Problem]:
    for on, attribute in ((vpc.dns_support, "enableDnsSupport"), (vpc.dns_hostnames, "enableDnsHostnames")):
        if not on:
            cause = f"has {attribute} off, without which nodes cannot find the cluster"
            yield Problem(VPC, vpc.vpc_id, cause, "Have it turned on")


def _addresses(vpc: Vpc, service_cidr: IPv4Network) -> Iterator[Problem]:
    for cidr in vpc.cidrs:
        if cidr.overlaps(service_cidr):
            cause = f"overlaps {cidr} of {vpc.vpc_id}"
            yield Problem("serviceCidr", str(service_cidr), cause, "Choose networks that do not meet")


def _membership(vpc: Vpc) -> Iterator[Problem]:
    for key, subnets in ((PRIVATE, vpc.private), (PUBLIC, vpc.public)):
        for subnet in subnets:
            if subnet.vpc_id != vpc.vpc_id:
                cause = f"is a subnet of {subnet.vpc_id}, not of {vpc.vpc_id}"
                yield Problem(key, subnet.subnet_id, cause, "Name subnets of the VPC")


def _zones(vpc: Vpc) -> Iterator[Problem]:
    # A load balancer needs two zones as well (Elastic Load Balancing User Guide, "Availability Zones").
    for key, subnets in ((PRIVATE, vpc.private), (PUBLIC, vpc.public)):
        zones = {subnet.zone for subnet in subnets}
        if len(zones) == 1:
            yield Problem(key, "", f"all subnets are in {zones.pop()}", "Name one in another zone, too")


def _free_addresses(vpc: Vpc) -> Iterator[Problem]:
    for zone in sorted({subnet.zone for subnet in vpc.private}):
        free = max(subnet.free_addresses for subnet in vpc.private if subnet.zone == zone)
        if free < FREE_ADDRESSES:
            cause = f"has at most {free} free addresses in a subnet of {zone}; EKS needs {FREE_ADDRESSES}"
            yield Problem(PRIVATE, "", cause, "Add a subnet there")


def _routes(vpc: Vpc) -> Iterator[Problem]:
    for subnet in vpc.private:
        if subnet.way_out == "igw" or subnet.maps_public_ips:
            cause = "is public: nodes there could be reached from the internet"
            yield Problem(PRIVATE, subnet.subnet_id, cause, "Name private subnets")
        elif not subnet.way_out and vpc.missing_endpoints:
            cause = f"has no default route, and the VPC no endpoint of {', '.join(vpc.missing_endpoints)}"
            yield Problem(PRIVATE, subnet.subnet_id, cause, "Have a NAT gateway or the endpoints added")
        elif not subnet.way_out and subnet.route_table_id not in vpc.s3_route_table_ids:
            cause = f"has no default route, and its route table {subnet.route_table_id} no endpoint of s3"
            yield Problem(PRIVATE, subnet.subnet_id, cause, "Have the table added to S3's gateway endpoint")
    for subnet in vpc.public:
        if subnet.way_out != "igw":
            cause = "has no route to an internet gateway"
            yield Problem(PUBLIC, subnet.subnet_id, cause, "Name public subnets")


def _load_balancer_tags(key: str, subnets: Sequence[Subnet], tag: str) -> Iterator[Problem]:
    for subnet in subnets:
        if subnet.tags.get(tag) not in YES:
            cause = f"lacks the tag {tag} = 1, without which no load balancer is placed there"
            yield Problem(key, subnet.subnet_id, cause, "Have it added")


def _cni_tags(vpc: Vpc, cluster: str) -> Iterator[Problem]:
    tag = subnet_tags.owner(cluster)
    for subnet in vpc.private:
        if subnet.tags.get(tag) not in OF_CLUSTER:
            # By planning/iam/workloads/vpc_cni.py.
            cause = f"lacks the tag {tag} = shared, without which the vpc-cni may not use it"
            yield Problem(PRIVATE, subnet.subnet_id, cause, "Have it added")
