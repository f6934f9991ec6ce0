"""EC2: which address a NAT gateway has, and that it is in one zone, which ministack does not tell."""

import re

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores


@restores("ec2", "CreateNatGateway")
@restores("ec2", "DescribeNatGateways")
async def complete_nat_gateways(request: Request, forward: Forward) -> Response:
    """CreateNatGateway and DescribeNatGateways answer them (API reference: NatGateway)."""
    status, headers, body = await forward()
    pattern = "<natGatewayId>([^<]+)</natGatewayId>(.*?)<natGatewayAddressSet/>"
    return status, headers, re.sub(pattern, _complete, body.decode(), flags=re.DOTALL).encode()


def _complete(match: re.Match[str]) -> str:
    allocation = ec2._nat_gateways[match[1]]["AllocationId"]
    address = ""
    if allocation:
        ip = ec2._addresses.get(allocation, {}).get("PublicIp", "")
        parts = {"allocationId": allocation, "publicIp": ip, "isPrimary": "true", "status": "succeeded"}
        address = f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in parts.items())}</item>"
    gateway = match[0].removesuffix("<natGatewayAddressSet/>")
    return (
        f"{gateway}<availabilityMode>zonal</availabilityMode>"
        f"<natGatewayAddressSet>{address}</natGatewayAddressSet>"
    )
