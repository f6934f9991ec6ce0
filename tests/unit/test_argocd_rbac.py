"""Who may enter and what they may do."""

import csv

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.argocd_rbac import DEVELOPER_PROJECT, Access, Sso, cm, group_problem, rbac
from tests.gitops.test_tree import GITOPS

SSO = Sso("https://sso.example.com", "argocd", "s3cret")


def rules(access):
    return [[word.strip() for word in line] for line in csv.reader(rbac(access)["policy.csv"].splitlines())]


def test_whoever_logs_in_may_look_and_no_more():
    """Incident: policy.default was role:admin from a tutorial; every employee could delete production."""
    assert rbac(Access())["policy.default"] == "role:readonly"
    assert all(rule[1] == "role:developer" for rule in rules(Access()))


def test_groups_have_their_roles():
    found = rules(Access(SSO, False, ("platform team", "0f0c-11"), ("developers",)))
    assert [rule for rule in found if rule[0] == "g"] == [
        ["g", "role:developer", "role:readonly"],
        ["g", "platform team", "role:admin"],
        ["g", "0f0c-11", "role:admin"],
        ["g", "developers", "role:developer"],
    ]


def test_developers_sync_workloads_and_change_nothing_else():
    allowed = [rule[2:] for rule in rules(Access()) if rule[0] == "p"]
    assert allowed == [
        ["applications", action, f"{DEVELOPER_PROJECT}/*", "allow"] for action in ("sync", "action/*")
    ]


def test_the_developers_project_is_in_the_tree():
    """Incident: a renamed project left its developers without rights."""
    projects = [yaml.safe_load(path.read_text()) for path in (GITOPS / "argocd/projects").glob("*.yaml")]
    assert DEVELOPER_PROJECT in {project["metadata"]["name"] for project in projects}


@given(st.text(max_size=30))
def test_a_group_that_is_accepted_is_one_field_of_one_line(group):
    """Incident: a group's name with a line break brought its own line of policy."""
    assume(group_problem(group) is None)
    assert rules(Access(SSO, False, (group,)))[-1] == ["g", group, "role:admin"]
    assert len(rules(Access(SSO, False, (group,)))) == len(rules(Access())) + 1


@pytest.mark.parametrize("group", ["", " a", "a ", "a,b", 'a"b', "a\nb", "a#b", "role:readonly"])
def test_a_group_that_would_change_the_policy_is_refused(group):
    assert group_problem(group)


@pytest.mark.parametrize("local", [True, False])
def test_the_local_admin_is_on_or_off(local):
    assert cm(Access(SSO, local))["admin.enabled"] is local


def test_the_client_secret_is_a_reference():
    found = cm(Access(SSO, False))["oidc.config"]
    assert "s3cret" not in found
    assert yaml.safe_load(found)["clientSecret"] == "$oidc.clientSecret"
    assert "groups" in yaml.safe_load(found)["requestedScopes"]


def test_a_public_client_proves_itself_by_pkce():
    config = yaml.safe_load(cm(Access(Sso("https://sso.example.com", "argocd", "")))["oidc.config"])
    assert config["enablePKCEAuthentication"] is True
    assert "clientSecret" not in config


def test_a_secret_is_not_shown():
    assert "s3cret" not in repr(Access(SSO))
