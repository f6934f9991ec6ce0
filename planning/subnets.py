"""Carves the subnets of a VPC out of its one CIDR, and those of pods out of a second one.

Private subnets grow from the low end, public ones from the high end, and zone `i` always has the `i`-th
place on either side. So adding a zone moves no subnet (a moved subnet is a replaced cluster), and what is
free is one contiguous block in the middle. Pod subnets have a CIDR to themselves and grow from its low end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

#: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet sizing": both lie between /16 and /28.
LARGEST_PREFIX_LENGTH = 28
SMALLEST_PREFIX_LENGTH = 16

#: Shared address space (RFC 6598): routed nowhere, so that pods take no address of a company's own network.
SHARED = IPv4Network("100.64.0.0/10")
#: The private ranges (RFC 1918).
PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
#: Ranges that AWS uses itself: beside a CIDR that overlaps the first, none may be added that overlaps the
#: second (Amazon VPC User Guide, "IPv4 CIDR block association restrictions").
RESERVED = (
    (IPv4Network("10.0.0.0/15"), IPv4Network("10.0.0.0/16")),
    (IPv4Network("172.16.0.0/12"), IPv4Network("172.31.0.0/16")),
)


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


def carve_pods(cidr: IPv4Network, zones: int, prefix: int) -> list[IPv4Network]:
    """Return the pod subnets of `zones` availability zones, each with a prefix length of `prefix` bits.

    Raises `VpcTooSmallError` if they do not fit into `cidr`.
    """
    needed = zones * _size(prefix)
    if prefix < cidr.prefixlen or needed > cidr.num_addresses:
        raise VpcTooSmallError(
            f"{zones} zones with a /{prefix} each need {needed} addresses; {cidr} has {cidr.num_addresses}"
        )
    subnets = cidr.subnets(new_prefix=prefix)
    return [next(subnets) for _ in range(zones)]


def second_cidr_problem(vpc: IPv4Network, second: IPv4Network) -> str | None:
    """Return why AWS or the internet forbids the CIDR `second` beside the CIDR `vpc`, or None.

    Public addresses are refused although AWS takes them: pods could not reach their owners any more.
    """
    if second.subnet_of(SHARED):
        return None
    home = next((block for block in PRIVATE if second.subnet_of(block)), None)
    if home is None:
        return "is neither a private network nor within 100.64.0.0/10"
    if not vpc.subnet_of(home):
        return f"is of {home}, which AWS does not add to a VPC of {vpc}"
    for first, forbidden in RESERVED:
        if vpc.overlaps(first) and second.overlaps(forbidden):
            return f"overlaps {forbidden}, which AWS does not add to a VPC of {vpc}"
    return None


def _size(prefix: int) -> int:
    return 1 << (32 - prefix)


def _subnets_from_the_top(vpc: IPv4Network, prefix: int) -> Iterator[IPv4Network]:
    top = int(vpc.broadcast_address) + 1
    for address in range(top - _size(prefix), int(vpc.network_address) - 1, -_size(prefix)):
        yield IPv4Network((address, prefix))
