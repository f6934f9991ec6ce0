import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import settings.cluster
from local.progress import Progress
from operations.preview import Planner
from operations.preview import planner as make_planner

ROOT = Path(__file__).parents[1]

# Whoever started the tests, e.g. a CI system in the background, may have SIGINT ignored; then so would every
# process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def today() -> Iterator[date]:
    """The day of settings that are read in this process, so that no test fails on a later one."""
    with pytest.MonkeyPatch.context() as patch:
        day = date(2026, 11, 1)
        patch.setattr(settings.cluster, "today", lambda: day)
        yield day


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the toolchain's programs, which is built if it is not there."""
    subprocess.run([sys.executable, "-m", "local", "build"], cwd=ROOT, check=True)
    return ROOT / ".local/bin"


@pytest.fixture(scope="session")
def planner() -> Iterator[Planner]:
    """Makes plans of the stacks, offline."""
    with make_planner(Progress()) as made:
        yield made
