"""Applications as the API server gives them, and an API server that gives nothing else."""

from typing import Any

URL = "http://127.0.0.1:1/platform.git"
SOURCE = {"repoURL": URL, "targetRevision": "HEAD", "path": "gitops/argocd"}
NO_REVISION = (
    "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown "
    "desc = unable to resolve 'HEAD' to a commit SHA: revision not found"
)


def item(
    sync: str = "Synced",
    health: str = "Healthy",
    *,
    name: str = "web",
    phase: str = "Succeeded",
    error: str = "",
    **more: Any,
) -> dict[str, Any]:
    """An Application; `error` is the message of its condition ComparisonError."""
    status = {
        "sync": {"status": sync, "revision": "abcdef0123", "comparedTo": {"source": SOURCE}},
        "health": {"status": health, "message": "Caused by apps/Deployment:shop/web"},
        "operationState": {"phase": phase, "message": "one or more objects failed to apply"},
        "conditions": [{"type": "ComparisonError", "message": error}] if error else [],
    }
    metadata = {"name": name, "annotations": more.pop("annotations", {})}
    return {"metadata": metadata, "spec": {"source": SOURCE}, "status": status, **more}


class FakeKube:
    """Answers with one list of Applications after the other; the last one stays."""

    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.applied: list[dict[str, Any]] = []

    def find(self, path: str) -> dict[str, Any]:
        """Read the list of Applications, or one that has no objects."""
        if path.endswith("/applications/web"):
            return {}
        assert path == "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
        return {"items": self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]}

    def apply(self, path: str, body: dict[str, Any]) -> None:
        """Note what is asked of an Application."""
        assert path.endswith(f"/applications/{body['metadata']['name']}")
        self.applied.append(body)
