"""EC2: what ministack leaves out of VPC endpoints: security groups, private DNS, policy and filters."""

import json
import re
from typing import Any

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores

FULL_ACCESS = json.dumps(
    {
        "Version": "2008-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)
"""The policy of an endpoint that is given none (AWS PrivateLink guide: default endpoint policy)."""


FILTERS = {
    "service-name": "ServiceName",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-state": "State",
    "vpc-endpoint-type": "VpcEndpointType",
    "vpc-id": "VpcId",
}
"""The member of an endpoint that each filter is about (API reference: DescribeVpcEndpoints)."""


@restores("ec2", "CreateVpcEndpoint")
async def create_vpc_endpoint(request: Request, forward: Forward) -> Response:
    """CreateVpcEndpoint keeps them; without any, an interface has the VPC's default security group."""
    response = await forward()
    form = request.form()
    for name in _endpoints(response):
        endpoint = ec2._vpc_endpoints[name]
        interface = endpoint["VpcEndpointType"] == "Interface"
        default = ec2._vpcs.get(endpoint["VpcId"], {}).get("DefaultSecurityGroupId")
        groups = _numbered(form, "SecurityGroupId") or ([default] if interface and default else [])
        endpoint["SecurityGroupIds"] = groups
        endpoint["PrivateDnsEnabled"] = form.get("PrivateDnsEnabled", "true") == "true" and interface
        endpoint["PolicyDocument"] = form.get("PolicyDocument", FULL_ACCESS)
    return _completed(response)


@restores("ec2", "ModifyVpcEndpoint")
async def modify_vpc_endpoint(request: Request, forward: Forward) -> Response:
    """ModifyVpcEndpoint changes them, and keeps the order of route tables and subnets."""
    form = request.form()
    endpoint: dict[str, Any] = ec2._vpc_endpoints.get(form.get("VpcEndpointId", ""), {})
    before = {key: endpoint.get(key, []) for key in ("RouteTableIds", "SubnetIds")}
    response = await forward()
    if response[0] != 200:
        return response
    for key, members in before.items():
        endpoint[key] = sorted(endpoint[key], key=[*members, *endpoint[key]].index)
    removed = _numbered(form, "RemoveSecurityGroupId")
    groups = [*endpoint.get("SecurityGroupIds", []), *_numbered(form, "AddSecurityGroupId")]
    endpoint["SecurityGroupIds"] = [group for group in dict.fromkeys(groups) if group not in removed]
    if "PrivateDnsEnabled" in form:
        endpoint["PrivateDnsEnabled"] = form["PrivateDnsEnabled"] == "true"
    if form.get("ResetPolicy") == "true":
        endpoint["PolicyDocument"] = FULL_ACCESS
    return response


@restores("ec2", "DescribeVpcEndpoints")
async def describe_vpc_endpoints(request: Request, forward: Forward) -> Response:
    """DescribeVpcEndpoints answers them, keeps to its filters, and refuses an id that does not exist."""
    form = request.form()
    named = _numbered(form, "VpcEndpointId")
    for identity in named:
        if identity not in ec2._vpc_endpoints:
            message = f"The Vpc Endpoint Id '{identity}' does not exist"
            missing: Response = ec2._error("InvalidVpcEndpointId.NotFound", message, 400)
            return missing
    filters = ec2._parse_filters(form)
    found = [
        endpoint
        for identity, endpoint in ec2._vpc_endpoints.items()
        if (not named or identity in named) and _matches(endpoint, filters)
    ]
    items = "".join(ec2._vpce_fields_xml(endpoint) for endpoint in found)
    return _completed(
        ec2._xml(200, "DescribeVpcEndpointsResponse", f"<vpcEndpointSet>{items}</vpcEndpointSet>")
    )


def _matches(endpoint: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    members = {name: endpoint[key] for name, key in FILTERS.items() if name in filters}
    if not all(value in filters[name] for name, value in members.items()):
        return False
    tagged: bool = ec2._resource_matches_tag_filters(endpoint["VpcEndpointId"], filters)
    return tagged


def _completed(response: Response) -> Response:
    def complete(match: re.Match[str]) -> str:
        endpoint = ec2._vpc_endpoints[match[1]]
        groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in endpoint["SecurityGroupIds"])
        private = str(endpoint["PrivateDnsEnabled"]).lower()
        return (
            f"{match[0]}<groupSet>{groups}</groupSet><privateDnsEnabled>{private}</privateDnsEnabled>"
            f"<policyDocument>{ec2._esc(endpoint['PolicyDocument'])}</policyDocument>"
        )

    status, headers, body = response
    return status, headers, re.sub("<vpcEndpointId>([^<]+)</vpcEndpointId>", complete, body.decode()).encode()


def _endpoints(response: Response) -> list[str]:
    return re.findall("<vpcEndpointId>([^<]+)<", response[2].decode())


def _numbered(form: dict[str, str], name: str) -> list[str]:
    return [value for key, value in form.items() if re.fullmatch(rf"{name}\.\d+", key)]
