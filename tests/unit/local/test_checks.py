"""What the emulator asks a caller's policies: all that AWS would ask, about what AWS would name."""

from typing import Any

import pytest
from ministack.services import ec2, iam

from local.aws.checks import Call, Check, checks, ec2_tags

ACCOUNT = "000000000000"
EC2 = f"arn:aws:ec2:us-east-1:{ACCOUNT}:"
TAGGED = {
    "TagSpecification.1.ResourceType": ["natgateway"],
    "TagSpecification.1.Tag.1.Key": ["Stack"],
    "TagSpecification.1.Tag.1.Value": ["prod"],
}
ASKED = {"aws:RequestTag/Stack": "prod", "aws:TagKeys": ["Stack"]}


def call(action: str, /, **parameters: Any) -> list[Check]:
    path = str(parameters.pop("path", "/"))
    return checks(Call(action.partition(":")[0], action, path, parameters, "us-east-1", ACCOUNT))


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> str:
    """The ARN of a role with a path and a boundary."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/prod/platform/node"
    monkeypatch.setitem(iam._roles, "node", {"Arn": arn, "PermissionsBoundary": "boundary"})
    return arn


def test_what_is_made_and_what_it_is_made_in_are_asked_for() -> None:
    """A NAT gateway in another's subnet is another's affair, too."""
    asked = call("ec2:CreateNatGateway", SubnetId=["subnet-1"], AllocationId=["eipalloc-1"], **TAGGED)
    assert asked == [
        Check("ec2:CreateNatGateway", f"{EC2}natgateway/*", ASKED),
        Check("ec2:CreateTags", f"{EC2}natgateway/*", {**ASKED, "ec2:CreateAction": "CreateNatGateway"}),
        Check("ec2:CreateNatGateway", f"{EC2}subnet/subnet-1", ASKED),
        Check("ec2:CreateNatGateway", f"{EC2}elastic-ip/eipalloc-1", ASKED),
    ]


def test_each_resource_that_is_tagged_is_asked_for() -> None:
    tags = {"ResourceId.1": ["vpc-1"], "ResourceId.2": ["sg-1"], "Tag.1.Key": ["a"], "Tag.1.Value": ["b"]}
    resources = [check.resource for check in call("ec2:CreateTags", **tags)]
    assert resources == [f"{EC2}vpc/vpc-1", f"{EC2}security-group/sg-1"]


def test_an_association_stands_for_its_route_table(monkeypatch: pytest.MonkeyPatch) -> None:
    association = {"RouteTableAssociationId": "rtbassoc-1", "RouteTableId": "rtb-1"}
    monkeypatch.setitem(ec2._route_tables, "rtb-1", {"Associations": [association]})
    (asked,) = call("ec2:DisassociateRouteTable", AssociationId=["rtbassoc-1"])
    assert asked.resource == f"{EC2}route-table/rtb-1"


def test_reading_ec2_is_asked_for_as_a_whole() -> None:
    assert call("ec2:DescribeVpcs", **{"VpcId.1": ["vpc-1"]}) == []
    (asked,) = call("ec2:DescribeVpcAttribute", VpcId=["vpc-1"], Attribute=["enableDnsSupport"])
    assert asked.resource == f"{EC2}vpc/vpc-1"


def test_a_role_is_named_with_its_path_and_boundary(role: str) -> None:
    (asked,) = call("iam:AttachRolePolicy", RoleName=["node"], PolicyArn=["policy"])
    assert asked.resource == role
    assert asked.keys == {"iam:PermissionsBoundary": "boundary", "iam:PolicyARN": "policy"}


def test_a_new_role_has_the_boundary_that_is_asked_for() -> None:
    new = {"RoleName": ["new"], "Path": ["/prod/platform/"], "PermissionsBoundary": ["limit"]}
    (asked,) = call("iam:CreateRole", **new)
    assert asked.resource == f"arn:aws:iam::{ACCOUNT}:role/prod/platform/new"
    assert asked.keys == {"iam:PermissionsBoundary": "limit"}
    (asked,) = call("iam:CreateRole", RoleName=["new"])
    assert asked.keys == {}


@pytest.mark.parametrize(
    ("action", "parameters", "resource"),
    [
        ("CreatePolicy", {"PolicyName": ["p"], "Path": ["/prod/guard/"]}, "policy/prod/guard/p"),
        ("CreateOpenIDConnectProvider", {"Url": ["https://example.com"]}, "oidc-provider/example.com"),
    ],
)
def test_what_iam_makes_is_named(action: str, parameters: dict[str, list[str]], resource: str) -> None:
    (asked,) = call(f"iam:{action}", **parameters)
    assert asked.resource == f"arn:aws:iam::{ACCOUNT}:{resource}"


def test_handing_over_a_role_is_asked_for(role: str) -> None:
    """Incident: a role that the caller could not use was used by a node group of the caller's."""
    asked = call("eks:CreateNodegroup", path="/clusters/prod/node-groups", nodeRole=role)
    assert asked == [
        Check("eks:CreateNodegroup", f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/prod"),
        Check("iam:PassRole", role, {"iam:PassedToService": "ec2.amazonaws.com"}),
    ]


def test_an_alias_and_its_key_are_asked_for() -> None:
    asked = call("kms:CreateAlias", AliasName="alias/eks/prod", TargetKeyId="key-1")
    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:"
    assert [check.resource for check in asked] == [f"{arn}alias/eks/prod", f"{arn}key/key-1"]


def test_tags_of_ec2_are_those_of_the_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = [{"Key": "Stack", "Value": "prod"}]
    monkeypatch.setitem(ec2._tags, "vpc-1", tags)
    assert (f"{EC2}vpc/vpc-1", tags) in list(ec2_tags())
