"""The objects that bootstrap Argo CD, as plain data: AppProjects and the root Application."""

from __future__ import annotations

import json
from typing import Any

NAMESPACE = "argocd"
#: The chart names its objects after its release: argocd-server, argocd-cm …
RELEASE = "argocd"
#: The Secret that Argo CD reads its admin password from; the name is fixed in Argo CD.
ADMIN_SECRET = "argocd-secret"  # noqa: S105 - a Kubernetes name
#: The address by which Argo CD knows the cluster that it runs in.
IN_CLUSTER = "https://kubernetes.default.svc"
#: Older revisions stay in Git; ten are enough to roll back from the UI, and each is stored in the object.
REVISION_HISTORY = 10
#: Deletes what the Application made before the Application itself goes
#: (Argo CD User Guide, "App Deletion").
FINALIZER = "resources-finalizer.argocd.argoproj.io"
#: Holds the deletion of an Application until its annotation argocd.argoproj.io/deletion-approved has the time
#: of now (Argo CD User Guide, "Sync Options", Resource Deletion With Confirmation).
CONFIRM_DELETION = "Delete=confirm"
ROOT = "root"
#: The AppProject that Argo CD makes itself; the name is fixed in Argo CD.
DEFAULT_PROJECT = "default"
#: The Secret with the repo server's certificate; the name is fixed in Argo CD.
REPO_SERVER_TLS = "argocd-repo-server-tls"
#: Addresses by which programs know the repo server where all run on one machine, as in stack local.
LOOPBACK = ("127.0.0.1",)


def repo_server_names() -> tuple[str, ...]:
    """Return the names by which programs in the cluster know the repo server."""
    service = f"{RELEASE}-repo-server"
    return (
        service,
        f"{service}.{NAMESPACE}",
        f"{service}.{NAMESPACE}.svc",
        f"{service}.{NAMESPACE}.svc.cluster.local",
    )


def default_project_spec() -> dict[str, Any]:
    """Return a spec that permits nothing, for the AppProject `default`.

    Argo CD makes one that permits everything, and an Application that names no project is in it
    (Argo CD User Guide, "Projects", The Default Project).
    """
    return {
        "description": "Permits nothing",
        "sourceRepos": [],
        "sourceNamespaces": [],
        "destinations": [],
        "clusterResourceWhitelist": [],
        "namespaceResourceBlacklist": [{"group": "*", "kind": "*"}],
    }


def root_project_spec(repository_url: str) -> dict[str, Any]:
    """Return the spec of the root AppProject: it may lay out Argo CD's own objects and nothing else."""
    kinds = ("AppProject", "Application", "ApplicationSet")
    return {
        "description": "Projects and Applications of this repository",
        "sourceRepos": [repository_url],
        "destinations": [{"server": IN_CLUSTER, "namespace": NAMESPACE}],
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": [{"group": "argoproj.io", "kind": kind} for kind in kinds],
    }


def root_application_metadata(*, preserve: bool) -> dict[str, Any]:
    """Return the metadata of the root Application; with `preserve` it goes and leaves what it made."""
    return {} if preserve else {"finalizers": [FINALIZER]}


def root_application_spec(
    repository_url: str, revision: str, path: str, *, preserve: bool = False, protected: bool = False
) -> dict[str, Any]:
    """Return the spec of the root Application at `path`/argocd of the repository.

    The projects of the tree are narrowed to this one repository here, so that the tree names no URL and
    a fork of it works unchanged. `preserve`: the Applications of the tree leave what they made, too.
    `protected`: a deletion waits until somebody confirms it.
    """
    patches = [_only_this_repository(repository_url)]
    if preserve:
        patches.append(_preserving())
    return {
        "project": ROOT,
        "source": {
            "repoURL": repository_url,
            "targetRevision": revision,
            "path": f"{path}/argocd",
            "kustomize": {"patches": patches},
        },
        "destination": {"server": IN_CLUSTER, "namespace": NAMESPACE},
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            # A commit that breaks the tree is retried when the next one arrives; this covers what heals
            # by itself, like a namespace that another Application is about to make.
            "retry": {"limit": 5, "backoff": {"duration": "2s", "factor": 2, "maxDuration": "1m"}},
            **({"syncOptions": [CONFIRM_DELETION]} if protected else {}),
        },
        "revisionHistoryLimit": REVISION_HISTORY,
    }


def _only_this_repository(repository_url: str) -> dict[str, Any]:
    replace = [{"op": "replace", "path": "/spec/sourceRepos", "value": [repository_url]}]
    return {"target": {"kind": "AppProject"}, "patch": json.dumps(replace)}


def _preserving() -> dict[str, Any]:
    """The finalizer goes from the template, or the ApplicationSet's policy would be of no effect: it only
    keeps Argo CD from adding one (Argo CD, "Application Pruning & Resource Deletion")."""
    merge = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "any"},
        "spec": {
            "syncPolicy": {"preserveResourcesOnDeletion": True},
            "template": {"metadata": {"finalizers": None}},
        },
    }
    return {"target": {"kind": "ApplicationSet"}, "patch": json.dumps(merge)}
