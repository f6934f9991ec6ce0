"""How Argo CD's programs run as processes on this host, where each would be a pod."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from local import paths, pods, ports
from local.kube import Object
from local.processes import Process

NAMESPACE = "argocd"

CERTIFICATE = "argocd-repo-server-tls"
"""The Secret with the repo server's certificate, and the volume of it in the pods that use it."""

port = cache(ports.port)
"""A port by name; they are looked up every second."""


def _address(name: str) -> str:
    return f"127.0.0.1:{port(name)}"


def _server() -> tuple[list[str], str]:
    options = [
        "--address=127.0.0.1",
        f"--port={port('argocd-server')}",
        "--metrics-address=127.0.0.1",
        f"--metrics-port={port('argocd-server-metrics')}",
        f"--redis={_address('argocd-redis')}",
        f"--repo-server={_address('argocd-repo-server')}",
    ]
    # Whether it speaks HTTPS, and by which certificate, is configuration.
    return options, f"tcp://{_address('argocd-server')}"


def _repo_server() -> tuple[list[str], str]:
    options = [
        "--address=127.0.0.1",
        f"--port={port('argocd-repo-server')}",
        "--metrics-address=127.0.0.1",
        f"--metrics-port={port('argocd-repo-server-metrics')}",
        f"--redis={_address('argocd-redis')}",
    ]
    return options, f"http://{_address('argocd-repo-server-metrics')}/healthz"


def _application_controller() -> tuple[list[str], str]:
    options = [
        # On 127.0.0.1 only, as it is built here.
        f"--metrics-port={port('argocd-application-controller-metrics')}",
        f"--redis={_address('argocd-redis')}",
        f"--repo-server={_address('argocd-repo-server')}",
    ]
    return options, f"http://{_address('argocd-application-controller-metrics')}/healthz"


def _applicationset_controller() -> tuple[list[str], str]:
    options = [
        f"--metrics-addr={_address('argocd-applicationset-controller-metrics')}",
        f"--probe-addr={_address('argocd-applicationset-controller-probe')}",
        f"--webhook-addr={_address('argocd-applicationset-controller-webhook')}",
        f"--argocd-repo-server={_address('argocd-repo-server')}",
    ]
    # Not the webhook's address: if the controller reads Argo CD's Secret before the API server has put its
    # signing key there, it goes on without its webhook (Argo CD 3.6).
    return options, f"http://{_address('argocd-applicationset-controller-metrics')}/metrics"


PROGRAMS: dict[str, Callable[[], tuple[list[str], str]]] = {
    "argocd-application-controller": _application_controller,
    "argocd-applicationset-controller": _applicationset_controller,
    "argocd-server": _server,
    "argocd-repo-server": _repo_server,
}
"""The options that put each program on loopback, and the address by which its health is known."""

WORKLOADS = (*PROGRAMS, "argocd-redis")
"""Workloads that run on this host, in the order in which they can be stopped."""


def process(
    name: str, workload: str, container: Object, variables: Mapping[str, str], folder: Path
) -> Process:
    """The process of a workload, given its container, the container's variables and the folder of its files.

    The folder has `kubeconfig`, and the ConfigMaps of the pod's volumes under the volumes' names.
    """
    if workload == "argocd-redis":
        argv = ("redis", f"--port={port(workload)}")
        return Process(name, argv, env=variables, health=f"tcp://{_address(workload)}", order=40)
    words = [*container.get("command", []), *container.get("args", [])]
    program, *arguments = (pods.expand(word, variables) for word in words)
    options, health = PROGRAMS[workload]()
    return Process(
        name,
        (PurePosixPath(program).name, *arguments, *options),
        env={**variables, **_substitutes(program, workload, folder)},
        health=health,
        order=41,
    )


def _substitutes(program: str, workload: str, folder: Path) -> dict[str, str]:
    """Variables for what is elsewhere in a container: names, home, folders of the image and of volumes."""
    return {
        "ARGOCD_BINARY_NAME": PurePosixPath(program).name,
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "KUBECONFIG": str(folder / "kubeconfig"),
        "HOSTNAME": f"{workload}-0",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        # A short path: that of a socket has at most 107 characters.
        "ARGOCD_ASK_PASS_SOCK": str(paths.RUN / "ask-pass.sock"),
        "ARGOCD_APP_CONF_PATH": str(folder / "app/config"),
        "ARGOCD_TLS_DATA_PATH": str(folder / "tls-certs"),
        "ARGOCD_SSH_DATA_PATH": str(folder / "ssh-known-hosts"),
        "ARGOCD_GPG_ENABLED": "false",  # there may be no gpg
        "ARGOCD_PLUGINSOCKFILEPATH": str(folder / "plugins"),
        "HELM_CACHE_HOME": str(folder / "helm"),
        "HELM_CONFIG_HOME": str(folder / "helm"),
        "HELM_DATA_HOME": str(folder / "helm"),
        "KUBECACHEDIR": str(folder / "kube-cache"),
    }
