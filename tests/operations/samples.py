"""A plan that has a resource for every rule, and ones that break them: true resources with a wrong input."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from operations.plan import UNKNOWN, Resource

VPC = "aws:ec2/vpc:Vpc"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SUBNET = "aws:ec2/subnet:Subnet"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def resource(
    kind: str, name: str, inputs: Mapping[str, Any], depends_on: Mapping[str, tuple[str, ...]] | None = None
) -> Resource:
    return Resource(f"urn:pulumi:dev::gitops-platform::{kind}::{name}", kind, name, inputs, depends_on or {})


def document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def first(resources: Sequence[Resource], kind: str) -> Resource:
    return next(each for each in resources if each.type == kind)


def complete(plan: Sequence[Resource]) -> list[Resource]:
    """The plan with one more right resource of each type that a required rule judges."""
    vpc, key = first(plan, VPC).urn, first(plan, KEY).urn
    reads = document(Effect="Allow", Action=["s3:GetObject"], Resource="arn:aws:s3:::bucket/*")
    logs = resource(
        LOG_GROUP, "good-logs", {"retentionInDays": 400, "kmsKeyId": UNKNOWN}, {"kmsKeyId": (key,)}
    )
    group = resource(GROUP, "good-group", {"description": "For tests", "vpcId": UNKNOWN}, {"vpcId": (vpc,)})
    return [
        *plan,
        resource(KEY, "good-key", {"enableKeyRotation": True, "policy": _key_policy("arn:aws:iam::1:root")}),
        logs,
        group,
        resource(GROUP_RULE, "good-rule", _group_rule(443), {"securityGroupId": (group.urn,)}),
        resource(POLICY, "good-policy", {"policy": reads}),
        resource(
            FLOW_LOG,
            "good-flow-log",
            {"vpcId": UNKNOWN, "trafficType": "ALL", "logDestination": UNKNOWN},
            {"vpcId": (vpc,), "logDestination": (logs.urn,)},
        ),
        resource(DEFAULT_GROUP, "good-default-group", {"vpcId": UNKNOWN}, {"vpcId": (vpc,)}),
    ]


def broken(good: Sequence[Resource]) -> dict[str, list[Resource]]:
    """Rule -> the resources that break it, each named after what is wrong with it."""

    def wrong(kind: str, name: str, **inputs: object) -> Resource:
        """A right resource but for these inputs; one that is None is left out."""
        right = first([each for each in good if each.name.startswith("good-")] + list(good), kind)
        kept = {key: value for key, value in {**right.inputs, **inputs}.items() if value is not None}
        return replace(right, urn=f"{right.urn}::{name}", name=name, inputs=kept)

    public = {**first(good, CLUSTER).inputs["vpcConfig"], "endpointPublicAccess": True}
    anyone = {"publicAccessCidrs": ["0.0.0.0/0"]}
    everything = document(Effect="Allow", Action="*", Resource="*")
    old = wrong(CLUSTER, "old", version="1.27")
    plain = [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 50, "encrypted": "false"}}]
    lonely = wrong(VPC, "lonely")
    open_vpc = wrong(VPC, "open")
    open_group = resource(
        DEFAULT_GROUP,
        "open",
        {"vpcId": UNKNOWN, "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}]},
        {"vpcId": (open_vpc.urn,)},
    )
    return {
        "CKV_AWS_7": [wrong(KEY, "unrotated", enableKeyRotation=False)],
        "CKV_AWS_33": [wrong(KEY, "everybodys", policy=_key_policy("*"))],
        "CKV_AWS_23": [wrong(GROUP_RULE, "nameless", description=None)],
        "CKV_AWS_24": [wrong(GROUP_RULE, "ssh", **{**_group_rule(22), "cidrBlocks": ["0.0.0.0/0"]})],
        "CKV_AWS_37": [wrong(CLUSTER, "quiet", enabledClusterLogTypes=["api"])],
        "CKV_AWS_38": [wrong(CLUSTER, "anyones", vpcConfig={**public, **anyone})],
        "CKV_AWS_39": [wrong(CLUSTER, "public", vpcConfig={**public, "publicAccessCidrs": ["192.0.2.0/24"]})],
        "CKV_AWS_58": [wrong(CLUSTER, "readable", encryptionConfig=None)],
        "CKV_AWS_60": [wrong(ROLE, "everybodys", assumeRolePolicy=_trust("*"))],
        "CKV_AWS_61": [wrong(ROLE, "accounts", assumeRolePolicy=_trust("arn:aws:iam::111122223333:root"))],
        "CKV_AWS_62": [wrong(POLICY, "everything", policy=everything)],
        "CKV_AWS_63": [wrong(POLICY, "every-action", policy=everything)],
        "CKV_AWS_66": [wrong(LOG_GROUP, "endless", retentionInDays=None)],
        "CKV_AWS_158": [wrong(LOG_GROUP, "plain", kmsKeyId=None)],
        "CKV_AWS_79": [wrong(TEMPLATE, "tokenless", metadataOptions={"httpTokens": "optional"})],
        "CKV_AWS_341": [
            wrong(TEMPLATE, "hops", metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 2})
        ],
        "PLATFORM_8": [wrong(TEMPLATE, "plain", blockDeviceMappings=plain)],
        "CKV_AWS_100": [wrong(NODE_GROUP, "ssh", remoteAccess={"ec2SshKey": "admin"})],
        "CKV_AWS_130": [wrong(SUBNET, "public", mapPublicIpOnLaunch=True)],
        "CKV_AWS_274": [
            wrong(ATTACHMENT, "administrator", policyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        ],
        "CKV_AWS_339": [old],
        "PLATFORM_339": [old],
        "CKV2_AWS_11": [lonely],
        "CKV2_AWS_12": [open_vpc, open_group],
        "PLATFORM_POLICIES": [wrong(POLICY, "unread", policy=UNKNOWN)],
    }


def _key_policy(principal: str) -> str:
    return document(Effect="Allow", Principal={"AWS": principal}, Action="kms:*", Resource="*")


def _trust(principal: str) -> str:
    return document(Effect="Allow", Principal={"AWS": principal}, Action="sts:AssumeRole")


def _group_rule(port: int) -> dict[str, object]:
    return {
        "type": "ingress",
        "description": "For tests",
        "protocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "cidrBlocks": ["10.0.0.0/16"],
        "securityGroupId": UNKNOWN,
    }
