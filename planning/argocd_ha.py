"""The two sizes of Argo CD, as values of the `argo-cd` chart.

`single`: one pod of each program, for development. `ha`: what serves people and other programs outlives
a node and a zone; needs three nodes, one for each Redis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PROFILES = ("single", "ha")

#: Nodes that `ha` needs for its three Redis servers, of which no two share one.
HA_NODES = 3

#: Of the Secret with the password of an external Redis.
EXTERNAL_REDIS_SECRET = "argocd-external-redis"  # noqa: S105 - a Kubernetes name
EXTERNAL_REDIS_KEY = "redis-password"

#: Values of the chart whose pods run Argo CD's own image.
PARTS = ("controller", "repoServer", "server", "applicationSet")

#: CPU and memory: requested, limit. Ours, for some hundred Applications; the chart sets none. A program that
#: exceeds its limit of memory is ended, so limits are at least twice the request.
_SINGLE = {
    "controller": ("250m", "512Mi", "2", "2Gi"),
    "repoServer": ("100m", "256Mi", "1", "1Gi"),
    "server": ("50m", "128Mi", "500m", "512Mi"),
    "applicationSet": ("50m", "128Mi", "500m", "512Mi"),
}
_HA = {
    "controller": ("500m", "1Gi", "2", "4Gi"),
    "repoServer": ("250m", "512Mi", "2", "2Gi"),
    "server": ("100m", "256Mi", "1", "1Gi"),
    "applicationSet": ("100m", "256Mi", "1", "1Gi"),
}
_REDIS = ("50m", "64Mi", "500m", "512Mi")
_HELPER = ("20m", "32Mi", "200m", "128Mi")

#: Two pods cover the loss of one; beyond, load decides (needs the metrics server; without it, two remain).
_AUTOSCALING = {
    "enabled": True,
    "minReplicas": 2,
    "maxReplicas": 5,
    "targetCPUUtilizationPercentage": 80,
    "targetMemoryUtilizationPercentage": 80,
}
_ONE_AT_A_TIME = {"maxUnavailable": 1}
_PDB = {"enabled": True, **_ONE_AT_A_TIME}

#: A preference: were it a rule, the pods of a lost zone would wait for the zone.
_SPREAD = [
    {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway"}
    for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
]


@dataclass(frozen=True)
class ExternalRedis:
    """A Redis that somebody else runs, spoken to by TLS and with a password (e.g. ElastiCache)."""

    host: str
    port: int
    password: str = field(repr=False)


def profile_values(profile: str, external: ExternalRedis | None) -> dict[str, Any]:
    """Return the values that differ by `profile` and by where Redis is."""
    values = _ha() if profile == "ha" else _single()
    values["repoServer"]["copyutil"] = {"resources": resources(*_HELPER)}
    # The Job that makes a password for our own Redis.
    values["redisSecretInit"] = {
        "enabled": external is None,
        "resources": resources("20m", "64Mi", "500m", "256Mi"),
    }
    if external:
        values |= _external_redis(external)
        for part in ("controller", "repoServer", "server"):
            values[part]["extraArgs"] = ["--redis-use-tls"]
    elif profile == "ha":
        values |= {"redis": {"enabled": False}, "redis-ha": _redis_ha()}
    else:
        values["redis"] = {"enabled": True, "resources": resources(*_REDIS)}
    return values


def resources(cpu: str, memory: str, cpu_limit: str, memory_limit: str) -> dict[str, Any]:
    """Return the resources of a container."""
    return {
        "requests": {"cpu": cpu, "memory": memory},
        "limits": {"cpu": cpu_limit, "memory": memory_limit},
    }


def _single() -> dict[str, Any]:
    return {part: {"replicas": 1, "resources": resources(*_SINGLE[part])} for part in PARTS}


def _ha() -> dict[str, Any]:
    values: dict[str, Any] = {part: {"resources": resources(*_HA[part])} for part in PARTS}
    values["global"] = {"topologySpreadConstraints": _SPREAD}
    # A second one would take other clusters, not stand by: there is one cluster. The StatefulSet replaces it.
    values["controller"] |= {"replicas": 1}
    values["repoServer"] |= {"autoscaling": _AUTOSCALING, "pdb": _PDB}
    values["server"] |= {"autoscaling": _AUTOSCALING, "pdb": _PDB}
    # One of them leads.
    values["applicationSet"] |= {"replicas": 2, "pdb": _PDB}
    return values


def _redis_ha() -> dict[str, Any]:
    """Three Redis with Sentinel, and HAProxy, which leads to the master (chart redis-ha 4.38, values).

    The namespace denies what no policy admits, and that chart makes none by default.
    """
    programs = ("argocd-server", "argocd-repo-server", "argocd-application-controller")
    clients = [_pods({"app.kubernetes.io/name": program}) for program in programs]
    return {
        "enabled": True,
        "auth": True,
        "existingSecret": "argocd-redis",
        "hardAntiAffinity": True,
        "podDisruptionBudget": _ONE_AT_A_TIME,
        "topologySpreadConstraints": {"enabled": True, **_SPREAD[0]},
        "redis": {"resources": resources(*_REDIS)},
        "sentinel": {"resources": resources(*_HELPER)},
        "splitBrainDetection": {"resources": resources(*_HELPER)},
        "init": {"resources": resources(*_HELPER)},
        "networkPolicy": {
            "enabled": True,
            "ingressRules": [{"selectors": [_pods({"app": "redis-ha-haproxy"})]}],
        },
        "haproxy": {
            "enabled": True,
            "hardAntiAffinity": True,
            "podDisruptionBudget": _ONE_AT_A_TIME,
            "resources": resources(*_REDIS),
            "init": {"resources": resources(*_HELPER)},
            "networkPolicy": {"enabled": True, "ingressRules": [{"selectors": clients}]},
        },
    }


def _pods(labels: dict[str, str]) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": labels}}


def _external_redis(external: ExternalRedis) -> dict[str, Any]:
    return {
        "redis": {"enabled": False},
        "externalRedis": {
            "host": external.host,
            "port": external.port,
            "existingSecret": EXTERNAL_REDIS_SECRET,
        },
    }
