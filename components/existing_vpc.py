"""A VPC that others manage, used instead of `components.network`: looked up and checked, never changed.

Not managed here: anything of it; its owner adds subnets, routes, endpoints, tags and flow logs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TypeVar

import pulumi
import pulumi_aws as aws

import settings
from planning import existing_vpc, vpc_endpoints
from planning.config_reader import Problem

T = TypeVar("T")

#: What the provider says when a look-up finds nothing.
NOTHING = ("no matching", "no results")
#: The attributes of a route that hold its target, of the kinds that lead out of a VPC most often; others are
#: for example a firewall's endpoint, or Cloud WAN.
TARGETS = ("gateway_id", "nat_gateway_id", "transit_gateway_id", "network_interface_id")
OTHER_TARGET = "other"


@dataclass(frozen=True)
class ExistingVpc:
    """The same outputs as `components.network.Network`."""

    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[list[str]]
    private_subnet_ids: pulumi.Output[list[str]]


def look_up(config: settings.Settings, partition: str, region: str) -> ExistingVpc:
    """Look up the VPC and the subnets that `config.network.existing` names.

    Raises `settings.ConfigError` with all reasons why the cluster would not work there.
    """
    wanted = config.network.existing
    if wanted is None:
        raise ValueError("the settings name no existing VPC")
    problems: list[Problem] = []
    private = _subnets(existing_vpc.PRIVATE, wanted.private_subnet_ids, problems)
    public = _subnets(existing_vpc.PUBLIC, wanted.public_subnet_ids, problems)
    vpc = _found(lambda: aws.ec2.get_vpc(id=wanted.vpc_id))
    if vpc is None:
        problems.append(_missing(existing_vpc.VPC, wanted.vpc_id))
    else:
        closed = any(not subnet.way_out for subnet in private)
        missing, s3_tables = _endpoints(wanted.vpc_id, partition, region) if closed else ((), ())
        found = existing_vpc.Vpc(
            vpc_id=wanted.vpc_id,
            cidrs=tuple(IPv4Network(block.cidr_block) for block in vpc.cidr_block_associations),
            dns_support=vpc.enable_dns_support,
            dns_hostnames=vpc.enable_dns_hostnames,
            private=private,
            public=public,
            missing_endpoints=missing,
            s3_route_table_ids=s3_tables,
        )
        cni_cluster = "" if config.cluster.auto_mode else config.cluster.name
        problems += existing_vpc.problems(found, config.cluster.service_cidr, cni_cluster)
    if problems:
        raise settings.ConfigError(problems)
    return ExistingVpc(
        vpc_id=pulumi.Output.from_input(wanted.vpc_id),
        public_subnet_ids=pulumi.Output.from_input(list(wanted.public_subnet_ids)),
        private_subnet_ids=pulumi.Output.from_input(list(wanted.private_subnet_ids)),
    )


def _subnets(key: str, ids: Sequence[str], problems: list[Problem]) -> tuple[existing_vpc.Subnet, ...]:
    found = []
    for subnet_id in ids:
        subnet = _subnet(subnet_id)
        if subnet is None:
            problems.append(_missing(key, subnet_id))
        else:
            found.append(subnet)
    return tuple(found)


def _subnet(subnet_id: str) -> existing_vpc.Subnet | None:
    subnet = _found(lambda: aws.ec2.get_subnet(id=subnet_id))
    if subnet is None:
        return None
    table = _route_table(subnet_id, subnet.vpc_id)
    return existing_vpc.Subnet(
        subnet_id=subnet_id,
        vpc_id=subnet.vpc_id,
        zone=subnet.availability_zone,
        free_addresses=subnet.available_ip_address_count,
        maps_public_ips=subnet.map_public_ip_on_launch,
        way_out=_way_out(table),
        route_table_id=table.route_table_id,
        tags=subnet.tags,
    )


def _route_table(subnet_id: str, vpc_id: str) -> aws.ec2.GetRouteTableResult:
    table = _found(lambda: aws.ec2.get_route_table(subnet_id=subnet_id))
    if table is None:
        # A subnet without a table of its own has the VPC's main one.
        main = aws.ec2.GetRouteTableFilterArgs(name="association.main", values=["true"])
        table = aws.ec2.get_route_table(vpc_id=vpc_id, filters=[main])
    return table


def _way_out(table: aws.ec2.GetRouteTableResult) -> str:
    for route in table.routes:
        if route.cidr_block == "0.0.0.0/0":
            targets = (getattr(route, target) for target in TARGETS)
            return next((target.partition("-")[0] for target in targets if target), OTHER_TARGET)
    return ""


def _endpoints(vpc_id: str, partition: str, region: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The services that are not reached by their usual names from inside the VPC; and the route tables that
    S3's gateway endpoint is on."""

    def endpoint(service: str, kind: str) -> aws.ec2.GetVpcEndpointResult | None:
        return _endpoint(vpc_id, vpc_endpoints.service_name(service, partition, region), kind)

    missing = []
    for service in vpc_endpoints.INTERFACES:
        interface = endpoint(service, "Interface")
        if interface is None or not interface.private_dns_enabled:
            missing.append(service)
    gateway = endpoint(vpc_endpoints.GATEWAY, "Gateway")
    if gateway is None:
        return (vpc_endpoints.GATEWAY, *missing), ()
    return tuple(missing), tuple(gateway.route_table_ids)


def _endpoint(vpc_id: str, service_name: str, kind: str) -> aws.ec2.GetVpcEndpointResult | None:
    # S3 may have both kinds, and a look-up must find one.
    return _found(
        lambda: aws.ec2.get_vpc_endpoint(
            vpc_id=vpc_id, service_name=service_name, vpc_endpoint_type=kind, state="available"
        )
    )


def _found(look_up: Callable[[], T]) -> T | None:
    """The result of a look-up, or None if it found nothing. Raises what else went wrong."""
    try:
        return look_up()
    # The SDK raises nothing narrower when a look-up fails.
    except Exception as error:
        if any(phrase in str(error) for phrase in NOTHING):
            return None
        raise


def _missing(key: str, value: str) -> Problem:
    return Problem(key, value, "does not exist in this account and region", "Check the id and aws:region")
