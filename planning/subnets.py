"""Carves the subnets of a VPC out of its one CIDR.

Private subnets grow from the low end, public ones from the high end, and zone `i` always has the `i`-th
place on either side. So adding a zone moves no subnet (a moved subnet is a replaced cluster), and what is
free is one contiguous block in the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

#: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet sizing": both lie between /16 and /28.
LARGEST_PREFIX_LENGTH = 28
SMALLEST_PREFIX_LENGTH = 16


@dataclass(frozen=True)
class ZoneSubnets:
    """The two subnets of one availability zone."""

    private: IPv4Network
    """Nodes, pods and the cluster's network interfaces."""
    public: IPv4Network
    """NAT gateways and internet-facing load balancers."""


class VpcTooSmallError(ValueError):
    """The VPC cannot hold the subnets asked for."""


def carve(vpc: IPv4Network, zones: int, private_prefix: int, public_prefix: int) -> list[ZoneSubnets]:
    """Return the subnets of `zones` availability zones, in the order of the zones.

    `private_prefix` and `public_prefix` are prefix lengths in bits.
    Raises `VpcTooSmallError` if they do not fit into `vpc`.
    """
    needed = zones * (_size(private_prefix) + _size(public_prefix))
    if min(private_prefix, public_prefix) < vpc.prefixlen or needed > vpc.num_addresses:
        raise VpcTooSmallError(
            f"{zones} zones with a /{private_prefix} private and a /{public_prefix} public subnet each need "
            f"{needed} addresses; {vpc} has {vpc.num_addresses}"
        )
    private = vpc.subnets(new_prefix=private_prefix)
    public = _subnets_from_the_top(vpc, public_prefix)
    return [ZoneSubnets(next(private), next(public)) for _ in range(zones)]


def _size(prefix: int) -> int:
    return 1 << (32 - prefix)


def _subnets_from_the_top(vpc: IPv4Network, prefix: int) -> Iterator[IPv4Network]:
    top = int(vpc.broadcast_address) + 1
    for address in range(top - _size(prefix), int(vpc.network_address) - 1, -_size(prefix)):
        yield IPv4Network((address, prefix))
