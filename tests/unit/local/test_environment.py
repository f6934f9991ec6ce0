"""What a shell gets: the local environment's variables, and none of the user's accounts."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import environment, paths
from local.aws import server as aws
from local.errors import LocalError


@pytest.fixture
def operator(environment: Path) -> None:
    aws.operator_file().parent.mkdir(parents=True)
    aws.operator_file().write_text(json.dumps({"access_key_id": "AKIA1", "secret_access_key": "it's"}))


def in_shell(command: str) -> str:
    script = "\n".join([*environment.shell_lines(), command])
    return subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True).stdout.strip()


def test_before_the_first_up_there_is_nothing_to_set() -> None:
    with pytest.raises(LocalError, match="never up"):
        environment.shell_lines()


@pytest.mark.usefixtures("operator")
def test_a_shell_gets_the_variables() -> None:
    assert in_shell("echo $KUBECONFIG") == str(environment.kubeconfig())
    assert in_shell("echo $AWS_SECRET_ACCESS_KEY") == "it's"
    assert in_shell("echo $PATH").startswith(str(paths.BIN))


@pytest.mark.usefixtures("operator")
def test_variables_of_the_users_accounts_are_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "company")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "secret")
    assert in_shell("echo $AWS_PROFILE$PULUMI_ACCESS_TOKEN") == ""
    child = environment.of_child()
    assert "AWS_PROFILE" not in child
    assert "PULUMI_ACCESS_TOKEN" not in child
    assert child["HOME"] == os.environ["HOME"]


@pytest.mark.usefixtures("operator")
def test_everything_that_programs_write_stays_in_the_project() -> None:
    for name in ("KUBECONFIG", "KUBECACHEDIR", "PULUMI_HOME", "HELM_CACHE_HOME", "ARGOCD_CONFIG_DIR"):
        assert Path(environment.variables()[name]).is_relative_to(paths.LOCAL)


@pytest.mark.usefixtures("operator")
def test_the_passphrase_is_made_once_and_is_private() -> None:
    file = Path(environment.variables()["PULUMI_CONFIG_PASSPHRASE_FILE"])
    first = file.read_text()
    assert len(first) >= 30
    assert Path(environment.variables()["PULUMI_CONFIG_PASSPHRASE_FILE"]).read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("operator")
def test_loopback_is_added_to_the_users_exceptions_from_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example.org")
    assert environment.variables()["NO_PROXY"] == "intranet.example.org,127.0.0.1,localhost"
    monkeypatch.setenv("NO_PROXY", environment.variables()["NO_PROXY"])
    assert environment.variables()["NO_PROXY"] == "intranet.example.org,127.0.0.1,localhost"
