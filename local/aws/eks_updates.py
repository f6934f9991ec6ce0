"""Updates of EKS clusters, which ministack does not have, and what became of any update."""

import json
import time
import uuid
from typing import Any

from ministack.services import eks

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores
from local.aws.eks_clusters import logging_setup

UPDATES = {
    "computeConfig": "AutoModeUpdate",
    "kubernetesNetworkConfig": "AutoModeUpdate",
    "storageConfig": "AutoModeUpdate",
    "resourcesVpcConfig": "EndpointAccessUpdate",
    "logging": "LoggingUpdate",
    "accessConfig": "AccessConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
}
"""Type of the update per member of UpdateClusterConfig, API reference: Update."""


@restores("eks", "POST /clusters/{cluster}/update-config")
async def update_cluster_config(request: Request, forward: Forward) -> Response:
    """UpdateClusterConfig changes each part of the cluster that `UPDATES` names."""
    cluster = eks._clusters.get(request.labels["cluster"])
    if cluster is None:
        return _no_cluster(request)
    changes = {key: value for key, value in request.json().items() if key in UPDATES}
    if not changes:
        return refuse(400, "InvalidParameterException", "No changes needed for the cluster config provided.")
    for key, value in changes.items():
        if key == "logging":
            cluster[key] = logging_setup(cluster[key], value)
        elif isinstance(value, dict):
            cluster[key] = cluster.get(key, {}) | value
        else:
            cluster[key] = value
    key, value = next(iter(changes.items()))
    return answer({"update": record_update(cluster, UPDATES[key], {key: json.dumps(value)})})


@restores("eks", "POST /clusters/{cluster}/updates")
async def update_cluster_version(request: Request, forward: Forward) -> Response:
    """UpdateClusterVersion raises the version, one minor at a time (user guide: update-cluster)."""
    cluster = eks._clusters.get(request.labels["cluster"])
    if cluster is None:
        return _no_cluster(request)
    old, new = cluster["version"], request.json().get("version", "")
    if new != f"1.{int(old.partition('.')[2]) + 1}":
        message = f"Unsupported Kubernetes minor version update from {old} to {new}"
        return refuse(400, "InvalidParameterException", message)
    cluster["version"] = new
    return answer({"update": record_update(cluster, "VersionUpdate", {"Version": new})})


@restores("eks", "GET /clusters/{cluster}/updates/{update}")
async def describe_update(request: Request, forward: Forward) -> Response:
    """DescribeUpdate tells how an update of the cluster, a node group or an add-on went."""
    cluster = eks._clusters.get(request.labels["cluster"])
    update = (cluster or {}).get("_updates", {}).get(request.labels["update"])
    if update is None:
        return refuse(404, "ResourceNotFoundException", f"No update found for ID: {request.labels['update']}")
    return answer({"update": update})


@restores("eks", "POST /clusters/{cluster}/encryption-config/associate")
async def remember_update(request: Request, forward: Forward) -> Response:
    """DescribeUpdate knows the update that AssociateEncryptionConfig, or UpdateAddon, answers with."""
    response = await forward()
    if response[0] == 200:
        update = json.loads(response[2])["update"]
        eks._clusters[request.labels["cluster"]].setdefault("_updates", {})[update["id"]] = update
    return response


def record_update(cluster: dict[str, Any], kind: str, parameters: dict[str, str]) -> dict[str, Any]:
    """An update of this cluster or of something in it, done, and remembered for DescribeUpdate."""
    update = {
        "id": str(uuid.uuid4()),
        "status": "Successful",
        "type": kind,
        "params": [{"type": key, "value": value} for key, value in parameters.items()],
        "createdAt": int(time.time()),
        "errors": [],
    }
    cluster.setdefault("_updates", {})[update["id"]] = update
    return update


def _no_cluster(request: Request) -> Response:
    name = request.labels["cluster"]
    return refuse(404, "ResourceNotFoundException", f"No cluster found for name: {name}.")
