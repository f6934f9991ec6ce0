import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Whoever started the tests, e.g. a CI system in the background, may have SIGINT ignored; then so would every
# process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the toolchain's programs, which is built if it is not there."""
    subprocess.run([sys.executable, "-m", "local", "build"], cwd=ROOT, check=True)
    return ROOT / ".local/bin"
