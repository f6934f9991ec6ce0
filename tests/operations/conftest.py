import subprocess
from pathlib import Path

import pytest

from operations.security import checkov


@pytest.fixture(scope="session", autouse=True)
def checkov_installed() -> None:
    """checkov, in its own virtual environment."""
    root = Path(__file__).parents[2]
    subprocess.run(["make", "--silent", ".venv-checkov/stamp"], cwd=root, check=True)
    assert checkov.PROGRAM.exists()
