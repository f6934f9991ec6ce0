"""EC2: the tags of what is deleted, which ministack keeps for ever."""

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores

STORES = {
    "acl-": ec2._network_acls,
    "igw-": ec2._internet_gateways,
    "rtb-": ec2._route_tables,
    "sg-": ec2._security_groups,
    "subnet-": ec2._subnets,
    "vpc-": ec2._vpcs,
}
"""Where what has ids of this kind is kept."""


@restores("ec2", "Delete(InternetGateway|NetworkAcl|RouteTable|SecurityGroup|Subnet|Vpc)")
async def delete_with_tags(request: Request, forward: Forward) -> Response:
    """Delete operations end the tags, too, also of what goes with a VPC (user guide: Using_Tags)."""
    response = await forward()
    gone = [
        name
        for name in ec2._tags
        for prefix, store in STORES.items()
        if name.startswith(prefix) and name not in store
    ]
    for name in gone:
        del ec2._tags[name]
    return response
