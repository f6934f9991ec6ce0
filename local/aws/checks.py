"""What AWS checks a call for: each resource that it concerns, with the condition keys that go with it.

Source: Service Authorization Reference, for the calls that the program makes; ministack looks at one resource
a call, and knows neither IAM paths nor tags of EC2.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ministack.services import ec2, iam

KINDS = {
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
"""How ids of EC2 begin, and what their kind is called in an ARN."""

MADE = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateLaunchTemplate": "launch-template",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
"""What a call of EC2 makes."""

PASSED = {
    "ec2:CreateFlowLogs": ("DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
    "eks:CreateCluster": ("roleArn", "eks.amazonaws.com"),
    "eks:CreateNodegroup": ("nodeRole", "ec2.amazonaws.com"),
    "eks:CreatePodIdentityAssociation": ("roleArn", "pods.eks.amazonaws.com"),
}
"""Calls that hand a role to a service: the parameter that names it, and the service."""

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One question to the caller's policies."""

    action: str
    resource: str
    keys: dict[str, Any] = field(default_factory=dict)
    """Condition keys, beside those that ministack finds itself."""


@dataclass(frozen=True)
class Call:
    """A call, before it is authorized."""

    service: str
    action: str
    """With the service's prefix, e.g. ec2:CreateVpc."""
    path: str
    parameters: Parameters
    """Of the query, or of the JSON body."""
    region: str
    account: str

    @property
    def name(self) -> str:
        """The action without its prefix."""
        return self.action.partition(":")[2]

    def text(self, name: str) -> str:
        """A parameter, empty if it is not given."""
        value = self.parameters.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value)


def checks(call: Call) -> list[Check]:
    """What AWS asks the caller's policies; empty if ministack's own question is the right one."""
    find = {"ec2": _ec2, "eks": _eks, "iam": _iam, "kms": _kms}.get(call.service)
    found = list(find(call)) if find else []
    if found and call.action in PASSED:
        parameter, service = PASSED[call.action]
        if role := call.text(parameter):
            found.append(Check("iam:PassRole", role, {"iam:PassedToService": service}))
    return found


def ec2_tags() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """ARN and tags of everything in EC2, for conditions on tags of resources."""
    for (account, region, identifier), tags in ec2._tags.all_items():
        if kind := KINDS.get(identifier.rpartition("-")[0]):
            yield f"arn:aws:ec2:{region}:{account}:{kind}/{identifier}", tags


def _ec2(call: Call) -> Iterator[Check]:
    if re.match("Describe|Get", call.name) and call.name != "DescribeVpcAttribute":
        return
    arn = f"arn:aws:ec2:{call.region}:{call.account}:"
    tags = _requested_tags(call)
    if made := MADE.get(call.name):
        yield Check(call.action, f"{arn}{made}/*", tags)
        if tags:
            yield Check("ec2:CreateTags", f"{arn}{made}/*", {**tags, "ec2:CreateAction": call.name})
    for identifier in _ids(call):
        kind = KINDS[identifier.rpartition("-")[0]]
        if (call.name, kind) not in {("CreateRoute", "internet-gateway"), ("CreateRoute", "natgateway")}:
            yield Check(call.action, f"{arn}{kind}/{identifier}", tags)


def _ids(call: Call) -> list[str]:
    values = [call.text(name) for name in call.parameters]
    found = [value for value in values if KINDS.get(value.rpartition("-")[0])]
    for table in ec2._route_tables.values():
        associations = {a["RouteTableAssociationId"]: a for a in table["Associations"]}
        found += [associations[value]["RouteTableId"] for value in values if value in associations]
    return found


def _requested_tags(call: Call) -> dict[str, Any]:
    tags = {
        call.text(name): call.text(f"{match[1]}.Value")
        for name in call.parameters
        if (match := re.fullmatch(r"((?:TagSpecification\.\d+\.)?Tag\.\d+)\.Key", name))
    }
    keys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {**keys, "aws:TagKeys": list(tags)} if tags else {}


def _eks(call: Call) -> Iterator[Check]:
    if call.path.startswith("/tags/"):
        yield Check(call.action, unquote(call.path.removeprefix("/tags/")))
        return
    match = re.fullmatch(r"/clusters(?:/([^/]+)(?:/.*)?)?", call.path)
    if cluster := match and (match[1] or call.text("name")):
        yield Check(call.action, f"arn:aws:eks:{call.region}:{call.account}:cluster/{cluster}")


def _iam(call: Call) -> Iterator[Check]:
    arn, path = f"arn:aws:iam::{call.account}:", call.text("Path") or "/"
    keys: dict[str, Any] = {}
    if name := call.text("RoleName"):
        role = iam._roles.get(name, {})
        boundary = call.text("PermissionsBoundary") or role.get("PermissionsBoundary")
        keys = {"iam:PermissionsBoundary": boundary} if boundary else {}
        if policy := call.text("PolicyArn"):
            keys["iam:PolicyARN"] = policy
        yield Check(call.action, role.get("Arn", f"{arn}role{path}{name}"), keys)
    elif call.name == "CreatePolicy":
        yield Check(call.action, f"{arn}policy{path}{call.text('PolicyName')}")
    elif provider := call.text("OpenIDConnectProviderArn"):
        yield Check(call.action, provider)
    elif url := call.text("Url"):
        yield Check(call.action, f"{arn}oidc-provider/{url.removeprefix('https://')}")


def _kms(call: Call) -> Iterator[Check]:
    if alias := call.text("AliasName"):
        arn = f"arn:aws:kms:{call.region}:{call.account}:"
        yield Check(call.action, f"{arn}{alias}")
        if key := call.text("TargetKeyId"):
            yield Check(call.action, f"{arn}key/{key.rpartition('/')[2]}")
