"""How the engine is run and watched, with a small program in its place."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local import engine, liveness, paths
from local.engine import Event
from local.errors import LocalError
from tests.local.clone import PATIENCE, wait_for

PROLOGUE = """#!{python}
import json, os, signal, sys, time
options = dict(a.removeprefix("--").split("=", 1) for a in sys.argv if "=" in a)
def tell(**event):
    with open(options["event-log"], "a") as log: print(json.dumps(event), file=log)
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    monkeypatch.setattr("local.environment.variables", dict)
    monkeypatch.setattr(paths, "ROOT", tmp_path)


def pulumi(code: str) -> None:
    paths.BIN.mkdir(parents=True, exist_ok=True)
    file = paths.BIN / "pulumi"
    file.write_text(PROLOGUE.format(python=sys.executable) + code)
    file.chmod(0o755)


def test_a_command_answers_and_its_messages_are_logged() -> None:
    pulumi("print(sys.stdin.read().upper()); print('a warning', file=sys.stderr)")
    assert engine.run("config", text="quiet") == "QUIET\n"
    assert (paths.LOGS / "pulumi.log").read_text() == "a warning\n"


def test_a_failed_command_shows_its_messages() -> None:
    pulumi("sys.exit('no such stack')")
    with pytest.raises(LocalError, match=r"(?s)`pulumi stack` failed.*no such stack"):
        engine.run("stack", "export")


def test_events_are_told_while_the_update_runs() -> None:
    pulumi("tell(first=1)\nwhile not os.path.exists('go'): time.sleep(0.01)\ntell(second=2)")
    told: list[Event] = []

    def on_event(event: Event) -> None:
        told.append(event)
        (paths.ROOT / "go").touch()

    engine.update("up", on_event=on_event)
    assert told == [{"first": 1}, {"second": 2}]


def test_a_failed_update_tells_the_errors_of_the_resources() -> None:
    pulumi(
        "tell(diagnosticEvent={'severity': 'warning', 'message': 'old'})\n"
        "tell(diagnosticEvent={'severity': 'error', 'urn': 'urn::t::vpc', 'message': 'no room\\n'})\n"
        "tell(diagnosticEvent={'severity': 'error', 'message': 'Traceback (most recent call last)…'})\n"
        "tell(diagnosticEvent={'severity': 'error', 'message': 'update failed'})\n"
        "sys.exit(1)"
    )
    with pytest.raises(LocalError) as caught:
        engine.update("up", on_event=lambda event: None)
    assert caught.value.cause == "vpc: no room"


def test_an_update_that_fails_without_a_word_shows_the_log() -> None:
    pulumi("sys.exit('unknown flag')")
    with pytest.raises(LocalError, match=r"(?s)`pulumi up` failed.*unknown flag"):
        engine.update("up", on_event=lambda event: None)


def test_an_interrupted_update_may_finish_what_it_is_doing(tmp_path: Path) -> None:
    done = tmp_path / "done"
    pulumi(
        f"def end(*_): open({str(done)!r}, 'w').close(); sys.exit(1)\n"
        "signal.signal(signal.SIGINT, end); tell(ready=True); time.sleep(600)"
    )

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.update("up", on_event=interrupt)
    assert done.exists()


def test_an_interrupted_update_that_does_not_finish_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 0.3)
    pulumi("signal.signal(signal.SIGINT, signal.SIG_IGN); tell(pid=os.getpid()); time.sleep(600)")
    pids: list[int] = []

    def interrupt(event: Event) -> None:
        pids.append(event["pid"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.update("up", on_event=interrupt)
    assert not psutil.pid_exists(pids[0])


def test_an_engine_that_outlived_its_command_is_ended() -> None:
    pulumi("tell(pid=os.getpid()); time.sleep(600)")
    marker = str(paths.RUN / "pulumi")
    command = [str(paths.BIN / "pulumi"), "up", f"--event-log={paths.BIN / 'events'}"]
    orphan = subprocess.Popen(command, start_new_session=True, env={liveness.MARKER: marker})
    try:
        wait_for((paths.BIN / "events").exists, PATIENCE, "the engine is at work")
        assert engine.end_leftover()
        assert not engine.end_leftover()
    finally:
        orphan.kill()
        orphan.wait()
