"""Finds what an interrupted update has created, by the inputs that it was creating it from."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import boto3
from botocore.client import BaseClient
from botocore.exceptions import WaiterError

from local import clusters, environment
from local.kube import Kube

Inputs = dict[str, Any]

NAMED: dict[str, Callable[[Inputs], str]] = {
    "aws:ec2/route:Route": lambda i: f"{i['routeTableId']}_{i['destinationCidrBlock']}",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": lambda i: f"{i['subnetId']}/{i['routeTableId']}",
    "aws:eks/accessEntry:AccessEntry": lambda i: f"{i['clusterName']}:{i['principalArn']}",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        lambda i: f"{i['clusterName']}#{i['principalArn']}#{i['policyArn']}"
    ),
    "aws:eks/addon:Addon": lambda i: f"{i['clusterName']}:{i['addonName']}",
    "aws:eks/cluster:Cluster": lambda i: str(i["name"]),
    "aws:eks/nodeGroup:NodeGroup": lambda i: f"{i['clusterName']}:{i['nodeGroupName']}",
    "aws:iam/role:Role": lambda i: str(i["name"]),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": lambda i: f"{i['role']}/{i['policyArn']}",
    "aws:kms/alias:Alias": lambda i: str(i["name"]),
}
"""How the id follows from the inputs, as `pulumi import` takes it; the engine drops what it does not find."""

TAGGED = {
    "aws:ec2/eip:Eip": "elastic-ip",
    "aws:ec2/internetGateway:InternetGateway": "internet-gateway",
    "aws:ec2/launchTemplate:LaunchTemplate": "launch-template",
    "aws:ec2/natGateway:NatGateway": "natgateway",
    "aws:ec2/routeTable:RouteTable": "route-table",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
}
"""EC2's name of what has an id of EC2's own; it is told apart by its tag Name."""


WAITERS = {
    "aws:eks/addon:Addon": ("addon_active", {"clusterName": "clusterName", "addonName": "addonName"}),
    "aws:eks/cluster:Cluster": ("cluster_active", {"name": "name"}),
    "aws:eks/nodeGroup:NodeGroup": (
        "nodegroup_active",
        {"clusterName": "clusterName", "nodegroupName": "nodeGroupName"},
    ),
}
"""EKS's waiter for what takes time to create, and its arguments by the inputs."""

RELEASE = "kubernetes:helm.sh/v3:Release"


def find(resource: dict[str, Any], known: set[str]) -> str | None:
    """The id of the resource that was being created, which is not among the `known` ones, or None."""
    kind, inputs = resource["type"], resource["inputs"]
    if kind in WAITERS:
        _wait(resource)
    if kind in NAMED:
        return NAMED[kind](inputs)
    if kind in TAGGED:
        return _by_name_tag(TAGGED[kind], inputs, known)
    if kind == "aws:kms/key:Key":
        return _key(inputs, known)
    if kind.startswith("kubernetes:"):
        metadata = inputs.get("metadata", inputs)
        return "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
    return None


def settle(resource: dict[str, Any]) -> None:
    """Make an interrupted operation on the resource possible again.

    Helm refuses to work on a release that another Helm is working on, which the interrupted one still claims.
    """
    if resource["type"] != RELEASE:
        return
    namespace, name = resource["inputs"]["namespace"], resource["inputs"]["name"]
    for cluster in clusters.names():
        kube = Kube(cluster)
        secrets = f"/api/v1/namespaces/{namespace}/secrets"
        for status in ("pending-install", "pending-upgrade", "pending-rollback"):
            query = quote(f"owner=helm,name={name},status={status}")
            for secret in (kube.find(f"{secrets}?labelSelector={query}") or {"items": []})["items"]:
                kube.delete(f"{secrets}/{secret['metadata']['name']}")


def _wait(resource: dict[str, Any]) -> None:
    """Wait until EKS has finished what it was asked to create; what depends on it may then use it."""
    waiter, arguments = WAITERS[resource["type"]]
    inputs = {name: resource["inputs"][key] for name, key in arguments.items()}
    with suppress(WaiterError):  # it does not exist
        _client("eks").get_waiter(waiter).wait(**inputs, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def _by_name_tag(kind: str, inputs: Inputs, known: set[str]) -> str | None:
    wanted = {"resource-type": kind, "key": "Name", "value": inputs["tags"]["Name"]}
    filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
    tags = _client("ec2").describe_tags(Filters=filters)["Tags"]
    return next((tag["ResourceId"] for tag in tags if tag["ResourceId"] not in known), None)


def _key(inputs: Inputs, known: set[str]) -> str | None:
    kms = _client("kms")
    for key in (key["KeyId"] for key in kms.list_keys()["Keys"] if key["KeyId"] not in known):
        found = kms.describe_key(KeyId=key)["KeyMetadata"]
        tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}
        if found["Enabled"] and found["Description"] == inputs["description"] and tags == inputs["tags"]:
            return str(key)
    return None


def _client(service: str) -> BaseClient:
    settings = environment.variables()
    return boto3.client(
        service,
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
