"""Finds what an interrupted update has created, by the inputs that it was creating it from."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError, WaiterError

from local import clusters
from local.kube import Kube
from local.lookups import LOOKUPS, client

Inputs = dict[str, Any]

DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
"""The inputs of which a route has one."""

NAMED: dict[str, Callable[[Inputs], str]] = {
    "aws:cloudwatch/logGroup:LogGroup": lambda i: str(i["name"]),
    "aws:ec2/route:Route": lambda i: f"{i['routeTableId']}_{_first(i, *DESTINATIONS)}",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        lambda i: f"{_first(i, 'subnetId', 'gatewayId')}/{i['routeTableId']}"
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": lambda i: "_".join(
        [
            i["securityGroupId"],
            i["type"],
            i["protocol"],
            str(int(i["fromPort"])),
            str(int(i["toPort"])),
            *_peers(i),
        ]
    ),
    "aws:ec2/tag:Tag": lambda i: f"{i['resourceId']},{i['key']}",
    "aws:eks/accessEntry:AccessEntry": lambda i: f"{i['clusterName']}:{i['principalArn']}",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        lambda i: f"{i['clusterName']}#{i['principalArn']}#{i['policyArn']}"
    ),
    "aws:eks/addon:Addon": lambda i: f"{i['clusterName']}:{i['addonName']}",
    "aws:eks/cluster:Cluster": lambda i: str(i["name"]),
    "aws:eks/nodeGroup:NodeGroup": lambda i: f"{i['clusterName']}:{i['nodeGroupName']}",
    "aws:iam/instanceProfile:InstanceProfile": lambda i: str(i["name"]),
    "aws:iam/role:Role": lambda i: str(i["name"]),
    "aws:iam/rolePolicy:RolePolicy": lambda i: f"{i['role']}:{i['name']}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": lambda i: f"{i['role']}/{i['policyArn']}",
    "aws:kms/alias:Alias": lambda i: str(i["name"]),
    "aws:ssm/parameter:Parameter": lambda i: str(i["name"]),
}
"""How the id follows from the inputs, as `pulumi import` takes it; the engine drops what it does not find."""

WAITERS = {
    "aws:eks/addon:Addon": ("addon_active", {"clusterName": "clusterName", "addonName": "addonName"}),
    "aws:eks/cluster:Cluster": ("cluster_active", {"name": "name"}),
    "aws:eks/nodeGroup:NodeGroup": (
        "nodegroup_active",
        {"clusterName": "clusterName", "nodegroupName": "nodeGroupName"},
    ),
}
"""EKS's waiter for what takes time to create, and its arguments by the inputs."""

UNREAD: dict[str, tuple[tuple[str, ...], ...]] = {
    # Taken for what they are not, they would replace the cluster.
    "aws:eks/cluster:Cluster": (
        ("accessConfig", "bootstrapClusterCreatorAdminPermissions"),
        ("bootstrapSelfManagedAddons",),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (("updateDefaultVersion",),),
    "aws:kms/key:Key": (("bypassPolicyLockoutSafetyCheck",), ("deletionWindowInDays",)),
}
"""Properties that AWS does not tell (API reference: Cluster, LaunchTemplate, KeyMetadata)."""

RELEASE = "kubernetes:helm.sh/v3:Release"


def find(resource: dict[str, Any], known: set[str]) -> str | None:
    """The id of the resource that was being created, which is not among the `known` ones, or None."""
    # A provider of which no input is set has none.
    kind, inputs = resource["type"], resource.get("inputs", {})
    if kind in WAITERS:
        _wait(resource)
    if kind in NAMED:
        return NAMED[kind](inputs)
    if kind in LOOKUPS:
        return _look_up(kind, inputs, known)
    if kind.startswith("kubernetes:"):
        metadata = inputs.get("metadata", inputs)
        return "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
    return None


def remember(resource: dict[str, Any], asked: Inputs) -> None:
    """Give a resource, once it was read, what AWS does not tell of it.

    `asked` are the inputs that it was created from: what AWS was asked for and does not tell is so.
    """
    for *parents, name in UNREAD.get(resource["type"], ()):
        source, targets = asked, [resource["inputs"], resource["outputs"]]
        for parent in parents:
            source = source.get(parent, {})
            targets = [target.setdefault(parent, {}) for target in targets]
        for target in targets:
            if name in source:
                target[name] = source[name]


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
        client("eks").get_waiter(waiter).wait(**inputs, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def _look_up(kind: str, inputs: Inputs, known: set[str]) -> str | None:
    try:
        return next((found for found in LOOKUPS[kind](inputs) if found not in known), None)
    except ClientError as error:
        if "NotFound" not in error.response["Error"]["Code"]:
            raise
        return None  # what it would be part of is gone


def _first(inputs: Inputs, *names: str) -> object:
    return next(inputs[name] for name in names if inputs.get(name))


def _peers(inputs: Inputs) -> list[str]:
    """Whom a rule of a security group lets in or out, in the order of the provider's documentation."""
    lists = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
    peers = [peer for name in lists for peer in inputs.get(name, [])]
    peers += ["self"] if inputs.get("self") else []
    return [*peers, inputs["sourceSecurityGroupId"]] if "sourceSecurityGroupId" in inputs else peers
