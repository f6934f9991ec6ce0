"""`up`: from whatever there is to a cluster that is Synced and Healthy."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from local import (
    applications,
    controlplane,
    deployment,
    engine,
    git,
    paths,
    processes,
    repair,
    stack,
    toolchain,
)
from local.applications import UNKNOWN, Application
from local.aws import server as aws
from local.errors import LocalError
from local.kube import Kube, KubeError
from local.lock import LockedError, lock
from local.progress import Progress, Step

STALLED = 180.0
"""Seconds without any change of an Application after which `up` gives up."""


def up(progress: Progress) -> list[str]:
    """Build, start, deploy and wait; returns what a person wants to know next.

    Raises settings.ConfigError before anything is started, LocalError if a step cannot be done. What this run
    has started is stopped when it fails or is interrupted.
    """
    with alone("up"):
        stack.check()
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
        wait(Kube(outputs["clusterName"]), step)
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


def wait(kube: Kube, step: Step) -> None:
    """Until every Application is Synced and Healthy with the repository as it is now. Raises LocalError."""
    if git.uncommitted("gitops"):
        step.note("gitops/ has changes that are not committed; Argo CD sees what is committed")
    watch = _Watch(kube, step)
    while waiting := watch.look():
        step.status(", ".join(f"{a.name} {a.sync}/{a.health}" for a in waiting))
        if time.monotonic() - watch.changed > STALLED:
            raise _stalled(waiting)
        time.sleep(0.5)
    step.result = f"{len(watch.seen)} Synced and Healthy"


class _Watch:
    """What is known of the Applications, and what was asked of Argo CD."""

    def __init__(self, kube: Kube, step: Step) -> None:
        self.kube = kube
        self.step = step
        self.seen: dict[str, Application] = {}
        self.changed = time.monotonic()
        self.refreshed = False
        self.synced: set[str] = set()

    def look(self) -> list[Application]:
        """Those that are not ready; if none can be read yet, an unknown one."""
        try:
            if not self.refreshed:
                applications.refresh(self.kube)
                self.refreshed = True
            found = applications.read_all(self.kube)
            for application in found:
                self._look_at(application)
        except KubeError:
            return [UNKNOWN]
        self.seen = {application.name: application for application in found}
        return [application for application in found if not application.ready] if found else [UNKNOWN]

    def _look_at(self, application: Application) -> None:
        if application != self.seen.get(application.name):
            self.changed = time.monotonic()
            if application.ready:
                self.step.note(f"{application.name} is Synced and Healthy at {application.revision[:7]}")
        if application.given_up and not application.ready and application.name not in self.synced:
            self.step.note(f"{application.name} failed to sync: once more")
            applications.sync(self.kube, application)
            self.synced.add(application.name)


def _stalled(waiting: list[Application]) -> LocalError:
    lines = [f"{a.name}: {a.sync}, {a.health}. {a.message}".rstrip() for a in waiting]
    return LocalError(
        "Some Applications do not become Synced and Healthy:\n" + "\n".join(lines),
        remedy="see `kubectl get applications -A -o yaml`, and the logs of Argo CD in .local/logs.",
    )
