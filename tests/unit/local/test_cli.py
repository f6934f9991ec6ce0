"""The command line: help, exit codes, and one command at a time."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import settings
from local import __main__ as cli
from local import paths, processes
from local.errors import LocalError
from local.up import alone
from planning.config_reader import Problem


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Handlers are the test runner's again after each test."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run_up(monkeypatch: pytest.MonkeyPatch, behaviour: Callable[[object], list[str]]) -> int:
    monkeypatch.setattr(cli, "up", behaviour)
    return cli.main(["up"])


def fail(error: BaseException) -> Callable[[object], list[str]]:
    def behaviour(progress: object) -> list[str]:
        raise error

    return behaviour


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for command in ("up", "down", "status", "env", "build", "preview", "clean"):
        assert f"\n    {command} " in shown


@pytest.mark.parametrize("arguments", [[], ["upp"], ["status", "--yaml"]])
def test_what_is_not_a_command_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_success_prints_what_a_person_wants_to_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_up(monkeypatch, lambda progress: ["Cluster x"]) == 0
    assert capsys.readouterr().out == "\nCluster x\n"


def test_a_failure_says_cause_log_and_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = tmp_path / "x.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    assert run_up(monkeypatch, fail(LocalError("It broke.", log=log, remedy="mend it."))) == 1
    shown = capsys.readouterr().err
    assert "It broke." in shown
    assert "line 99" in shown
    assert "line 10\n" not in shown
    assert "What to do: mend it." in shown


def test_settings_errors_are_bad_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [Problem(key, "1", "is wrong", "Mend it") for key in ("vpcCidr", "natGateways")]
    assert run_up(monkeypatch, fail(settings.ConfigError(problems))) == 2
    shown = capsys.readouterr().err
    assert "vpcCidr" in shown
    assert "natGateways" in shown


def test_ctrl_c_has_the_exit_code_of_shells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_up(monkeypatch, fail(KeyboardInterrupt())) == 130


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_it_is_ended_it_ends_orderly(ending: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    def behaviour(progress: object) -> list[str]:
        os.kill(os.getpid(), ending)
        return []

    assert run_up(monkeypatch, behaviour) == 130


def test_a_second_command_says_that_one_is_running() -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(run=paths.RUN)], stdout=subprocess.PIPE, cwd=paths.ROOT, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LocalError, match=r"`make up` is running in this folder"), alone("down"):
        pass
    holder.kill()
    holder.communicate()
    with alone("down"):
        pass


HOLD = """
import pathlib, time
from local import paths
from local.up import alone
paths.RUN = pathlib.Path("{run}")
with alone("up"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_down_stops_everything_and_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    processes.start(processes.Process("nap", ("sleep", "600")))
    assert cli.main(["down"]) == 0
    assert "1 processes" in capsys.readouterr().err
    assert processes.living() == {}
    assert cli.main(["down"]) == 0
    assert "nothing was running" in capsys.readouterr().err


def test_clean_forgets_everything() -> None:
    processes.start(processes.Process("nap", ("sleep", "600")))
    assert cli.main(["clean"]) == 0
    assert not paths.LOCAL.exists()


def test_status_is_a_failure_unless_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status"]) == 1
    assert "Nothing runs" in capsys.readouterr().out
