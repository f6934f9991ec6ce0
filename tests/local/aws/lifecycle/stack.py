"""The program on the emulator, run by the engine."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.local.aws.emulator import Emulator
from tests.local.aws.lifecycle.row import Phase

PREPARE = """
from local import environment, launchers, paths
launchers.write_launchers(paths.BIN)
environment.backend().mkdir(parents=True, exist_ok=True)
print(json.dumps(environment.of_child()))
"""
FIND = """
from local import orphans
print(json.dumps({r["urn"]: orphans.find(r, set()) for r in json.load(open("export.json"))}))
"""
REMEMBER = """
from local import orphans
asked = {r["urn"]: r["inputs"] for r in json.load(open("export.json"))}
state = json.load(open("import.json"))
for resource in state["deployment"]["resources"]:
    if resource["urn"] in asked:
        orphans.remember(resource, asked[resource["urn"]])
json.dump(state, open("import.json", "w"))
"""
"""What `local.repair` does with what was being created when the engine was killed, and once it was read."""


@dataclass
class Change:
    """What an update did with a resource."""

    steps: set[str] = field(default_factory=set)
    """The engine's names, e.g. `same`, `update`, `replace`."""
    replaced_by: set[str] = field(default_factory=set)
    """The properties that could not change in place."""


class Stack:
    """A stack of the program."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator, self._folder = emulator, emulator.clone.folder
        self._environment: dict[str, str] = json.loads(emulator.python(PREPARE)) | {
            "PULUMI_STACK": "lifecycle",
            "PULUMI_OPTION_CONFIG_FILE": str(self._folder / "Pulumi.lifecycle.yaml"),
            "PYTHONPATH": str(self._folder),
        }
        (self._folder / "Pulumi.lifecycle.yaml").touch()
        self._run(Phase.CREATE, "stack", "init", "lifecycle")

    def up(self, phase: Phase) -> Mapping[str, Change]:
        """Bring the stack to a phase; what happened to each row."""
        return self._update(phase, "up", "--skip-preview")

    def destroy(self) -> Mapping[str, Change]:
        """Destroy it."""
        return self._update(Phase.ROOTS, "destroy", "--skip-preview")

    def expect_no_changes(self, phase: Phase) -> None:
        """Fail if the program and what AWS says, read anew, are not the same."""
        self._run(phase, "preview", "--refresh", "--diff", "--expect-no-changes")

    def take_over(self) -> dict[str, str | None]:
        """Forget all but what the resources were created from, and find them again; the id of each by URN."""
        export = json.loads(self._run(Phase.CREATE, "stack", "export"))
        made = [each for each in export["deployment"]["resources"] if each["type"].startswith("aws:")]
        (self._folder / "export.json").write_text(json.dumps(made))
        found: dict[str, str | None] = json.loads(self._emulator.python(FIND))
        for resource in made:
            resource |= {"id": found[resource["urn"]] or "", "outputs": {}}
        state = self._folder / "import.json"
        state.write_text(json.dumps(export))
        self._run(Phase.CREATE, "stack", "import", "--file", str(state))
        self._run(Phase.CREATE, "refresh", "--yes", "--skip-preview")
        state.write_text(self._run(Phase.CREATE, "stack", "export"))
        self._emulator.python(REMEMBER)
        self._run(Phase.CREATE, "stack", "import", "--file", str(state))
        return found

    def _update(self, phase: Phase, *arguments: str) -> Mapping[str, Change]:
        log = self._folder / "events.json"
        log.unlink(missing_ok=True)
        self._run(phase, *arguments, "--yes", f"--event-log={log}")
        return _changes(log)

    def _run(self, phase: Phase, *arguments: str) -> str:
        done = subprocess.run(
            [self._folder / ".local/bin/pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self._folder / "tests/local/aws/lifecycle/program",
            env={**self._environment, "LIFECYCLE_PHASE": phase.name},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[0]}:\n{done.stdout}{done.stderr}"
        return done.stdout


def _changes(log: Path) -> Mapping[str, Change]:
    changes: dict[str, Change] = {}
    for line in log.read_text().splitlines():
        step: dict[str, Any] = json.loads(line).get("resourcePreEvent", {}).get("metadata", {})
        if step.get("type", "").startswith("aws:"):
            change = changes.setdefault(step["urn"].rpartition("::")[2], Change())
            change.steps.add(step["op"])
            change.replaced_by |= set(step.get("keys") or [])
    return changes
