"""Argo CD's Applications, as the cluster tells them."""

from dataclasses import dataclass
from typing import Any

from local.kube import Kube
from planning.repository_problem import RepositoryProblem, Source, explain, shorten

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
    url: str
    """The repository that it follows; of several sources, the first's."""
    revision: str
    """The commit that it is compared with."""
    current: bool
    """Argo CD has looked since it was last asked to, and at the source that the Application has now."""
    given_up: bool
    """The last sync failed; Argo CD does not try the same commit again by itself."""
    problem: str
    """What Argo CD complains of: conditions, health, and the last sync if it failed or is under way."""
    repository: RepositoryProblem | None
    """Why Argo CD cannot use what the Application follows now."""

    @property
    def ready(self) -> bool:
        """Whether all is as the repository says, and well."""
        return (self.sync, self.health, self.current) == ("Synced", "Healthy", True)


UNKNOWN = Application("Applications", "Unknown", "Unknown", "", "", False, False, "", None)
"""Stands for those that cannot be read."""


def read_all(kube: Kube) -> list[Application]:
    """All Applications of the cluster, by name."""
    found = kube.find(PATH) or {"items": []}
    return sorted((_parse(item) for item in found["items"]), key=lambda application: application.name)


def refresh(kube: Kube) -> None:
    """Ask Argo CD to look at the repository again now; until it has, no Application is ready."""
    for application in read_all(kube):
        # It looks at a new source by itself, and would do so twice, 15 s each with a host that says nothing.
        if application.current:
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
    sources = _sources(item.get("spec", {}))
    refreshing = REFRESH in item["metadata"].get("annotations", {})
    current = not refreshing and sources == _sources(sync.get("comparedTo", {}))
    return Application(
        name=item["metadata"]["name"],
        sync=_sync(status),
        health=_health(status),
        url=sources[0].url,
        revision=sync.get("revision", ""),
        current=current,
        given_up=status.get("operationState", {}).get("phase") in ("Failed", "Error")
        and "operation" not in item,
        problem="; ".join(_complaints(status)),
        repository=_repository_problem(status, sources) if current else None,
    )


def _sync(status: dict[str, Any]) -> str:
    return str(status.get("sync", {}).get("status", "Unknown"))


def _health(status: dict[str, Any]) -> str:
    return str(status.get("health", {}).get("status", "Unknown"))


def _sources(spec: dict[str, Any]) -> list[Source]:
    listed = spec.get("sources") or [spec.get("source", {})]
    return [
        Source(one.get("repoURL", ""), one.get("targetRevision", ""), one.get("path", "")) for one in listed
    ]


def _complaints(status: dict[str, Any]) -> list[str]:
    said = [shorten(condition["message"]) for condition in status.get("conditions", ())]
    operation = status.get("operationState", {})
    well = (_sync(status), _health(status)) == ("Synced", "Healthy")
    if not well and status.get("health", {}).get("message"):
        said.append(shorten(status["health"]["message"]))
    if not well and operation.get("phase") != "Succeeded" and operation.get("message"):
        said.append(f"last sync {operation['phase'].lower()}: {shorten(operation['message'])}")
    return said


def _repository_problem(status: dict[str, Any], sources: list[Source]) -> RepositoryProblem | None:
    for condition in status.get("conditions", ()):
        # Other conditions (InvalidSpecError …) are about the cluster's own objects.
        if condition.get("type") == "ComparisonError":
            # Of several sources, Argo CD does not say by its name which one it means.
            return explain(condition["message"], sources[0])
    return None
