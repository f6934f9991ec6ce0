"""`up`: from whatever there is to a cluster that is Synced and Healthy."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.text import Text

from local import (
    controlplane,
    deployment,
    engine,
    git,
    paths,
    processes,
    repair,
    stack,
    toolchain,
    waiting,
)
from local.aws import server as aws
from local.errors import LocalError
from local.kube import Kube
from local.lock import LockedError, lock
from local.progress import Progress, Step


def up(progress: Progress) -> list[str]:
    """Build, start, deploy and wait; returns what a person wants to know next.

    Raises settings.ConfigError before anything is started, LocalError if a step cannot be done. What this run
    has started is stopped when it fails or is interrupted.
    """
    with alone("up"):
        for warning in stack.check().warnings:
            progress.console.print(Text(f"Warning: {warning}"), soft_wrap=True)
        running = set(processes.living())
        try:
            return _steps(progress)
        except BaseException:
            with progress.step("Stop what this run has started") as step:
                step.result = ", ".join(processes.stop_all(keep=running)) or "nothing"
            raise


@contextmanager
def alone(command: str) -> Iterator[None]:
    """Keep other commands from changing the environment. Raises LocalError if one is changing it."""
    file = paths.RUN / "command.lock"
    try:
        with lock(file, wait=False):
            file.write_text(command)
            yield
    except LockedError:
        raise LocalError(
            f"`make {file.read_text()}` is running in this folder.",
            remedy="wait for it, or stop it with Ctrl-C.",
        ) from None


def _steps(progress: Progress) -> list[str]:
    with progress.step("Toolchain") as step:
        toolchain.ensure(step)
    with progress.step("AWS, Git server and control planes") as step:
        _start(step)
    with progress.step("Pulumi update") as step:
        repair.repair(step)
        deployment.deploy(step)
        outputs = stack.outputs()
    with progress.step("Argo CD Applications") as step:
        waiting.wait(Kube(outputs["clusterName"]), step)
    return [
        f"Cluster        {outputs['clusterName']} in {aws.REGION}",
        f"Argo CD        {outputs['argocdUrl']} (user admin)",
        f"Its password   {outputs['argocdAdminPasswordCommand']}",
        'Your shell     eval "$(make -s env)"',
    ]


def _start(step: Step) -> None:
    running = set(processes.living())
    engine.end_leftover()
    for process in (aws.aws_process(), git.process()):
        step.status(process.name)
        processes.start(process)
    step.status("control planes")
    controlplane.start_all()
    started = sorted(processes.living().keys() - running)
    step.result = f"started {', '.join(started)}" if started else "all running"
