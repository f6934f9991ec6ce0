from ipaddress import IPv4Network

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.network import Network, NetworkArgs, availability_zones
from planning.subnets import carve

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def build(zones, nat_gateways):
    pairs = carve(IPv4Network("10.0.0.0/16"), zones, 19, 24)
    args = NetworkArgs("10.0.0.0/16", ZONES[:zones], pairs, nat_gateways, "demo", {"Project": "p"})
    network = Network("platform", args)
    return pulumi.Output.all(network.vpc_id, network.public_subnet_ids, network.private_subnet_ids)


def of(resources, kind):
    return [resource for resource in resources if resource.type.endswith(f":{kind}")]


layouts = given(st.integers(2, 3), st.sampled_from(["none", "single", "per-zone"]))
# The fixture only makes a function; it has no state that examples could share.
each = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)


@layouts
@each
def test_subnets_do_not_overlap_and_cover_each_zone_twice(record, zones, nat_gateways):
    subnets = of(record(lambda: build(zones, nat_gateways)), "Subnet")
    cidrs = [IPv4Network(subnet.inputs["cidrBlock"]) for subnet in subnets]
    assert not any(a.overlaps(b) for i, a in enumerate(cidrs) for b in cidrs[:i])
    assert sorted(subnet.inputs["availabilityZone"] for subnet in subnets) == sorted(ZONES[:zones] * 2)


@layouts
@each
def test_no_subnet_gives_public_addresses(record, zones, nat_gateways):
    """Incident: a node in a public subnet was reachable from the internet."""
    for subnet in of(record(lambda: build(zones, nat_gateways)), "Subnet"):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False


@layouts
@each
def test_private_subnets_leave_by_nat_only_and_by_their_own_zone(record, zones, nat_gateways):
    """Incidents: a private subnet routed to the internet gateway; traffic paid for crossing zones."""
    resources = record(lambda: build(zones, nat_gateways))
    tables = {r.inputs["subnetId"]: r.inputs["routeTableId"] for r in of(resources, "RouteTableAssociation")}
    routes = {r.inputs["routeTableId"]: r.inputs for r in of(resources, "Route")}
    place = {f"{nat.name}-id": nat.inputs["subnetId"] for nat in of(resources, "NatGateway")}
    for zone in ZONES[:zones]:
        route = routes.get(tables[f"platform-private-{zone}-id"])
        if nat_gateways == "none":
            assert route is None
        else:
            home = zone if nat_gateways == "per-zone" else ZONES[0]
            assert route is not None
            assert "gatewayId" not in route
            assert place[route["natGatewayId"]] == f"platform-public-{home}-id"


@layouts
@each
def test_every_subnet_has_a_route_table_and_public_ones_the_internet(record, zones, nat_gateways):
    resources = record(lambda: build(zones, nat_gateways))
    tables = {r.inputs["subnetId"]: r.inputs["routeTableId"] for r in of(resources, "RouteTableAssociation")}
    assert tables.keys() == {f"{subnet.name}-id" for subnet in of(resources, "Subnet")}
    (internet,) = [r.inputs for r in of(resources, "Route") if "gatewayId" in r.inputs]
    assert {tables[f"platform-public-{zone}-id"] for zone in ZONES[:zones]} == {internet["routeTableId"]}


@layouts
@each
def test_the_nat_profile_decides_the_number_of_gateways(record, zones, nat_gateways):
    resources = record(lambda: build(zones, nat_gateways))
    expected = {"none": 0, "single": 1, "per-zone": zones}[nat_gateways]
    assert len(of(resources, "NatGateway")) == len(of(resources, "Eip")) == expected


def test_load_balancers_find_their_subnets(record):
    """Incident: the load balancer controller found no subnet, for want of two tags."""
    for subnet in of(record(lambda: build(2, "single")), "Subnet"):
        role = "internal-elb" if "private" in subnet.name else "elb"
        assert subnet.inputs["tags"][f"kubernetes.io/role/{role}"] == "1"
        assert subnet.inputs["tags"]["kubernetes.io/cluster/demo"] == "shared"


def test_every_resource_that_can_be_tagged_is(record):
    tagged = ("Vpc", "Subnet", "InternetGateway", "NatGateway", "Eip", "RouteTable")
    resources = record(lambda: build(2, "per-zone"))
    for kind in tagged:
        for resource in of(resources, kind):
            assert resource.inputs["tags"].items() >= {"Project": "p"}.items()
            assert resource.inputs["tags"]["Name"].startswith("demo-")


def test_zones_are_chosen_in_a_fixed_order(evaluate):
    """AWS lists zones in any order; a changed order would replace every subnet."""
    assert evaluate(lambda: availability_zones(2)) == ["eu-west-1a", "eu-west-1b"]


def test_a_region_with_too_few_zones_is_refused(record):
    with pytest.raises(pulumi.RunError, match="availabilityZones = 4: region eu-west-1 has 3"):
        record(lambda: availability_zones(4))
