"""EC2: what ministack leaves out of VPC endpoints: security groups, private DNS and policy."""

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
    """DescribeVpcEndpoints answers them."""
    return _completed(await forward())


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
