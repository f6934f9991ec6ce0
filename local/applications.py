"""Argo CD's Applications, as the cluster tells them."""

from dataclasses import dataclass
from typing import Any

from local.kube import Kube

REFRESH = "argocd.argoproj.io/refresh"
PATH = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"


@dataclass(frozen=True)
class Application:
    """One Application and how it is."""

    name: str
    sync: str
    """Synced, OutOfSync or Unknown."""
    health: str
    """Healthy, Progressing, Degraded, Suspended, Missing or Unknown."""
    revision: str
    """The commit that it is compared with."""
    refreshing: bool
    """Argo CD has been asked to look again and has not done so yet."""
    given_up: bool
    """The last sync failed; Argo CD does not try the same commit again by itself."""
    message: str
    """What Argo CD complains of."""

    @property
    def ready(self) -> bool:
        """Whether all is as the repository says, and well."""
        return (self.sync, self.health, self.refreshing) == ("Synced", "Healthy", False)


UNKNOWN = Application("Applications", "Unknown", "Unknown", "", refreshing=False, given_up=False, message="")
"""Stands for those that cannot be read."""


def read_all(kube: Kube) -> list[Application]:
    """All Applications of the cluster, by name."""
    found = kube.find(PATH) or {"items": []}
    return sorted((_parse(item) for item in found["items"]), key=lambda application: application.name)


def refresh(kube: Kube) -> None:
    """Ask Argo CD to look at the repository again now; until it has, no Application is ready."""
    for application in read_all(kube):
        _apply(kube, application.name, {"annotations": {REFRESH: "normal"}})


def sync(kube: Kube, application: Application) -> None:
    """Ask Argo CD to bring the Application to what the repository says."""
    _apply(kube, application.name, {}, operation={"initiatedBy": {"username": "up"}, "sync": {"prune": True}})


def _apply(kube: Kube, name: str, metadata: dict[str, Any], **more: Any) -> None:  # noqa: ANN401
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    kube.apply(f"{PATH}/{name}", {**kind, "metadata": {"name": name, **metadata}, **more})


def _parse(item: dict[str, Any]) -> Application:
    status = item.get("status", {})
    sync = status.get("sync", {})
    return Application(
        name=item["metadata"]["name"],
        sync=sync.get("status", "Unknown"),
        health=status.get("health", {}).get("status", "Unknown"),
        revision=sync.get("revision", ""),
        given_up=status.get("operationState", {}).get("phase") in ("Failed", "Error")
        and "operation" not in item,
        refreshing=REFRESH in item["metadata"].get("annotations", {}),
        message="; ".join(condition["message"] for condition in status.get("conditions", ())),
    )
