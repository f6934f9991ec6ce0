"""EKS add-ons: which versions there are, and the one that CreateAddon takes when none is asked for."""

from ministack.services import eks

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores
from local.aws.ssm import VERSIONS

# Versions that EKS published, newest first; the first is the default. Each goes with every cluster version,
# because nothing of an add-on runs here.
ADDONS = {
    "vpc-cni": ("v1.20.4-eksbuild.2", "v1.20.3-eksbuild.1", "v1.19.6-eksbuild.7"),
    "kube-proxy": ("v1.34.0-eksbuild.4", "v1.33.3-eksbuild.10", "v1.32.6-eksbuild.12"),
    "coredns": ("v1.12.4-eksbuild.1", "v1.12.3-eksbuild.1", "v1.11.4-eksbuild.24"),
    "eks-pod-identity-agent": ("v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2", "v1.3.7-eksbuild.2"),
}


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
    """CreateAddon without a version takes the default one."""
    response = await forward()
    name = request.json().get("addonName")
    if response[0] != 200 or name not in ADDONS:
        return response
    addon = eks._addons[f"{request.labels['cluster']}/{name}"]
    addon["addonVersion"] = addon["addonVersion"] or ADDONS[name][0]
    return answer({"addon": addon})
