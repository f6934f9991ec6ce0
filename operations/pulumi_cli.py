"""Runs the Pulumi CLI on one stack: the local engine on stack local, the user's own on every other."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import deployment, engine, environment, paths, processes
from local.aws import server as aws
from local.progress import Progress
from local.up import alone


class PulumiError(Exception):
    """A command of the CLI failed; the message tells what it complained of."""


@dataclass(frozen=True)
class Pulumi:
    """The CLI, its environment, and the stack that it runs on."""

    program: str
    env: Mapping[str, str]
    stack: str
    config: Path
    """The stack's configuration file."""

    def run(self, *arguments: str, config: Path | None = None, text: str = "") -> str:
        """Run a command that changes no resource, on the file `config` if given; returns its output.

        `text` is its input: what is secret goes this way, for every user can read arguments. Raises
        PulumiError.
        """
        command = [self.program, *arguments, *self._options(config or self.config)]
        done = subprocess.run(
            command, cwd=paths.ROOT, env=self.env, input=text, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise PulumiError(f"`pulumi {arguments[0]}` of stack {self.stack} failed:\n{_causes(done)}")
        return done.stdout

    def up(self) -> None:
        """Bring the stack to what its configuration says, showing what happens. Raises PulumiError.

        An interrupted CLI is told so and finishes what it is doing. Raises local.errors.LocalError for stack
        local.
        """
        if self.stack == environment.STACK:
            with Progress().step("Pulumi update") as step:
                narrator = deployment.Narrator(step)
                engine.update("up", on_event=narrator.tell)
                step.result = narrator.summary()
            return
        options = ("--yes", "--skip-preview", "--suppress-outputs", *self._options(self.config))
        # In a session of its own, so that Ctrl-C reaches it once, through us.
        with subprocess.Popen(
            [self.program, "up", *options], cwd=paths.ROOT, env=self.env, start_new_session=True
        ) as update:
            try:
                update.wait()
            except BaseException:
                update.send_signal(signal.SIGINT)
                update.wait()
                raise
        if update.returncode:
            raise PulumiError(f"`pulumi up` of stack {self.stack} failed, see above.")

    def _options(self, config: Path) -> tuple[str, ...]:
        return "--stack", self.stack, "--config-file", str(config), "--non-interactive"


@contextmanager
def opened(stack: str) -> Iterator[Pulumi]:
    """The CLI of `stack`; for as long as the block runs, no other command changes the local environment.

    Raises PulumiError, or local.errors.LocalError if the local environment was never up.
    """
    if stack != environment.STACK:
        program = shutil.which("pulumi")
        if program is None:
            raise PulumiError(f"Stack {stack} needs the Pulumi CLI, and there is no `pulumi` on PATH.")
        yield Pulumi(program, os.environ, stack, paths.ROOT / f"Pulumi.{stack}.yaml")
        return
    with alone(f"rotate-password STACK={stack}"):
        env = environment.of_child()
        if aws.aws_process().name not in processes.living():
            raise PulumiError("The local environment is not running. Run `make up` first.")
        yield Pulumi(str(paths.BIN / "pulumi"), env, stack, environment.config_file())


def _causes(failed: subprocess.CompletedProcess[str]) -> str:
    """What a command complained of; with `--json` that is part of its output."""
    try:
        told: list[dict[str, Any]] = json.loads(failed.stdout).get("diagnostics", [])
    except ValueError:
        told = []
    errors = [entry["message"].strip() for entry in told if entry["severity"] == "error"]
    return "\n".join(errors) or failed.stderr.strip() or "it gave no reason."
