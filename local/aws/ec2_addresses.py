"""EC2: where an elastic IP address is advertised, which ministack does not keep."""

import re

from ministack.core.responses import get_region
from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores


@restores("ec2", "AllocateAddress")
async def allocate_address(request: Request, forward: Forward) -> Response:
    """AllocateAddress keeps the network border group (API reference: Address)."""
    response = await forward()
    group = request.form().get("NetworkBorderGroup")
    for name in re.findall("<allocationId>([^<]+)<", response[2].decode()):
        ec2._addresses[name]["NetworkBorderGroup"] = group or get_region()
    return response


@restores("ec2", "DescribeAddresses")
async def describe_addresses(request: Request, forward: Forward) -> Response:
    """DescribeAddresses answers it."""
    status, headers, body = await forward()

    def complete(match: re.Match[str]) -> str:
        group = ec2._addresses[match[1]].get("NetworkBorderGroup", get_region())
        return f"{match[0]}<networkBorderGroup>{group}</networkBorderGroup>"

    return status, headers, re.sub("<allocationId>([^<]+)</allocationId>", complete, body.decode()).encode()
