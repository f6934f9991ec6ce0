"""EC2: further CIDR blocks of a VPC, which ministack does not know."""

import secrets
from typing import Any

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, call, restores

FILTER = "cidr-block-association.association-id"

BLOCKS = "_cidr_blocks"
"""Where a VPC's record has them: block by id of its association."""


@restores("ec2", "AssociateVpcCidrBlock")
async def associate_vpc_cidr_block(request: Request, forward: Forward) -> Response:
    """AssociateVpcCidrBlock adds an IPv4 block (API reference: AssociateVpcCidrBlock)."""
    form = request.form()
    vpc: dict[str, Any] | None = ec2._vpcs.get(form.get("VpcId", ""))
    if vpc is None:
        message = f"The vpc ID '{form.get('VpcId')}' does not exist"
        return _refused("InvalidVpcID.NotFound", message)
    identity, block = f"vpc-cidr-assoc-{secrets.token_hex(9)[:17]}", form["CidrBlock"]
    vpc.setdefault(BLOCKS, {})[identity] = block
    return _answer("AssociateVpcCidrBlock", vpc, identity, block, "associating")


@restores("ec2", "DisassociateVpcCidrBlock")
async def disassociate_vpc_cidr_block(request: Request, forward: Forward) -> Response:
    """DisassociateVpcCidrBlock takes it away, unless it is the VPC's first one."""
    identity = request.form().get("AssociationId", "")
    vpc = _owner(identity)
    if vpc is None:
        message = f"The vpc CIDR block association ID '{identity}' does not exist"
        return _refused("InvalidVpcCidrBlockAssociationID.NotFound", message)
    if identity not in vpc.get(BLOCKS, {}):
        message = f"The vpc CIDR block with association ID {identity} may not be disassociated."
        return _refused("OperationNotPermitted", message)
    block = vpc[BLOCKS].pop(identity)
    return _answer("DisassociateVpcCidrBlock", vpc, identity, block, "disassociating")


@restores("ec2", "DescribeVpcs")
async def describe_vpcs(request: Request, forward: Forward) -> Response:
    """DescribeVpcs answers all blocks, and finds a VPC by the id of a block's association."""
    form = request.form()
    if form.get("Filter.1.Name") == FILTER:
        vpc = _owner(form.get("Filter.1.Value.1", ""))
        if vpc is None:
            empty: Response = ec2._xml(200, "DescribeVpcsResponse", "<vpcSet/>")
            return empty
        body = await call("ec2", "DescribeVpcs", VpcId_1=vpc["VpcId"])
        return 200, {"Content-Type": "application/xml"}, body.encode()
    status, headers, content = await forward()
    text = content.decode()
    for vpc in ec2._vpcs.values():
        first = f"<associationId>{_first(vpc)}</associationId>"
        if first in text and vpc.get(BLOCKS):
            end = text.index("</cidrBlockAssociationSet>", text.index(first))
            more = (_item(identity, block, "associated") for identity, block in vpc[BLOCKS].items())
            text = f"{text[:end]}{''.join(f'<item>{item}</item>' for item in more)}{text[end:]}"
    return status, headers, text.encode()


def _first(vpc: dict[str, Any]) -> str:
    """The id that ministack makes up for the association of a VPC's first block."""
    return f"vpc-cidr-assoc-{vpc['VpcId'].removeprefix('vpc-')}"


def _owner(identity: str) -> dict[str, Any] | None:
    vpcs = (vpc for vpc in ec2._vpcs.values() if identity == _first(vpc) or identity in vpc.get(BLOCKS, {}))
    return next(vpcs, None)


def _item(identity: str, block: str, state: str) -> str:
    return (
        f"<associationId>{identity}</associationId><cidrBlock>{block}</cidrBlock>"
        f"<cidrBlockState><state>{state}</state></cidrBlockState>"
    )


def _answer(operation: str, vpc: dict[str, Any], identity: str, block: str, state: str) -> Response:
    association = f"<cidrBlockAssociation>{_item(identity, block, state)}</cidrBlockAssociation>"
    response: Response = ec2._xml(200, f"{operation}Response", f"<vpcId>{vpc['VpcId']}</vpcId>{association}")
    return response


def _refused(code: str, message: str) -> Response:
    response: Response = ec2._error(code, message, 400)
    return response
