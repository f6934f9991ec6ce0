"""The rules, on the properties that Pulumi gives to the AWS provider; plain Python, without the policy SDK.

Each is one of `make check-security` (operations/security/required.py) and has its id. This folder stands
alone, so that `pulumi up --policy-pack policy` works wherever it is copied to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Properties = Mapping[str, Any]
Judge = Callable[[Properties], Iterator[str]]

LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}
EKS_VERSIONS = ("1.34", "1.35", "1.36")
"""As planning/eks_versions.py has them."""

EVERYWHERE = {"0.0.0.0/0", "::/0"}
SSH = 22

CLUSTER = "aws:eks/cluster:Cluster"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SUBNET = "aws:ec2/subnet:Subnet"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VPC = "aws:ec2/vpc:Vpc"


@dataclass(frozen=True)
class Rule:
    """A rule on single resources."""

    id: str
    text: str
    types: tuple[str, ...]
    judge: Judge
    """What is wrong with a resource of these types; nothing if it is right."""


def statements(document: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """The statements that allow something, of a policy document as text or as an object."""
    parsed = json.loads(document) if isinstance(document, str) else document or {}
    for statement in as_list(parsed.get("Statement")):
        if statement.get("Effect") == "Allow":
            yield statement


def as_list(value: Any) -> list[Any]:  # noqa: ANN401
    """One element or a list of them, as in policy documents."""
    if value is None:
        return []
    return [value] if isinstance(value, (str, Mapping)) else list(value)


def principals(statement: Mapping[str, Any]) -> list[str]:
    """AWS principals; "*" for everybody."""
    principal = statement.get("Principal")
    return as_list(principal.get("AWS")) if isinstance(principal, Mapping) else as_list(principal)


def rotated(key: Properties) -> Iterator[str]:
    if key.get("enableKeyRotation") is not True:
        yield "enableKeyRotation is not true"


def key_for_somebody(key: Properties) -> Iterator[str]:
    if any("*" in principals(statement) for statement in statements(key.get("policy"))):
        yield "policy: a statement allows everybody"


def volumes_encrypted(template: Properties) -> Iterator[str]:
    volumes = [mapping.get("ebs") for mapping in template.get("blockDeviceMappings") or []]
    if not any(volumes):
        yield "blockDeviceMappings: without one, the image decides whether volumes are encrypted"
    for volume in filter(None, volumes):
        if str(volume.get("encrypted")).lower() != "true":
            yield "blockDeviceMappings: a volume is not encrypted"


def described(resource: Properties) -> Iterator[str]:
    inline = [*(resource.get("ingress") or []), *(resource.get("egress") or [])]
    if not resource.get("description") or not all(rule.get("description") for rule in inline):
        yield "description is missing"


def no_ssh(resource: Properties) -> Iterator[str]:
    if resource.get("type") == "egress":
        return
    for rule in [resource, *(resource.get("ingress") or [])]:
        sources = as_list(rule.get("cidrBlocks")) + as_list(rule.get("ipv6CidrBlocks"))
        sources += as_list(rule.get("cidrIpv4")) + as_list(rule.get("cidrIpv6"))
        protocol = str(rule.get("protocol") or rule.get("ipProtocol"))
        ports = range(int(rule.get("fromPort") or 0), int(rule.get("toPort") or 0) + 1)
        if EVERYWHERE & set(sources) and (protocol == "-1" or SSH in ports):
            yield "0.0.0.0/0 may come in by SSH"


def logs_everything(cluster: Properties) -> Iterator[str]:
    missing = LOG_TYPES - set(cluster.get("enabledClusterLogTypes") or [])
    if missing:
        yield f"enabledClusterLogTypes lacks {', '.join(sorted(missing))}"


def access_limited(cluster: Properties) -> Iterator[str]:
    access = cluster.get("vpcConfig") or {}
    if access.get("endpointPublicAccess") is not False:
        # EKS takes no list for everybody.
        networks = access.get("publicAccessCidrs") or EVERYWHERE
        if EVERYWHERE & set(networks):
            yield "vpcConfig.publicAccessCidrs: the public endpoint is open to everybody"


def access_private(cluster: Properties) -> Iterator[str]:
    if (cluster.get("vpcConfig") or {}).get("endpointPublicAccess") is not False:
        yield "vpcConfig.endpointPublicAccess is not false"


def secrets_encrypted(cluster: Properties) -> Iterator[str]:
    if "secrets" not in ((cluster.get("encryptionConfig") or {}).get("resources") or []):
        yield "encryptionConfig does not name secrets"


def version_pinned(cluster: Properties) -> Iterator[str]:
    if cluster.get("version") not in EKS_VERSIONS:
        yield f"version is none of {', '.join(EKS_VERSIONS)}"


def trust_named(role: Properties) -> Iterator[str]:
    if any("*" in principals(statement) for statement in statements(role.get("assumeRolePolicy"))):
        yield "assumeRolePolicy lets everybody in"


def trust_narrow(role: Properties) -> Iterator[str]:
    for statement in statements(role.get("assumeRolePolicy")):
        if any(who.isdigit() or who.endswith(":root") for who in principals(statement)):
            yield "assumeRolePolicy lets a whole account in"


def not_everything(policy: Properties) -> Iterator[str]:
    for statement in statements(policy.get("policy")):
        if "*" in as_list(statement.get("Action")) and "*" in as_list(statement.get("Resource")):
            yield "policy: a statement allows everything on everything"


def not_every_action(policy: Properties) -> Iterator[str]:
    if any("*" in as_list(statement.get("Action")) for statement in statements(policy.get("policy"))):
        yield "policy: a statement allows every action"


def retained(group: Properties) -> Iterator[str]:
    if not group.get("retentionInDays"):
        yield "retentionInDays is not set"


def logs_encrypted(group: Properties) -> Iterator[str]:
    # Its value is known only after the update.
    if "kmsKeyId" not in group:
        yield "kmsKeyId is not set"


def session_tokens(template: Properties) -> Iterator[str]:
    options = template.get("metadataOptions") or {}
    if options.get("httpTokens") != "required" and options.get("httpEndpoint") != "disabled":
        yield "metadataOptions.httpTokens is not required"


def one_hop(template: Properties) -> Iterator[str]:
    if ((template.get("metadataOptions") or {}).get("httpPutResponseHopLimit") or 1) > 1:
        yield "metadataOptions.httpPutResponseHopLimit is more than 1"


def no_remote_access(group: Properties) -> Iterator[str]:
    access = group.get("remoteAccess") or {}
    if access.get("ec2SshKey") and not access.get("sourceSecurityGroupIds"):
        yield "remoteAccess: without sourceSecurityGroupIds SSH is open to 0.0.0.0/0"


def no_public_addresses(subnet: Properties) -> Iterator[str]:
    if subnet.get("mapPublicIpOnLaunch") is True:
        yield "mapPublicIpOnLaunch is true"


def no_administrator(resource: Properties) -> Iterator[str]:
    given = [resource.get("policyArn"), *as_list(resource.get("managedPolicyArns"))]
    if any(str(arn).endswith(":policy/AdministratorAccess") for arn in given):
        yield "AdministratorAccess is attached"


def no_rules(group: Properties) -> Iterator[str]:
    if group.get("ingress") or group.get("egress"):
        yield "the default security group has rules"


RULES = (
    Rule("CKV_AWS_7", "KMS keys are rotated", (KEY,), rotated),
    Rule("PLATFORM_8", "Volumes of nodes are encrypted", (TEMPLATE,), volumes_encrypted),
    Rule(
        "CKV_AWS_23",
        "Every security group and rule says what it is for",
        (GROUP, GROUP_RULE, INGRESS_RULE, EGRESS_RULE),
        described,
    ),
    Rule("CKV_AWS_24", "No SSH from 0.0.0.0/0", (GROUP, GROUP_RULE, INGRESS_RULE), no_ssh),
    Rule("CKV_AWS_33", "No KMS key policy names everybody", (KEY,), key_for_somebody),
    Rule("CKV_AWS_37", "The control plane logs all five types", (CLUSTER,), logs_everything),
    Rule("CKV_AWS_38", "The public endpoint is not open to 0.0.0.0/0", (CLUSTER,), access_limited),
    Rule("CKV_AWS_39", "The public endpoint is off", (CLUSTER,), access_private),
    Rule("CKV_AWS_58", "Kubernetes Secrets are encrypted", (CLUSTER,), secrets_encrypted),
    Rule("CKV_AWS_60", "Roles are assumed by named principals only", (ROLE,), trust_named),
    Rule("CKV_AWS_61", "Roles are not assumed by a whole account", (ROLE,), trust_narrow),
    Rule("CKV_AWS_62", "No policy grants everything on everything", (POLICY, ROLE_POLICY), not_everything),
    Rule("CKV_AWS_63", "No policy grants every action", (POLICY, ROLE_POLICY), not_every_action),
    Rule("CKV_AWS_66", "Log groups have a retention", (LOG_GROUP,), retained),
    Rule("CKV_AWS_79", "Instance metadata needs a session token", (TEMPLATE,), session_tokens),
    Rule("CKV_AWS_100", "Nodes have no SSH open to 0.0.0.0/0", (NODE_GROUP,), no_remote_access),
    Rule("CKV_AWS_130", "Subnets do not map public addresses", (SUBNET,), no_public_addresses),
    Rule("CKV_AWS_158", "Log groups are encrypted with a key of the account", (LOG_GROUP,), logs_encrypted),
    Rule("CKV_AWS_274", "AdministratorAccess is attached to nothing", (ATTACHMENT, ROLE), no_administrator),
    Rule("PLATFORM_339", "The Kubernetes version is one that is pinned", (CLUSTER,), version_pinned),
    Rule("CKV2_AWS_12", "The default security group is closed", (DEFAULT_GROUP,), no_rules),
    Rule("CKV_AWS_341", "Instance metadata is one hop away at most", (TEMPLATE,), one_hop),
)


@dataclass(frozen=True)
class Planned:
    """A resource of the stack, for the rules on pairs of them."""

    urn: str
    type: str
    properties: Properties
    sources: Mapping[str, list[str]]
    """Property -> URNs of the resources that its value comes from."""


def vpcs_without_flow_log(resources: list[Planned]) -> Iterator[tuple[str, str]]:
    """URN and complaint for each VPC that no flow log watches."""
    for vpc in _lonely(resources, FLOW_LOG):
        yield vpc.urn, "no flow log names this VPC"


def vpcs_without_default_group(resources: list[Planned]) -> Iterator[tuple[str, str]]:
    """URN and complaint for each VPC whose default security group is not taken over."""
    for vpc in _lonely(resources, DEFAULT_GROUP):
        yield vpc.urn, "no DefaultSecurityGroup takes over the one of this VPC"


STACK_RULES = {
    "CKV2_AWS_11": ("Every VPC has a flow log", vpcs_without_flow_log),
    "CKV2_AWS_12": ("The default security group of every VPC is taken over", vpcs_without_default_group),
}
"""Id -> what the rule says, and its judgement of all resources of a stack.

Only `sources` and types are read: an output that is not an input, too, is unknown in a preview.
"""


def _lonely(resources: list[Planned], companion: str) -> Iterator[Planned]:
    """The VPCs from which no `companion` takes its vpcId."""
    named = {urn for each in resources if each.type == companion for urn in each.sources.get("vpcId", [])}
    yield from (each for each in resources if each.type == VPC and each.urn not in named)
