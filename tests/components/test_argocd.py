import hashlib
from pathlib import Path

import bcrypt
import pulumi

import settings
from components.argocd import ArgoCd, ArgoCdArgs
from planning.argocd_ha import PARTS
from planning.argocd_values import CHECKSUM

ROOT = Path(__file__).parents[2]
URL = "https://example.com/owner/repository.git"
PASSWORD = "correct horse battery staple"


def recorded(record, **values):
    required = {"argocdAdminPassword": PASSWORD, "repositoryUrl": URL}
    config = settings.check("prod", ROOT, {**required, **values}).argocd
    return record(lambda: ArgoCd("argocd", ArgoCdArgs(config)).urn)


def inputs(resources, kind, name=""):
    (found,) = [
        resource
        for resource in resources
        if resource.type.endswith(f":{kind}") and name in ("", resource.name)
    ]
    return found.inputs


def secret_value(value):
    """Unwrap what Pulumi marks as a secret; fail on what it does not."""
    assert isinstance(value, dict), "not marked as a secret"
    return value["value"]


def admin(resources):
    return secret_value(inputs(resources, "Secret", "argocd-admin")["stringData"])


def test_the_password_goes_in_as_a_bcrypt_hash_and_nowhere_else(record):
    resources = recorded(record)
    stored = admin(resources)["admin.password"]
    assert bcrypt.checkpw(PASSWORD.encode(), stored.encode())
    assert PASSWORD not in repr(resources)


def test_a_rotation_changes_one_resource(record):
    """Incident: a new password rolled every Argo CD pod, because the hash was a chart value."""
    before, after = recorded(record), recorded(record, argocdAdminPassword="another")
    # The order in which a component's resources reach the engine is not always the same.
    new = {resource.name: _lasting(resource) for resource in after}
    changed = [old.name for old in before if _lasting(old) != new[old.name]]
    assert len(before) == len(after)
    assert changed == ["argocd-admin"]


def _lasting(resource):
    """Inputs without the repo server's certificate, of which the engine keeps the first."""
    if resource.name == "argocd-repo-server-tls":
        return {**resource.inputs, "data": None}
    if resource.name == "argocd-release":
        values = resource.inputs["values"]
        return {**resource.inputs, "values": {**values, **{part: _plain(values[part]) for part in PARTS}}}
    return resource.inputs


def _plain(values):
    return {key: value for key, value in values.items() if key != "podAnnotations"}


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
    assert release["values"]["global"]["domain"] == "argocd.example.com"


def test_what_the_release_needs_comes_first_and_the_default_project_last(record):
    kinds = [resource.type.rpartition(":")[2] for resource in recorded(record)]
    assert kinds[0] == "Namespace"
    assert sorted(kinds[1:-2]) == ["Secret", "Secret"]
    assert kinds[-2:] == ["Release", "AppProject"]


def test_the_default_project_permits_nothing(record):
    """Incident: an Application without a project was in `default`, which may deploy anything anywhere."""
    project = inputs(recorded(record), "AppProject")
    assert project["metadata"]["name"] == "default"
    # Argo CD has made it by then: without force, the API server refuses to take its fields over.
    assert project["metadata"]["annotations"] == {"pulumi.com/patchForce": "true"}
    spec = project["spec"]
    assert spec["sourceRepos"] == spec["destinations"] == spec["clusterResourceWhitelist"] == []
    assert spec["namespaceResourceBlacklist"] == [{"group": "*", "kind": "*"}]


def test_the_repo_server_is_known_by_a_certificate_and_its_key_is_secret(record):
    """Incident: whatever answered at the repo server's address was believed."""
    resources = recorded(record)
    secret = inputs(resources, "Secret", "argocd-repo-server-tls")
    data = secret_value(secret["data"])
    assert secret["metadata"]["name"] == "argocd-repo-server-tls"
    assert data["tls.crt"] == data["ca.crt"]
    values = inputs(resources, "Release")["values"]
    digest = hashlib.sha256(data["tls.crt"].encode()).hexdigest()
    for part in PARTS:
        assert values[part]["podAnnotations"] == {CHECKSUM: digest}
    assert data["tls.key"] not in repr(values)


def test_the_secret_of_single_sign_on_is_in_argo_cds_secret_only(record):
    sso = {
        "argocdUrl": "https://argocd.example.com",
        "argocdOidcIssuer": "https://sso.example.com",
        "argocdOidcClientId": "argocd",
        "argocdOidcClientSecret": "from the issuer",
        "argocdAdminGroups": ["admins"],
    }
    resources = recorded(record, **sso)
    assert admin(resources)["oidc.clientSecret"] == "from the issuer"
    others = [resource for resource in resources if resource.name != "argocd-admin"]
    assert "from the issuer" not in repr(others)
    cm = inputs(resources, "Release")["values"]["configs"]["cm"]
    assert "clientSecret: $oidc.clientSecret" in cm["oidc.config"]
    assert cm["admin.enabled"] is False


def test_the_password_of_an_external_redis_is_in_its_secret_only(record):
    redis = {"argocdExternalRedis": "redis.example.com:6380", "argocdExternalRedisPassword": "of the cache"}
    resources = recorded(record, **redis)
    secret = inputs(resources, "Secret", "argocd-external-redis")
    assert secret_value(secret["stringData"]) == {"redis-password": "of the cache"}
    values = inputs(resources, "Release")["values"]
    assert values["externalRedis"]["existingSecret"] == secret["metadata"]["name"]
    assert "of the cache" not in repr(values)


def test_the_preview_names_what_overrides_a_setting_and_shows_no_value(evaluate, monkeypatch):
    """Incident: a value that nobody remembered kept an old limit over the setting that was raised."""
    told = []
    for level in ("warn", "info"):
        monkeypatch.setattr(pulumi.log, level, lambda text, *_, level=level: told.append((level, text)))
    values = {"repoServer": {"resources": {"limits": {"memory": "hunter2"}}}, "dex": {"name": "other"}}
    required = {"argocdAdminPassword": PASSWORD, "repositoryUrl": URL, "argocdValues": values}

    def build():
        ArgoCd("argocd", ArgoCdArgs(settings.check("prod", ROOT, required).argocd))
        return told

    assert evaluate(build) == [
        ("warn", "argocdValues overrides repoServer.resources.limits.memory, which the program sets"),
        ("info", "argocdValues sets dex.name"),
    ]


def test_overrides_reach_the_release(record):
    values = inputs(recorded(record, argocdValues={"server": {"replicas": 4}}), "Release")["values"]
    assert values["server"]["replicas"] == 4
    assert values["server"]["resources"]
