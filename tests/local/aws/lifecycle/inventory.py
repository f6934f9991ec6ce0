"""All that the emulator holds of the kinds that the program makes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

EC2 = {
    "describe_addresses": ("Addresses", "AllocationId"),
    "describe_flow_logs": ("FlowLogs", "FlowLogId"),
    "describe_internet_gateways": ("InternetGateways", "InternetGatewayId"),
    "describe_launch_templates": ("LaunchTemplates", "LaunchTemplateId"),
    "describe_nat_gateways": ("NatGateways", "NatGatewayId"),
    "describe_network_acls": ("NetworkAcls", "NetworkAclId"),
    "describe_network_interfaces": ("NetworkInterfaces", "NetworkInterfaceId"),
    "describe_route_tables": ("RouteTables", "RouteTableId"),
    "describe_security_group_rules": ("SecurityGroupRules", "SecurityGroupRuleId"),
    "describe_security_groups": ("SecurityGroups", "GroupId"),
    "describe_subnets": ("Subnets", "SubnetId"),
    "describe_tags": ("Tags", "ResourceId"),
    "describe_vpc_endpoints": ("VpcEndpoints", "VpcEndpointId"),
    "describe_vpcs": ("Vpcs", "VpcId"),
}
"""By call: where its answer has the list, and the id of an item."""

Client = Callable[[str], Any]
"""Makes a boto3 client of a service."""


def inventory(client: Client) -> Mapping[str, set[str]]:
    """Ids by kind; what AWS, too, still lists after it was deleted is left out."""
    return {kind: set(ids) for part in (_ec2, _eks, _iam, _others) for kind, ids in part(client).items()}


def _ec2(client: Client) -> dict[str, Iterable[str]]:
    answers = {call: getattr(client("ec2"), call)() for call in EC2}
    gateways = answers["describe_nat_gateways"]["NatGateways"]
    deleted = {item["NatGatewayId"] for item in gateways if item["State"] == "deleted"}
    return {
        # A deleted NAT gateway is still described, with its tags.
        call: [i[key] for i in answers[call][members] if i[key] not in deleted]
        for call, (members, key) in EC2.items()
    }


def _eks(client: Client) -> dict[str, Iterable[str]]:
    eks = client("eks")
    found: dict[str, Iterable[str]] = {"clusters": eks.list_clusters()["clusters"]}
    for name in found["clusters"]:
        for kind, members in {
            "list_nodegroups": "nodegroups",
            "list_addons": "addons",
            "list_access_entries": "accessEntries",
        }.items():
            found[f"{kind} {name}"] = getattr(eks, kind)(clusterName=name)[members]
        associations = eks.list_pod_identity_associations(clusterName=name)["associations"]
        found[f"pod identities {name}"] = [item["associationId"] for item in associations]
    return found


def _iam(client: Client) -> dict[str, Iterable[str]]:
    iam = client("iam")
    roles = [item["RoleName"] for item in iam.list_roles()["Roles"]]
    profiles = iam.list_instance_profiles()["InstanceProfiles"]
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return {
        "roles": roles,
        "role policies": [
            f"{role} {policy}"
            for role in roles
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ],
        "attached policies": [
            f"{role} {policy['PolicyArn']}"
            for role in roles
            for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        ],
        "policies": [item["Arn"] for item in iam.list_policies(Scope="Local")["Policies"]],
        "instance profiles": [item["InstanceProfileName"] for item in profiles],
        "OIDC providers": [item["Arn"] for item in providers],
    }


def _others(client: Client) -> dict[str, Iterable[str]]:
    kms = client("kms")
    keys = [kms.describe_key(KeyId=item["KeyId"])["KeyMetadata"] for item in kms.list_keys()["Keys"]]
    return {
        "keys": [key["KeyId"] for key in keys if key["KeyState"] != "PendingDeletion"],
        "aliases": [item["AliasName"] for item in kms.list_aliases()["Aliases"]],
        "log groups": [item["logGroupName"] for item in client("logs").describe_log_groups()["logGroups"]],
        "parameters": [item["Name"] for item in client("ssm").describe_parameters()["Parameters"]],
    }
