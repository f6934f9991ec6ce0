"""Bad configuration is refused as a whole, before anything is done. Incident: the fourth mistake of a new
stack's file was found twenty minutes into its fourth deployment."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import settings
import settings.__main__ as command
import settings.cluster
from planning.argocd_ha import ExternalRedis
from settings import ConfigError, check, parse
from settings.access import AccessEntry

ROOT = Path(__file__).parents[2]
STACKS = ["local", "dev", "staging", "prod"]
PROJECT = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
ADMIN = "arn:aws:iam::111122223333:role/admin"
HASH = "$2b$10$" + "a" * 53
VALID = {
    **{key: entry["default"] for key, entry in PROJECT["config"].items()},
    "argocdAdminPassword": "s3cret",
    "repositoryUrl": "https://github.com/owner/repository.git",
    "accessEntries": [{"principalArn": ADMIN, "scope": "admin"}],
}
SSO = {
    "argocdUrl": "https://argocd.example.com",
    "argocdOidcIssuer": "https://sso.example.com",
    "argocdOidcClientId": "argocd",
    "argocdAdminGroups": ["admins"],
}


def entries(*principals, **values):
    return [{"principalArn": principal, "scope": "admin", **values} for principal in principals]


def refused(**values):
    with pytest.raises(ConfigError) as caught:
        parse({**VALID, **values}, "dev")
    return str(caught.value)


def node_group(**values):
    return {"main": {"instanceTypes": ["m7i.large"], "minSize": 1, "desiredSize": 2, "maxSize": 3, **values}}


def test_the_defaults_are_a_platform():
    parsed = parse(VALID, "dev")
    assert parsed.environment == "dev"
    assert parsed.cluster.name == "gitops-platform-dev"
    assert parsed.cluster.public_access_cidrs == ()
    assert [group.name for group in parsed.cluster.node_groups] == ["default"]
    assert len(parsed.network.subnets) == parsed.network.zones


def test_values_may_be_strings_as_pulumi_hands_them_over():
    as_strings = {key: value if isinstance(value, str) else json.dumps(value) for key, value in VALID.items()}
    assert parse(as_strings, "dev") == parse(VALID, "dev")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"vpcCider": "10.0.0.0/16"}, "vpcCider: is not a known key. Did you mean vpcCidr"),
        ({"nodeGroups": node_group(desireSize=2)}, "nodeGroups.main.desireSize: is not a known key"),
        ({"availabilityZones": "three"}, "availabilityZones = three: must be a whole number"),
        ({"availabilityZones": True}, "availabilityZones = true: must be a whole number"),
        ({"availabilityZones": 9}, "availabilityZones = 9: is out of range. Use a number from 2 to 6"),
        ({"tags": ["a"]}, "tags = "),
        ({"tags": {"a": 1}}, "must map strings to strings"),
        ({"nodeGroups": node_group(instanceTypes="m7i.large")}, "instanceTypes = m7i.large: must be a list"),
        ({"nodeGroups": {"main": "big"}}, "main must be an object"),
        ({"natGateways": "two"}, "natGateways = two: is not one of the possible values"),
        ({"vpcCidr": "10.0.0.300/16"}, "vpcCidr = 10.0.0.300/16: is not an IPv4 network"),
        ({"vpcCidr": "10.0.0.1/16"}, "has host bits set"),
        ({"vpcCidr": "10.0.0.0/8"}, "is not a size that AWS gives a VPC"),
        ({"vpcCidr": "10.0.0.0/20"}, "vpcCidr = 10.0.0.0/20: is too small: 3 zones"),
        ({"serviceCidr": "10.0.128.0/20"}, "overlaps vpcCidr 10.0.0.0/16"),
        ({"serviceCidr": "8.8.0.0/16"}, "is not one that EKS accepts"),
        ({"publicAccessCidrs": ["0.0.0.0/0"]}, "opens the API to everybody"),
        ({"publicAccessCidrs": ["192.0.2.0/24", "192.0.2.8/32"]}, "192.0.2.8/32 overlaps 192.0.2.0/24"),
        ({"kubernetesVersion": "1.21"}, "kubernetesVersion = 1.21: is not one of the possible values"),
        ({"kubernetesApiAddress": "localhost:8443"}, "kubernetesApiAddress = localhost:8443: is not a URL"),
        ({"clusterName": "My Cluster"}, "clusterName = My Cluster: is not a cluster name"),
        ({"accessEntries": []}, "has no entry of scope admin"),
        ({"accessEntries": entries("root")}, "accessEntries.0.principalArn = root: is not the ARN of"),
        ({"accessEntries": entries("arn:aws:iam::111122223333:role/*")}, "names more than one principal"),
        ({"accessEntries": entries("arn:aws:iam::111122223333:role//a")}, "is not the ARN of an IAM role"),
        ({"accessEntries": entries("arn:aws:sts::111122223333:assumed-role/a/b")}, "is a session of a role"),
        ({"accessEntries": entries(ADMIN, ADMIN)}, f"names {ADMIN} more than once"),
        (
            {"accessEntries": entries(ADMIN, namespaces=["a"])},
            "no entry of scope admin for the whole cluster",
        ),
        ({"accessEntries": entries(ADMIN, namespaces=["dev-*"])}, "not the name of a namespace: dev-*"),
        ({"accessEntries": entries(ADMIN, namespaces=["a", "a"])}, "names a namespace twice"),
        ({"environment": "p" * 64}, "is too long for the label of a cluster. Use at most 63 characters"),
        ({"preserveResourcesOnDeletion": "yes"}, "preserveResourcesOnDeletion = yes: must be true or false"),
        ({"deletionProtection": "yes"}, "deletionProtection = yes: must be true or false"),
        ({"supportType": "NONE"}, "supportType = NONE: is not one of the possible values"),
        ({"nodeGroups": node_group(desiredSize=9)}, "is not between minSize and maxSize"),
        ({"nodeGroups": node_group(instanceTypes=[])}, "nodeGroups.main.instanceTypes = []: is empty"),
        ({"repositoryUrl": "github.com/owner/repository"}, "is not the URL of a Git repository"),
        ({"repositoryUrl": "https://github.com"}, "is not the URL of a Git repository"),
        ({"repositoryRevision": "a..b"}, "is not a branch, tag or commit"),
        ({"repositoryPath": "../gitops"}, "is not a folder inside the repository"),
        ({"repositoryPath": "/gitops"}, "is not a folder inside the repository"),
        ({"argocdAdminPassword": ""}, "argocdAdminPassword: is empty"),
        ({"argocdAdminPassword": ""}, "or let one be made: make rotate-password STACK=dev"),
        ({"argocdAdminPassword": "a" * 73}, "is 73 bytes long; bcrypt reads 72"),
        ({"argocdAdminPasswordHash": HASH}, "stands beside argocdAdminPassword"),
        ({"argocdAdminPassword": "", "argocdAdminPasswordHash": "$2b$10$x"}, "is not a bcrypt hash"),
        ({"argocdAdminPasswordMtime": "yesterday"}, "is not a time"),
        ({"argocdUrl": "http://argocd.example.com"}, "is not a URL. Use https://HOST"),
        ({"argocdProfile": "big"}, "argocdProfile = big: is not one of the possible values"),
        ({"argocdProfile": "ha"}, "the node groups may shrink to 2. Raise minSize"),
        ({"argocdExternalRedis": "redis:x"}, "argocdExternalRedis = redis:x: is not an address"),
        ({"argocdExternalRedis": "redis:"}, "is not an address"),
        ({"argocdExternalRedis": "redis"}, "names a Redis without argocdExternalRedisPassword"),
        ({"argocdExternalRedisPassword": "x"}, "argocdExternalRedisPassword: is for no Redis"),
        ({"argocdExposure": "NodePort"}, "Use ClusterIP, LoadBalancer or Ingress"),
        ({"argocdInternetFacing": True}, "is about a load balancer, and argocdExposure has none"),
        ({"argocdInternetFacing": "yes"}, "argocdInternetFacing = yes: must be true or false"),
        ({"argocdCertificateArn": "x"}, "argocdCertificateArn = x: is not the ARN of a certificate"),
        ({"argocdExposure": "LoadBalancer"}, "argocdUrl: is empty, and argocdExposure opens it"),
        ({"argocdExposure": "Ingress", "argocdUrl": "https://a.b"}, "argocdCertificateArn: is empty"),
        (
            {"argocdExposure": "LoadBalancer", "argocdUrl": "https://a.b", "argocdInternetFacing": True},
            "argocdAllowedCidrs = []: is empty, and argocdInternetFacing opens Argo CD to the internet",
        ),
        (
            {"argocdExposure": "Ingress", "argocdAllowedCidrs": ["0.0.0.0/0"]},
            "opens Argo CD to everybody",
        ),
        ({"argocdOidcClientId": "argocd"}, "is about single sign-on, which is not set up"),
        ({"argocdAdminGroups": ["admins"]}, "is about single sign-on, which is not set up"),
        ({"argocdOidcIssuer": "https://sso.example.com"}, "argocdOidcClientId: is empty"),
        ({**SSO, "argocdUrl": ""}, "argocdUrl: is empty, and the issuer sends people back there"),
        ({**SSO, "argocdAdminGroups": []}, "nobody could administer Argo CD"),
        ({**SSO, "argocdAdminGroups": ["a,b"]}, "'a,b' has a comma"),
        ({**SSO, "argocdDeveloperGroups": ["role:admin"]}, "'role:admin' is the name of a role"),
        ({"argocdValues": ["server"]}, "must be a mapping"),
    ],
)
def test_a_mistake_is_named_with_key_value_and_cause(values, message):
    assert message in refused(**values)


def test_roles_with_a_path_and_namespaces_are_read():
    people = "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Team_0a1b"
    extra = {"principalArn": people, "scope": "operator", "namespaces": ["team-a"]}
    parsed = parse({**VALID, "accessEntries": [*entries(ADMIN), extra]}, "dev")
    assert parsed.cluster.access_entries[0].namespaces == ()
    assert parsed.cluster.access_entries[1] == AccessEntry(people, "operator", ("team-a",))


def on(monkeypatch, day, **values):
    monkeypatch.setattr(settings.cluster, "today", lambda: day)
    return parse({**VALID, **values}, "dev").warnings


def test_a_version_near_the_end_of_its_support_is_told(monkeypatch):
    """Incident: EKS upgraded production by itself on a Friday, because nobody had looked at the calendar."""
    assert on(monkeypatch, date(2026, 9, 2), kubernetesVersion="1.34") == ()
    (warning,) = on(monkeypatch, date(2026, 9, 3), kubernetesVersion="1.34")
    assert "kubernetesVersion = 1.34: STANDARD support ends 2026-12-02" in str(warning)
    assert "1.36 is the newest" in str(warning)
    assert on(monkeypatch, date(2026, 12, 2), kubernetesVersion="1.34", supportType="EXTENDED") == ()


def test_the_command_tells_warnings_and_exits_with_0(tmp_path, monkeypatch, capsys):
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    own = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    own["config"] |= {settings.PASSWORD: {"secure": "v1:abc"}, "gitops-platform:kubernetesVersion": "1.34"}
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(own))
    monkeypatch.chdir(tmp_path)
    assert command.main(["dev"]) == 0
    assert capsys.readouterr().err.startswith("warning: kubernetesVersion = 1.34: STANDARD support ends")


def test_a_version_without_support_is_refused(monkeypatch):
    with pytest.raises(ConfigError, match="has had no STANDARD support since 2026-12-02"):
        on(monkeypatch, date(2026, 12, 2), kubernetesVersion="1.34")
    with pytest.raises(ConfigError, match="has had no EXTENDED support since 2027-12-02"):
        on(monkeypatch, date(2027, 12, 2), kubernetesVersion="1.34", supportType="EXTENDED")


def test_all_problems_are_told_at_once():
    text = refused(vpcCidr="x", natGateways="x", repositoryUrl="x", argocdAdminPassword="")
    assert text.startswith("4 problems in the stack's configuration:")


@given(st.text(min_size=73, max_size=90).filter(str.strip))
def test_a_refused_password_is_not_repeated(password):
    assert password not in refused(argocdAdminPassword=password)


def test_a_password_in_the_repository_url_is_not_repeated():
    text = refused(repositoryUrl="https://me:hunter2@github.com/owner/repository.git")
    assert "holds a password" in text
    assert "hunter2" not in text


def test_after_single_sign_on_the_local_admin_is_off_unless_kept():
    """Incident: people left the company; the password that all of them knew stayed."""
    assert parse(VALID, "dev").argocd.installation.access.local_admin
    assert not parse({**VALID, **SSO}, "dev").argocd.installation.access.local_admin
    kept = {**VALID, **SSO, "argocdLocalAdmin": True, "argocdAdminGroups": []}
    assert parse(kept, "dev").argocd.installation.access.local_admin


def test_a_redis_of_somebody_elses_needs_no_nodes_of_argo_cds():
    redis = {"argocdExternalRedis": "redis.example.com", "argocdExternalRedisPassword": "x"}
    installation = parse({**VALID, **redis, "argocdProfile": "ha"}, "dev").argocd.installation
    assert installation.external_redis == ExternalRedis("redis.example.com", 6379, "x")


def test_settings_do_not_show_the_password_hash():
    parsed = parse({**VALID, "argocdAdminPassword": "", "argocdAdminPasswordHash": HASH}, "dev")
    assert parsed.argocd.admin_password_hash == HASH
    assert not parsed.argocd.admin_password_readable
    assert HASH not in repr(parsed)


@pytest.mark.parametrize(
    "url", ["git@github.com:owner/repository.git", "ssh://git@host/path", "http://localhost:1/r"]
)
def test_every_usual_repository_url_is_accepted(url):
    assert parse({**VALID, "repositoryUrl": url}, "dev").argocd.repository_url == url


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_is_whole_but_for_what_is_secret_or_local(stack):
    machine = {"argocdAdminPassword": "s3cret", "repositoryUrl": VALID["repositoryUrl"]}
    parsed = check(stack, ROOT, machine)
    overlays = {path.name for path in (ROOT / "gitops/applications/nginx-app/overlays").iterdir()}
    assert parsed.environment in overlays


@pytest.mark.parametrize("key", settings.SECRETS)
def test_a_secret_in_plain_text_is_refused(tmp_path, key):
    """Incident: the password was set without --secret, and committed."""
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    own = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    own["config"][f"{settings.PROJECT}:{key}"] = "hunter2"
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(own))
    with pytest.raises(ConfigError, match=f"{key}: stands in the file in plain text") as caught:
        check("dev", tmp_path, {})
    assert "hunter2" not in str(caught.value)


def test_an_encrypted_password_is_taken_as_given(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    own = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    own["config"]["gitops-platform:argocdAdminPassword"] = {"secure": "v1:abc"}
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(own))
    assert check("dev", tmp_path, {}).argocd.admin_password_readable


def test_every_key_is_described():
    assert all(entry["description"] and "default" in entry for entry in PROJECT["config"].values())


@pytest.mark.parametrize("stack", STACKS)
def test_stack_files_hold_differences_only_in_the_order_of_the_description(stack):
    config = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    own = {
        key.removeprefix("gitops-platform:"): value
        for key, value in config.items()
        if key.startswith("gitops-platform:")
    }
    assert list(own) == [key for key in PROJECT["config"] if key in own]
    assert [key for key, value in own.items() if value == PROJECT["config"][key]["default"]] == []


def test_the_command_tells_all_problems_and_exits_with_2(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  gitops-platform:vpcCider: x\n")
    run = subprocess.run(
        [sys.executable, "-m", "settings", "dev"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == settings.INVALID
    assert re.findall(r"^  - (\w+)", run.stderr, re.MULTILINE) == [
        "accessEntries",
        "argocdAdminPassword",
        "repositoryUrl",
        "vpcCider",
    ]
