"""The stand-in for the argo-cd chart: `local/chart` joined with the manifests in the Argo CD module.

The manifests are taken as published, when the environment is built; nothing of them is kept in this
repository.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from local import paths

CHART = paths.LOCAL / "chart" / "argo-cd"
"""The assembled chart; stack `local` names this folder where the others name a chart in a repository."""

_TEMPLATES = paths.ROOT / "local" / "chart"
_MANIFESTS = paths.SHARE / "argo-cd-manifests"

#: The manifests whose objects the original chart makes too, by its default values (chart 10.1.1).
_OBJECTS = (
    "base/application-controller/*-statefulset.yaml",
    "base/application-controller/*-network-policy.yaml",
    "base/application-controller-roles/argocd-*.yaml",
    "base/applicationset-controller/*-deployment.yaml",
    "base/applicationset-controller/*-role*.yaml",
    "base/applicationset-controller/*-sa.yaml",
    "base/applicationset-controller/*-service.yaml",
    "base/redis/*-deployment.yaml",
    "base/redis/*-network-policy.yaml",
    "base/redis/*-service.yaml",
    "base/repo-server/argocd-*.yaml",
    "base/server/argocd-server-[dnrs]*.yaml",
    "cluster-rbac/application-controller/argocd-*.yaml",
    "cluster-rbac/server/argocd-*.yaml",
)
_CONFIGS = ("cm", "gpg-keys-cm", "ssh-known-hosts-cm", "tls-certs-cm")


def assemble(target: Path = CHART, manifests: Path = _MANIFESTS) -> Path:
    """Make the chart in `target`, in place of what is there, and return `target`.

    Raises FileNotFoundError if the toolchain has not put Argo CD's manifests at `manifests`.
    """
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(_TEMPLATES, fresh)
    for path, content in _files(manifests):
        file = fresh / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    shutil.rmtree(target, ignore_errors=True)
    return fresh.rename(target)


def _files(manifests: Path) -> Iterator[tuple[str, str]]:
    """Yield the files that the chart's templates read: path in the chart, content."""
    for pattern in _OBJECTS:
        found = sorted(manifests.glob(pattern))
        if not found:
            raise FileNotFoundError(
                f"{manifests}/{pattern}: no such manifest; `make up` builds the toolchain"
            )
        for file in found:
            yield f"objects/{file.name}", file.read_text()
    for name in _CONFIGS:
        yield f"config/argocd-{name}.yaml", (manifests / f"base/config/argocd-{name}.yaml").read_text()
    for file in sorted(manifests.glob("crds/*-crd.yaml")):
        head, spec = re.split(r"^(?=spec:)", file.read_text(), maxsplit=1, flags=re.MULTILINE)
        (name,) = re.findall(r"^  name: (\S+)$", head, re.MULTILINE)
        # Without its head, which the template writes: rendering it unparsed saves seconds.
        yield f"crds-of-argo-cd/{name}.yaml", spec
