"""Real small processes, started, watched and stopped."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from local import liveness, paths, ports, processes, records
from local.processes import Process, ProcessError
from tests.local.clone import PATIENCE, wait_for

SLEEP = ("sleep", "600")


def http_server(name: str = "web", env: dict[str, str] | None = None) -> Process:
    number = ports.port(name)
    argv = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(number))
    return Process(name, argv, env or {}, health=f"http://127.0.0.1:{number}/", cwd=str(paths.LOCAL))


def python(name: str, code: str, **more: object) -> Process:
    return Process(name, (sys.executable, "-c", code), **more)  # type: ignore[arg-type]


def pid(name: str) -> int:
    return processes.living()[name].pid


def wait_for_line(name: str) -> None:
    """Wait until the process says that it is ready."""
    wait_for(lambda: "ready" in (paths.LOGS / f"{name}.log").read_text(), PATIENCE, f"{name} is ready")


def test_start_waits_until_the_server_answers_and_says_that_it_started_it() -> None:
    assert processes.start(http_server())
    [status] = processes.statuses()
    assert (status.name, status.state) == ("web", "running")
    assert status.memory > 1_000_000


def test_starting_what_runs_changes_nothing() -> None:
    server = http_server()
    processes.start(server)
    first = pid("web")
    assert not processes.start(server)
    assert pid("web") == first


def test_another_specification_replaces_the_process() -> None:
    processes.start(http_server())
    first = pid("web")
    assert processes.start(http_server(env={"COLOUR": "green"}))
    assert pid("web") != first
    assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE


def test_two_starts_at_once_make_one_process() -> None:
    server = http_server()
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(processes.start(server))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]


def test_a_process_that_ends_at_once_is_an_error_with_the_end_of_its_log() -> None:
    with pytest.raises(ProcessError, match=r"(?s)broken: ended at once.*no such database"):
        processes.start(
            python("broken", "import sys; sys.exit('no such database')", health="tcp://127.0.0.1:1")
        )
    assert processes.living() == {}


def test_a_process_that_never_gets_healthy_is_stopped() -> None:
    with pytest.raises(ProcessError, match="slow: not healthy after 1 s"):
        processes.start(Process("slow", SLEEP, health="tcp://127.0.0.1:1"), timeout=1)
    assert processes.living() == {}


def test_a_missing_program_is_an_error() -> None:
    with pytest.raises(ProcessError, match="there is no program no-such-program"):
        processes.start(Process("missing", ("no-such-program",)))


def test_a_server_of_somebody_else_is_not_taken_for_ours() -> None:
    processes.start(http_server())
    with pytest.raises(ProcessError, match="another program already listens"):
        processes.start(Process("second", SLEEP, health=records.read("web").process.health))  # type: ignore[union-attr]


def test_programs_of_the_environment_come_before_those_of_the_machine() -> None:
    paths.BIN.mkdir(parents=True)
    own = paths.BIN / "sleep"
    own.write_text("#!/bin/sh\necho own; exec /bin/sleep 600\n")
    own.chmod(0o755)
    processes.start(Process("own", SLEEP))
    assert wait_for((paths.LOGS / "own.log").read_text, PATIENCE, "a line in the log") == "own\n"


def test_only_the_specified_environment_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    processes.start(Process("quiet", SLEEP, {"COLOUR": "green"}))
    environ = psutil.Process(pid("quiet")).environ()
    assert environ["COLOUR"] == "green"
    assert environ["PATH"].startswith(str(paths.BIN))
    assert "AWS_PROFILE" not in environ


def test_a_killed_process_has_died_and_starts_again() -> None:
    server = http_server()
    processes.start(server)
    os.kill(pid("web"), signal.SIGKILL)
    wait_for(lambda: not processes.living(), PATIENCE, "the death of the server")
    assert [s.state for s in processes.statuses()] == ["died"]
    assert processes.start(server)
    assert [s.state for s in processes.statuses()] == ["running"]
    assert (paths.LOGS / "web.previous.log").exists()


def test_a_process_that_no_longer_answers_is_unhealthy_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    server = http_server()
    processes.start(server)
    first = pid("web")
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(processes, "GRACE", 3)
    monkeypatch.setattr("local.health.TIMEOUT", 1)
    assert [s.state for s in processes.statuses()] == ["unhealthy"]
    assert processes.start(server, timeout=PATIENCE)
    assert pid("web") != first


def test_a_stopped_process_keeps_its_record_and_a_removed_one_does_not() -> None:
    processes.start(Process("nap", SLEEP))
    assert processes.stop("nap")
    assert not processes.stop("nap")
    assert [s.state for s in processes.statuses()] == ["stopped"]
    processes.remove("nap")
    assert processes.statuses() == []


def test_a_process_that_ignores_sigterm_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE", 3)
    code = (
        "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen(['sleep', '600']); print('ready', flush=True); time.sleep(600)"
    )
    processes.start(python("stubborn", code))
    wait_for_line("stubborn")
    family = liveness.members(processes.living()["stubborn"])
    assert len(family) == 2
    processes.stop("stubborn")
    assert not any(liveness.is_alive(member) for member in family)


def test_all_are_stopped_in_reverse_order_but_those_to_keep(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    code = (
        "import signal, sys, time\n"
        "def end(*_): open(sys.argv[1], 'a').write(sys.argv[2]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('ready', flush=True); time.sleep(600)"
    )
    for name, order in {"a": 1, "b": 3, "c": 2}.items():
        argv = (sys.executable, "-c", code, str(journal), name)
        processes.start(Process(name, argv, order=order))
        wait_for_line(name)
    processes.start(Process("kept", SLEEP))
    assert processes.stop_all(keep={"kept"}) == ["b", "c", "a"]
    assert journal.read_text() == "bca"
    assert set(processes.living()) == {"kept"}


def test_what_a_process_starts_while_all_are_stopped_is_stopped_too() -> None:
    setup = f"from local import paths, processes; paths.RUN, paths.LOGS = {paths.RUN!r}, {paths.LOGS!r};"
    start = f"processes.start(processes.Process('late', {SLEEP!r}, order=9))"
    ready = "signal.signal(signal.SIGTERM, end); print('ready', flush=True); time.sleep(600)"
    code = (
        f"import signal, sys, time\nfrom pathlib import *\n{setup}\ndef end(*_): {start}; sys.exit()\n{ready}"
    )
    processes.start(python("starter", code))
    wait_for_line("starter")
    assert processes.stop_all() == ["starter", "late"]
    assert processes.living() == {}


def test_records_are_readable_by_their_owner_only() -> None:
    processes.start(Process("nap", SLEEP, {"TOKEN": "secret"}))
    assert records.file("nap").stat().st_mode & 0o777 == 0o600


def test_a_process_whose_starter_was_killed_before_it_wrote_the_pid_is_found() -> None:
    nap = Process("nap", SLEEP)
    records.write(records.Record(nap, starting=True))
    mark = {liveness.MARKER: str(records.file("nap"))}
    orphan = subprocess.Popen(SLEEP, start_new_session=True, env=mark)
    try:
        assert pid("nap") == orphan.pid
        assert not processes.start(nap)
        assert processes.stop_all() == ["nap"]
    finally:
        orphan.kill()
        orphan.wait()


def test_what_a_process_starts_through_this_module_outlives_it() -> None:
    setup = f"from local import paths, processes; paths.RUN, paths.LOGS = {paths.RUN!r}, {paths.LOGS!r};"
    code = f"from pathlib import *; {setup} processes.start(processes.Process('child', {SLEEP!r}))"
    processes.start(python("parent", f"{code}; import time; time.sleep(600)"))
    wait_for(lambda: "child" in processes.living(), PATIENCE, "the child")
    processes.stop("parent")
    assert set(processes.living()) == {"child"}
