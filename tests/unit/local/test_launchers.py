"""The launchers, executed as the engine executes plugins."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import psutil
import pytest
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import language_pb2_grpc, provider_pb2_grpc

from local.launchers import MODULES, POLICY_HOST, write_launchers
from local.liveness import is_alive
from tests.local.clone import PATIENCE, wait_for

ENGINE = "127.0.0.1:1"


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    write_launchers(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "stub", "version"),
    [
        ("pulumi-language-python", language_pb2_grpc.LanguageRuntimeStub, ""),
        ("pulumi-resource-eks", provider_pb2_grpc.ResourceProviderStub, "4.3.0"),
    ],
)
def test_plugins_answer_the_engine(bin_folder: Path, name: str, stub: type, version: str) -> None:
    plugin = subprocess.Popen(
        [bin_folder / name, ENGINE], cwd="/", stdout=subprocess.PIPE, start_new_session=True
    )
    assert plugin.stdout
    try:
        with grpc.insecure_channel(f"127.0.0.1:{int(plugin.stdout.readline())}") as channel:
            assert stub(channel).GetPluginInfo(Empty(), timeout=PATIENCE).version == version
    finally:
        os.killpg(plugin.pid, signal.SIGINT)  # how the engine ends its plugins
        plugin.communicate(timeout=PATIENCE)


def test_plugins_end_with_a_killed_engine(bin_folder: Path) -> None:
    # Stands for the engine: starts the plugins, tells that they serve, and is killed.
    engine = f"""
import subprocess, time
started = [
    subprocess.Popen([f"{bin_folder}/{{name}}", "{ENGINE}"], stdout=subprocess.PIPE, start_new_session=True)
    for name in {list(MODULES)}
]
for plugin in started:
    plugin.stdout.readline()
print(*(plugin.pid for plugin in started), flush=True)
time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", engine], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    plugins = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
    assert len(plugins) == len(MODULES)
    process.kill()
    process.communicate()
    wait_for(lambda: not any(map(is_alive, plugins)), PATIENCE, "the end of the plugins of a killed engine")


def test_writing_again_replaces_and_leaves_the_rest(bin_folder: Path) -> None:
    (bin_folder / "pulumi").write_text("built")
    (bin_folder / "pulumi-resource-eks").write_text("old")
    write_launchers(bin_folder)
    assert sorted(file.name for file in bin_folder.iterdir()) == sorted(
        ["aws", "pulumi", POLICY_HOST, *MODULES]
    )
    assert "local.pulumi_eks" in (bin_folder / "pulumi-resource-eks").read_text()
    assert (bin_folder / "aws").readlink() == Path(sys.executable).parent / "aws"
