"""The builder, with the real Go, small modules, and a registry in a folder."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from local import golang, paths, slim, toolchain
from local.errors import LocalError
from local.golang import RegistryError
from local.lock import lock
from local.progress import Progress
from tests.local.clone import PATIENCE, wait_for

USER_CACHE = paths.CACHE

LIBRARY = {
    "go.mod": "module example.org/library\n\ngo 1.27\n",
    "greeting.go": """package library

import _ "example.org/library/unwanted"

func Greeting() string { return "whole" }
""",
    "unwanted/unwanted.go": "package unwanted\n",
    "parts/kept/kept.go": "package kept\n",
    "parts/other/other.go": "package other\n",
    "data/notice.txt": "notice\n",
}
MAIN = """package main

import "example.org/library"

var version = "unset"

func main() { println(library.Greeting(), version) }
"""
SLIM = """
[[tools.sources]]
name = "library"
module = "example.org/library"
version = "v1.0.0"
sum = "{sum}"
remove = ["unwanted"]
keep = {{ "parts" = ["kept"] }}
edits = [
  {{ file = "greeting.go", pattern = '^import .*\\n', replacement = "" }},
  {{ file = "greeting.go", pattern = "whole", replacement = "small" }},
]
"""


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Path) -> Path:
    """A registry that has one module; nothing is downloaded yet, Go's own packages are compiled already."""
    folder = tmp_path / "registry" / "example.org" / "library" / "@v"
    folder.mkdir(parents=True)
    (folder / "v1.0.0.info").write_text('{"Version": "v1.0.0"}')
    (folder / "v1.0.0.mod").write_text(LIBRARY["go.mod"])
    with zipfile.ZipFile(folder / "v1.0.0.zip", "w") as archive:
        for name, content in LIBRARY.items():
            archive.writestr(f"example.org/library@v1.0.0/{name}", content)
    monkeypatch.setenv("GOPROXY", (tmp_path / "registry").as_uri())
    monkeypatch.setenv("GONOSUMDB", "example.org")
    monkeypatch.setattr(toolchain, "SOURCES", tmp_path / "toolchain")
    build_cache = paths.CACHE / "go" / "build"
    build_cache.parent.mkdir(parents=True)
    build_cache.symlink_to(USER_CACHE / "go" / "build")
    return folder


def write(files: dict[str, str]) -> None:
    for name, content in files.items():
        file = toolchain.SOURCES / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def checksum() -> str:
    """What Go itself says that the module's checksum is."""
    log = paths.CACHE / "checksum.log"
    arguments = ["mod", "download", "-json", "example.org/library@v1.0.0"]
    return str(json.loads(golang.Go().run(arguments, paths.CACHE, log))["Sum"])


def module_with_library(toml: str = "", replace: str = "") -> None:
    go_mod_sum = base64.b64encode(hashlib.sha256(_listing("go.mod", LIBRARY["go.mod"])).digest()).decode()
    sums = f"example.org/library v1.0.0 {checksum()}\nexample.org/library v1.0.0/go.mod h1:{go_mod_sum}\n"
    write(
        {
            "tools/go.mod": f"module tools\n\ngo 1.27\n\nrequire example.org/library v1.0.0\n{replace}",
            "tools/go.sum": sums,
            "tools/greet/main.go": MAIN,
            "toolchain.toml": '[tools.binaries]\ngreet = "./greet"\n' + toml,
        }
    )


def _listing(name: str, content: str) -> bytes:
    return f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n".encode()


def ensure(text: StringIO | None = None) -> str:
    """Build, and return what is said meanwhile, which goes to `text`, too."""
    text = text or StringIO()
    with Progress(Console(file=text, width=200)).step("Toolchain") as step:
        toolchain.ensure(step)
    return text.getvalue()


def output(binary: str) -> str:
    return subprocess.run([paths.BIN / binary], check=True, capture_output=True, text=True).stderr.strip()


def test_binaries_variables_links_and_files() -> None:
    more = """[tools.links]
hello = "greet"
[tools.variables]
"main.version" = "v7"
[[tools.files]]
module = "example.org/library"
path = "data"
to = "share/data"
[[tools.files]]
module = "example.org/library"
path = "data/notice.txt"
to = "bin/notice"
"""
    module_with_library(more)
    said = ensure()
    assert "greet linked" in said
    assert output("greet") == output("hello") == "whole v7"
    assert (paths.SHARE / "data" / "notice.txt").read_text() == "notice\n"
    assert os.access(paths.BIN / "notice", os.X_OK)
    assert [path.name for path in (paths.CACHE / "toolchain").iterdir() if path.is_dir()] == [
        toolchain.content_hash()
    ]


def test_what_is_built_is_not_built_again_and_serves_another_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module_with_library()
    ensure()
    monkeypatch.setattr(paths, "BIN", tmp_path / "clone" / "bin")
    monkeypatch.setattr(paths, "SHARE", tmp_path / "clone" / "share")
    monkeypatch.setenv("GOPROXY", "off")
    assert "nothing to build" in ensure()
    assert output("greet") == "whole unset"


def test_the_hash_follows_every_source_and_the_version_of_go(monkeypatch: pytest.MonkeyPatch) -> None:
    module_with_library()
    seen = {toolchain.content_hash()}
    write({"tools/greet/main.go": MAIN + "\n"})
    seen.add(toolchain.content_hash())
    (toolchain.SOURCES / "tools" / "go.sum").rename(toolchain.SOURCES / "tools" / "other")
    seen.add(toolchain.content_hash())
    monkeypatch.setattr(golang, "go_version", lambda: "1.99")
    seen.add(toolchain.content_hash())
    assert len(seen) == 4


def test_a_module_is_compiled_from_a_smaller_copy_by_the_rules() -> None:
    module_with_library(SLIM.format(sum=checksum()), "replace example.org/library => ./slim/library\n")
    module = tomllib.loads((toolchain.SOURCES / "toolchain.toml").read_text())["tools"]
    copy = paths.CACHE / "copy"
    slim.copy(golang.Go(), module["sources"][0], copy, paths.CACHE / "copy.log")
    assert sorted(str(p.relative_to(copy)) for p in copy.rglob("*") if p.is_file()) == [
        "data/notice.txt",
        "go.mod",
        "greeting.go",
        "parts/kept/kept.go",
    ]
    ensure()
    assert output("greet") == "small unset"


def test_a_module_with_another_checksum_is_refused() -> None:
    module_with_library(SLIM.format(sum="h1:AAAA"), "replace example.org/library => ./slim/library\n")
    with pytest.raises(LocalError, match=r"example\.org/library@v1\.0\.0 is not the one in toolchain\.toml"):
        ensure()


def test_an_edit_that_matches_nothing_is_an_error() -> None:
    rules = SLIM.format(sum=checksum()).replace('"whole"', '"hole in one"')
    module_with_library(rules, "replace example.org/library => ./slim/library\n")
    with pytest.raises(LocalError, match=r"edits greeting.go, but nothing in it matches 'hole in one'"):
        ensure()


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [
        ("http://127.0.0.1:1", "connection refused"),
        ("http://no-such-host.invalid", "no such host"),
        ("off", "GOPROXY=off"),
    ],
)
def test_a_registry_out_of_reach_is_told(proxy: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module_with_library()
    shutil.rmtree(paths.CACHE / "go" / "mod")
    monkeypatch.setenv("GOPROXY", proxy)
    with pytest.raises(RegistryError) as caught:
        ensure()
    message = str(caught.value)
    assert message.startswith("The Go module example.org/library@v1.0.0 cannot be downloaded: ")
    assert reason in message
    assert "GOPROXY" in message


def test_a_compiler_error_is_shown_with_its_log() -> None:
    module_with_library()
    write({"tools/greet/main.go": MAIN.replace("println", "no_such_function")})
    with pytest.raises(LocalError, match=r"(?s)`go build` failed.*undefined: no_such_function"):
        ensure()


def test_a_build_that_was_killed_is_done_again() -> None:
    module_with_library()
    code = (
        "import pathlib, sys\n"
        "from local import paths, progress, toolchain\n"
        f"paths.CACHE, paths.BIN, paths.SHARE = {paths.CACHE!r}, {paths.BIN!r}, {paths.SHARE!r}\n"
        f"toolchain.SOURCES = {toolchain.SOURCES!r}\n"
        "with progress.Progress().step('Toolchain') as step: toolchain.ensure(step)\n"
    ).replace("PosixPath", "pathlib.Path")
    work = (paths.CACHE / "toolchain" / toolchain.content_hash()).with_suffix(".work")
    builder = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, cwd=paths.ROOT)
    while not (work / "tools.list.log").exists() and builder.poll() is None:
        time.sleep(0.005)
    builder.send_signal(signal.SIGKILL)
    builder.wait()
    assert work.exists()
    ensure()
    assert output("greet") == "whole unset"
    assert not work.exists()


def test_a_build_that_another_process_has_begun_is_waited_for() -> None:
    module_with_library()
    said, waits = StringIO(), "Another build of this toolchain is running"
    second = threading.Thread(target=ensure, args=[said])
    with lock((paths.CACHE / "toolchain" / toolchain.content_hash()).with_suffix(".lock")):
        second.start()
        wait_for(lambda: waits in said.getvalue(), PATIENCE, waits)
        assert not (paths.BIN / "greet").exists()
    second.join()
    assert output("greet") == "whole unset"
