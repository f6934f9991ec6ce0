"""`make bench`: what the local environment costs in time and memory, beside what it may cost.

Everything is measured in a clone of its own. `--cold` also measures a first `make up` with empty caches,
which downloads and compiles everything.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.local.clone import Clone, wait_for

RUNS = 3
GIB = 1024**3
DEPLOYMENT = "kubectl -n nginx-app get deployment dev-nginx-app --ignore-not-found -o "


class Bench:
    """Measures, and keeps the rows of the table."""

    def __init__(self, clone: Clone) -> None:
        self._clone = clone
        self._rows: list[tuple[str, list[float], float, str]] = []

    def cold_up(self, clone: Clone, cache: Path) -> None:
        """A first `make up` of a user who has nothing but Python, git and make."""
        (clone.folder / ".venv").unlink()
        env = {**os.environ, "XDG_CACHE_HOME": str(cache)}

        def up() -> None:
            subprocess.run(["make", "up"], cwd=clone.folder, env=env, check=True)

        self._row("make up, empty caches", [_seconds(up)], 25 * 60, "s")

    def up(self) -> None:
        """From nothing running to Synced and Healthy, and again with nothing to do."""
        self._row("make up, toolchain built", [_seconds(lambda: self._clone.local("up"))], 90, "s")
        self._row("make up, nothing changed", self._times(lambda: self._clone.local("up")), 20, "s")
        resident = sum(process.memory_info().rss for process in self._clone.processes())
        self._row("memory of all processes", [resident / GIB], 4, "GiB")

    def preview(self) -> None:
        """The plan of the unchanged stack, and beside it what starting the engine alone takes."""
        alone = self._times(lambda: self._clone.shell("pulumi stack ls"))
        whole = self._times(lambda: self._clone.shell("pulumi preview --non-interactive"))
        self._row("pulumi preview, nothing changed", whole, 15, "s")
        self._row("… in starts of the engine", [median(whole) / median(alone)], 15, "x")

    def gitops(self) -> None:
        """How soon Argo CD brings what is committed, and mends what is gone.

        In turns, because Argo CD waits three times as long before each further mending of the same commit
        (its self-heal back-off), lest it fights another controller.
        """
        arrived, mended = [], []
        for count in range(3, 3 + RUNS):
            arrived.append(_seconds(partial(self._commit_replicas, count)))
            mended.append(_seconds(self._replace_deployment))
        self._row("commit has arrived", arrived, 15, "s")
        self._row("deleted Deployment is back", mended, 5, "s")

    def show(self) -> bool:
        """Print the table; returns whether every median keeps its limit."""
        table = Table(title=f"{os.cpu_count()} cores, {platform.machine()}", title_justify="left")
        for heading in ("", "median", "at most", "of that"):
            table.add_column(heading, justify="left" if not heading else "right")
        for name, values, limit, unit in self._rows:
            share = f"{median(values) / limit:.0%}"
            table.add_row(name, f"{median(values):.1f} {unit}", f"{limit:g} {unit}", share)
        Console().print(table)
        return all(median(values) <= limit for _, values, limit, _ in self._rows)

    def _row(self, name: str, values: list[float], limit: float, unit: str) -> None:
        print(f"{name}: {', '.join(f'{value:.1f}' for value in values)} {unit}", file=sys.stderr)
        self._rows.append((name, values, limit, unit))

    def _times(self, action: Callable[[], object]) -> list[float]:
        return [_seconds(action) for _ in range(RUNS)]

    def _replace_deployment(self) -> None:
        find = f"{DEPLOYMENT} jsonpath={{.metadata.uid}}"
        before = self._clone.shell(find)
        self._clone.shell("kubectl -n nginx-app delete deployment dev-nginx-app --wait=false")
        wait_for(lambda: self._clone.shell(find) not in ("", before), 60, "a new Deployment")

    def _commit_replicas(self, count: int) -> None:
        overlay = self._clone.folder / "gitops/applications/nginx-app/overlays/dev/kustomization.yaml"
        lines = overlay.read_text().splitlines()
        changed = [f"    count: {count}" if line.startswith("    count:") else line for line in lines]
        overlay.write_text("\n".join([*changed, ""]))
        self._clone.commit(f"{count} replicas")
        find = f"{DEPLOYMENT} jsonpath={{.spec.replicas}}"
        wait_for(lambda: self._clone.shell(find) == str(count), 60, f"{count} replicas")


def _seconds(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def main(arguments: list[str]) -> int:
    """Measure and print; returns 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cold", action="store_true", help="also with empty caches (about 15 minutes)")
    cold = parser.parse_args(arguments).cold
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder) / "clone")
        bench = Bench(clone)
        try:
            bench.up()
            bench.preview()
            bench.gitops()
        finally:
            clone.local("clean")
        if cold:
            first = Clone(Path(folder) / "first")
            try:
                bench.cold_up(first, Path(folder) / "cache")
            finally:
                first.local("clean")
    return 0 if bench.show() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
