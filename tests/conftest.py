import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the toolchain's programs, which is built if it is not there."""
    subprocess.run([sys.executable, "-m", "local", "build"], cwd=ROOT, check=True)
    return ROOT / ".local/bin"
