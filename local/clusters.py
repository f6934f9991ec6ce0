"""What each cluster keeps on disk: `.local/state/clusters/<cluster>/`, readable by its owner only."""

import hashlib
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from local import paths, pki, ports

# What each server may be called: by its address, and by the names that the API server has inside a cluster.
SERVICE = "kubernetes.default.svc"
HOSTS = ("127.0.0.1", "localhost", "kubernetes", "kubernetes.default", SERVICE, f"{SERVICE}.cluster.local")

CLIENTS = {
    "administrator": ("kubernetes-admin", ("system:masters",)),
    "controller-manager": ("system:kube-controller-manager", ()),
    "scheduler": ("system:kube-scheduler", ()),
}
"""Name of the kubeconfig, and the user and groups that it stands for."""


@dataclass(frozen=True)
class Cluster:
    """An EKS cluster that has a control plane here."""

    name: str
    region: str
    service_cidr: str


def define(cluster: Cluster) -> None:
    """Make the cluster's folder and keys, unless they are there."""
    home = folder(cluster.name)
    authority = pki.Authority(home)
    first_service = str(ipaddress.ip_network(cluster.service_cidr)[1])  # the API server's own, by convention
    authority.server("server", [*HOSTS, first_service])
    for name, (user, groups) in CLIENTS.items():
        authority.client(name, user, groups)
    pki.write_key(home / "service-accounts.key")
    pki.write_private(home / "cluster.json", json.dumps(asdict(cluster)).encode())


def read(name: str) -> Cluster:
    """A defined cluster; raises FileNotFoundError when it is not."""
    return Cluster(**json.loads((folder(name) / "cluster.json").read_text()))


def names() -> list[str]:
    """Names of the defined clusters."""
    return sorted(path.parent.name for path in folder("").glob("*/cluster.json"))


def folder(name: str) -> Path:
    """Where the cluster keeps its files."""
    return paths.STATE / "clusters" / name


def api_port(name: str) -> int:
    """The port of the cluster's API server."""
    return ports.port(f"{name}-kube-apiserver")


def api_address(name: str) -> dict[str, str]:
    """A variable for processes that read a kubeconfig only once: it differs when the API server has moved.

    It does not say the port: a port belongs to the process whose specification has it (`local.ports`).
    """
    return {"GITOPS_PLATFORM_API_SERVER": hashlib.sha256(str(api_port(name)).encode()).hexdigest()}


def certificate_authority(name: str) -> Path:
    """The certificate that vouches for the cluster's servers."""
    return folder(name) / "ca.crt"


def write_webhook(name: str, kubeconfig: str) -> None:
    """Keep the kubeconfig of the webhook that reviews tokens which the API server did not issue."""
    pki.write_private(webhook(name), kubeconfig.encode())


def webhook(name: str) -> Path:
    """The kubeconfig of the token webhook."""
    return folder(name) / "webhook.kubeconfig"


def kubeconfig(name: str, client: str) -> Path:
    """Write the kubeconfig of one of CLIENTS for the port that the API server has now."""
    home = folder(name)
    path = home / f"{client}.kubeconfig"
    write_kubeconfig(
        path, name, {"client-certificate": f"{home}/{client}.crt", "client-key": f"{home}/{client}.key"}
    )
    return path


def write_kubeconfig(path: Path, name: str, user: Mapping[str, str], namespace: str = "default") -> None:
    """Write a kubeconfig for a cluster; `user` is what kubeconfigs have under that key."""
    server = f"https://127.0.0.1:{api_port(name)}"
    cluster = {"server": server, "certificate-authority": str(certificate_authority(name))}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": "user", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "user", "namespace": namespace}}],
        "current-context": name,
    }
    pki.write_private(path, json.dumps(content, indent=2).encode())
