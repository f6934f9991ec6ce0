"""The servers of a cluster's control plane, as processes on this host."""

import sys

from local import clusters, paths, ports
from local.aws import server as aws
from local.processes import Process

STAGES = paths.LOCAL / "share" / "kwok-stages"
"""kwok's own descriptions of how nodes and pods live, out of its Go module."""

# What the stages do: nodes become Ready and renew their leases, pods run at once, complete and go.
STAGE_FILES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
)


def etcd(cluster: str) -> Process:
    """The store. Without fsync it survives SIGKILL, not the end of the machine; that saves seconds."""
    home, port, peer = clusters.folder(cluster), _etcd_port(cluster), ports.port(f"{cluster}-etcd-peer")
    client, peers = f"https://127.0.0.1:{port}", f"https://127.0.0.1:{peer}"
    tls = [
        f"--{side}{option}"
        for side in ("", "peer-")
        for option in (
            f"cert-file={home}/server.crt",
            f"key-file={home}/server.key",
            f"trusted-ca-file={home}/ca.crt",
            "client-cert-auth",
        )
    ]
    return Process(
        name=f"{cluster}-etcd",
        argv=(
            "etcd",
            f"--data-dir={home}/etcd",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
            *tls,
            "--unsafe-no-fsync",
            "--log-level=warn",
        ),
        health=f"tcp://127.0.0.1:{port}",
        order=20,
    )


def _etcd_port(cluster: str) -> int:
    return ports.port(f"{cluster}-etcd")


def api_server(cluster: str) -> Process:
    """The Kubernetes API; tokens that it did not issue are reviewed by the EKS webhook."""
    home, port = clusters.folder(cluster), clusters.api_port(cluster)
    return Process(
        name=f"{cluster}-kube-apiserver",
        argv=(
            "kube-apiserver",
            f"--etcd-servers=https://127.0.0.1:{_etcd_port(cluster)}",
            f"--etcd-cafile={home}/ca.crt",
            f"--etcd-certfile={home}/server.crt",
            f"--etcd-keyfile={home}/server.key",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",  # a loopback address cannot be an endpoint
            f"--secure-port={port}",
            f"--tls-cert-file={home}/server.crt",
            f"--tls-private-key-file={home}/server.key",
            f"--client-ca-file={home}/ca.crt",
            f"--authentication-token-webhook-config-file={clusters.webhook(cluster)}",
            "--authentication-token-webhook-version=v1",
            # Instead of two minutes, by which changes of access entries would lag behind.
            "--authentication-token-webhook-cache-ttl=10s",
            f"--service-account-key-file={home}/service-accounts.key",
            f"--service-account-signing-key-file={home}/service-accounts.key",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-cluster-ip-range={clusters.read(cluster).service_cidr}",
            "--authorization-mode=Node,RBAC",
            "--allow-privileged=true",
            "--enable-priority-and-fairness=false",
            "--profiling=false",
        ),
        # Garbage collection at 50 % growth: with Argo CD's definitions 380 MB resident instead of 690.
        env={"GOGC": "50"},
        health=f"https://127.0.0.1:{port}/readyz",
        ca=f"{home}/ca.crt",
        order=21,
    )


def controller_manager(cluster: str) -> Process:
    """The controllers of Kubernetes itself."""
    home = clusters.folder(cluster)
    return _follower(
        cluster,
        "controller-manager",
        "/healthz",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={home}/service-accounts.key",
        f"--root-ca-file={home}/ca.crt",
        f"--cluster-signing-cert-file={home}/ca.crt",
        f"--cluster-signing-key-file={home}/ca.key",
        "--allocate-node-cidrs=false",
    )


def scheduler(cluster: str) -> Process:
    """Gives pods their nodes."""
    return _follower(cluster, "scheduler", "/readyz")


def _follower(cluster: str, name: str, health: str, *options: str) -> Process:
    home, port = clusters.folder(cluster), ports.port(f"{cluster}-kube-{name}")
    kubeconfig = clusters.kubeconfig(cluster, name)
    return Process(
        name=f"{cluster}-kube-{name}",
        argv=(
            f"kube-{name}",
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
            f"--tls-cert-file={home}/server.crt",
            f"--tls-private-key-file={home}/server.key",
            "--leader-elect=false",
            "--profiling=false",
            *options,
        ),
        env=clusters.api_address(cluster),
        health=f"https://127.0.0.1:{port}{health}",
        ca=f"{home}/ca.crt",
        order=22,
    )


def kwok(cluster: str) -> Process:
    """Stands in for the kubelets: keeps the nodes Ready and their pods running, without containers."""
    return Process(
        name=f"{cluster}-kwok",
        argv=(
            "kwok",
            f"--kubeconfig={clusters.kubeconfig(cluster, 'administrator')}",
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            "--node-ip=127.0.0.1",
            "--cidr=10.244.0.0/16",
            "--node-lease-duration-seconds=40",
            *(f"--config={STAGES / stage}" for stage in STAGE_FILES),
        ),
        env=clusters.api_address(cluster),
        order=22,
    )


def kubelet(cluster: str) -> Process:
    """Makes the nodes of the node groups and runs what is real of their pods: `local.kubelet`."""
    credentials = aws.environment(clusters.read(cluster).region)
    return Process(
        name=f"{cluster}-kubelet",
        argv=(sys.executable, "-m", "local.kubelet", cluster),
        env={**credentials, **aws.source(), **clusters.api_address(cluster)},
        order=50,  # stopped before, and started after, what it runs
    )
