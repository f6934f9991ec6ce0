"""The few calls of the `docker` client that ministack's EKS makes, answered by control planes on this host.

ministack thinks that each cluster is a container with k3s; here it is the processes of `local.controlplane`.
"""

import io
import tarfile

from local import clusters, controlplane, processes

CONTAINER_CA = "/var/lib/rancher/k3s/server/tls/server-ca.crt"
CONTAINER_WEBHOOK = "etc/rancher/k3s/eks-auth-webhook.yaml"

failures: dict[str, str] = {}
"""Why the control plane of a cluster could not be started, by cluster."""


class Container:
    """The control plane of one cluster, which must be defined (`local.clusters`)."""

    def __init__(self, cluster: str) -> None:
        self.id = cluster

    def put_archive(self, path: str, data: bytes) -> None:
        """Take the webhook's configuration out of the files that a container gets before it starts."""
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            webhook = archive.extractfile(CONTAINER_WEBHOOK)
            if webhook is None:
                raise ValueError(f"no {CONTAINER_WEBHOOK} in the archive")
            self.write_webhook(webhook.read())

    def write_webhook(self, kubeconfig: bytes) -> None:
        """Keep the webhook's configuration, which names the emulator as containers know their host."""
        clusters.write_webhook(self.id, kubeconfig.decode().replace("host.docker.internal", "127.0.0.1"))

    def start(self) -> None:
        """Start the control plane; returns when it is healthy."""
        failures.pop(self.id, None)
        try:
            controlplane.start(self.id)
        except (processes.ProcessError, OSError) as error:
            failures[self.id] = str(error)
            raise

    def exec_run(self, command: str) -> tuple[int, bytes]:
        """Exit code and output of a command in the container; there is one, which prints the authority."""
        if command != f"cat {CONTAINER_CA}":
            raise NotImplementedError(command)
        return 0, clusters.certificate_authority(self.id).read_bytes()

    def stop(self, timeout: float) -> None:
        """Stop the control plane."""
        controlplane.stop(self.id)

    def remove(self, v: bool, force: bool) -> None:
        """Forget the control plane and its data."""
        controlplane.remove(self.id)


class Containers:
    """All control planes."""

    def create(self, labels: dict[str, str], **_: object) -> Container:
        """The control plane of the cluster that the labels name; how to run a container does not matter."""
        return Container(labels["cluster_name"])

    def get(self, name: str) -> Container:
        """The control plane of a cluster."""
        return Container(name)


class Client:
    """The Docker client."""

    containers = Containers()


def from_env(timeout: float) -> Client:
    """The Docker client; there is only one."""
    return Client()
