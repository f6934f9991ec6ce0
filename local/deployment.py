"""`pulumi up` on the stack of the local environment, told as it happens."""

from collections import Counter
from typing import Any

from local import engine, environment, pki, stack
from local.engine import Event
from local.progress import Step, duration

DONE = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "same": "unchanged",
}
"""How the engine's operations are told. A replacement's own steps are told as `create` and `delete`."""


def deploy(step: Step) -> None:
    """Bring the stack to what the program says, and write the kubeconfig. Raises LocalError."""
    step.status("preparing the stack")
    stack.prepare()
    narrator = Narrator(step)
    engine.update("up", on_event=narrator.tell)
    step.result = narrator.summary()
    pki.write_private(environment.kubeconfig(), _kubeconfig(stack.outputs()).encode())


def _kubeconfig(outputs: dict[str, Any]) -> str:
    return str(outputs["kubeconfig"])


class Narrator:
    """Tells what an update does: a line for every resource that changes, a count of those that do not."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._counts: Counter[str] = Counter()
        self._since: dict[str, float] = {}

    def tell(self, event: Event) -> None:
        """Take in one event of the engine."""
        if begun := event.get("resourcePreEvent"):
            self._since[begun["metadata"]["urn"]] = self._step.elapsed
        elif ended := event.get("resOutputsEvent"):
            self._end(ended["metadata"])
        self._step.status(f"{self.summary()}{self._current()}")

    def summary(self) -> str:
        """How many resources had what done to them."""
        return ", ".join(f"{count} {done}" for done, count in self._counts.items())

    def _end(self, metadata: dict[str, Any]) -> None:
        begun = self._since.pop(metadata["urn"], self._step.elapsed)
        done = DONE.get(metadata["op"])
        if done is None or metadata["type"] == "pulumi:pulumi:Stack":
            return
        self._counts[done] += 1
        if metadata["op"] != "same":
            took = duration(self._step.elapsed - begun)
            self._step.note(f"{done} {_label(metadata['urn'])} ({took})")

    def _current(self) -> str:
        busy = sorted(self._since, key=lambda urn: self._since[urn])
        return f"; {_label(busy[-1])}" if busy else ""


def _label(urn: str) -> str:
    """`aws:ec2/vpc:Vpc platform`, out of urn:pulumi:stack::project::parent$type::name."""
    *_, types, name = urn.split("::")
    return f"{types.rpartition('$')[2]} {name}"
