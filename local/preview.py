"""`preview`: the plan of a stack as if nothing of it existed, without the account's credentials.

Look-ups (zones, partition) are answered by the emulator. Secrets of the stack's file cannot be read here;
they are replaced by made-up ones, and so is the admin password; the plan shows them as secret anyway.
"""

import subprocess
import tempfile
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
    file = paths.ROOT / f"Pulumi.{stack}.yaml"
    if not file.exists():
        known = ", ".join(sorted(path.name.split(".")[1] for path in paths.ROOT.glob("Pulumi.*.yaml")))
        raise LocalError(f"There is no stack {stack!r}.", remedy=f"use one of {known}.")
    settings.check(stack, paths.ROOT, {"argocdAdminPassword": MADE_UP, "argocdAdminPasswordHash": ""})
    with progress.step("Toolchain") as step:
        toolchain.ensure(step)
        launchers.write_launchers(paths.BIN)
    with progress.step("AWS for look-ups") as step:
        running = set(processes.living())
        started = processes.start(aws.aws_process())
        step.result = "started" if started else "running"
    try:
        with tempfile.TemporaryDirectory() as folder:
            _plan(stack, yaml.safe_load(file.read_text()), Path(folder))
    finally:
        # With the emulator, the control planes of its clusters have started.
        processes.stop_all(keep=running)


def _plan(stack: str, committed: dict[str, Any], folder: Path) -> None:
    config = folder / f"Pulumi.{stack}.yaml"
    kept = {key: value for key, value in committed["config"].items() if key not in OWN}
    made_up = {settings.PASSWORD, *(key for key in SECRETS if committed["config"].get(key))}
    config.write_text(yaml.safe_dump({"config": kept}))
    env = {
        **environment.of_child(),
        "PULUMI_BACKEND_URL": folder.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_STACK": stack,
        "PULUMI_OPTION_CONFIG_FILE": str(config),
    }
    del env["PULUMI_CONFIG_PASSPHRASE_FILE"]

    def pulumi(*arguments: str, text: str | None = None, quiet: bool = True) -> None:
        command = [str(paths.BIN / "pulumi"), *arguments, "--non-interactive"]
        output = subprocess.DEVNULL if quiet else None
        done = subprocess.run(
            command, cwd=paths.ROOT, env=env, input=text, text=True, stdout=output, check=False
        )
        if done.returncode:
            raise LocalError(f"`pulumi {arguments[0]}` of stack {stack} failed, see above.")

    pulumi("stack", "init", stack)
    for key in sorted(made_up):
        pulumi("config", "set", "--secret", key, text=MADE_UP)
    pulumi("preview", quiet=False)
