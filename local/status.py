"""`status`: the processes and the Applications of the local environment."""

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local import applications, clusters, paths, processes
from local.applications import Application
from local.kube import Kube, KubeError
from local.processes import Status

WIDTH = 200
"""Columns of the tables where there is no terminal."""

COLOURS = {"running": "green", "stopped": "dim"}


def status(*, as_json: bool) -> bool:
    """Print how everything is; True if all is well, that is running, Synced and Healthy."""
    found, read = processes.statuses(), _applications()
    if as_json:
        print(
            json.dumps({"processes": [_as_data(s) for s in found], "applications": [vars(a) for a in read]})
        )
    else:
        _print(found, read)
    return bool(read) and all(s.state == "running" for s in found) and all(a.ready for a in read)


def _applications() -> list[Application]:
    found: list[Application] = []
    for cluster in clusters.names():
        try:
            found += applications.read_all(Kube(cluster))
        except KubeError:
            continue
    return found


def _as_data(status: Status) -> dict[str, Any]:
    return {**vars(status), "log": str(status.log)}


def _print(found: list[Status], read: list[Application]) -> None:
    # A table that is cut off to fit would be of no use to other programs.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    if not found:
        console.print("Nothing runs; `make up` starts the local environment.")
        return
    table = Table("Process", "State", "Pid", "Memory", "Log", box=None)
    for one in found:
        state = Text(one.state, COLOURS.get(one.state, "red"))
        table.add_row(one.name, state, str(one.pid or ""), _mebibytes(one.memory), _here(one.log))
    table.add_row("", "", "", _mebibytes(sum(one.memory for one in found)), "")
    console.print(table)
    console.print()
    table = Table("Application", "Sync", "Health", "Revision", "Message", box=None)
    for application in read:
        colour = "green" if application.ready else "red"
        facts = (application.sync, application.health, application.revision[:7], application.message)
        table.add_row(application.name, *(Text(fact, colour) for fact in facts))
    console.print(table)


def _here(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.0f} MiB" if size else ""
