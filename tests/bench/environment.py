"""How soon the local environment is there, and how soon it follows a change."""

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.report import Report, seconds
from tests.local.clone import Clone, wait_for

RUNS = 3
GIB = 1024**3
DEPLOYMENT = "kubectl -n nginx-app get deployment dev-nginx-app --ignore-not-found -o "


def cold_up(clone: Clone, cache: Path, report: Report) -> None:
    """A first `make up` of a user who has nothing but Python, git and make."""
    (clone.folder / ".venv").unlink()
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = ["make", "up"]
    taken = seconds(lambda: subprocess.run(command, cwd=clone.folder, env=env, check=True))
    report.row("make up, empty caches", [taken], 25 * 60, "s")


def up(clone: Clone, report: Report) -> None:
    """From nothing running to Synced and Healthy, and again with nothing to do."""
    report.row("make up, toolchain built", [seconds(lambda: clone.local("up"))], 90, "s")
    report.row("make up, nothing changed", _times(lambda: clone.local("up")), 20, "s")
    resident = sum(process.memory_info().rss for process in clone.processes())
    report.row("memory of all processes", [resident / GIB], 4, "GiB")


def preview(clone: Clone, report: Report) -> None:
    """The plan of the unchanged stack, and beside it what starting the engine alone takes."""
    alone = _times(lambda: clone.shell("pulumi stack ls"))
    whole = _times(lambda: clone.shell("pulumi preview --non-interactive"))
    report.row("pulumi preview, nothing changed", whole, 15, "s")
    report.row("… in starts of the engine", [median(whole) / median(alone)], 15, "x")


def gitops(clone: Clone, report: Report) -> None:
    """How soon Argo CD brings what is committed, and mends what is gone.

    In turns, because Argo CD waits three times as long before each further mending of the same commit
    (its self-heal back-off), lest it fights another controller.
    """
    arrived, mended = [], []
    for count in range(3, 3 + RUNS):
        arrived.append(seconds(partial(_commit_replicas, clone, count)))
        mended.append(seconds(partial(_replace_deployment, clone)))
    report.row("commit has arrived", arrived, 15, "s")
    report.row("deleted Deployment is back", mended, 5, "s")


def _times(action: Callable[[], object]) -> list[float]:
    return [seconds(action) for _ in range(RUNS)]


def _replace_deployment(clone: Clone) -> None:
    find = f"{DEPLOYMENT} jsonpath={{.metadata.uid}}"
    before = clone.shell(find)
    clone.shell("kubectl -n nginx-app delete deployment dev-nginx-app --wait=false")
    wait_for(lambda: clone.shell(find) not in ("", before), 60, "a new Deployment")


def _commit_replicas(clone: Clone, count: int) -> None:
    overlay = clone.folder / "gitops/applications/nginx-app/overlays/dev/kustomization.yaml"
    lines = overlay.read_text().splitlines()
    changed = [f"    count: {count}" if line.startswith("    count:") else line for line in lines]
    overlay.write_text("\n".join([*changed, ""]))
    clone.commit(f"{count} replicas")
    find = f"{DEPLOYMENT} jsonpath={{.spec.replicas}}"
    wait_for(lambda: clone.shell(find) == str(count), 60, f"{count} replicas")
