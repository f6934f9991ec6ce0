"""A rotation by the real engine, of a program that has Argo CD's two resources and writes them into files."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import settings
from local import environment, launchers, paths
from operations import rotate_password
from operations.rotate_password import MTIME

PROGRAM = """
import pulumi, pulumi_kubernetes as kubernetes

config = pulumi.Config()
files = kubernetes.Provider("files", render_yaml_to_directory="rendered", enable_secret_mutable=True)
argocd = pulumi.ComponentResource("gitops-platform:argocd:ArgoCd", "argocd", None)
inside = pulumi.ResourceOptions(parent=argocd, provider=files)
kubernetes.core.v1.Secret(
    "argocd-admin",
    metadata={"name": "argocd-secret"},
    string_data={
        "admin.password": config.require_secret("argocdAdminPassword"),
        "admin.passwordMtime": config.require("argocdAdminPasswordMtime"),
    },
    opts=inside,
)
kubernetes.core.v1.ConfigMap("argocd-other", metadata={"name": config.get("name") or "other"}, opts=inside)
"""

Pulumi = Callable[..., str]


@pytest.fixture
def pulumi(binaries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pulumi:
    """The local engine, on PATH as the user's own; stack dev is deployed with its first password."""
    bin_, state = tmp_path / "bin", tmp_path / "state"
    launchers.write_launchers(bin_)
    state.mkdir()
    for name in [key for key in os.environ if key.startswith(environment.FOREIGN)]:
        monkeypatch.delenv(name)
    variables = {
        "PATH": os.pathsep.join([str(bin_), str(binaries), str(Path(sys.executable).parent), os.defpath]),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "false",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "Pulumi.yaml").write_text("name: gitops-platform\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("# Kept.\nconfig: {}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)

    def run(*arguments: str) -> str:
        command = ["pulumi", *arguments, "--non-interactive", "--stack", "dev"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("stack", "init")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert rotate_password.main(["dev"]) == 0
    run("up", "--yes", "--skip-preview")
    return run


def rendered(folder: Path) -> dict[str, str]:
    """What the Secret holds."""
    [file] = folder.glob("rendered/1-manifest/*-secret-*.yaml")
    data: dict[str, str] = yaml.safe_load(file.read_text())["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def test_a_rotation_updates_the_one_secret(
    pulumi: Pulumi, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Incident: of two settings that belong together one was deployed, and old sessions lived on."""
    reveal = ("config", "get", "argocdAdminPassword")
    before = pulumi(*reveal).strip()
    assert rotate_password.main(["dev", "--yes"]) == 0
    after = pulumi(*reveal).strip()
    config = yaml.safe_load((tmp_path / "Pulumi.dev.yaml").read_text())["config"]
    assert after != before
    assert rendered(tmp_path) == {"admin.password": after, "admin.passwordMtime": config[MTIME]}
    shown = capfd.readouterr()
    assert "1 updated" in shown.out
    assert after not in shown.out + shown.err
    state = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file())
    assert after.encode() not in state
    assert config[settings.PASSWORD].keys() == {"secure"}
    pulumi("preview", "--expect-no-changes")


def test_what_waits_in_the_configuration_is_not_brought_along(
    pulumi: Pulumi, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pulumi("config", "set", "name", "another")
    before, secret = (tmp_path / "Pulumi.dev.yaml").read_bytes(), rendered(tmp_path)
    assert rotate_password.main(["dev", "--yes"]) == rotate_password.FAILED
    assert "kubernetes:core/v1:ConfigMap argocd-other" in capfd.readouterr().err
    assert (tmp_path / "Pulumi.dev.yaml").read_bytes() == before
    assert rendered(tmp_path) == secret
