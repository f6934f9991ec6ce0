"""EC2: what ministack leaves out of VPC flow logs and of the tags of launch templates."""

import re

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores

MEMBERS = {"deliverLogsPermissionArn": "", "maxAggregationInterval": "600"}
"""Members of FlowLog that ministack does not keep, and their defaults; API reference: CreateFlowLogs."""


@restores("ec2", "CreateFlowLogs")
async def create_flow_logs(request: Request, forward: Forward) -> Response:
    """CreateFlowLogs keeps the role, the aggregation interval and the tags."""
    response = await forward()
    form = request.form()
    for name in re.findall("<item>(fl-[^<]+)</item>", response[2].decode()):
        for member, default in MEMBERS.items():
            ec2._flow_logs[name][member] = form.get(f"{member[0].upper()}{member[1:]}", default)
        if form.get("TagSpecification.1.ResourceType") == "vpc-flow-log":
            ec2._tags[name] = _tags(form)
    return response


@restores("ec2", "DescribeFlowLogs")
async def describe_flow_logs(request: Request, forward: Forward) -> Response:
    """DescribeFlowLogs answers them."""
    status, headers, body = await forward()

    def complete(match: re.Match[str]) -> str:
        record = ec2._flow_logs[match[1]]
        members = ((member, record.get(member)) for member in MEMBERS)
        return match[0] + "".join(f"<{member}>{value}</{member}>" for member, value in members if value)

    return status, headers, re.sub("<flowLogId>([^<]+)</flowLogId>", complete, body.decode()).encode()


@restores("ec2", "DescribeLaunchTemplates")
async def describe_launch_templates(request: Request, forward: Forward) -> Response:
    """DescribeLaunchTemplates answers the tags that CreateTags and DeleteTags left, not the first ones."""
    for template in ec2._launch_templates.values():
        template.pop("Tags", None)
    return await forward()


def _tags(form: dict[str, str]) -> list[dict[str, str]]:
    prefix, tags, number = "TagSpecification.1.Tag", [], 1
    while key := form.get(f"{prefix}.{number}.Key"):
        tags.append({"Key": key, "Value": form.get(f"{prefix}.{number}.Value", "")})
        number += 1
    return tags
