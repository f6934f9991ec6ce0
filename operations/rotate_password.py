"""`python -m operations.rotate_password STACK`: gives Argo CD's user admin a new, random password.

The new configuration is made in a copy of the stack's file and previewed there. Only if exactly the admin
Secret changes does the copy take the file's place, and `pulumi up` follows: until then nothing has changed,
and from then on every `pulumi up` completes the rotation. Argo CD takes the Secret up without a restart and
refuses sessions from before argocdAdminPasswordMtime (its util/session/sessionmanager.go).

A stack without a password is given its first one; nothing is deployed then.

Exit codes: 0 done; 1 it could not be done, or the answer was no; 2 wrong input; 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import yaml

import settings
from local import environment
from local.errors import LocalError
from local.progress import Progress
from operations.pulumi_cli import Pulumi, PulumiError, opened

MTIME, HASH = f"{settings.PASSWORD}Mtime", f"{settings.PASSWORD}Hash"

SECRET = ("update", "kubernetes:core/v1:Secret", "argocd-admin")
"""What a rotation does, to which resource (`components/argocd.py`)."""

UNCHANGED = {"same", "read", "refresh"}
"""The engine's operations that change nothing."""

SHOWN = 10
"""How many other changes are told."""

FAILED, INVALID, INTERRUPTED = 1, 2, 130
"""Exit codes besides 0; 130 is 128 + SIGINT, as in shells."""


class RefusedError(Exception):
    """The password is not rotated; nothing was changed."""


class InputError(RefusedError):
    """It is not rotated, because something else must be asked for."""


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m operations.rotate_password",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stack")
    parser.add_argument("--yes", action="store_true", help="do not ask before the update")
    chosen = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with opened(chosen.stack) as pulumi:
            rotate(pulumi, ask=not chosen.yes)
    except InputError as error:
        return _complain(error, INVALID)
    except (RefusedError, PulumiError, LocalError) as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        return _complain("Interrupted; run the same command again.", INTERRUPTED)
    return 0


def rotate(pulumi: Pulumi, *, ask: bool) -> None:
    """Give the stack a new password, after a question if `ask`.

    Raises RefusedError, InputError, PulumiError or LocalError; only after the last two may something have
    changed, and then the same command completes it.
    """
    first = not _has_password(pulumi)
    if ask and not first and not sys.stdin.isatty():
        raise InputError("There is no terminal to ask on. Give --yes (make: YES=1).")
    with _copy(pulumi.config) as copy:
        before = pulumi.config.read_bytes()
        # 24 random bytes: 32 characters, of the 72 that bcrypt reads.
        pulumi.run(
            "config", "set", "--secret", settings.PASSWORD, config=copy, text=secrets.token_urlsafe(24)
        )
        _set_time(pulumi, copy)
        if not first:
            with Progress().step("Plan"):
                _check(pulumi, copy)
            if ask and not _agreed():
                raise RefusedError("Nothing was changed.")
            # Once more: sessions that began while the plan was made and the question was read end, too.
            _set_time(pulumi, copy)
        if pulumi.config.read_bytes() != before:
            raise RefusedError(f"{pulumi.config.name} was changed meanwhile. Run the same command again.")
        copy.replace(pulumi.config)
    if first:
        print(f"Stack {pulumi.stack} has its first password. Next: pulumi up --stack {pulumi.stack}")
    else:
        _up(pulumi)
    _tell(pulumi)


def _has_password(pulumi: Pulumi) -> bool:
    """Whether the stack's file gives a password. Raises InputError if the stack cannot be given one."""
    file, stack = pulumi.config, pulumi.stack
    if not file.exists():
        raise InputError(f"There is no stack {stack!r}: {file.name} is missing.")
    config: dict[str, Any] = (yaml.safe_load(file.read_text()) or {}).get("config", {})
    if config.get(HASH):
        raise InputError(
            f"Stack {stack} is given a hash, and the password is not known here. To rotate it:\n"
            f"  pulumi config set --stack {stack} --secret {HASH}     # asks for the new hash\n"
            f"  pulumi config set --stack {stack} {MTIME} {_now()}\n"
            f"  pulumi up --stack {stack}"
        )
    return bool(config.get(settings.PASSWORD))


@contextmanager
def _copy(file: Path) -> Iterator[Path]:
    """A copy of the file that can take its place in one step; it is gone after the block."""
    copy = file.with_name(f".{file.stem}.rotation.yaml")
    shutil.copy(file, copy)
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _set_time(pulumi: Pulumi, copy: Path) -> None:
    pulumi.run("config", "set", "--plaintext", MTIME, config=copy, text=_now())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(pulumi: Pulumi, copy: Path) -> None:
    """Refuse a rotation that would change anything but the admin Secret."""
    plan = json.loads(pulumi.run("preview", "--json", config=copy))
    changes = [_change(step) for step in plan["steps"] if step["op"] not in UNCHANGED]
    if changes == [SECRET]:
        return
    others = [" ".join(change) for change in changes if change != SECRET]
    more = [f"and {len(others) - SHOWN} more"] if len(others) > SHOWN else []
    listed = "".join(f"\n  {line}" for line in others[:SHOWN] + more) or "\n  (not even the admin Secret)"
    command = "make up" if pulumi.stack == environment.STACK else f"pulumi up --stack {pulumi.stack}"
    raise RefusedError(
        f"Nothing was changed: a rotation changes the admin Secret only, and this one would:{listed}\n"
        f"What to do: `{command}`, which brings the stack to its configuration; then the same command again."
    )


def _change(step: dict[str, Any]) -> tuple[str, str, str]:
    """Operation, type and name of a step; URNs are urn:pulumi:stack::project::parent$type::name."""
    *_, types, name = step["urn"].split("::")
    return step["op"], types.rpartition("$")[2], name


def _agreed() -> bool:
    try:
        answer = input("Only the admin Secret changes. Rotate the password? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _up(pulumi: Pulumi) -> None:
    try:
        pulumi.up()
    except (PulumiError, LocalError) as error:
        raise PulumiError(
            f"{error}\nThe new password is in {pulumi.config.name}, and Argo CD may not have it yet. "
            "Mend what is told above and run the same command again."
        ) from None


def _tell(pulumi: Pulumi) -> None:
    """Say how the password is revealed, and who else must know that it has changed."""
    print(f"Reveal it: pulumi config get --stack {pulumi.stack} argocdAdminPassword")
    if pulumi.stack == environment.STACK:
        print('(in a shell of stack local: eval "$(make -s env)")')
    else:
        print(f"Commit {pulumi.config.name}, or the next update from Git does not know the new password.")


def _complain(problem: object, code: int) -> int:
    print(problem, file=sys.stderr)
    return code


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
