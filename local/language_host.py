"""Runs Python programs for the Pulumi engine: the local stack's `pulumi-language-python`.

No package registry carries the official host, but the executor that it starts is part of the engine's module.
Here, too, each run is a new interpreter that executes it: configuration, tracebacks and exit codes are the
official ones. Left out are `pulumi new`, `pulumi install`, code generation and debugging.
"""

# ruff: noqa: N802  # the methods have the protocol's names

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path

import grpc  # type: ignore[import-untyped]
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from local import paths
from local.parent import end_with_parent

EXECUTOR = "pulumi-language-python-exec"
"""The official executor's file in `local.paths.BIN`."""

REPORTED = 32
"""The executor's exit code when it has told the user itself why the program failed."""

MESSAGE_BYTES = 400 * 1024 * 1024
"""Largest message; the engine's own limit."""


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The host of one engine."""

    def __init__(self, engine: str) -> None:
        """`engine` is the address that programs report to."""
        self._engine = engine
        self._programs: list[subprocess.Popen[bytes]] = []

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run the program to its end, or to the end of the request."""
        try:
            python = interpreter(request.info)
        except FileNotFoundError as missing:
            return language_pb2.RunResponse(error=str(missing))
        program = subprocess.Popen(
            [python, "-u", str(paths.BIN / EXECUTOR), *arguments(request, self._engine)],
            env={**os.environ, **environment(request, python)},
            stdin=subprocess.DEVNULL,
        )
        self._programs.append(program)
        if not context.add_callback(program.terminate):
            program.terminate()
        code = program.wait()
        if code in {0, REPORTED}:
            return language_pb2.RunResponse(bail=code == REPORTED)
        return language_pb2.RunResponse(error=f"the program ended with exit code {code}")

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """End what runs."""
        for program in self._programs:
            program.terminate()
        return Empty()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """None, so that the engine downloads nothing: the local environment brings the plugins."""
        return language_pb2.GetRequiredPackagesResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """No version of its own."""
        return plugin_pb2.PluginInfo()

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Which interpreter this is."""
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """What is installed beside this host."""
        found = sorted((package.name, package.version) for package in distributions())
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(name=name, version=version) for name, version in found]
        )


def interpreter(program: language_pb2.ProgramInfo) -> str:
    """The interpreter of the project's option `virtualenv`, without it the one that runs this host.

    Raises FileNotFoundError if there is none in that folder.
    """
    folder = dict(program.options).get("virtualenv")
    if not folder:
        return sys.executable
    python = Path(program.root_directory, str(folder), "bin", "python")
    if not python.exists():
        raise FileNotFoundError(
            f"There is no {python}; Pulumi.yaml names it as virtualenv. Run `make setup`."
        )
    return str(python)


def arguments(request: language_pb2.RunRequest, engine: str) -> list[str]:
    """The executor's arguments."""
    options = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    given = [text for name, value in options.items() if value for text in (f"--{name}", value)]
    return [*given, request.info.entry_point, *request.args]


def environment(request: language_pb2.RunRequest, python: str) -> Mapping[str, str]:
    """The program's variables besides the host's own: its configuration and its virtual environment."""
    folder = Path(python).parent
    return {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        "VIRTUAL_ENV": str(folder.parent),
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def main() -> None:
    """Serve the engine whose address is the last argument; the first line written is the port."""
    end_with_parent()
    options = [("grpc.max_receive_message_length", MESSAGE_BYTES)]
    server = grpc.server(ThreadPoolExecutor(), options=options)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:  # how the engine ends its plugins
        server.stop(grace=None)


if __name__ == "__main__":
    main()
