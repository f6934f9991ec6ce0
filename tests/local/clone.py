"""A clone of this project with a local environment of its own, apart from the developer's."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

ROOT = Path(__file__).parents[2]

PATIENCE = 180
"""Seconds to wait for what takes one or two on an idle machine: tests pass on the busiest, too."""

T = TypeVar("T")


class Clone:
    """The project as it is in the working tree, committed in a repository of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(sys.prefix)
        self.commit("As in the working tree")

    def commit(self, message: str) -> None:
        """Commit everything; nothing is pushed."""
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", "add", "--all"], cwd=self.folder, check=True)
        command = ["git", *identity, "commit", "--quiet", "--no-verify", "--message", message]
        subprocess.run(command, cwd=self.folder, check=True)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python -m local …` in a session of its own, as a terminal would."""
        return subprocess.Popen(
            [sys.executable, "-m", "local", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def local(self, *arguments: str, code: int | None = 0) -> str:
        """Run `python -m local …`, which must end with this exit code, if any; returns what a person sees."""
        with self.start(*arguments) as process:
            output, _ = process.communicate(timeout=900)
        assert code in (None, process.returncode), f"{arguments}: exit code {process.returncode}\n{output}"
        return output

    def shell(self, command: str, code: int = 0) -> str:
        """Run a command in a shell that has taken over the environment's settings, as the README says."""
        python = shlex.quote(sys.executable)
        script = f'eval "$({python} -m local env)"\n{command}'
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == code, f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def output(self, name: str) -> Any:
        """An output of the stack."""
        return json.loads(self.shell(f"pulumi stack output --json --show-secrets {name}"))

    def processes(self) -> list[psutil.Process]:
        """Everything that runs out of this folder or for it."""
        return [process for process in psutil.process_iter() if self._concerns(process)]

    def applications(self) -> dict[str, dict[str, Any]]:
        """Argo CD's Applications by name."""
        items = json.loads(self.shell("kubectl get applications --all-namespaces --output json"))["items"]
        return {item["metadata"]["name"]: item for item in items}

    def _concerns(self, process: psutil.Process) -> bool:
        if process.pid == os.getpid():
            return False
        try:
            return str(self.folder) in " ".join([*process.cmdline(), process.cwd()])
        except psutil.Error:
            return False


def wait_for(probe: Callable[[], T | None], seconds: float, what: str) -> T:
    """Return what `probe` finds within `seconds`; fail, naming `what`, if it finds nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = probe()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s still not: {what}")
