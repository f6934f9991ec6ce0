"""`make bench`: what the local environment and plans cost in time and memory, beside what they may cost.

Everything is measured in a clone of its own. `--cold` also measures a first `make up` with empty caches,
which downloads and compiles everything.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import environment, plans
from tests.bench.report import Report
from tests.local.clone import Clone


def main(arguments: list[str]) -> int:
    """Measure and print; returns 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cold", action="store_true", help="also with empty caches (about 15 minutes)")
    cold = parser.parse_args(arguments).cold
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder) / "clone")
        try:
            for measure in (environment.up, environment.preview, environment.gitops, plans.plans):
                measure(clone, report)
        finally:
            clone.local("clean")
        if cold:
            first = Clone(Path(folder) / "first")
            try:
                environment.cold_up(first, Path(folder) / "cache", report)
            finally:
                first.local("clean")
    return 0 if report.show() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
