"""Which operating system process a record stands for, and whether it is alive."""

import os

import psutil

from local import records
from local.records import Record

# Holds the path of the record in each process's environment. It tells the process from a later owner of its
# pid, and finds a process whose starter was killed before it could write the pid down.
MARKER = "GITOPS_PLATFORM_PROCESS"


def find(record: Record | None) -> psutil.Process | None:
    """The living process that the record stands for."""
    if record is None:
        return None
    marker = str(records.file(record.process.name))
    if record.starting:
        return find_marked(marker)
    try:
        found = psutil.Process(record.pid) if record.pid else None
        return found if found and _is_marked(found, marker) else None
    except psutil.Error:
        return None


def is_alive(process: psutil.Process) -> bool:
    """Whether the process runs; one that has ended but is not reaped yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def members(process: psutil.Process) -> list[psutil.Process]:
    """The process and its descendants in its session (what `local.processes` starts has one of its own)."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    return [member for member in family if _session(member) == process.pid]


def resident(process: psutil.Process) -> int:
    """Resident bytes of the process and its descendants."""
    return sum(_resident(member) for member in members(process))


def find_marked(marker: str) -> psutil.Process | None:
    """The living process that leads a session and has this mark in its environment."""
    for found in psutil.process_iter():
        try:
            if _is_marked(found, marker):
                return found
        except psutil.Error:
            continue
    return None


def _is_marked(process: psutil.Process, marker: str) -> bool:
    # A child inherits the mark, but leads no session; a zombie has no environment any more.
    return process.environ().get(MARKER) == marker and _session(process) == process.pid


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
