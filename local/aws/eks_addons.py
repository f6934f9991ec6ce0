"""EKS add-ons: which versions there are, the one that is taken when none is asked for, pod identities."""

import json
from typing import Any

from ministack.services import eks

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores
from local.aws.eks_updates import remember_update
from local.aws.ssm import VERSIONS

# Versions that EKS published, newest first; the first is the default. Each goes with every cluster version,
# because nothing of an add-on runs here.
ADDONS = {
    "vpc-cni": ("v1.20.4-eksbuild.2", "v1.20.3-eksbuild.1", "v1.19.6-eksbuild.7"),
    "kube-proxy": ("v1.34.0-eksbuild.4", "v1.33.3-eksbuild.10", "v1.32.6-eksbuild.12"),
    "coredns": ("v1.12.4-eksbuild.1", "v1.12.3-eksbuild.1", "v1.11.4-eksbuild.24"),
    "eks-pod-identity-agent": ("v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2", "v1.3.7-eksbuild.2"),
    "aws-ebs-csi-driver": ("v1.65.0-eksbuild.1", "v1.64.0-eksbuild.1", "v1.60.1-eksbuild.1"),
    "metrics-server": ("v0.9.0-eksbuild.8", "v0.9.0-eksbuild.7", "v0.8.1-eksbuild.10"),
}

NAMESPACE = "kube-system"
"""Where the service accounts of these add-ons are."""


@restores("eks", "GET /addons/supported-versions")
async def describe_addon_versions(request: Request, forward: Forward) -> Response:
    """DescribeAddonVersions lists versions, and the cluster versions they go with, of one add-on or all."""
    name = request.query.get("addonName", [""])[0]
    if name and name not in ADDONS:
        return refuse(404, "ResourceNotFoundException", f"Addon {name} specified is not supported")
    clusters = request.query.get("kubernetesVersion", VERSIONS)
    return answer({"addons": [_addon(name, clusters) for name in ([name] if name else ADDONS)]})


def _addon(name: str, clusters: list[str] | tuple[str, ...]) -> dict[str, object]:
    def compatible(version: str) -> list[dict[str, object]]:
        default = version == ADDONS[name][0]
        return [{"clusterVersion": c, "platformVersions": ["*"], "defaultVersion": default} for c in clusters]

    return {
        "addonName": name,
        "owner": "aws",
        "publisher": "eks",
        "addonVersions": [
            {
                "addonVersion": version,
                "architecture": ["amd64", "arm64"],
                "compatibilities": compatible(version),
                "requiresConfiguration": False,
            }
            for version in ADDONS[name]
        ],
    }


@restores("eks", "POST /clusters/{cluster}/addons")
async def create_addon(request: Request, forward: Forward) -> Response:
    """CreateAddon without a version takes the default one; it makes the pod identities that it is given.

    The add-on then knows them by their ARNs (API reference: Addon).
    """
    cluster, body = request.labels["cluster"], request.json()
    asked = body.get("podIdentityAssociations", [])
    if taken := _taken(cluster, asked):
        return refuse(409, "ResourceInUseException", f"Association already exists: {taken}")
    response = await forward()
    if response[0] != 200:
        return response
    addon = eks._addons[f"{cluster}/{body['addonName']}"]
    addon["addonVersion"] = addon["addonVersion"] or ADDONS.get(body["addonName"], ("",))[0]
    addon["podIdentityAssociations"] = [_associate(addon, each) for each in asked]
    return answer({"addon": addon})


@restores("eks", "POST /clusters/{cluster}/addons/{addon}/update")
async def update_addon(request: Request, forward: Forward) -> Response:
    """UpdateAddon can be followed; the pod identities that it is given take the place of those before."""
    addon = eks._addons.get(f"{request.labels['cluster']}/{request.labels['addon']}")
    before = addon["podIdentityAssociations"] if addon else []
    response = await remember_update(request, forward)
    asked = request.json().get("podIdentityAssociations")
    if addon and response[0] == 200 and asked is not None:
        _dissociate(before)
        addon["podIdentityAssociations"] = [_associate(addon, each) for each in asked]
    return response


@restores("eks", "DELETE /clusters/{cluster}/addons/{addon}")
async def delete_addon(request: Request, forward: Forward) -> Response:
    """DeleteAddon takes the add-on's pod identities along, unless what it has installed is to stay."""
    addon = eks._addons.get(f"{request.labels['cluster']}/{request.labels['addon']}")
    response = await forward()
    if addon and response[0] == 200 and request.query.get("preserve") != ["true"]:
        _dissociate(addon["podIdentityAssociations"])
    return response


def _associate(addon: dict[str, Any], asked: dict[str, str]) -> str:
    """Make a pod identity that the add-on owns; its ARN."""
    _, _, made = eks._create_pod_identity_association(addon["clusterName"], {**asked, "namespace": NAMESPACE})
    identity = json.loads(made)["association"]
    for association in eks._pod_identity_associations.values():
        if association["associationId"] == identity["associationId"]:
            association["ownerArn"] = addon["addonArn"]
    return str(identity["associationArn"])


def _dissociate(arns: list[str]) -> None:
    for key, association in list(eks._pod_identity_associations.items()):
        if association["associationArn"] in arns:
            del eks._pod_identity_associations[key]


def _taken(cluster: str, asked: list[dict[str, str]]) -> str | None:
    """The first service account asked for that has a pod identity already."""
    accounts = {
        association["serviceAccount"]
        for association in eks._pod_identity_associations.values()
        if (association["clusterName"], association["namespace"]) == (cluster, NAMESPACE)
    }
    return next((each["serviceAccount"] for each in asked if each["serviceAccount"] in accounts), None)
