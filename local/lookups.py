"""Ids that AWS gives itself, looked up by what the resources were created from.

A look-up returns every match: the caller knows which of them are others' already. It raises ClientError when
what the resource is part of does not exist.
"""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.client import BaseClient

from local import environment

Inputs = dict[str, Any]

LookUp = Callable[[Inputs], Iterator[str]]

PREFIXES = {
    "aws:ec2/eip:Eip": "eipalloc-",
    "aws:ec2/flowLog:FlowLog": "fl-",
    "aws:ec2/internetGateway:InternetGateway": "igw-",
    "aws:ec2/natGateway:NatGateway": "nat-",
    "aws:ec2/routeTable:RouteTable": "rtb-",
    "aws:ec2/subnet:Subnet": "subnet-",
    "aws:ec2/vpc:Vpc": "vpc-",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce-",
}
"""How ids of EC2 begin; what has nothing else of its own is told apart by its tag Name."""


def client(service: str) -> BaseClient:
    """A client that acts as the operator on the emulator."""
    settings = environment.variables()
    return boto3.client(
        service,
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )


def _named(prefix: str) -> LookUp:
    def look_up(inputs: Inputs) -> Iterator[str]:
        if name := inputs.get("tags", {}).get("Name"):
            filters = _filters(key="Name", value=name)
            tags = client("ec2").describe_tags(Filters=filters)["Tags"]
            yield from (tag["ResourceId"] for tag in tags if tag["ResourceId"].startswith(prefix))

    return look_up


def _security_group(inputs: Inputs) -> Iterator[str]:
    yield from _security_groups(inputs["name"], inputs["vpcId"])


def _launch_template(inputs: Inputs) -> Iterator[str]:
    """A region has one template of a name (API reference: CreateLaunchTemplate)."""
    filters = _filters(**{"launch-template-name": inputs["name"]})
    templates = client("ec2").describe_launch_templates(Filters=filters)["LaunchTemplates"]
    yield from (template["LaunchTemplateId"] for template in templates)


def _default_security_group(inputs: Inputs) -> Iterator[str]:
    yield from _security_groups("default", inputs["vpcId"])


def _security_groups(name: str, vpc: str) -> Iterator[str]:
    """A VPC has one group of a name (API reference: CreateSecurityGroup)."""
    filters = _filters(**{"group-name": name, "vpc-id": vpc})
    yield from (
        g["GroupId"] for g in client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    )


def _rule(egress: bool) -> LookUp:
    """A group has one rule of the same direction, protocol, ports and peer."""

    def look_up(inputs: Inputs) -> Iterator[str]:
        filters = _filters(**{"group-id": inputs["securityGroupId"]})
        rules = client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        for rule in rules:
            peer = {
                "cidrIpv4": rule.get("CidrIpv4"),
                "cidrIpv6": rule.get("CidrIpv6"),
                "prefixListId": rule.get("PrefixListId"),
                "referencedSecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            }
            same = all(inputs.get(name) == value for name, value in peer.items())
            ports = all(
                inputs.get(name, -1) == rule.get(f"F{name[1:]}" if name == "fromPort" else "ToPort", -1)
                for name in ("fromPort", "toPort")
            )
            if same and ports and rule["IsEgress"] == egress and rule["IpProtocol"] == inputs["ipProtocol"]:
                yield rule["SecurityGroupRuleId"]

    return look_up


def _cidr_association(inputs: Inputs) -> Iterator[str]:
    (vpc,) = client("ec2").describe_vpcs(VpcIds=[inputs["vpcId"]])["Vpcs"]
    for association in vpc["CidrBlockAssociationSet"]:
        if association["CidrBlock"] == inputs.get("cidrBlock"):
            yield association["AssociationId"]


def _pod_identity(inputs: Inputs) -> Iterator[str]:
    """A service account has one association (API reference: CreatePodIdentityAssociation)."""
    place = {name: inputs[name] for name in ("clusterName", "namespace", "serviceAccount")}
    for association in client("eks").list_pod_identity_associations(**place)["associations"]:
        yield f"{inputs['clusterName']},{association['associationId']}"


def _policy(inputs: Inputs) -> Iterator[str]:
    for page in client("iam").get_paginator("list_policies").paginate(Scope="Local"):
        yield from (policy["Arn"] for policy in page["Policies"] if policy["PolicyName"] == inputs["name"])


def _oidc_provider(inputs: Inputs) -> Iterator[str]:
    """An account has one provider of a URL (API reference: CreateOpenIDConnectProvider)."""
    host = inputs["url"].removeprefix("https://")
    for provider in client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        if provider["Arn"].endswith(f":oidc-provider/{host}"):
            yield provider["Arn"]


def _key(inputs: Inputs) -> Iterator[str]:
    kms = client("kms")
    wanted = inputs.get("tags", {}).items()
    for key in (key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]):
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
        if not found["Enabled"] or found["Description"] != inputs.get("description", found["Description"]):
            continue
        tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}
        if wanted <= tags.items():
            yield key


def _filters(**wanted: str) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": [value]} for name, value in wanted.items()]


LOOKUPS: dict[str, LookUp] = {
    **{kind: _named(prefix) for kind, prefix in PREFIXES.items()},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_security_group,
    "aws:ec2/launchTemplate:LaunchTemplate": _launch_template,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": _cidr_association,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _pod_identity,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _oidc_provider,
    "aws:iam/policy:Policy": _policy,
    "aws:kms/key:Key": _key,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule(egress=True),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule(egress=False),
}
"""How each kind is looked up."""
