"""What a killed engine leaves beside the state."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from local import engine, environment, repair
from local.errors import LocalError
from local.progress import Progress


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The engine's commands that are run; none is."""
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(engine, "run", lambda *arguments: ran.append(arguments))
    return ran


def lock(name: str, content: str) -> None:
    file = environment.backend() / ".pulumi/locks/organization/project/local" / name
    file.parent.mkdir(parents=True)
    file.write_text(content)


def run() -> None:
    with Progress(Console(file=StringIO())).step("Stack") as step:
        repair.repair(step)


def ended() -> int:
    """The id of a process that was there."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_nothing_is_done_where_nothing_is_left(commands: list[tuple[str, ...]]) -> None:
    run()
    assert commands == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("1.json", json.dumps({"pid": ended()})),
        ("1.json.18a2.tmp", ""),
        ("1.json.18a2.tmp", '{"pid": 1'),
    ],
)
def test_the_lock_of_an_engine_that_is_gone_is_removed(
    commands: list[tuple[str, ...]], name: str, content: str
) -> None:
    """Incident: killed while it wrote its lock, the engine left an empty file, and every later one failed."""
    lock(name, content)
    run()
    assert commands == [("cancel", "--yes")]


def test_the_lock_of_another_program_that_has_the_id_now_is_removed(commands: list[tuple[str, ...]]) -> None:
    lock("1.json", json.dumps({"pid": psutil.Process().pid}))
    run()
    assert commands == [("cancel", "--yes")]


def test_an_engine_at_work_is_left_alone(commands: list[tuple[str, ...]], tmp_path: Path) -> None:
    program = tmp_path / "pulumi"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "600"]) as pulumi:
        try:
            lock("1.json", json.dumps({"pid": pulumi.pid}))
            with pytest.raises(LocalError, match=rf"`pulumi` \(process {pulumi.pid}\) is changing the stack"):
                run()
        finally:
            pulumi.kill()
    assert commands == []
