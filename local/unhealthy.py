"""Why an Application is not Synced and Healthy, as its objects and their events tell it."""

from urllib.parse import quote

from local import applications
from local.applications import Application
from local.kube import Kube, KubeError, Object

GOOD = frozenset({"Available", "Progressing", "Ready", "ResourcesUpToDate", "ParametersGenerated"})
"""Conditions of workloads, Pods, custom resources and ApplicationSets that should be True."""

BAD = frozenset({"ReplicaFailure", "Failed", "ErrorOccurred", "Degraded", "Stalled"})
"""Conditions that should not be True."""

EVENTS = 5
"""How many events are told, the latest."""


def reasons(kube: Kube, application: Application) -> list[str]:
    """A line for each object of the Application that is not as it should be, and for warnings about them."""
    if application.ready:
        return []
    try:
        item = kube.find(f"{applications.PATH}/{application.name}") or {}
        resources: list[Object] = item.get("status", {}).get("resources", [])
        return [
            *(
                f"{_label(one)} is {one['status']}"
                for one in resources
                if one.get("status", "Synced") != "Synced"
            ),
            *(line for one in resources for line in _failing(kube, one)),
            *_warnings(kube, resources),
        ]
    except KubeError as error:
        return [f"its objects cannot be read: {error}"]


def _failing(kube: Kube, resource: Object) -> list[str]:
    found = kube.find(_path(resource)) or {}
    return [
        f"{_label(resource)}: {condition['type']} is {condition['status']}: {condition.get('message', '')}"
        for condition in found.get("status", {}).get("conditions", ())
        if (condition["type"] in GOOD and condition["status"] == "False")
        or (condition["type"] in BAD and condition["status"] == "True")
    ]


def _warnings(kube: Kube, resources: list[Object]) -> list[str]:
    """Of the objects and of those that they make: ReplicaSets and Pods, named after them."""
    events: list[Object] = []
    for namespace in sorted({one["namespace"] for one in resources if one.get("namespace")}):
        events += kube.items(f"/api/v1/namespaces/{namespace}/events?fieldSelector={quote('type=Warning')}")
    names = tuple(one["name"] for one in resources if one.get("namespace"))
    told = [event for event in events if event["involvedObject"].get("name", "").startswith(names)]
    told.sort(key=lambda event: event.get("lastTimestamp") or event.get("eventTime") or "")
    lines = [f"{_label(event['involvedObject'])}: {event['reason']}: {event['message']}" for event in told]
    return list(dict.fromkeys(reversed(lines)))[:EVENTS]


def _label(resource: Object) -> str:
    return f"{resource['kind']} {resource['name']}"


def _path(resource: Object) -> str:
    group, version = resource.get("group"), resource["version"]
    base = f"/apis/{group}/{version}" if group else f"/api/{version}"
    space = f"/namespaces/{resource['namespace']}" if resource.get("namespace") else ""
    return f"{base}{space}/{_plural(resource['kind'])}/{resource['name']}"


def _plural(kind: str) -> str:
    """The kind's name in paths, as Kubernetes guesses it (apimachinery, UnsafeGuessKindToResource)."""
    lower = kind.lower()
    if lower.endswith("s"):
        return f"{lower}es"
    return f"{lower[:-1]}ies" if lower.endswith("y") else f"{lower}s"
