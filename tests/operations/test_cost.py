"""The estimate: a pure function of a plan and the price table."""

from datetime import date

import pytest
import yaml

from operations.cost import comparison, prices
from operations.cost.comparison import Comparison
from operations.cost.estimate import SUBNET, Line, estimate
from operations.cost.prices import FILE, HOURS, CostError, Prices
from operations.plan import UNKNOWN
from operations.preview import Planner
from tests.operations.samples import CLUSTER, KEY, NODE_GROUP, ROLE, TEMPLATE, resource

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
NAT = "aws:ec2/natGateway:NatGateway"

PRICES = Prices(
    "eu-west-1",
    {
        name: {"unit": unit, "eu-west-1": price}
        for name, unit, price in (
            ("eks-cluster", "cluster hour", 0.1),
            ("nat-gateway", "gateway hour", 0.05),
            ("interface-endpoint", "endpoint and zone hour", 0.01),
            ("gp3", "GiB month", 0.09),
            ("kms-key", "key month", 1),
        )
    },
    {"m7i": {"eu-west-1": 0.1}},
)


def node_group(**inputs):
    template = resource(
        TEMPLATE, "template", {"blockDeviceMappings": [{"ebs": {"volumeSize": 50}}, {"noDevice": ""}]}
    )
    scaling = {
        "scalingConfig": {"desiredSize": 3, "minSize": 1, "maxSize": 9},
        "instanceTypes": ["m7i.xlarge"],
    }
    group = resource(NODE_GROUP, "nodes", {**scaling, **inputs}, {"launchTemplate": (template.urn,)})
    return [template, group]


def months(resources):
    return {line.what: round(line.month, 2) for line in estimate(resources, PRICES)}


def test_what_costs_by_the_hour_costs_730_of_them():
    assert months([resource(CLUSTER, "c", {}), resource(NAT, "n", {})]) == {
        "eks-cluster": round(0.1 * HOURS, 2),
        "nat-gateway": round(0.05 * HOURS, 2),
    }


def test_a_key_costs_by_the_month_and_a_role_nothing():
    assert months([resource(KEY, "k", {}), resource(ROLE, "r", {})]) == {"kms-key": 1}


def test_nodes_are_the_desired_ones_with_the_volumes_of_their_template():
    assert months(node_group()) == {"3 x m7i.xlarge": 438, "3 x 50 GiB gp3": 13.5}


def test_without_a_template_nodes_have_the_volume_of_eks():
    bare = resource(NODE_GROUP, "nodes", node_group()[1].inputs)
    assert "3 x 20 GiB gp3" in months([bare])


@pytest.mark.parametrize("given", [UNKNOWN, [UNKNOWN, UNKNOWN]])
def test_an_interface_endpoint_costs_in_each_zone(given):
    """Incident: an endpoint in three zones is priced as one, and NAT profile none looks cheap."""
    subnets = [resource(SUBNET, name, {}) for name in ("a", "b")]
    inputs = {"vpcEndpointType": "Interface", "subnetIds": given}
    endpoint = resource(ENDPOINT, "ecr", inputs, {"subnetIds": tuple(each.urn for each in subnets)})
    assert months([*subnets, endpoint]) == {"interface-endpoint in 2 zones": round(2 * 0.01 * HOURS, 2)}


def test_a_gateway_endpoint_is_free():
    assert months([resource(ENDPOINT, "s3", {"vpcEndpointType": "Gateway"})]) == {}


@pytest.mark.parametrize(
    ("resources", "cause"),
    [
        ([resource("aws:rds/cluster:Cluster", "db", {})], "no price rule for resources of type aws:rds"),
        (node_group(instanceTypes=["x9.large"]), r"no price for instance type x9\.large"),
        (node_group(instanceTypes=["m7i.metal"]), r"no price for instance type m7i\.metal"),
        ([resource(ENDPOINT, "e", {"vpcEndpointType": "Interface"})], "in how many zones"),
    ],
)
def test_what_has_no_price_is_an_error(resources, cause):
    """Incident: what is unknown counts as nothing, and the estimate is too low."""
    with pytest.raises(CostError, match=cause):
        estimate(resources, PRICES)


def test_a_region_without_prices_is_an_error():
    with pytest.raises(CostError, match=r"region ap-south-1\.\nWhat to do: add it to"):
        estimate([resource(KEY, "k", {})], Prices("ap-south-1", PRICES.table, PRICES.instances))


def test_every_price_says_region_source_and_day():
    content = yaml.safe_load(FILE.read_text())
    entries = [*content["prices"].values(), *content["instances"].values()]
    assert all(each["eu-west-1"] > 0 and each["us-east-1"] > 0 and each["source"] for each in entries)
    assert all(isinstance(each["read"], date) for each in entries)
    assert all(each["unit"].endswith((" hour", " month")) for each in content["prices"].values())


def test_profiles_stand_side_by_side():
    lines = {
        "none": [Line("key", "kms-key", 1)],
        "single": [Line("key", "kms-key", 1), Line("nat", "nat", 35)],
    }
    found = Comparison("dev", "eu-west-1", "single", lines, ["somewhere"])
    shown = list(comparison.table(found))
    rows = {line.split()[0]: line.split()[1:] for line in shown if line.strip()}
    assert rows["nat"] == ["nat", "-", "35.00"]
    assert rows["TOTAL"] == ["1.00", "36.00"]
    assert "single *" in "\n".join(shown)
    assert any("data: through NAT gateways" in line for line in shown)
    assert comparison.as_json(found)["profiles"]["single"]["month"] == 36


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_the_plan_of_a_stack_has_a_price(planner: Planner, region: str):
    lines = estimate(planner.resources("prod"), prices.load(region))
    kinds = {line.what.split(" ")[0] for line in lines}
    assert {"eks-cluster", "nat-gateway", "kms-key"} <= kinds
    assert all(line.month > 0 for line in lines)
