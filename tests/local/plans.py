"""What the engine would do to a clone's stack if something were different."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.local.clone import Clone

PREFIX = "gitops-platform:"
REPLACING = {"replace", "create-replacement", "delete-replaced", "delete"}


class Plan:
    """The steps of a preview that change something."""

    def __init__(self, steps: list[dict[str, Any]]) -> None:
        self._steps = steps

    def of(self, kind: str) -> dict[str, str]:
        """What is done to each resource of a type, e.g. aws:eks/cluster:Cluster, by its name."""
        found: dict[str, str] = {}
        for step in self._steps:
            *_, types, name = step["urn"].split("::")
            if types.rpartition("$")[2] == kind:
                found[name] = step["op"]
        return found

    def loses(self, kind: str) -> bool:
        """Whether a resource of this type would be replaced or deleted."""
        return not REPLACING.isdisjoint(self.of(kind).values())


def plan(clone: Clone, environment: dict[str, str], changes: dict[str, Any]) -> Plan:
    """Preview the stack with other settings, by keys without the project's name; its own stay as they are."""
    own = Path(environment["PULUMI_OPTION_CONFIG_FILE"])
    content = yaml.safe_load(own.read_text())
    content["config"] |= {PREFIX + key: value for key, value in changes.items()}
    changed = own.with_name("Pulumi.changed.yaml")
    # It holds the encrypted password.
    with os.fdopen(os.open(changed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        yaml.safe_dump(content, file)
    done = subprocess.run(
        ["pulumi", "preview", "--json", "--non-interactive"],
        cwd=clone.folder,
        env={**environment, "PULUMI_OPTION_CONFIG_FILE": str(changed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{changes}: {done.stdout}{done.stderr}"
    return Plan([step for step in json.loads(done.stdout)["steps"] if step["op"] != "same"])
