"""Repairs the stack after its engine was killed.

The engine writes down what it is about to create, and the result once it is there. What was created in
between is unknown to the stack: created again it would be there twice, or be refused. Here it is found by
its name or tags and taken over; the engine then reads it, and the next update completes it.
"""

import json
from pathlib import Path
from typing import Any

import psutil

from local import clusters, engine, environment, liveness, orphans, stack
from local.errors import LocalError
from local.progress import Step


def repair(step: Step) -> None:
    """Make the stack fit for an update. Raises LocalError while somebody else's engine is changing it."""
    _unlock(step)
    if not stack.checkpoint().exists():
        return
    exported = json.loads(engine.run("stack", "export"))
    taken = _resume(exported, step)
    unsure = {*taken, *_moved(exported["deployment"])}
    if unsure:
        step.status("reading what may have changed")
        targets = [option for urn in sorted(unsure) for option in ("--target", urn)]
        engine.update("refresh", *targets, on_event=lambda event: None)
    if taken:
        resources = exported["deployment"]["resources"]
        _remember({each["urn"]: each.get("inputs", {}) for each in resources if each["urn"] in taken})


def _resume(exported: dict[str, Any], step: Step) -> list[str]:
    """Drop the operations that were interrupted, and take over what they have created; returns its URNs."""
    pending = exported["deployment"].get("pending_operations", [])
    if not pending:
        return []
    for operation in pending:
        orphans.settle(operation["resource"])
    attempted = [operation["resource"] for operation in pending if operation["type"] == "creating"]
    taken = _take_over(exported["deployment"], attempted)
    engine.run("stack", "import", text=json.dumps(exported))
    names = ", ".join(operation["resource"]["urn"].rpartition("::")[2] for operation in pending)
    step.note(f"an interrupted update was at: {names}")
    return taken


def _remember(asked: dict[str, dict[str, Any]]) -> None:
    """Complete what was read of the resources by the inputs that they were created from, by URN."""
    exported = json.loads(engine.run("stack", "export"))
    for resource in exported["deployment"]["resources"]:
        if resource["urn"] in asked:
            orphans.remember(resource, asked[resource["urn"]])
    engine.run("stack", "import", text=json.dumps(exported))


def _moved(deployment: dict[str, Any]) -> list[str]:
    """URNs of the clusters whose API answers elsewhere than the stack knows, because their port was taken."""
    return [
        resource["urn"]
        for resource in deployment.get("resources", [])
        if resource["type"] == "aws:eks/cluster:Cluster"
        and resource["outputs"].get("endpoint") != f"https://127.0.0.1:{clusters.api_port(resource['id'])}"
    ]


def _unlock(step: Step) -> None:
    files = [file for file in environment.backend().glob(".pulumi/locks/**/*") if file.is_file()]
    for pid in filter(None, map(_owner, files)):
        if _is_engine(pid):
            raise LocalError(f"`pulumi` (process {pid}) is changing the stack.", remedy="wait for it.")
    if files:
        step.note("an interrupted update had locked the stack")
        engine.run("cancel", "--yes")


def _owner(lock: Path) -> int | None:
    """The process that a lock names; None if its writer was killed in the midst of it."""
    try:
        content = json.loads(lock.read_text())
    except json.JSONDecodeError:
        return None
    pid: int | None = content.get("pid")
    return pid


def _is_engine(pid: int) -> bool:
    try:
        return psutil.Process(pid).name() == "pulumi" and liveness.is_alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def _take_over(deployment: dict[str, Any], attempted: list[dict[str, Any]]) -> list[str]:
    """Add to the stack those of the resources that exist; returns their URNs."""
    known = {resource.get("id", "") for resource in deployment.get("resources", [])}
    taken = []
    for resource in attempted:
        if identity := orphans.find(resource, known):
            deployment["resources"].append({**resource, "id": identity, "outputs": {}})
            taken.append(resource["urn"])
    return taken
