"""What the objects of an Application say about its health."""

from typing import Any

import pytest

from local import applications, unhealthy
from local.kube import KubeError
from tests.unit.local.argocd_answers import FakeKube, item

DEPLOYMENT = {"group": "apps", "version": "v1", "kind": "Deployment", "namespace": "shop", "name": "web"}
POLICY = {
    "group": "networking.k8s.io",
    "version": "v1",
    "kind": "NetworkPolicy",
    "namespace": "shop",
    "name": "p",
}
NAMESPACE = {"version": "v1", "kind": "Namespace", "name": "shop"}
PATHS = {
    "/apis/apps/v1/namespaces/shop/deployments/web": {
        "status": {
            "conditions": [
                {"type": "Available", "status": "False", "message": "no minimum availability"},
                {"type": "Progressing", "status": "True", "message": "progressing"},
                {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"},
            ]
        }
    },
    "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/p": {},
    "/api/v1/namespaces/shop": {},
}


def event(name: str, message: str, time: str) -> dict[str, Any]:
    about = {"kind": "ReplicaSet", "name": name}
    return {"involvedObject": about, "reason": "FailedCreate", "message": message, "lastTimestamp": time}


class Cluster:
    """An API server with an Application of three objects, and events."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = list(events)

    def find(self, path: str) -> dict[str, Any]:
        if path == f"{applications.PATH}/web":
            drifted = {**POLICY, "status": "OutOfSync"}
            return {"status": {"resources": [{**DEPLOYMENT, "status": "Synced"}, drifted, NAMESPACE]}}
        return PATHS[path]

    def items(self, path: str) -> list[dict[str, Any]]:
        assert path == "/api/v1/namespaces/shop/events?fieldSelector=type%3DWarning"
        return self.events


def reasons(cluster: object, **state: str) -> list[str]:
    [application] = applications.read_all(FakeKube([item(**state)]))  # type: ignore[arg-type]
    return unhealthy.reasons(cluster, application)  # type: ignore[arg-type]


def test_objects_that_drift_or_fail_are_told() -> None:
    assert reasons(Cluster(), health="Degraded") == [
        "NetworkPolicy p is OutOfSync",
        "Deployment web: Available is False: no minimum availability",
        "Deployment web: ReplicaFailure is True: exceeded quota",
    ]


def test_the_latest_warnings_about_what_belongs_to_the_application_are_told_once() -> None:
    others = event("database-1", "not ours", "2026-01-01T00:00:09Z")
    old = [event("web-1", f"quota {number}", f"2026-01-01T00:00:0{number}Z") for number in range(6)]
    told = reasons(Cluster(others, *old, old[5]), health="Degraded")[3:]
    assert told == [f"ReplicaSet web-1: FailedCreate: quota {number}" for number in (5, 4, 3, 2, 1)]


def test_an_application_that_is_well_is_asked_nothing() -> None:
    assert reasons(object()) == []


def test_an_api_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(path: str) -> dict[str, Any]:
        raise KubeError(0, "no answer")

    cluster = Cluster()
    monkeypatch.setattr(cluster, "find", find)
    assert reasons(cluster, health="Degraded") == ["its objects cannot be read: no answer"]
