"""What is looked up of somebody else's VPC reaches the checks, and a look-up that finds nothing is told."""

import pulumi
import pytest

from components import existing_vpc
from planning import vpc_endpoints
from settings import ConfigError, parse
from tests.components.conftest import CALLS
from tests.unit.test_settings import VALID

VPC = "vpc-0123456789abcdef0"
PRIVATE = {f"subnet-000000a{zone}": f"eu-west-1{zone}" for zone in "ab"}
PUBLIC = {f"subnet-000000b{zone}": f"eu-west-1{zone}" for zone in "ab"}
CLUSTER = "gitops-platform-dev"
NOTHING = "no matching EC2 thing found"


class Aws:
    """The account: a VPC with a subnet of each kind in two zones; tests change it."""

    def __init__(self):
        self.vpc = {
            "cidrBlockAssociations": [{"cidrBlock": "10.0.0.0/16"}],
            "enableDnsSupport": True,
            "enableDnsHostnames": True,
        }
        self.subnets = {
            **{name: self.subnet(zone, "internal-elb") for name, zone in PRIVATE.items()},
            **{name: self.subnet(zone, "elb") for name, zone in PUBLIC.items()},
        }
        self.targets = {name: {"natGatewayId": "nat-1"} for name in PRIVATE}
        self.targets |= {name: {"gatewayId": "igw-1"} for name in PUBLIC}
        self.main = {}
        self.endpoints = {}

    def subnet(self, zone, role):
        return {
            "vpcId": VPC,
            "availabilityZone": zone,
            "availableIpAddressCount": 100,
            "mapPublicIpOnLaunch": False,
            "tags": {f"kubernetes.io/role/{role}": "1", f"kubernetes.io/cluster/{CLUSTER}": "shared"},
        }

    def get_vpc(self, args):
        return {**self.vpc, "id": args["id"]} if args["id"] == VPC and self.vpc else missing()

    def get_subnet(self, args):
        return self.subnets.get(args["id"]) or missing()

    def get_route_table(self, args):
        if "subnetId" not in args:
            assert args["filters"] == [{"name": "association.main", "values": ["true"]}]
            return self.table("main", self.main)
        if args["subnetId"] not in self.targets:
            return missing("query returned no results. Please change your search criteria and try again")
        return self.table(args["subnetId"], self.targets[args["subnetId"]])

    def table(self, name, target):
        local = {"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}
        routes = [local, {"cidrBlock": "0.0.0.0/0", **target}] if target else [local]
        return {"routeTableId": f"table-{name}", "routes": routes}

    def get_vpc_endpoint(self, args):
        assert args["vpcId"] == VPC
        service = args["serviceName"].removeprefix("com.amazonaws.eu-west-1.")
        assert args["vpcEndpointType"] == ("Gateway" if service == "s3" else "Interface")
        return self.endpoints.get(service) or missing()


def missing(reason=NOTHING):
    return {}, [("", reason)]


@pytest.fixture
def account(monkeypatch):
    made = Aws()
    for function in ("getVpc", "getSubnet", "getRouteTable", "getVpcEndpoint"):
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in function)
        monkeypatch.setitem(CALLS, f"aws:ec2/{function}:{function}", getattr(made, name))
    return made


def look_up():
    keys = {
        "existingVpcId": VPC,
        "existingPrivateSubnetIds": list(PRIVATE),
        "existingPublicSubnetIds": list(PUBLIC),
    }
    found = existing_vpc.look_up(parse({**VALID, **keys}, "dev"), "aws", "eu-west-1")
    return pulumi.Output.all(found.vpc_id, found.private_subnet_ids, found.public_subnet_ids)


@pytest.fixture
def refusal(evaluate):
    """What the configuration is refused with."""

    def told():
        with pytest.raises(ConfigError) as caught:
            look_up()
        return str(caught.value)

    return lambda: evaluate(told)


def test_a_sound_vpc_is_used_and_nothing_is_made(record, evaluate, account):
    assert record(look_up) == []
    assert evaluate(look_up) == [VPC, list(PRIVATE), list(PUBLIC)]


def test_what_does_not_exist_is_told(refusal, account):
    """Incident: ids of another account."""
    account.vpc, account.subnets = None, {}
    text = refusal()
    assert text.startswith("5 problems")
    assert f"existingVpcId = {VPC}: does not exist in this account and region" in text
    assert "existingPublicSubnetIds = subnet-000000bb: does not exist" in text


def test_a_failure_that_is_no_answer_is_not_taken_for_one(record, account, monkeypatch):
    """Incident: a look-up that was not allowed was told as a subnet that does not exist."""
    monkeypatch.setitem(CALLS, "aws:ec2/getSubnet:getSubnet", lambda _: missing("UnauthorizedOperation"))
    with pytest.raises(Exception, match="UnauthorizedOperation"):
        record(look_up)


def test_a_subnet_without_a_table_has_the_main_one(refusal, account):
    del account.targets["subnet-000000aa"]
    account.main = {"gatewayId": "igw-1"}
    assert "existingPrivateSubnetIds = subnet-000000aa: is public" in refusal()


def test_a_way_out_may_lead_through_a_firewall(record, account):
    """Incident: the VPC of a bank, where all traffic passes AWS Network Firewall, was refused as closed."""
    account.targets["subnet-000000aa"] = {"vpcEndpointId": "vpce-0123456789abcdef0"}
    account.targets["subnet-000000ab"] = {"coreNetworkArn": "arn:aws:networkmanager::1:core-network/c"}
    assert record(look_up) == []


def test_subnets_without_a_way_out_need_every_endpoint(record, refusal, account):
    account.targets = {**account.targets, **{name: {} for name in PRIVATE}}
    account.endpoints = {name: {"privateDnsEnabled": True} for name in vpc_endpoints.INTERFACES}
    account.endpoints["s3"] = {"privateDnsEnabled": False, "routeTableIds": ["table-subnet-000000aa"]}
    text = refusal()
    assert text.startswith("1 problem ")
    assert "subnet-000000ab: has no default route, and its route table table-subnet-000000ab no" in text
    account.endpoints["s3"]["routeTableIds"].append("table-subnet-000000ab")
    assert record(look_up) == []
    account.endpoints["sts"] = {"privateDnsEnabled": False}
    del account.endpoints["ecr.dkr"]
    assert "subnet-000000aa: has no default route, and the VPC no endpoint of ecr.dkr, sts" in refusal()


def test_what_is_looked_up_is_checked(refusal, account):
    account.vpc["enableDnsSupport"] = False
    account.subnets["subnet-000000aa"] |= {"availableIpAddressCount": 2, "tags": {}}
    text = refusal()
    assert text.startswith("4 problems")
