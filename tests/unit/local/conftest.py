"""A local environment of its own for each test, in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import paths, processes


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Points every folder of `local.paths` into `tmp_path`, and stops what the test leaves running."""
    local = tmp_path / "project" / ".local"
    for name, folder in {
        "BIN": "bin",
        "SHARE": "share",
        "LOGS": "logs",
        "STATE": "state",
        "RUN": "run",
    }.items():
        monkeypatch.setattr(paths, name, local / folder)
    monkeypatch.setattr(paths, "LOCAL", local)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    yield local
    processes.stop_all()
