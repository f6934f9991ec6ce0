"""The stack's configuration: the committed one with this machine's facts, never written back."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import settings
from local import environment, paths, stack

COMMITTED = {
    "gitops-platform:environment": "dev",
    "gitops-platform:repositoryPath": "gitops",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: Path) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    commit(COMMITTED)
    return tmp_path


def commit(config: dict[str, Any]) -> None:
    (paths.ROOT / "Pulumi.local.yaml").write_text(yaml.safe_dump({"config": config}))


def written() -> dict[str, Any]:
    stack.write_config()
    return dict(yaml.safe_load(environment.config_file().read_text()))


def test_the_facts_of_this_machine_are_added(project: Path) -> None:
    before = (project / "Pulumi.local.yaml").read_text()
    config = written()["config"]
    assert config["gitops-platform:environment"] == "dev"
    assert config["gitops-platform:repositoryUrl"].startswith("http://127.0.0.1:")
    assert config["gitops-platform:repositoryRevision"] == "HEAD"
    assert (project / "Pulumi.local.yaml").read_text() == before


def test_the_committed_file_wins_over_what_the_machine_knows() -> None:
    """Otherwise nobody could let the local stack follow another repository."""
    commit({**COMMITTED, "gitops-platform:repositoryUrl": "https://example.org/x.git"})
    assert written()["config"]["gitops-platform:repositoryUrl"] == "https://example.org/x.git"


def test_a_wrong_key_that_wins_is_refused_before_anything_starts() -> None:
    (paths.ROOT / "Pulumi.yaml").write_text((Path(settings.__file__).parents[1] / "Pulumi.yaml").read_text())
    commit({**COMMITTED, "gitops-platform:repositoryUrl": "nowhere"})
    with pytest.raises(settings.ConfigError, match="repositoryUrl = nowhere"):
        stack.check()


def test_salt_and_password_stay_and_other_keys_follow_the_committed_file() -> None:
    first = written()
    own = {"gitops-platform:argocdAdminPassword": {"secure": "v1:x"}, "gitops-platform:typedHere": "1"}
    content = {**first, "encryptionsalt": "v1:salt", "config": {**first["config"], **own}}
    environment.config_file().write_text(yaml.safe_dump(content))
    commit({"gitops-platform:vpcCidr": "10.1.0.0/16"})
    second = written()
    assert second["encryptionsalt"] == "v1:salt"
    assert second["config"]["gitops-platform:argocdAdminPassword"] == {"secure": "v1:x"}
    assert second["config"]["gitops-platform:vpcCidr"] == "10.1.0.0/16"
    assert "gitops-platform:environment" not in second["config"]
    assert "gitops-platform:typedHere" not in second["config"]


def test_the_configuration_is_readable_by_its_owner_only() -> None:
    written()
    assert environment.config_file().stat().st_mode & 0o777 == 0o600
