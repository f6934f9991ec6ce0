"""Repairs the stack after its engine was killed.

The engine writes down what it is about to create, and the result once it is there. What was created in
between is unknown to the stack: created again it would be there twice, or be refused. Here it is found by
its name or tags and taken over; the engine then reads it, and the next update completes it.
"""

import json
from typing import Any

import psutil

from local import engine, environment, liveness, orphans, stack
from local.errors import LocalError
from local.progress import Step


def repair(step: Step) -> None:
    """Make the stack fit for an update. Raises LocalError while somebody else's engine is changing it."""
    _unlock(step)
    if not stack.checkpoint().exists():
        return
    exported = json.loads(engine.run("stack", "export"))
    pending = exported["deployment"].get("pending_operations", [])
    if not pending:
        return
    step.status("repairing what an interrupted update has left")
    for operation in pending:
        orphans.settle(operation["resource"])
    taken = _take_over(exported["deployment"], [op["resource"] for op in pending if op["type"] == "creating"])
    engine.run("stack", "import", text=json.dumps(exported))
    if taken:
        targets = [option for urn in taken for option in ("--target", urn)]
        engine.update("refresh", *targets, on_event=lambda event: None)
        names = ", ".join(urn.rpartition("::")[2] for urn in taken)
        step.note(f"looked for what an interrupted update was creating: {names}")


def _unlock(step: Step) -> None:
    locks = [json.loads(file.read_text()) for file in environment.backend().glob(".pulumi/locks/**/*.json")]
    for lock in locks:
        if _is_engine(lock["pid"]):
            raise LocalError(
                f"`pulumi` (process {lock['pid']}) is changing the stack.", remedy="wait for it."
            )
    if locks:
        step.note("an interrupted update had locked the stack")
        engine.run("cancel", "--yes")


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
