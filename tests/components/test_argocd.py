from pathlib import Path

import bcrypt

import settings
from components.argocd import ArgoCd, ArgoCdArgs

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"


def recorded(record, **values):
    required = {"argocdAdminPassword": PASSWORD, "repositoryUrl": "https://example.com/owner/repository.git"}
    config = settings.check("prod", ROOT, {**required, **values}).argocd
    return record(lambda: ArgoCd("argocd", ArgoCdArgs(config)).urn)


def inputs(resources, kind):
    (found,) = [resource for resource in resources if resource.type.endswith(f":{kind}")]
    return found.inputs


def secret_value(value):
    """Unwrap what Pulumi marks as a secret; fail on what it does not."""
    assert isinstance(value, dict), "not marked as a secret"
    return value["value"]


def test_the_password_goes_in_as_a_bcrypt_hash_and_nowhere_else(record):
    resources = recorded(record)
    stored = secret_value(inputs(resources, "Secret")["stringData"])["admin.password"]
    assert bcrypt.checkpw(PASSWORD.encode(), stored.encode())
    assert PASSWORD not in repr(resources)


def test_a_rotation_changes_one_resource(record):
    """Incident: a new password rolled every Argo CD pod, because the hash was a chart value."""
    before, after = recorded(record), recorded(record, argocdAdminPassword="another")
    changed = [old.name for old, new in zip(before, after, strict=True) if old.inputs != new.inputs]
    assert changed == ["argocd-admin"]


def test_the_chart_is_pinned_and_leaves_the_secret_alone(record):
    release = inputs(recorded(record), "Release")
    assert release["chart"] == "argo-cd"
    assert release["version"] == "10.1.1"
    assert release["repositoryOpts"]["repo"].startswith("https://")
    assert release["values"]["configs"]["secret"] == {"createSecret": False}


def test_a_folder_as_chart_has_no_repository(record):
    release = inputs(recorded(record, argocdChart="./chart", argocdChartRepository=""), "Release")
    assert release["chart"] == "./chart"
    assert "repositoryOpts" not in release


def test_the_url_is_argo_cds_own(record):
    """Incident: single sign-on sent people back to the chart's example host."""
    release = inputs(recorded(record, argocdUrl="https://argocd.example.com"), "Release")
    assert release["values"]["configs"]["cm"]["url"] == "https://argocd.example.com"
    assert release["values"]["global"] == {"domain": "argocd.example.com"}


def test_the_namespace_comes_first(record):
    resources = recorded(record)
    kinds = [resource.type.rpartition(":")[2] for resource in resources]
    assert kinds == ["Namespace", "Secret", "Release"]
