"""What is left in the emulator of all that the program makes, by kind."""

import json
from collections.abc import Iterable
from typing import Any

import boto3

from tests.local.clone import Clone


def of(clone: Clone) -> dict[str, list[str]]:
    """Kinds of which something is left, with what it is; AWS's own things, e.g. its VPC, do not count.

    A KMS key cannot be deleted at once: one that waits for its deletion is gone.
    """
    variables = json.loads(clone.shell("python -c 'import json, os; print(json.dumps(dict(os.environ)))'"))
    session = boto3.Session(
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_REGION"],
    )

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=variables["AWS_ENDPOINT_URL"])

    found = {
        **_network(client("ec2")),
        **_identity(client("iam")),
        "clusters": client("eks").list_clusters()["clusters"],
        "log groups": _each(client("logs").describe_log_groups()["logGroups"], "logGroupName"),
        **_keys(client("kms")),
    }
    return {kind: names for kind, names in found.items() if names}


def _network(ec2: Any) -> dict[str, list[str]]:
    own = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]}
    default = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]} - own

    def outside(things: Iterable[dict[str, Any]], name: str) -> list[str]:
        return [thing[name] for thing in things if thing.get("VpcId") not in default]

    gateways = ec2.describe_internet_gateways()["InternetGateways"]
    attached = [{**each, "VpcId": a["VpcId"]} for each in gateways for a in each["Attachments"]]
    loose = [each for each in gateways if not each["Attachments"]]
    nat = [n for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] not in ("deleting", "deleted")]
    return {
        "VPCs": sorted(own),
        "subnets": outside(ec2.describe_subnets()["Subnets"], "SubnetId"),
        "route tables": outside(ec2.describe_route_tables()["RouteTables"], "RouteTableId"),
        "internet gateways": outside(attached + loose, "InternetGatewayId"),
        "security groups": outside(ec2.describe_security_groups()["SecurityGroups"], "GroupId"),
        "endpoints": _each(ec2.describe_vpc_endpoints()["VpcEndpoints"], "VpcEndpointId"),
        "NAT gateways": _each(nat, "NatGatewayId"),
        "addresses": _each(ec2.describe_addresses()["Addresses"], "PublicIp"),
        "flow logs": _each(ec2.describe_flow_logs()["FlowLogs"], "FlowLogId"),
        "launch templates": _each(ec2.describe_launch_templates()["LaunchTemplates"], "LaunchTemplateId"),
    }


def _identity(iam: Any) -> dict[str, list[str]]:
    def tags(role: str) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=role)["Tags"]}

    return {
        "roles": [role for role in _each(iam.list_roles()["Roles"], "RoleName") if "Project" in tags(role)],
        "policies": _each(iam.list_policies(Scope="Local")["Policies"], "PolicyName"),
        "instance profiles": _each(iam.list_instance_profiles()["InstanceProfiles"], "InstanceProfileName"),
        "OIDC providers": _each(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"], "Arn"),
    }


def _keys(kms: Any) -> dict[str, list[str]]:
    described = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    aliases = _each(kms.list_aliases()["Aliases"], "AliasName")
    return {
        "keys": [
            key["KeyId"]
            for key in described
            if key["KeyManager"] == "CUSTOMER" and key["KeyState"] != "PendingDeletion"
        ],
        "aliases": [alias for alias in aliases if not alias.startswith("alias/aws/")],
    }


def _each(things: Iterable[dict[str, Any]], name: str) -> list[str]:
    return [thing[name] for thing in things]
