"""`python -m local <command>`, which the Makefile calls."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import settings
from local import environment, toolchain
from local.down import clean, down
from local.errors import LocalError
from local.preview import preview
from local.progress import Progress
from local.status import status
from local.up import up

FAILED, INVALID, INTERRUPTED = 1, 2, 130
"""Exit codes besides 0: it could not be done, the input is wrong, Ctrl-C (128 + SIGINT, as in shells)."""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Explicitly: a shell starts what it puts in the background with SIGINT ignored, and so would be
        # every process from here, plugins included, which the engine ends by SIGINT.
        signal.signal(number, _interrupt)
    try:
        return int(chosen.run(chosen) or 0)
    except settings.ConfigError as error:
        return _complain(error, INVALID)
    except LocalError as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        return _complain("Interrupted; the same command goes on where this one was.", INTERRUPTED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="The environment of the local stack."
    )
    commands = parser.add_subparsers(metavar="command", required=True)

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int | None]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("up", "build, start and deploy what is missing, and wait until all is Synced and Healthy", _up)
    add("down", "stop everything; the state stays", lambda _: down(Progress()))
    told = add("status", "processes and Applications; exit code 1 unless all is well", _status)
    told.add_argument("--json", action="store_true", help="for programs")
    add("env", "commands for a shell that set up its variables", _env)
    add("build", "build the toolchain", _build)
    shown = add(
        "preview", "the plan of a stack, without its credentials", lambda a: preview(a.stack, Progress())
    )
    shown.add_argument("stack")
    add("clean", "stop everything and forget all state", lambda _: clean(Progress()))
    return parser


def _up(_: argparse.Namespace) -> None:
    print("\n".join(["", *up(Progress())]))


def _status(chosen: argparse.Namespace) -> int:
    return 0 if status(as_json=chosen.json) else FAILED


def _env(_: argparse.Namespace) -> None:
    print("\n".join(environment.shell_lines()))


def _build(_: argparse.Namespace) -> None:
    with Progress().step("Toolchain") as step:
        toolchain.ensure(step)


def _complain(problem: object, code: int) -> int:
    print(f"\n{problem}", file=sys.stderr)
    return code


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
