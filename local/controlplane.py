"""Start, stop and remove the control plane of an EKS cluster."""

import shutil
from concurrent.futures import ThreadPoolExecutor

from local import argocd, clusters, processes, servers

FIRST = (servers.etcd, servers.api_server)
FOLLOWERS = (servers.controller_manager, servers.scheduler, servers.kwok, servers.kubelet)


def start(cluster: str) -> None:
    """Start what does not run of a defined cluster; returns when its servers are healthy.

    Raises ProcessError if one of them does not come up.
    """
    for server in FIRST:
        processes.start(server(cluster))
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda follower: processes.start(follower(cluster)), FOLLOWERS))


def start_all() -> None:
    """Start what does not run of any defined cluster. Raises ProcessError if something does not come up."""
    for cluster in clusters.names():
        start(cluster)


def stop(cluster: str) -> None:
    """Stop the cluster's processes; its data stays."""
    for name in _names(cluster):
        processes.stop(name)


def remove(cluster: str) -> None:
    """Stop the cluster's processes and forget them and all data."""
    for name in _names(cluster):
        processes.remove(name)
    shutil.rmtree(clusters.folder(cluster), ignore_errors=True)


def _names(cluster: str) -> list[str]:
    """The cluster's processes, in the order in which they can be stopped."""
    parts = ["kubelet", *argocd.WORKLOADS, "kwok", "kube-scheduler", "kube-controller-manager"]
    return [f"{cluster}-{part}" for part in [*parts, "kube-apiserver", "etcd"]]
