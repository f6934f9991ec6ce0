import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import environment

PACK = Path(__file__).parents[2] / "policy"

# Nothing is asked of AWS, nor of what stands in for it.
OFFLINE = """config:
  aws:region: eu-west-1
  aws:accessKey: none
  aws:secretKey: none
  aws:skipCredentialsValidation: "true"
  aws:skipMetadataApiCheck: "true"
  aws:skipRequestingAccountId: "true"
"""

Preview = Callable[[Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def pack() -> Path:
    """The policy pack, with its virtual environment."""
    subprocess.run(["make", "--silent", "policy/.venv/stamp"], cwd=PACK.parent, check=True)
    return PACK


@pytest.fixture(scope="session")
def preview(binaries: Path, pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """Previews the program in a folder with the pack, by the local engine and as the official CLI would."""

    def run(program: Path) -> "subprocess.CompletedProcess[str]":
        backend = tmp_path_factory.mktemp("backend")
        config = backend / "Pulumi.test.yaml"
        config.write_text(OFFLINE)
        env = {
            "PATH": os.pathsep.join([str(binaries), str(Path(sys.executable).parent), os.defpath]),
            "HOME": str(backend),
            "PULUMI_HOME": str(environment.pulumi_home()),
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_STACK": "test",
            "PULUMI_OPTION_CONFIG_FILE": str(config),
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

        def pulumi(*arguments: str) -> "subprocess.CompletedProcess[str]":
            command = ["pulumi", *arguments, "--non-interactive", "--color=never"]
            return subprocess.run(command, cwd=program, env=env, capture_output=True, text=True, check=False)

        pulumi("stack", "init", "test").check_returncode()
        return pulumi("preview", "--policy-pack", os.fspath(pack))

    return run
