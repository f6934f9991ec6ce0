"""Values of the `argo-cd` chart, from a typed description of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from planning.argocd_exposure import Exposure, server_values
from planning.argocd_ha import PARTS, ExternalRedis, profile_values
from planning.argocd_overrides import merge
from planning.argocd_rbac import Access, cm, rbac

#: Kubernetes' Pod Security Standard "restricted", and nothing is written outside of volumes.
RESTRICTED = {
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"]},
}
#: The same for a whole pod; 999 is the user of Argo CD's image, and of that of Redis.
POD = {
    "runAsNonRoot": True,
    "runAsUser": 999,
    "runAsGroup": 999,
    "fsGroup": 999,
    "seccompProfile": {"type": "RuntimeDefault"},
}

#: Annotation of the pods that hold the repo server's certificate: they read it only when they start.
CHECKSUM = "checksum/repo-server-certificate"


@dataclass(frozen=True)
class Installation:
    """What an installation of Argo CD is like."""

    url: str | None = None
    """https address at which people open Argo CD."""
    reconciliation_seconds: int = 120
    """How often Argo CD looks for new commits."""
    profile: str = "single"
    """One of `argocd_ha.PROFILES`."""
    external_redis: ExternalRedis | None = None
    """Instead of a Redis of Argo CD's own."""
    exposure: Exposure = field(default_factory=Exposure)
    access: Access = field(default_factory=Access)
    service_monitors: bool = False
    """Whether the Prometheus operator, whose custom resources must be there, finds the metrics."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Values of the chart that win over all of the above."""


def typed_values(installation: Installation, certificate_checksum: object) -> dict[str, Any]:
    """Return the values that follow from `installation`, its overrides left out.

    `certificate_checksum` tells one certificate of the repo server from another (it may be an output of
    Pulumi's). The admin Secret is not the chart's: a password rotation then changes one Secret and no
    release. Components that nothing uses (Dex, notifications) are off.
    """
    values: dict[str, Any] = {
        "global": _global(installation),
        "configs": _configs(installation),
        "redis-ha": {"enabled": False},
        "dex": {"enabled": False},
        "notifications": {"enabled": False},
        "server": server_values(installation.exposure),
    }
    for part in PARTS:
        common = {
            "containerSecurityContext": RESTRICTED,
            "metrics": {"enabled": True, "serviceMonitor": {"enabled": installation.service_monitors}},
            "podAnnotations": {CHECKSUM: certificate_checksum},
        }
        values = merge(values, {part: common})
    values = merge(values, profile_values(installation.profile, installation.external_redis))
    return merge(values, _other_workloads(values))


def chart_values(installation: Installation, certificate_checksum: object) -> dict[str, Any]:
    """Return the values of the chart; see `typed_values`."""
    return merge(typed_values(installation, certificate_checksum), installation.overrides)


def _global(installation: Installation) -> dict[str, Any]:
    values: dict[str, Any] = {
        "networkPolicy": {"create": True, "defaultDenyIngress": True},
        "securityContext": POD,
    }
    if installation.url:
        values["domain"] = urlsplit(installation.url).hostname
    return values


def _configs(installation: Installation) -> dict[str, Any]:
    seconds = installation.reconciliation_seconds
    entries: dict[str, Any] = {
        # Not app.kubernetes.io/instance, Argo CD's own default: Helm charts set that label themselves.
        "application.instanceLabelKey": "argocd.argoproj.io/instance",
        "timeout.reconciliation": f"{seconds}s",
        # Spreads the look-ups of many Applications; at most half an interval, so that the interval holds.
        "timeout.reconciliation.jitter": f"{seconds // 2}s",
        **cm(installation.access),
    }
    if installation.url:
        entries["url"] = installation.url
    # Whoever asks the repo server checks its certificate (Argo CD Operator Manual, "TLS configuration").
    strict = {
        f"{program}.repo.server.strict.tls": True
        for program in ("server", "controller", "applicationsetcontroller")
    }
    return {
        "cm": entries,
        "params": strict,
        "rbac": rbac(installation.access),
        "secret": {"createSecret": False},
    }


def _other_workloads(values: Mapping[str, Any]) -> dict[str, Any]:
    """Security of what is not one of Argo CD's own programs, as far as it is there."""
    found: dict[str, Any] = {
        # It renders what is in Git and needs nothing of the Kubernetes API.
        "repoServer": {"automountServiceAccountToken": False},
    }
    if values["redisSecretInit"]["enabled"]:
        found["redisSecretInit"] = {"containerSecurityContext": RESTRICTED, "securityContext": POD}
    if values["redis"]["enabled"]:
        found["redis"] = {
            "automountServiceAccountToken": False,
            "containerSecurityContext": RESTRICTED,
            "securityContext": POD,
        }
    if values["redis-ha"]["enabled"]:
        found["redis-ha"] = {
            "containerSecurityContext": RESTRICTED,
            "haproxy": {"containerSecurityContext": RESTRICTED},
        }
    return found
