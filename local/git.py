"""The Git server: this repository as it is committed, read-only, over HTTP on loopback.

A commit is served the moment it exists; there is no copy to push to. Of Git's smart HTTP protocol only the
service for fetching is here, and only for this one repository.
"""

import gzip
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from local import paths, ports
from local.errors import LocalError
from local.processes import Process

LOCATION = "/platform.git"
SERVICE = "git-upload-pack"


def url() -> str:
    """Where the repository is served."""
    return f"http://127.0.0.1:{ports.port('git')}{LOCATION}"


def process() -> Process:
    """The server as a process of the local environment.

    Raises LocalError if the project is no repository, or one from which Git lets nobody fetch.
    """
    try:
        shallow = _ask("rev-parse", "--is-shallow-repository") == "true"
    except subprocess.CalledProcessError:
        raise LocalError(
            f"{paths.ROOT} is no Git repository, and Argo CD needs its commits.",
            remedy="clone the project with Git.",
        ) from None
    if shallow:
        raise LocalError(
            "This clone is shallow, and Argo CD cannot fetch from one.", remedy="run `git fetch --unshallow`."
        )
    argv = (sys.executable, "-m", "local.git", str(ports.port("git")), str(paths.ROOT))
    return Process("git", argv, health=f"{url()}/info/refs?service={SERVICE}", order=10)


def uncommitted(folder: str) -> bool:
    """Whether the folder of the repository has changes that are not committed, and so are not served."""
    return bool(_ask("status", "--porcelain", "--", folder))


def _ask(*question: str) -> str:
    command = ["git", "-c", "safe.directory=*", "-C", str(paths.ROOT), *question]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def serve(port: int, repository: Path) -> None:
    """Serve the repository or worktree on this port of 127.0.0.1 until the process ends."""
    handler = type("Handler", (_Handler,), {"repository": repository})
    ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # large requests come in chunks
    repository: Path

    def do_GET(self) -> None:
        """List the refs, the first request of a fetch."""
        if self.path != f"{LOCATION}/info/refs?service={SERVICE}":
            self.send_error(404)
            return
        # Version 2 of the protocol has no such line.
        announcement = b"" if "version=2" in self._protocol() else b"001e# service=git-upload-pack\n0000"
        self._answer("advertisement", announcement + self._upload_pack("--advertise-refs"))

    def do_POST(self) -> None:
        """Send what the client asks for."""
        if self.path != f"{LOCATION}/{SERVICE}":
            self.send_error(404)
            return
        body = self._body()
        wants = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        self._answer("result", self._upload_pack(wants=wants))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _upload_pack(self, *options: str, wants: bytes = b"") -> bytes:
        # Who cloned the project may not be who runs it (CI, containers): its owner is no reason to refuse.
        command = [
            "git",
            "-c",
            "safe.directory=*",
            "upload-pack",
            "--stateless-rpc",
            *options,
            str(self.repository),
        ]
        environment = {**os.environ, "GIT_PROTOCOL": self._protocol()}
        return subprocess.run(
            command, input=wants, stdout=subprocess.PIPE, env=environment, check=True
        ).stdout

    def _protocol(self) -> str:
        return self.headers.get("Git-Protocol", "")

    def _answer(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"application/x-{SERVICE}-{kind}")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
