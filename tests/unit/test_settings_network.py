"""Network settings that AWS would refuse, or that would not work, are told before anything is made."""

import pytest

from planning.config_reader import Reader
from settings import logs, network
from tests.unit.test_settings import VALID, refused

VPC = "vpc-0123456789abcdef0"
ONE, TWO = "subnet-0123456789abcdef0", "subnet-0123456789abcdef1"
EXISTING = {"existingVpcId": VPC, "existingPrivateSubnetIds": [ONE, TWO]}


def read(**values):
    reader = Reader({**VALID, **values})
    found = network.read(reader)
    assert reader.problems == []
    return found


def test_pods_share_the_subnets_of_nodes_by_default():
    found = read()
    assert found.pod_cidr is None
    assert found.pod_subnets == []
    assert found.existing is None


def test_pods_have_a_subnet_in_each_zone_if_asked_for():
    assert [str(subnet) for subnet in read(podCidr="100.64.0.0/16").pod_subnets] == [
        "100.64.0.0/19",
        "100.64.32.0/19",
        "100.64.64.0/19",
    ]


def test_an_existing_vpc_is_named_by_ids():
    existing = read(**EXISTING).existing
    assert existing == network.ExistingVpc(VPC, (ONE, TWO), ())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"podCidr": "100.64.0.0"}, "podCidr = 100.64.0.0: is not a size that AWS gives a VPC"),
        ({"podCidr": "100.64.0.0/8"}, "podCidr = 100.64.0.0/8: is not an IPv4 network"),
        ({"podCidr": "100.64.0.0/12"}, "podCidr = 100.64.0.0/12: is not a size that AWS gives a VPC"),
        ({"podCidr": "10.0.128.0/17"}, "podCidr = 10.0.128.0/17: overlaps vpcCidr 10.0.0.0/16"),
        ({"podCidr": "172.16.0.0/16"}, "is of 172.16.0.0/12, which AWS does not add to a VPC of 10.0.0.0/16"),
        ({"podCidr": "8.8.0.0/16"}, "is neither a private network nor within 100.64.0.0/10"),
        ({"podCidr": "100.64.0.0/18"}, "podCidr = 100.64.0.0/18: is too small: 3 zones with a /19 each"),
        ({"podCidr": "10.4.0.0/16", "serviceCidr": "10.4.0.0/20"}, "overlaps podCidr 10.4.0.0/16"),
        ({"podSubnetPrefix": 29}, "podSubnetPrefix = 29: is out of range"),
        ({"existingVpcId": "vpc-1"}, "existingVpcId = vpc-1: is not the id of a VPC"),
        ({"existingVpcId": VPC}, "existingPrivateSubnetIds = []: has less than two subnets"),
        ({**EXISTING, "existingVpcId": ""}, "has subnets, but existingVpcId is empty"),
        ({**EXISTING, "existingPrivateSubnetIds": [ONE, "x"]}, "x is not the id of a subnet"),
        ({**EXISTING, "existingPrivateSubnetIds": [ONE, ONE]}, "names a subnet twice"),
        ({**EXISTING, "existingPublicSubnetIds": [ONE]}, f"{ONE} is also private"),
        ({**EXISTING, "podCidr": "100.64.0.0/16"}, "is for a new VPC, but existingVpcId names one"),
        ({"logRetentionDays": 100}, "logRetentionDays = 100: is not a period that CloudWatch Logs knows"),
        ({"logRetentionDays": 0}, "logRetentionDays = 0: is out of range"),
    ],
)
def test_a_mistake_is_named_with_key_value_and_cause(values, message):
    assert message in refused(**values)


def test_services_may_have_the_addresses_of_the_vpc_that_is_not_made():
    assert "serviceCidr" not in refused(**EXISTING, serviceCidr="10.0.0.0/16", repositoryUrl="x")


@pytest.mark.parametrize("days", logs.RETENTION_DAYS)
def test_every_period_of_cloudwatch_is_accepted(days):
    reader = Reader({"logRetentionDays": days})
    assert logs.retention_days(reader) == days
    assert reader.problems == []
