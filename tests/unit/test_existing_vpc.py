"""Every reason why a cluster would not work in somebody else's VPC is told. Incident: nodes that never
joined, an hour into the deployment, because a subnet had no route."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from planning.existing_vpc import PRIVATE, PUBLIC, VPC, Subnet, Vpc, problems

SERVICES = IPv4Network("172.20.0.0/16")


def subnet(name, zone, way_out, tag, **values):
    return Subnet(
        **{
            "subnet_id": name,
            "vpc_id": "vpc-1",
            "zone": zone,
            "free_addresses": 100,
            "maps_public_ips": False,
            "way_out": way_out,
            "route_table_id": f"table-{zone}",
            "tags": {tag: "1", "kubernetes.io/cluster/demo": "shared"},
            **values,
        }
    )


def private(name="private-a", zone="a", way_out="nat", **values):
    return subnet(name, zone, way_out, "kubernetes.io/role/internal-elb", **values)


def public(name="public-a", zone="a", way_out="igw", **values):
    return subnet(name, zone, way_out, "kubernetes.io/role/elb", **values)


SOUND = Vpc(
    vpc_id="vpc-1",
    cidrs=(IPv4Network("10.0.0.0/16"), IPv4Network("100.64.0.0/16")),
    dns_support=True,
    dns_hostnames=True,
    private=(private(), private("private-b", "b", way_out="tgw")),
    public=(public(), public("public-b", "b", tags={"kubernetes.io/role/elb": ""})),
    missing_endpoints=(),
    s3_route_table_ids=("table-a", "table-b"),
)
B = private("private-b", "b")


def test_a_sound_vpc_has_no_problem():
    assert problems(SOUND, SERVICES, "demo") == []
    assert problems(replace(SOUND, public=()), SERVICES, "demo") == []


def test_without_a_route_endpoints_are_enough():
    closed = (private(way_out=""), private("private-b", "b", way_out=""))
    assert problems(replace(SOUND, private=closed), SERVICES, "demo") == []


def test_a_full_subnet_is_no_problem_beside_another_of_its_zone():
    """What fills up over time can be mended by naming one more."""
    subnets = (*SOUND.private, private("private-full", "a", free_addresses=0))
    assert problems(replace(SOUND, private=subnets), SERVICES, "demo") == []


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        ({"dns_support": False}, VPC, "vpc-1: has enableDnsSupport off"),
        ({"dns_hostnames": False}, VPC, "vpc-1: has enableDnsHostnames off"),
        ({"cidrs": (IPv4Network("172.20.128.0/20"),)}, "serviceCidr", "overlaps 172.20.128.0/20 of vpc-1"),
        ({"private": (private(vpc_id="vpc-2"), B)}, PRIVATE, "private-a: is a subnet of vpc-2, not of vpc-1"),
        ({"private": (private(), private("x"))}, PRIVATE, "all subnets are in a"),
        ({"public": (public(),)}, PUBLIC, "all subnets are in a"),
        (
            {"private": (private(free_addresses=5), B)},
            PRIVATE,
            "has at most 5 free addresses in a subnet of a",
        ),
        ({"private": (private(way_out="igw"), B)}, PRIVATE, "private-a: is public"),
        ({"private": (private(maps_public_ips=True), B)}, PRIVATE, "private-a: is public"),
        (
            {"private": (private(way_out=""), B), "missing_endpoints": ("ecr.api", "sts")},
            PRIVATE,
            "private-a: has no default route, and the VPC no endpoint of ecr.api, sts",
        ),
        (
            {"private": (private(way_out=""), private("b", "b", "")), "s3_route_table_ids": ("table-b",)},
            PRIVATE,
            "private-a: has no default route, and its route table table-a no endpoint of s3",
        ),
        (
            {"public": (public(way_out="nat"), public("b", "b"))},
            PUBLIC,
            "public-a: has no route to an internet gateway",
        ),
        (
            {"private": (private(tags={"kubernetes.io/cluster/demo": "owned"}), B)},
            PRIVATE,
            "private-a: lacks the tag kubernetes.io/role/internal-elb",
        ),
        (
            {"private": (private(tags={"kubernetes.io/role/internal-elb": "1"}), B)},
            PRIVATE,
            "private-a: lacks the tag kubernetes.io/cluster/demo = shared",
        ),
        ({"public": (public(tags={}), public("b", "b"))}, PUBLIC, "lacks the tag kubernetes.io/role/elb"),
    ],
)
def test_a_problem_is_named_with_key_value_and_cause(change, key, message):
    (problem,) = problems(replace(SOUND, **change), SERVICES, "demo")
    assert problem.key == key
    assert message in str(problem)
    assert problem.remedy


def test_all_problems_are_told_at_once():
    poor = replace(
        SOUND, dns_support=False, private=(private(way_out="igw"), private("b", "b", tags={})), public=()
    )
    assert len(problems(poor, SERVICES, "demo")) == 4


def test_auto_mode_has_no_vpc_cni_to_tag_subnets_for():
    tagged = {"kubernetes.io/role/internal-elb": "1"}
    subnets = (private(tags=tagged), private("private-b", "b", tags=tagged))
    assert problems(replace(SOUND, private=subnets), SERVICES, "") == []
