"""The VPC holds its invariants whatever the settings; `test_a_generated_network` tries generated ones."""

from ipaddress import IPv4Network

import pulumi
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from components.availability_zones import availability_zones
from components.network import Network, NetworkArgs
from planning import vpc_endpoints
from planning.config_reader import Reader
from settings import network

ZONES = [f"eu-west-1{letter}" for letter in "abcdef"]
KEYS = {
    "vpcCidr": "10.20.0.0/16",
    "availabilityZones": 2,
    "privateSubnetPrefix": 20,
    "publicSubnetPrefix": 24,
    "podCidr": "",
    "podSubnetPrefix": 19,
    "natGateways": "single",
    "existingVpcId": "",
    "existingPrivateSubnetIds": [],
    "existingPublicSubnetIds": [],
}


def read(**values):
    reader = Reader({**KEYS, **values})
    found = network.read(reader)
    return found, reader.problems


def build(found):
    args = NetworkArgs(found, ZONES[: found.zones], "aws", "eu-west-1", "demo", {"Project": "p"})
    made = Network("platform", args)
    return pulumi.Output.all(made.vpc_id, made.public_subnet_ids, made.private_subnet_ids)


def of(resources, kind):
    return [resource for resource in resources if resource.type.endswith(f":{kind}")]


def subnets(resources, kind):
    return [subnet for subnet in of(resources, "Subnet") if f"-{kind}-" in subnet.name]


def tables(resources):
    """The route table of each subnet."""
    return {r.inputs["subnetId"]: r.inputs["routeTableId"] for r in of(resources, "RouteTableAssociation")}


def by_name(resources):
    return {(resource.type, resource.name): resource.inputs for resource in resources}


@st.composite
def generated(draw):
    vpc_prefix = draw(st.integers(16, 20))
    values = {
        "vpcCidr": str(IPv4Network((10 << 24 | draw(st.integers(2, 255)) << 16, vpc_prefix))),
        "availabilityZones": draw(st.integers(2, 6)),
        "privateSubnetPrefix": draw(st.integers(vpc_prefix + 2, 28)),
        "publicSubnetPrefix": draw(st.integers(vpc_prefix + 2, 28)),
        "podCidr": draw(st.sampled_from(["", "100.64.0.0/16", "100.127.128.0/17", "10.1.0.0/16"])),
        "podSubnetPrefix": draw(st.integers(19, 28)),
        "natGateways": draw(st.sampled_from(["none", "single", "per-zone"])),
    }
    found, problems = read(**values)
    assume(not problems)
    return found


@given(generated())
@settings(
    # The fixture only makes a function; it has no state that examples could share.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A process builds each example: looking for a smaller one that fails, too, would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    max_examples=12,
)
def test_a_generated_network(record, found):
    resources = record(lambda: build(found))
    zones = ZONES[: found.zones]
    subnets_lie_apart_inside_the_cidrs(resources, found)
    each_zone_has_its_subnets(resources, zones, pods=found.pod_cidr is not None)
    private_subnets_leave_by_their_zone_only(resources, zones, found.nat_gateways)
    without_nat_every_service_is_reached_in_each_zone(resources, zones, found.nat_gateways)
    s3_is_reached_from_every_private_table(resources)
    endpoints_are_reached_from_inside_only(resources, found)
    tags_say_who_uses_a_subnet(resources)


def subnets_lie_apart_inside_the_cidrs(resources, found):
    cidrs = [IPv4Network(subnet.inputs["cidrBlock"]) for subnet in of(resources, "Subnet")]
    assert not any(a.overlaps(b) for i, a in enumerate(cidrs) for b in cidrs[:i])
    for subnet in of(resources, "Subnet"):
        home = found.pod_cidr if subnet in subnets(resources, "pods") else found.cidr
        assert IPv4Network(subnet.inputs["cidrBlock"]).subnet_of(home)


def each_zone_has_its_subnets(resources, zones, pods):
    for kind in ("private", "public", "pods"):
        expected = zones if kind != "pods" or pods else []
        assert sorted(subnet.inputs["availabilityZone"] for subnet in subnets(resources, kind)) == expected
    # Incident: a node in a public subnet was reachable from the internet.
    assert not any(subnet.inputs["mapPublicIpOnLaunch"] for subnet in of(resources, "Subnet"))


def private_subnets_leave_by_their_zone_only(resources, zones, profile):
    """Incidents: a private subnet routed to the internet gateway; traffic paid for crossing zones; and pod
    subnets that followed the main route table, which leads nowhere."""
    assert tables(resources).keys() == {f"{subnet.name}-id" for subnet in of(resources, "Subnet")}
    routes = {r.inputs["routeTableId"]: r.inputs for r in of(resources, "Route")}
    place = {f"{nat.name}-id": nat.inputs["subnetId"] for nat in of(resources, "NatGateway")}
    assert len(place) == len(of(resources, "Eip")) == {"none": 0, "single": 1}.get(profile, len(zones))
    for subnet in subnets(resources, "private") + subnets(resources, "pods"):
        zone = subnet.inputs["availabilityZone"]
        table = tables(resources)[f"{subnet.name}-id"]
        assert table == f"platform-private-{zone}-id"
        if profile == "none":
            assert table not in routes
        else:
            home = zone if profile == "per-zone" else zones[0]
            assert "gatewayId" not in routes[table]
            assert place[routes[table]["natGatewayId"]] == f"platform-public-{home}-id"
    (internet,) = [route for route in routes.values() if "gatewayId" in route]
    for subnet in subnets(resources, "public"):
        assert tables(resources)[f"{subnet.name}-id"] == internet["routeTableId"]


def without_nat_every_service_is_reached_in_each_zone(resources, zones, profile):
    """Incident: nodes without a way to the internet never joined, for want of one endpoint."""
    found = [e.inputs for e in of(resources, "VpcEndpoint") if e.inputs["vpcEndpointType"] == "Interface"]
    services = vpc_endpoints.INTERFACES if profile == "none" else {}
    assert {e["serviceName"] for e in found} == {f"com.amazonaws.eu-west-1.{name}" for name in services}
    for endpoint in found:
        assert endpoint["privateDnsEnabled"] is True
        assert endpoint["subnetIds"] == [f"platform-private-{zone}-id" for zone in zones]


def s3_is_reached_from_every_private_table(resources):
    """Incident: image layers went through the NAT gateway, at its price by the gigabyte."""
    (gateway,) = [e.inputs for e in of(resources, "VpcEndpoint") if e.inputs["vpcEndpointType"] == "Gateway"]
    assert gateway["serviceName"] == "com.amazonaws.eu-west-1.s3"
    inside = subnets(resources, "private") + subnets(resources, "pods")
    assert set(gateway["routeTableIds"]) == {tables(resources)[f"{subnet.name}-id"] for subnet in inside}


def endpoints_are_reached_from_inside_only(resources, found):
    """Incident: pods of the second CIDR could not reach ECR's endpoint."""
    rules = [rule.inputs for rule in of(resources, "SecurityGroupIngressRule")]
    inside = {str(cidr) for cidr in (found.cidr, found.pod_cidr) if cidr}
    assert {rule["cidrIpv4"] for rule in rules} == (inside if found.nat_gateways == "none" else set())
    assert all((rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443) for rule in rules)


def tags_say_who_uses_a_subnet(resources):
    """Incidents: the load balancer controller found no subnet; Karpenter started nodes among the pods."""
    uses = {
        "private": {
            "kubernetes.io/role/internal-elb": "1",
            "kubernetes.io/cluster/demo": "shared",
            "karpenter.sh/discovery": "demo",
        },
        "public": {"kubernetes.io/role/elb": "1", "kubernetes.io/cluster/demo": "shared"},
        "pods": {"kubernetes.io/role/cni": "1", "cni.networking.k8s.aws/cluster/demo": "shared"},
    }
    for kind, expected in uses.items():
        for subnet in subnets(resources, kind):
            tags = dict(subnet.inputs["tags"])
            assert tags.pop("Project") == "p"
            assert tags.pop("Name") == f"demo-{kind}-{subnet.inputs['availabilityZone']}"
            assert tags == expected


UNTAGGED = ("Route", "RouteTableAssociation", "VpcIpv4CidrBlockAssociation")


def test_every_resource_that_can_be_tagged_is(record):
    """Incident: what an interrupted update had made was made twice, as its type and Name did not tell it."""
    found, _ = read(natGateways="none", podCidr="100.64.0.0/16")
    names = []
    for resource in record(lambda: build(found)):
        if resource.type.rpartition(":")[2] not in UNTAGGED:
            assert resource.inputs["tags"]["Project"] == "p"
            names.append(resource.inputs["tags"]["Name"])
    assert all(name.startswith("demo-") for name in names)
    # What an interrupted update has made is found by its type and this name (local/orphans.py).
    assert (
        len(set(names)) == len(names) - 2
    )  # the VPC's default group and a table have no namesake of their type


def test_the_default_security_group_is_closed(record):
    """Incident: an instance without a security group of its own could reach everything (CKV2_AWS_12)."""
    (group,) = of(record(lambda: build(read()[0])), "DefaultSecurityGroup")
    assert group.inputs["vpcId"] == "platform-vpc-id"
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs


CHANGES = [
    ({"availabilityZones": 3}, {"aws:ec2/vpcEndpoint:VpcEndpoint"}),
    ({"podCidr": "100.64.0.0/16"}, set()),
    ({"natGateways": "none"}, set()),
    ({"natGateways": "per-zone"}, {"aws:ec2/route:Route"}),
    ({"natGateways": "none", "podCidr": "100.64.0.0/16"}, set()),
]


@pytest.mark.parametrize(("change", "updated"), CHANGES, ids=str)
def test_a_change_of_settings_keeps_what_is_there(record, change, updated):
    """Incident: a NAT gateway was added, and subnets, nodes and the cluster were replaced.

    A route's target and an endpoint's tables are updated in place.
    """
    before = by_name(record(lambda: build(read()[0])))
    after = by_name(record(lambda: build(read(**change)[0])))
    gone = {key for key in before if key not in after}
    assert {kind.rpartition(":")[2] for kind, _ in gone} <= {"NatGateway", "Eip", "Route"}
    assert {key[0] for key in before if key in after and before[key] != after[key]} == updated


def test_zones_are_chosen_in_a_fixed_order(evaluate):
    """AWS lists zones in any order; a changed order would replace every subnet."""
    assert evaluate(lambda: availability_zones(2)) == ["eu-west-1a", "eu-west-1b"]


def test_a_region_with_too_few_zones_is_refused(record):
    with pytest.raises(pulumi.RunError, match="availabilityZones = 4: region eu-west-1 has 3"):
        record(lambda: availability_zones(4))
