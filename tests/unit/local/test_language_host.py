"""The language host over its real protocol; the executor is a stand-in that tells how it was started."""

import json
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import psutil
import pytest
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from local import language_host, paths
from tests.local.clone import PATIENCE, wait_for

ENGINE = "127.0.0.1:1"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Any]:
    paths.BIN.mkdir(parents=True)
    # Writes down its arguments and variables, then does what its configuration says.
    (paths.BIN / language_host.EXECUTOR).write_text(
        textwrap.dedent(f"""
            import json, os, sys, time
            told = {{"pid": os.getpid(), "arguments": sys.argv[1:], "variables": dict(os.environ)}}
            with open({str(tmp_path / "new")!r}, "w") as file:
                json.dump(told, file)
            os.rename({str(tmp_path / "new")!r}, {str(tmp_path / "told")!r})
            config = json.loads(os.environ["PULUMI_CONFIG"])
            time.sleep(int(config.get("p:sleep", 0)))
            sys.exit(int(config.get("p:code", 0)))
        """)
    )
    server = grpc.server(ThreadPoolExecutor())
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(language_host.LanguageHost(ENGINE), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)
    server.stop(grace=None).wait()


def request(folder: Path, **changes: Any) -> language_pb2.RunRequest:
    info = language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point="."
    )
    return language_pb2.RunRequest(project="p", stack="s", pwd=str(folder), info=info, **changes)


def told(folder: Path) -> Any:
    file = folder / "told"
    wait_for(file.exists, PATIENCE, "the program is started")
    return json.loads(file.read_text())


def test_program_gets_what_the_engine_says(host: Any, tmp_path: Path) -> None:
    given = request(
        tmp_path,
        config={"p:password": "hunter2"},
        configSecretKeys=["p:password"],
        dryRun=True,
        parallel=8,
        monitor_address="127.0.0.1:2",
        organization="o",
        args=["more"],
    )
    answer = host.Run(given)
    assert (answer.error, answer.bail) == ("", False)
    program = told(tmp_path)
    assert program["arguments"] == [
        *("--monitor", "127.0.0.1:2", "--engine", ENGINE, "--project", "p"),
        *("--root_directory", str(tmp_path), "--stack", "s", "--pwd", str(tmp_path)),
        *("--dry_run", "true", "--parallel", "8", "--organization", "o", ".", "more"),
    ]
    assert json.loads(program["variables"]["PULUMI_CONFIG"]) == {"p:password": "hunter2"}
    assert json.loads(program["variables"]["PULUMI_CONFIG_SECRET_KEYS"]) == ["p:password"]
    assert program["variables"]["VIRTUAL_ENV"] == str(Path(sys.executable).parent.parent)


@pytest.mark.parametrize(
    ("code", "error", "bail"),
    [("0", "", False), ("32", "", True), ("2", "the program ended with exit code 2", False)],
)
def test_exit_code_becomes_the_answer(host: Any, tmp_path: Path, code: str, error: str, bail: bool) -> None:
    answer = host.Run(request(tmp_path, config={"p:code": code}))
    assert (answer.error, answer.bail) == (error, bail)


def test_projects_virtual_environment_is_used(host: Any, tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    given = request(tmp_path)
    given.info.options["virtualenv"] = "venv"
    assert host.Run(given).error == ""
    variables = told(tmp_path)["variables"]
    assert variables["VIRTUAL_ENV"] == str(tmp_path / "venv")
    assert variables["PATH"].startswith(f"{tmp_path}/venv/bin:")


def test_missing_virtual_environment_is_named(host: Any, tmp_path: Path) -> None:
    given = request(tmp_path)
    given.info.options["virtualenv"] = ".venv"
    assert f"{tmp_path}/.venv/bin/python" in host.Run(given).error
    assert not (tmp_path / "told").exists()


def test_cancel_ends_the_program(host: Any, tmp_path: Path) -> None:
    running = host.Run.future(request(tmp_path, config={"p:sleep": "600"}))
    told(tmp_path)
    host.Cancel(Empty())
    assert running.result(timeout=PATIENCE).error == "the program ended with exit code -15"


def test_program_ends_when_nobody_waits_for_it(host: Any, tmp_path: Path) -> None:
    running = host.Run.future(request(tmp_path, config={"p:sleep": "600"}))
    pid = told(tmp_path)["pid"]
    running.cancel()
    # The host, in this same process, takes the exit code: nobody else may wait for the program.
    wait_for(lambda: not psutil.pid_exists(pid), PATIENCE, "the end of the program")


def test_engine_is_to_install_nothing(host: Any) -> None:
    assert list(host.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest()).packages) == []


def test_about_tells_interpreter_and_packages(host: Any) -> None:
    assert host.About(language_pb2.AboutRequest()).executable == sys.executable
    found = host.GetProgramDependencies(language_pb2.GetProgramDependenciesRequest()).dependencies
    assert "pulumi" in {package.name for package in found}
