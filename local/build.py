"""Compiles and links the binaries of the toolchain's modules, and tells how far that is."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from local import golang
from local.golang import Go
from local.progress import Step, duration

MINIMUM = 50
"""Packages compiled before the rest of the time is estimated; the first ones are small."""


class Build:
    """One build of all modules; the packages of the next are downloaded while one is compiled."""

    def __init__(self, go: Go, work: Path, target: Path, step: Step) -> None:
        """`work` holds a folder per module; the binaries go to `target`."""
        self.go = go
        self.work = work
        self.target = target
        self.step = step
        self.listed: set[str] = set()
        self.needed: set[str] = set()
        self.compiled: set[str] = set()
        self.downloads = 0
        self.compiling_since: float | None = None

    def run(self, modules: dict[str, Any]) -> None:
        """Build every binary of the modules. Raises LocalError."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            try:
                lists = pool.submit(self._list_all, modules)
                for name, module in modules.items():
                    while name not in self.listed:
                        self._look(lists)
                    self.compiling_since = self.compiling_since or self.step.elapsed
                    self._finish(lists, pool.submit(self._compile, name, module), name, module["binaries"])
            except BaseException:
                self.go.stop()
                raise
        self.step.result = f"{len(self.compiled)} packages compiled"

    def _list_all(self, modules: dict[str, Any]) -> None:
        """Download what the modules need, and note the packages that are not compiled yet."""
        for name, module in modules.items():
            # Without EmbedFiles, Go takes packages that embed files for stale.
            arguments = ["list", "-x", "-deps", *golang.FLAGS, "-json=ImportPath,Stale,EmbedFiles"]
            log = self.work / f"{name}.list.log"
            found = self.go.run(
                [*arguments, *module["binaries"].values()], self.work / name, log, self._on_download
            )
            self.needed |= {package["ImportPath"] for package in _objects(found) if package.get("Stale")}
            self.listed.add(name)

    def _compile(self, name: str, module: dict[str, Any]) -> None:
        variables = [f"-X {key}={value}" for key, value in module.get("variables", {}).items()]
        arguments = [
            "build",
            "-v",
            "-buildvcs=false",
            *golang.FLAGS,
            "-ldflags",
            " ".join(["-s -w", *variables]),
        ]
        arguments += ["-o", f"{self._linked(name)}/", *module["binaries"].values()]
        # What a killed build leaves behind goes with the work folder.
        temporary = self.work / "tmp"
        temporary.mkdir(exist_ok=True)
        self.go.run(
            arguments, self.work / name, self.work / f"{name}.log", self._on_compile, GOTMPDIR=str(temporary)
        )

    def _finish(
        self, lists: "Future[None]", compilation: "Future[None]", name: str, binaries: dict[str, str]
    ) -> None:
        """Wait for the module's compilation, and move each binary to its place once it is linked."""
        linked = {
            binary: self._linked(name) / _executable_name(package) for binary, package in binaries.items()
        }
        announced: set[str] = set()
        while not compilation.done():
            self._look(lists)
            for binary in sorted(linked.keys() - announced):
                if linked[binary].exists():
                    announced.add(binary)
                    self.step.note(f"{binary} linked")
        compilation.result()
        for binary, file in linked.items():
            file.rename(self.target / binary)

    def _linked(self, name: str) -> Path:
        return self.work / f"{name}.bin"

    def _look(self, lists: "Future[None]") -> None:
        time.sleep(0.2)
        if lists.done():
            lists.result()
        done, total = len(self.compiled), len(self.needed)
        if self.compiling_since is None:
            self.step.status(f"downloading Go modules: {self.downloads} so far")
        elif not lists.done():
            self.step.status(f"{done} packages compiled, {self.downloads} Go modules downloaded so far")
        else:
            self.step.status(f"{done} of {total} packages compiled{self._estimate(done, total)}")

    def _estimate(self, done: int, total: int) -> str:
        if done < MINIMUM:
            return ""
        rest = (self.step.elapsed - (self.compiling_since or 0)) / done * (total - done)
        return f", about {duration(rest)} left"

    def _on_download(self, line: str) -> None:
        self.downloads += line.startswith("go: downloading ")

    def _on_compile(self, line: str) -> None:
        if line in self.needed:
            self.compiled.add(line)


def _executable_name(package: str) -> str:
    """The name that Go gives the executable: the last element of the path that is not a major version."""
    *_, parent, last = ["", *package.split("/")]
    return parent if last.startswith("v") and last[1:].isdigit() else last


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder, position = json.JSONDecoder(), 0
    while start := text.find("{", position) + 1:
        found, position = decoder.raw_decode(text, start - 1)
        yield found
