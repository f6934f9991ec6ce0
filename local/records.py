"""What the local environment knows of each of its processes, on disk: `.local/run/<name>.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local import paths


@dataclass(frozen=True)
class Process:
    """What to run, and how to tell that it is up."""

    name: str
    """Unique; names the record and the log."""
    argv: tuple[str, ...]
    """Program and arguments; a program without a slash is looked up in `.local/bin`, then on PATH."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to PATH and the few variables that every process inherits; nothing else is inherited."""
    health: str | None = None
    """`http://…` or `https://…` that answers 2xx, or `tcp://127.0.0.1:<port>` that accepts.

    None: it is enough that the process is alive."""
    ca: str | None = None
    """Certificate file that an `https` health address is checked against."""
    cwd: str | None = None
    """Working folder; default: the project's."""
    order: int = 0
    """Lower ones are started earlier and stopped later; equal ones are stopped together."""

    def words(self) -> str:
        """All that the process is told: arguments, variables and its health address."""
        return " ".join([*self.argv, *self.env.values(), self.health or ""])


@dataclass(frozen=True)
class Record:
    """A process and, while it is meant to run, its pid."""

    process: Process
    pid: int | None = None
    starting: bool = False
    """Its starter has not written the pid down yet."""


def file(name: str) -> Path:
    """Where the record of this process is kept."""
    return paths.RUN / f"{name}.json"


def write(record: Record) -> None:
    """Write the record whole or not at all; it may hold secrets, so only its owner can read it."""
    paths.RUN.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = file(record.process.name).with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(asdict(record), indent=2))
    partial.replace(file(record.process.name))


def read(name: str) -> Record | None:
    """The record of this process, if there is one."""
    try:
        data = json.loads(file(name).read_text())
    except FileNotFoundError:
        return None
    process = Process(**{**data["process"], "argv": tuple(data["process"]["argv"])})
    return Record(process, data["pid"], data["starting"])


def read_all() -> list[Record]:
    """All records, by order of start, then name."""
    found = [record for path in paths.RUN.glob("*.json") if (record := read(path.stem))]
    return sorted(found, key=lambda r: (r.process.order, r.process.name))
