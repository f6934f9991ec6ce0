"""How `up` waits for Argo CD: until every Application is Synced and Healthy, or cannot become so."""

import time

from local import applications, git, unhealthy
from local.applications import UNKNOWN, Application
from local.errors import LocalError
from local.kube import Kube, KubeError
from local.progress import Step
from planning.argocd import ROOT
from planning.repository_problem import RepositoryProblem

STALLED = 180.0
"""Seconds without any change of an Application after which `up` gives up."""

LONGEST = 900.0
"""Seconds after which `up` gives up although something still changes."""

WRONG = 10.0
"""Seconds for which a repository problem has to stand, and so to be no hiccup: the local Argo CD looks again
every 5 to 7.5 s. It gives up a host that says nothing after 15 s (ARGOCD_GIT_REQUEST_TIMEOUT), so that every
problem is told within 30 s."""

INTERVAL = 0.5
"""Seconds between two looks."""


def wait(kube: Kube, step: Step) -> None:
    """Until every Application is Synced and Healthy with the repository as it is now. Raises LocalError."""
    if git.uncommitted("gitops"):
        step.note("gitops/ has changes that are not committed; Argo CD sees what is committed")
    watch = _Watch(kube, step)
    while waiting := watch.look():
        step.status(", ".join(f"{a.name} {a.sync}/{a.health}" for a in waiting))
        if wrong := watch.wrong():
            raise wrong
        if time.monotonic() - watch.changed > STALLED or step.elapsed > LONGEST:
            raise _stalled(kube, waiting)
        time.sleep(INTERVAL)
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
        self.wrong_since: dict[str, float] = {}

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
            self.wrong_since.clear()
            return [UNKNOWN]
        self.seen = {application.name: application for application in found}
        return [application for application in found if not application.ready] if found else [UNKNOWN]

    def wrong(self) -> LocalError | None:
        """What is wrong with a repository, once it has stood for WRONG.

        Of other Applications than the root, only those count that follow the root's repository, once the root
        is Synced: until then they may still follow what the settings said before.
        """
        root = self.seen.get(ROOT)
        if root is None:
            return None
        others = [a for a in self.seen.values() if a.url == root.url] if root.sync == "Synced" else []
        late = time.monotonic() - WRONG
        for application in (root, *others):
            since = self.wrong_since.get(application.name)
            if application.repository and since is not None and since <= late:
                return _wrong(application, application.repository)
        return None

    def _look_at(self, application: Application) -> None:
        before = self.seen.get(application.name)
        if application != before:
            self.changed = time.monotonic()
            self._tell(application, before.problem if before else "")
        if application.repository is None or (before and application.repository != before.repository):
            self.wrong_since.pop(application.name, None)
        if application.repository is not None:
            self.wrong_since.setdefault(application.name, time.monotonic())
        if application.given_up and not application.ready and application.name not in self.synced:
            self.step.note(f"{application.name} failed to sync: once more")
            applications.sync(self.kube, application)
            self.synced.add(application.name)

    def _tell(self, application: Application, problem_before: str) -> None:
        if application.ready:
            self.step.note(f"{application.name} is Synced and Healthy at {application.revision[:7]}")
        elif application.problem and application.problem != problem_before:
            self.step.note(f"{application.name}: {application.problem}")


def _wrong(application: Application, problem: RepositoryProblem) -> LocalError:
    setting = f"{problem.key} = {problem.value}: " if application.name == ROOT else ""
    return LocalError(
        f"Argo CD cannot use the repository, wrong {problem.wrong}:\n"
        f"  {setting}{problem.cause}\n"
        f"Argo CD says of Application {application.name}: {application.problem}",
        remedy=f"{problem.remedy}; then run `make up` again, which goes on from here.",
    )


def _stalled(kube: Kube, waiting: list[Application]) -> LocalError:
    lines = []
    for application in waiting:
        lines.append(
            f"{application.name}: {application.sync}, {application.health}. {application.problem}".rstrip()
        )
        lines += [f"  {reason}" for reason in unhealthy.reasons(kube, application)]
    return LocalError(
        "Some Applications do not become Synced and Healthy:\n" + "\n".join(lines),
        remedy="see `kubectl get applications -A -o yaml`, and the logs of Argo CD in .local/logs.",
    )
