"""EKS access policies as RBAC of the cluster: through its API, and before the changing call is answered.

ministack runs kubectl for it, later and, where a policy is limited to namespaces, every other second.
"""

import asyncio
import logging
import threading
from typing import Any
from urllib.parse import quote

from ministack.core.responses import get_account_id, get_region
from ministack.services import eks

from local.aws.adapter import Forward, Request, Response, restores
from local.kube import Kube, KubeError, Object

log = logging.getLogger("local.access")

RBAC = "/apis/rbac.authorization.k8s.io/v1"
COLLECTIONS = {
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
    "RoleBinding": "rolebindings",
}

_reconciling = threading.Lock()
_reconciled: dict[
    str, list[Object]
] = {}  # what a cluster has, by its token, which no later cluster will have


def install() -> None:
    """Have ministack's own reconciling, too, go through the API."""
    eks._reconcile_access_policy_rbac = reconcile


@restores("eks", "POST /clusters/{cluster}/access-entries/{principal+}/access-policies")
@restores("eks", "DELETE /clusters/{cluster}/access-entries/{principal+}/access-policies/{policy+}")
@restores("eks", "DELETE /clusters/{cluster}/access-entries/{principal+}")
async def change_access(request: Request, forward: Forward) -> Response:
    """AssociateAccessPolicy, DisassociateAccessPolicy, DeleteAccessEntry take effect before they answer."""
    response = await forward()
    if response[0] == 200:
        await asyncio.to_thread(reconcile, request.labels["cluster"], get_account_id(), get_region())
    return response


def reconcile(cluster: str, account: str, region: str) -> bool:
    """Make the cluster's roles and bindings those of its access policies; False if it is out of reach."""
    record = eks._clusters.get_scoped(account, region, cluster)
    if not record or not record.get("_docker_id"):
        return False
    try:
        with _reconciling:
            _reconcile(Kube(cluster), record, account, region)
    except KubeError as error:
        log.warning("access policies of %s: %s", cluster, error)
        return False
    return True


def _reconcile(kube: Kube, record: dict[str, Any], account: str, region: str) -> None:
    namespaces = [namespace["metadata"]["name"] for namespace in kube.items("/api/v1/namespaces")]
    objects: list[Object] = eks._access_policy_rbac_objects(record["name"], account, region, namespaces)
    if _reconciled.get(record["_auth_token"]) == objects:
        return
    for wanted in objects:
        kube.apply(_path(wanted), wanted)
    desired = {_path(wanted) for wanted in objects}
    selector = quote(f"{eks._ACCESS_POLICY_BINDING_LABEL}=true")
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        for existing in kube.items(f"{RBAC}/{COLLECTIONS[kind]}?labelSelector={selector}"):
            path = _path({**existing, "kind": kind})
            if path not in desired:
                kube.delete(path)
    _reconciled[record["_auth_token"]] = objects


def _path(item: Object) -> str:
    namespace = item["metadata"].get("namespace")
    place = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
    return f"{place}/{COLLECTIONS[item['kind']]}/{item['metadata']['name']}"
