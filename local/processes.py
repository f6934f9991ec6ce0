"""The processes of the local environment: start, look at, stop.

There is no daemon, only a record per process (`local.records`), which stays after a stop. Any process of the
environment may call these functions; two that start the same name at once get one process.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import psutil

from local import health, liveness, logs, paths, records
from local.errors import LocalError
from local.liveness import MARKER, is_alive
from local.lock import lock
from local.records import Process, Record

__all__ = ["Process", "ProcessError", "Status", "living", "remove", "start", "statuses", "stop", "stop_all"]

GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL."""

# What a process inherits from whoever starts it; the rest is in its specification, the same whoever does.
INHERITED = ("HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ", "XDG_CACHE_HOME")

# The processes that this one has started, so that those which end are reaped.
_children: list[subprocess.Popen[bytes]] = []


class ProcessError(LocalError):
    """A process ended or did not become healthy; says which, why, and the last lines of its log."""


@dataclass(frozen=True)
class Status:
    """How a recorded process is."""

    name: str
    state: str
    """`running`, `unhealthy`, `died` (not stopped by us) or `stopped`."""
    pid: int | None
    memory: int
    """Resident bytes, descendants included."""
    log: Path


def start(process: Process, timeout: float = 60) -> bool:
    """Start the process unless it runs, and wait until it is healthy; True if this call started it.

    A running process is stopped first if its specification differs or it does not answer.
    `timeout` is in seconds.
    Raises ProcessError when the process ends or is not healthy in time; it is then stopped.
    """
    with lock(paths.RUN / f"{process.name}.lock"):
        record = records.read(process.name)
        alive = liveness.find(record)
        if alive and record and record.process == process and _is_responsive(process, alive):
            return False
        _stop([process.name])
        if process.health and not health.falls_silent(process.health):
            raise ProcessError(f"{process.name}: another program already listens at {process.health}")
        records.write(Record(process, starting=True))
        spawned = _spawn(process)
        records.write(Record(process, spawned.pid))
        try:
            _wait_healthy(process, spawned, timeout)
        except ProcessError:
            _stop([process.name])
            raise
        return True


def stop(name: str) -> bool:
    """Stop the process: SIGTERM, SIGKILL after GRACE; True if it ran."""
    return bool(_stop([name]))


def stop_all(keep: Collection[str] = ()) -> list[str]:
    """Stop all but those in `keep`, in reverse order of start; returns the names of those that ran."""
    stopped: list[str] = []
    # Once more as long as something ran: until it was stopped itself, it may have started others.
    while stopped_now := _stop_once(keep):
        stopped += stopped_now
    return stopped


def remove(name: str) -> None:
    """Stop the process and forget it."""
    _stop([name])
    records.file(name).unlink(missing_ok=True)


def living() -> dict[str, psutil.Process]:
    """The recorded processes that are alive, by name."""
    return {r.process.name: alive for r in records.read_all() if (alive := liveness.find(r))}


def statuses() -> list[Status]:
    """How each recorded process is, in order of start."""
    return [_status(record) for record in records.read_all()]


def _stop_once(keep: Collection[str]) -> list[str]:
    doomed = [r.process for r in reversed(records.read_all()) if r.process.name not in keep]
    groups = [[p.name for p in same] for _, same in groupby(doomed, key=lambda p: p.order)]
    return [name for group in groups for name in _stop(group)]


def _status(record: Record) -> Status:
    process, alive = record.process, liveness.find(record)
    if not alive:
        state = "died" if record.pid else "stopped"
    elif process.health and not health.healthy(process.health, process.ca):
        state = "unhealthy"
    else:
        state = "running"
    memory = liveness.resident(alive) if alive else 0
    return Status(process.name, state, alive.pid if alive else None, memory, logs.file(process.name))


def _spawn(process: Process) -> psutil.Process:
    path = f"{paths.BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    program = shutil.which(process.argv[0], path=path)
    if program is None:
        raise ProcessError(f"{process.name}: there is no program {process.argv[0]}")
    inherited = {key: os.environ[key] for key in INHERITED if key in os.environ}
    _children[:] = [child for child in _children if child.poll() is None]
    with logs.fresh(process.name).open("wb") as output:
        child = subprocess.Popen(
            [program, *process.argv[1:]],
            env={"PATH": path, **inherited, **process.env, MARKER: str(records.file(process.name))},
            cwd=process.cwd or paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(child)
    return psutil.Process(child.pid)


def _is_responsive(process: Process, running: psutil.Process) -> bool:
    try:
        _wait_healthy(process, running, timeout=GRACE)
    except ProcessError:
        return False
    return True


def _wait_healthy(process: Process, spawned: psutil.Process, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while is_alive(spawned):
        if process.health is None or health.healthy(process.health, process.ca):
            return
        if time.monotonic() > deadline:
            raise ProcessError(
                f"{process.name}: not healthy after {timeout:.0f} s", log=logs.file(process.name)
            )
        time.sleep(0.1)
    raise ProcessError(f"{process.name}: ended at once", log=logs.file(process.name))


def _stop(names: list[str]) -> list[str]:
    alive = {name: found for name in names if (found := liveness.find(records.read(name)))}
    families = [member for process in alive.values() for member in liveness.members(process)]
    _signal(list(alive.values()), signal.SIGTERM)
    _signal(_survivors(families), signal.SIGKILL)
    _survivors(families)
    for name in names:
        if record := records.read(name):
            records.write(Record(record.process))
    return list(alive)


def _survivors(targets: list[psutil.Process]) -> list[psutil.Process]:
    """Those still alive after GRACE, or nobody as soon as all are gone."""
    deadline = time.monotonic() + GRACE
    while (left := [target for target in targets if is_alive(target)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _signal(targets: list[psutil.Process], number: signal.Signals) -> None:
    for target in targets:
        try:
            target.send_signal(number)
        except psutil.NoSuchProcess:
            continue
