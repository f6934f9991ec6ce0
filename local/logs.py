"""The logs of the local environment: `.local/logs/<name>.log`."""

from pathlib import Path

from local import paths


def file(name: str) -> Path:
    """Where the process or command of this name writes; its folder exists."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    return paths.LOGS / f"{name}.log"


def fresh(name: str) -> Path:
    """The same, for a new start: what the start before has written is kept as `<name>.previous.log`."""
    log = file(name)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    return log
