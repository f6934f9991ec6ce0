"""`status`: the processes and the Applications of the local environment."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local import applications, clusters, paths, processes, unhealthy
from local.applications import Application
from local.kube import Kube, KubeError
from local.processes import Status

WIDTH = 200
"""Columns of the tables where there is no terminal."""

COLOURS = {"running": "green", "stopped": "dim"}


def status(*, as_json: bool) -> bool:
    """Print how everything is; True if all is well, that is running, Synced and Healthy."""
    found, read = processes.statuses(), list(_applications())
    if as_json:
        listed = [{**asdict(one), "reasons": reasons} for one, reasons in read]
        print(json.dumps({"processes": [_as_data(s) for s in found], "applications": listed}))
    else:
        _print(found, read)
    return bool(read) and all(s.state == "running" for s in found) and all(a.ready for a, _ in read)


def _applications() -> Iterator[tuple[Application, list[str]]]:
    """Each Application, and why it is not as it should be."""
    for cluster in clusters.names():
        kube = Kube(cluster)
        try:
            for application in applications.read_all(kube):
                yield application, unhealthy.reasons(kube, application)
        except KubeError:
            continue


def _as_data(status: Status) -> dict[str, Any]:
    return {**vars(status), "log": str(status.log)}


def _print(found: list[Status], read: list[tuple[Application, list[str]]]) -> None:
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
    table = Table("Application", "Sync", "Health", "Revision", box=None)
    for application, _ in read:
        colour = "green" if application.ready else "red"
        facts = (application.sync, application.health, application.revision[:7])
        table.add_row(application.name, *(Text(fact, colour) for fact in facts))
    console.print(table)
    for application, reasons in read:
        for reason in filter(None, [application.problem, *reasons]):
            console.print(Text(f"{application.name}: {reason}", "red"), soft_wrap=True)


def _here(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.0f} MiB" if size else ""
