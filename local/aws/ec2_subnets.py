"""EC2: how many addresses of a subnet are free, which ministack does not count."""

import re
from ipaddress import ip_network

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores

RESERVED = 5
"""Addresses of each subnet that AWS keeps (Amazon VPC User Guide, "Subnet CIDR blocks")."""
GONE = ("deleted", "failed")
"""States in which a NAT gateway has no address."""


@restores("ec2", "CreateSubnet")
async def create_subnet(request: Request, forward: Forward) -> Response:
    """CreateSubnet answers the size of its CIDR."""
    return _counted(await forward())


@restores("ec2", "DescribeSubnets")
async def describe_subnets(request: Request, forward: Forward) -> Response:
    """DescribeSubnets answers what network interfaces, NAT gateways and interface endpoints leave over."""
    return _counted(await forward())


def _counted(response: Response) -> Response:
    def complete(match: re.Match[str]) -> str:
        return f"{match[1]}{_free(match[2])}<"

    pattern = r"(<subnetId>([^<]+)<.*?<availableIpAddressCount>)\d+<"
    status, headers, body = response
    return status, headers, re.sub(pattern, complete, body.decode(), flags=re.DOTALL).encode()


def _free(subnet: str) -> int:
    interfaces = [each for each in ec2._network_interfaces.values() if each["SubnetId"] == subnet]
    gateways = [
        each
        for each in ec2._nat_gateways.values()
        if each["SubnetId"] == subnet and each["State"] not in GONE
    ]
    endpoints = [each for each in ec2._vpc_endpoints.values() if subnet in each.get("SubnetIds", [])]
    taken = len(interfaces) + len(gateways) + len(endpoints)
    size: int = ip_network(ec2._subnets[subnet]["CidrBlock"]).num_addresses
    return size - RESERVED - taken
