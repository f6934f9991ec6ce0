"""How what an interrupted update has created is found again."""

import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from local import lookups, orphans, paths

ARN = "arn:aws:iam::000000000000"

ANSWERS: dict[str, list[tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "ec2": [
        (
            "describe_tags",
            {"Filters": [{"Name": "key", "Values": ["Name"]}, {"Name": "value", "Values": ["demo"]}]},
            {"Tags": [{"ResourceId": name} for name in ("subnet-1", "vpc-1", "vpc-2")]},
        ),
        (
            "describe_security_groups",
            {"Filters": [{"Name": "group-name", "Values": ["web"]}, {"Name": "vpc-id", "Values": ["vpc-1"]}]},
            {"SecurityGroups": [{"GroupId": "sg-web"}]},
        ),
        (
            "describe_security_groups",
            {
                "Filters": [
                    {"Name": "group-name", "Values": ["default"]},
                    {"Name": "vpc-id", "Values": ["vpc-1"]},
                ]
            },
            {"SecurityGroups": [{"GroupId": "sg-default"}]},
        ),
        (
            "describe_launch_templates",
            {"Filters": [{"Name": "launch-template-name", "Values": ["nodes"]}]},
            {"LaunchTemplates": [{"LaunchTemplateId": "lt-1"}]},
        ),
        (
            "describe_security_group_rules",
            {"Filters": [{"Name": "group-id", "Values": ["sg-1"]}]},
            {
                "SecurityGroupRules": [
                    {"SecurityGroupRuleId": rule, "IsEgress": egress, "IpProtocol": protocol, **more}
                    for rule, egress, protocol, more in (
                        ("sgr-out", True, "tcp", {"FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"}),
                        (
                            "sgr-wide",
                            False,
                            "tcp",
                            {"FromPort": 443, "ToPort": 444, "CidrIpv4": "10.0.0.0/8"},
                        ),
                        ("sgr-udp", False, "udp", {"FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"}),
                        ("sgr-in", False, "tcp", {"FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"}),
                        ("sgr-all", False, "-1", {"ReferencedGroupInfo": {"GroupId": "sg-2"}}),
                    )
                ]
            },
        ),
        (
            "describe_vpcs",
            {"VpcIds": ["vpc-1"]},
            {
                "Vpcs": [
                    {
                        "CidrBlockAssociationSet": [
                            {"CidrBlock": "10.0.0.0/16", "AssociationId": "vpc-cidr-assoc-1"},
                            {"CidrBlock": "100.64.0.0/16", "AssociationId": "vpc-cidr-assoc-2"},
                        ]
                    }
                ]
            },
        ),
    ],
    "eks": [
        (
            "list_pod_identity_associations",
            {"clusterName": "demo", "namespace": "kube-system", "serviceAccount": "scaler"},
            {"associations": [{"associationId": "a-1"}]},
        )
    ],
    "iam": [
        (
            "list_policies",
            {"Scope": "Local"},
            {
                "Policies": [
                    {"PolicyName": "policy-of-another", "Arn": f"{ARN}:policy/policy-of-another"},
                    {"PolicyName": "scaler-policy", "Arn": f"{ARN}:policy/path/scaler-policy"},
                ]
            },
        ),
        (
            "list_open_id_connect_providers",
            {},
            {
                "OpenIDConnectProviderList": [
                    {"Arn": f"{ARN}:oidc-provider/token.actions.githubusercontent.com"},
                    {"Arn": f"{ARN}:oidc-provider/example.org/token.actions.githubusercontent.com"},
                ]
            },
        ),
    ],
}
"""Calls in this order, and their answers, which must have the form of AWS's API."""

KEYS = {
    "other": ("Disk encryption", True, "1"),
    "gone": ("Secrets", False, "1"),
    "tagged": ("Secrets", True, "2"),
    "right": ("Secrets", True, "1"),
}
"""Keys: of somebody else, deleted, of another stack, and the one."""

PEER = {
    "securityGroupId": "sg-1",
    "ipProtocol": "tcp",
    "fromPort": 443,
    "toPort": 443,
    "cidrIpv4": "10.0.0.0/8",
}


class Clients:
    """Clients of AWS that give each answer to its call only."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Any, Stubber]] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            client = boto3.client(service, "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
            self._made[service] = (client, Stubber(client))
            self._made[service][1].activate()
        return self._made[service][0]

    def fail(self, service: str, operation: str, code: str) -> None:
        """Expect a call that is refused."""
        self(service)
        self._made[service][1].add_client_error(operation, code)

    def answer(
        self, service: str, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        """Expect a call."""
        self(service)
        self._made[service][1].add_response(operation, answer, parameters)


@pytest.fixture(autouse=True)
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    clients = Clients()
    monkeypatch.setattr(lookups, "client", clients)
    yield clients
    for _, stubber in clients._made.values():
        stubber.assert_no_pending_responses()


def expect(clients: Clients, operation: str, number: int = 0) -> None:
    """Expect a call of ANSWERS, the first or another one of this operation."""
    calls = [(service, call) for service, group in ANSWERS.items() for call in group if call[0] == operation]
    service, call = calls[number]
    clients.answer(service, *call)


def expect_keys(clients: Clients, asked: tuple[str, ...]) -> None:
    clients.answer("kms", "list_keys", {}, {"Keys": [{"KeyId": key} for key in KEYS]})
    for key in asked:
        description, enabled, stack = KEYS[key]
        metadata = {"KeyId": key, "Description": description, "Enabled": enabled}
        clients.answer("kms", "describe_key", {"KeyId": key}, {"KeyMetadata": metadata})
        if enabled and description == "Secrets":
            tags = [{"TagKey": "Stack", "TagValue": stack}]
            clients.answer("kms", "list_resource_tags", {"KeyId": key}, {"Tags": tags})


def test_every_type_of_the_provider_is_known() -> None:
    """Incident: what was created when the engine was killed was there twice after the next update."""
    source = (paths.ROOT / "toolchain/pulumi/aws/resources.go").read_text()
    mapped = re.findall(r'resource\("(\w+)", "(\w+)"', source)
    tokens = {f"aws:{module}/{name[0].lower()}{name[1:]}:{name}" for module, name in mapped}
    assert len(tokens) > 30
    assert tokens == orphans.NAMED.keys() | lookups.LOOKUPS.keys()
    assert not orphans.NAMED.keys() & lookups.LOOKUPS.keys()


@pytest.mark.parametrize(
    ("kind", "inputs", "identity"),
    [
        ("iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "r", "policyArn": "p"}, "r/p"),
        (
            "ec2/route:Route",
            {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"},
            "rtb-1_0.0.0.0/0",
        ),
        ("ec2/route:Route", {"routeTableId": "rtb-1", "destinationIpv6CidrBlock": "::/0"}, "rtb-1_::/0"),
        (
            "ec2/securityGroupRule:SecurityGroupRule",
            {
                "securityGroupId": "sg-1",
                "type": "ingress",
                "protocol": "tcp",
                "fromPort": 80.0,
                "toPort": 81.0,
                "cidrBlocks": ["10.0.0.0/8", "10.1.0.0/16"],
            },
            "sg-1_ingress_tcp_80_81_10.0.0.0/8_10.1.0.0/16",
        ),
        (
            "ec2/securityGroupRule:SecurityGroupRule",
            {
                "securityGroupId": "s",
                "type": "egress",
                "protocol": "-1",
                "fromPort": 0,
                "toPort": 0,
                "self": True,
            },
            "s_egress_-1_0_0_self",
        ),
        (
            "ec2/securityGroupRule:SecurityGroupRule",
            {
                "securityGroupId": "sg-1",
                "type": "ingress",
                "protocol": "tcp",
                "fromPort": 1,
                "toPort": 1,
                "sourceSecurityGroupId": "sg-2",
            },
            "sg-1_ingress_tcp_1_1_sg-2",
        ),
    ],
)
def test_the_id_follows_from_the_inputs(kind: str, inputs: dict[str, Any], identity: str) -> None:
    assert orphans.find({"type": f"aws:{kind}", "inputs": inputs}, set()) == identity


@pytest.mark.parametrize(
    ("call", "kind", "inputs", "identity"),
    [
        (
            ("describe_security_groups", 0),
            "ec2/securityGroup:SecurityGroup",
            {"name": "web", "vpcId": "vpc-1"},
            "sg-web",
        ),
        (
            ("describe_security_groups", 1),
            "ec2/defaultSecurityGroup:DefaultSecurityGroup",
            {"vpcId": "vpc-1"},
            "sg-default",
        ),
        (
            ("describe_security_group_rules", 0),
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            PEER,
            "sgr-in",
        ),
        (
            ("describe_security_group_rules", 0),
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            PEER,
            "sgr-out",
        ),
        (
            ("describe_security_group_rules", 0),
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {"securityGroupId": "sg-1", "ipProtocol": "-1", "referencedSecurityGroupId": "sg-2"},
            "sgr-all",
        ),
        (("describe_launch_templates", 0), "ec2/launchTemplate:LaunchTemplate", {"name": "nodes"}, "lt-1"),
        (
            ("describe_vpcs", 0),
            "ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
            {"vpcId": "vpc-1", "cidrBlock": "100.64.0.0/16"},
            "vpc-cidr-assoc-2",
        ),
        (
            ("list_pod_identity_associations", 0),
            "eks/podIdentityAssociation:PodIdentityAssociation",
            {"clusterName": "demo", "namespace": "kube-system", "serviceAccount": "scaler", "roleArn": "r"},
            "demo,a-1",
        ),
        (
            ("list_policies", 0),
            "iam/policy:Policy",
            {"name": "scaler-policy"},
            f"{ARN}:policy/path/scaler-policy",
        ),
        (
            ("list_open_id_connect_providers", 0),
            "iam/openIdConnectProvider:OpenIdConnectProvider",
            {"url": "https://token.actions.githubusercontent.com"},
            f"{ARN}:oidc-provider/token.actions.githubusercontent.com",
        ),
    ],
)
def test_an_id_that_aws_gave_is_looked_up(
    clients: Clients, call: tuple[str, int], kind: str, inputs: dict[str, Any], identity: str
) -> None:
    expect(clients, *call)
    assert orphans.find({"type": f"aws:{kind}", "inputs": inputs}, set()) == identity


@pytest.mark.parametrize(
    ("known", "found"), [(set(), "vpc-1"), ({"vpc-1"}, "vpc-2"), ({"vpc-1", "vpc-2"}, None)]
)
def test_what_has_nothing_of_its_own_is_found_by_its_tag(
    clients: Clients, known: set[str], found: str | None
) -> None:
    expect(clients, "describe_tags")
    assert orphans.find({"type": "aws:ec2/vpc:Vpc", "inputs": {"tags": {"Name": "demo"}}}, known) == found


def test_what_would_be_part_of_something_that_is_gone_is_created_again(clients: Clients) -> None:
    clients.fail("ec2", "describe_vpcs", "InvalidVpcID.NotFound")
    block = {
        "type": "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "inputs": {"vpcId": "vpc-1"},
    }
    assert orphans.find(block, set()) is None


def test_what_cannot_be_looked_up_is_not_created_again(clients: Clients) -> None:
    clients.fail("ec2", "describe_tags", "UnauthorizedOperation")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        orphans.find({"type": "aws:ec2/vpc:Vpc", "inputs": {"tags": {"Name": "demo"}}}, set())


def test_what_has_no_tag_either_is_created_again() -> None:
    assert orphans.find({"type": "aws:ec2/vpc:Vpc", "inputs": {}}, set()) is None


@pytest.mark.parametrize(("known", "found"), [(set(), "right"), ({"right"}, None)])
def test_a_key_is_found_by_description_and_tags(clients: Clients, known: set[str], found: str | None) -> None:
    expect_keys(clients, tuple(KEYS))
    key = {"type": "aws:kms/key:Key", "inputs": {"description": "Secrets", "tags": {"Stack": "1"}}}
    assert orphans.find(key, known) == found


@pytest.mark.parametrize(
    ("inputs", "identity"),
    [
        ({"metadata": {"name": "argocd"}}, "argocd"),
        ({"metadata": {"name": "root", "namespace": "argocd"}}, "argocd/root"),
        ({"name": "argocd", "namespace": "argocd"}, "argocd/argocd"),
    ],
)
def test_objects_of_kubernetes_and_releases_are_found_by_namespace_and_name(
    inputs: dict[str, Any], identity: str
) -> None:
    assert orphans.find({"type": "kubernetes:x:Y", "inputs": inputs}, set()) == identity


def test_what_is_not_known_is_created_again() -> None:
    assert orphans.find({"type": "random:index:Id", "inputs": {}}, set()) is None


def test_a_provider_that_was_being_started_has_no_inputs() -> None:
    """Incident: `make up` failed for good after a kill in that moment."""
    provider = {"type": "pulumi:providers:aws", "urn": "urn:pulumi:local::p::pulumi:providers:aws::default"}
    orphans.settle(provider)
    assert orphans.find(provider, set()) is None


def test_what_aws_does_not_tell_is_as_it_was_asked_for() -> None:
    """Incident: a cluster that an interrupted update had created was replaced by the next one."""
    asked = {
        "name": "demo",
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    }
    read = {"accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}}
    cluster = {"type": "aws:eks/cluster:Cluster", "inputs": {}, "outputs": {**read, "arn": "a"}}
    orphans.remember(cluster, asked)
    own = {"bootstrapClusterCreatorAdminPermissions": False}
    assert cluster["inputs"] == {"accessConfig": own}
    assert cluster["outputs"] == {"accessConfig": {"authenticationMode": "API", **own}, "arn": "a"}


def test_what_aws_tells_is_left_as_it_was_read() -> None:
    vpc = {"type": "aws:ec2/vpc:Vpc", "inputs": {}, "outputs": {"cidrBlock": "10.0.0.0/16"}}
    orphans.remember(vpc, {"cidrBlock": "10.1.0.0/16"})
    assert vpc["outputs"] == {"cidrBlock": "10.0.0.0/16"}
