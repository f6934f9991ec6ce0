"""Incident behind these: a zone was added, subnets were renumbered, and the cluster was replaced."""

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.subnets import VpcTooSmallError, carve, carve_pods, second_cidr_problem


@st.composite
def layouts(draw):
    vpc_prefix = draw(st.integers(16, 24))
    private = draw(st.integers(vpc_prefix, 28))
    public = draw(st.integers(vpc_prefix, 28))
    base = draw(st.integers(0, (1 << vpc_prefix) - 1)) << (32 - vpc_prefix)
    return IPv4Network((base, vpc_prefix)), draw(st.integers(1, 6)), private, public


def carved(layout):
    try:
        return carve(*layout)
    except VpcTooSmallError:
        return None


@given(layouts())
def test_subnets_lie_in_the_vpc_and_never_overlap(layout):
    pairs = carved(layout)
    subnets = [subnet for pair in pairs or [] for subnet in (pair.private, pair.public)]
    assert all(subnet.subnet_of(layout[0]) for subnet in subnets)
    assert not any(a.overlaps(b) for i, a in enumerate(subnets) for b in subnets[:i])


@given(layouts())
def test_subnets_have_the_size_asked_for(layout):
    for pair in carved(layout) or []:
        assert (pair.private.prefixlen, pair.public.prefixlen) == layout[2:]


@given(layouts())
def test_adding_a_zone_moves_no_subnet(layout):
    vpc, zones, private, public = layout
    more = carved((vpc, zones + 1, private, public))
    if more is not None:
        assert more[:zones] == carve(vpc, zones, private, public)


@given(layouts())
def test_what_is_free_is_one_block(layout):
    """Nothing is wasted: the private subnets fill the low end, the public ones the high end."""
    pairs = carved(layout)
    if pairs is None:
        return
    low = sum(pair.private.num_addresses for pair in pairs)
    high = sum(pair.public.num_addresses for pair in pairs)
    vpc = layout[0]
    assert max(int(pair.private.broadcast_address) for pair in pairs) == int(vpc.network_address) + low - 1
    assert min(int(pair.public.network_address) for pair in pairs) == int(vpc.broadcast_address) - high + 1


@given(layouts())
def test_it_refuses_exactly_what_does_not_fit(layout):
    vpc, zones, private, public = layout
    needed = zones * (2 ** (32 - private) + 2 ** (32 - public))
    assert (carved(layout) is None) == (needed > vpc.num_addresses)


def test_the_refusal_says_how_much_is_missing():
    with pytest.raises(VpcTooSmallError, match=r"3 zones .* need 25344 addresses; 10\.0\.0\.0/20 has 4096"):
        carve(IPv4Network("10.0.0.0/20"), 3, 20 - 1, 24)


@given(st.integers(16, 24), st.integers(1, 6), st.integers(16, 28))
def test_pod_subnets_lie_apart_and_stay_where_they_are(prefix, zones, size):
    cidr = IPv4Network((int(IPv4Address("100.64.0.0")), prefix))
    try:
        more = carve_pods(cidr, zones + 1, size)
    except VpcTooSmallError:
        assert (zones + 1) * 2 ** (32 - size) > cidr.num_addresses
        return
    assert more[:zones] == carve_pods(cidr, zones, size)
    assert all(subnet.subnet_of(cidr) and subnet.prefixlen == size for subnet in more)
    assert not any(a.overlaps(b) for i, a in enumerate(more) for b in more[:i])


@pytest.mark.parametrize(
    ("vpc", "second", "problem"),
    [
        ("10.20.0.0/16", "100.64.0.0/16", None),
        ("172.16.0.0/16", "100.127.0.0/16", None),
        ("10.20.0.0/16", "10.21.0.0/16", None),
        ("10.20.0.0/16", "10.0.0.0/16", None),
        ("10.1.0.0/16", "10.0.0.0/17", "overlaps 10.0.0.0/16"),
        ("172.16.0.0/16", "172.31.0.0/16", "overlaps 172.31.0.0/16"),
        (
            "10.20.0.0/16",
            "172.16.0.0/16",
            "is of 172.16.0.0/12, which AWS does not add to a VPC of 10.20.0.0/16",
        ),
        ("100.64.0.0/16", "10.0.0.0/16", "is of 10.0.0.0/8"),
        ("10.20.0.0/16", "198.19.0.0/16", "is neither a private network"),
        ("10.20.0.0/16", "8.8.0.0/16", "is neither a private network"),
    ],
)
def test_a_second_cidr_is_one_that_aws_adds(vpc, second, problem):
    """Amazon VPC User Guide, "IPv4 CIDR block association restrictions"."""
    found = second_cidr_problem(IPv4Network(vpc), IPv4Network(second))
    assert (found is None) == (problem is None)
    assert (problem or "") in (found or "")
