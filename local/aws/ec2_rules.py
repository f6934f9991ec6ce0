"""EC2: descriptions of the rules of security groups, which ministack cannot change."""

from typing import Any

from ministack.services import ec2

from local.aws.adapter import Forward, Request, Response, restores

PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}
"""What tells the peers of a rule apart, by kind (API reference: IpPermission)."""


@restores("ec2", "UpdateSecurityGroupRuleDescriptions(Ingress|Egress)")
async def update_descriptions(request: Request, forward: Forward) -> Response:
    """UpdateSecurityGroupRuleDescriptionsIngress and …Egress change the description of each peer."""
    form = request.form()
    direction = form["Action"].removeprefix("UpdateSecurityGroupRuleDescriptions")
    group = ec2._security_groups.get(form.get("GroupId", ""))
    if group is None:
        message = f"The security group '{form.get('GroupId')}' does not exist"
        missing: Response = ec2._error("InvalidGroup.NotFound", message, 400)
        return missing
    rules = group["IpPermissionsEgress" if direction == "Egress" else "IpPermissions"]
    parameters = {name: [value] for name, value in form.items()}
    for wanted in ec2._parse_ip_permissions(parameters, "IpPermissions"):
        for rule in rules:
            if _ports(rule) == _ports(wanted):
                _describe(rule, wanted)
    response: Response = ec2._xml(200, f"{form['Action']}Response", "<return>true</return>")
    return response


def _ports(rule: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(rule.get(key) for key in ("IpProtocol", "FromPort", "ToPort"))


def _describe(rule: dict[str, Any], wanted: dict[str, Any]) -> None:
    for kind, key in PEERS.items():
        descriptions = {peer.get(key): peer.get("Description", "") for peer in wanted[kind]}
        for peer in rule[kind]:
            if peer.get(key) in descriptions:
                peer["Description"] = descriptions[peer[key]]
