"""The plan of a stack as if nothing of it existed, without the account's credentials.

Look-ups (zones, partition) are answered by the emulator. Secrets of the stack's file cannot be read here;
they are replaced by made-up ones, and so is the admin password; the plan shows them as secret anyway.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

import settings
from local import environment, launchers, paths, processes, toolchain
from local.aws import server as aws
from local.errors import LocalError
from local.progress import Progress

MADE_UP = "(made up for the preview)"
SECRETS = tuple(f"{settings.PROJECT}:{key}" for key in settings.SECRETS)
OWN = (*SECRETS, f"{settings.PASSWORD}Hash")


def preview(stack: str, progress: Progress) -> None:
    """Print the plan of `stack`. Raises settings.ConfigError, or LocalError if the engine cannot make it."""
    check(stack)
    with lookups(progress):
        _preview(stack, {}, (), stdout=None)


def plan(
    stack: str, overrides: Mapping[str, object] | None = None, options: Sequence[str] = ()
) -> dict[str, Any]:
    """The plan of `stack` as the engine's `preview --json` tells it; only inside `lookups`.

    `overrides` are keys of the stack's configuration without the project's name, `options` further
    ones of the command. Raises settings.ConfigError, or LocalError with the engine's messages.
    """
    check(stack, overrides)
    digest: dict[str, Any] = json.loads(
        _preview(stack, overrides or {}, ("--json", *options), stdout=subprocess.PIPE)
    )
    return digest


def text(stack: str, options: Sequence[str] = ()) -> str:
    """The plan of `stack` as `preview` prints it; only inside `lookups`.

    Raises settings.ConfigError, or LocalError with all that the engine printed.
    """
    check(stack)
    return _preview(stack, {}, options, stdout=subprocess.PIPE)


def check(stack: str, overrides: Mapping[str, object] | None = None) -> settings.Settings:
    """The settings of `stack`. Raises settings.ConfigError, or LocalError if there is no such stack."""
    if not _file(stack).exists():
        known = ", ".join(sorted(path.name.split(".")[1] for path in paths.ROOT.glob("Pulumi.*.yaml")))
        raise LocalError(f"There is no stack {stack!r}.", remedy=f"use one of {known}.")
    made_up = {"argocdAdminPassword": MADE_UP, "argocdAdminPasswordHash": ""}
    return settings.check(stack, paths.ROOT, {**made_up, **(overrides or {})})


@contextmanager
def lookups(progress: Progress) -> Iterator[None]:
    """The toolchain, and what answers the program's look-ups, for as long as the block runs."""
    with progress.step("Toolchain") as step:
        toolchain.ensure(step)
        launchers.write_launchers(paths.BIN)
    with progress.step("AWS for look-ups") as step:
        running = set(processes.living())
        started = processes.start(aws.aws_process())
        step.result = "started" if started else "running"
    try:
        yield
    finally:
        # With the emulator, the control planes of its clusters have started.
        processes.stop_all(keep=running)


def _file(stack: str) -> Path:
    return paths.ROOT / f"Pulumi.{stack}.yaml"


def _preview(stack: str, overrides: Mapping[str, object], options: Sequence[str], stdout: int | None) -> str:
    """Run `preview` in a backend that is thrown away; returns what it wrote, if that goes into a pipe."""
    committed: dict[str, Any] = yaml.safe_load(_file(stack).read_text())["config"]
    made_up = {settings.PASSWORD, *(key for key in SECRETS if committed.get(key))}
    kept = {key: value for key, value in committed.items() if key not in OWN}
    kept |= {f"{settings.PROJECT}:{key}": value for key, value in overrides.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / f"Pulumi.{stack}.yaml"
        config.write_text(yaml.safe_dump({"config": kept}))
        env = {
            **environment.of_child(),
            "PULUMI_BACKEND_URL": folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_STACK": stack,
            "PULUMI_OPTION_CONFIG_FILE": str(config),
        }
        del env["PULUMI_CONFIG_PASSPHRASE_FILE"]

        def pulumi(*arguments: str, text: str | None = None, output: int | None = subprocess.PIPE) -> str:
            command = [str(paths.BIN / "pulumi"), *arguments, "--non-interactive"]
            done = subprocess.run(
                command,
                cwd=paths.ROOT,
                env=env,
                input=text,
                text=True,
                stdout=output,
                stderr=output,
                check=False,
            )
            if done.returncode:
                raise LocalError(f"`pulumi {arguments[0]}` of stack {stack} failed{_causes(done)}")
            return done.stdout or ""

        pulumi("stack", "init", stack)
        for key in sorted(made_up):
            pulumi("config", "set", "--secret", key, text=MADE_UP)
        return pulumi("preview", *options, output=stdout)


def _causes(failed: subprocess.CompletedProcess[str]) -> str:
    """What a captured command complained of; one that was not captured has said it itself."""
    try:
        diagnostics = json.loads(failed.stdout or "").get("diagnostics", ())
    except json.JSONDecodeError:
        return f":\n{failed.stdout}{failed.stderr}" if failed.stdout is not None else ", see above."
    errors = [told["message"].strip() for told in diagnostics if told["severity"] == "error"]
    return ":\n" + "\n".join(errors)
