"""Incident behind these: a zone was added, subnets were renumbered, and the cluster was replaced."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.subnets import VpcTooSmallError, carve


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
