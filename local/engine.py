"""Runs the Pulumi engine on the stack of the local environment."""

import json
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

from local import environment, liveness, logs, paths
from local.errors import LocalError

LOG = "pulumi"

Event = dict[str, Any]

PATIENCE = 30.0
"""Seconds that an interrupted engine has to finish what it is doing; the rest is found by the next run."""


def run(*arguments: str, text: str = "") -> str:
    """Run a command of the engine that answers at once, `text` being its input; returns its output.

    Raises LocalError if it fails. Only its messages are logged: the output may be secret.
    """
    with (
        logs.file(LOG).open("a") as log,
        _started(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as pulumi,
    ):
        output, _ = pulumi.communicate(text)
    if pulumi.returncode:
        raise LocalError(f"`pulumi {arguments[0]}` failed.", log=logs.file(LOG))
    return str(output)


def update(*arguments: str, on_event: Callable[[Event], None]) -> None:
    """Run a command that changes the stack, telling `on_event` what happens when it happens.

    Raises LocalError, with the engine's own errors as the cause, if it fails.
    """
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as folder, logs.fresh(LOG).open("w") as log:
        events = Path(folder) / "events.json"
        options = ("--yes", "--skip-preview", "--non-interactive", "--color=never", f"--event-log={events}")
        with _started((*arguments, *options), stdin=subprocess.DEVNULL, stdout=log, stderr=log) as pulumi:
            for event in _follow(events, pulumi):
                errors += _error(event)
                on_event(event)
    if pulumi.returncode:
        raise _failure(arguments[0], errors)


def end_leftover() -> bool:
    """End an engine that outlived the command that started it; True if there was one."""
    leftover = liveness.find_marked(_marker())
    if leftover is None:
        return False
    for member in liveness.members(leftover):
        member.kill()
    while liveness.is_alive(leftover):
        time.sleep(0.05)
    return True


def _marker() -> str:
    return str(paths.RUN / "pulumi")


@contextmanager
def _started(
    arguments: tuple[str, ...], stdin: int, stdout: int | IO[str], stderr: IO[str]
) -> Iterator[subprocess.Popen[str]]:
    """The engine in a session of its own, so that Ctrl-C reaches it once, through us."""
    command = [str(paths.BIN / "pulumi"), *arguments]
    env = {**environment.of_child(), liveness.MARKER: _marker()}
    pulumi = subprocess.Popen(
        command,
        cwd=paths.ROOT,
        env=env,
        text=True,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )
    try:
        yield pulumi
    except BaseException:
        pulumi.send_signal(signal.SIGINT)
        try:
            pulumi.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for member in liveness.members(psutil.Process(pulumi.pid)):
                member.kill()
        raise
    finally:
        pulumi.wait()


def _follow(events: Path, pulumi: "subprocess.Popen[str]") -> Iterator[Event]:
    """What the engine writes into the file, until it has ended."""
    ended = False
    while not events.exists() and pulumi.poll() is None:
        time.sleep(0.1)
    if not events.exists():
        return
    with events.open() as file:
        line = ""
        while not ended:
            ended = pulumi.poll() is not None
            while piece := file.readline():
                line += piece
                if line.endswith("\n"):
                    yield json.loads(line)
                    line = ""
            time.sleep(0.1)


def _failure(command: str, errors: list[str]) -> LocalError:
    # One failure ends whatever else was going on, with tracebacks that say nothing more.
    causes = [error for error in errors if "Traceback (most recent call last)" not in error] or errors
    if not causes:
        return LocalError(f"`pulumi {command}` failed.", log=logs.file(LOG))
    remedy = (
        f"mend it and run the same command again, it goes on from here; all messages are in {logs.file(LOG)}."
    )
    return LocalError("\n".join(causes), remedy=remedy)


def _error(event: Event) -> list[str]:
    diagnostic = event.get("diagnosticEvent", {})
    message = diagnostic.get("message", "").strip()
    if diagnostic.get("severity") != "error" or message == "update failed":
        return []
    resource = diagnostic.get("urn", "").rpartition("::")[2]
    return [f"{resource}: {message}" if resource else message]
