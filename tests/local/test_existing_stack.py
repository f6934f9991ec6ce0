"""A stack that exists: who may enter its cluster, and what a change would do to it. In this order."""

import re
from functools import partial

import pytest
import yaml

from tests.local.clone import wait_for
from tests.local.people import OPERATOR, People
from tests.local.plans import PREFIX, plan

CLUSTER = "aws:eks/cluster:Cluster"
GROUP = "aws:eks/nodeGroup:NodeGroup"
ADDON = "aws:eks/addon:Addon"
PRECIOUS = (CLUSTER, "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet")
"""Whatever runs in the cluster is lost with any of these."""

NODES = {"instanceTypes": ["m7i.large"], "minSize": 1, "desiredSize": 2, "maxSize": 3}


def configure(clone, **values):
    """Set keys of the committed settings."""
    file = clone.folder / "Pulumi.local.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"] |= {PREFIX + key: value for key, value in values.items()}
    file.write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def people(clone):
    return People(clone)


@pytest.fixture(scope="module")
def entries(people):
    """An entry for each person but the stranger."""
    people.role("stranger")

    def entry(scope, arn, *namespaces):
        limit = {"namespaces": list(namespaces)} if namespaces else {}
        return {"principalArn": arn, "scope": scope, **limit}

    return {
        "pulumi": entry("admin", OPERATOR),
        "admin": entry("admin", people.role("admin", "/people/platform/")),
        "operator": entry("operator", people.role("operator")),
        "viewer": entry("viewer", people.role("viewer")),
        "team": entry("operator", people.role("team", "/people/"), "team-a"),
        "lead": entry("admin", people.role("lead"), "team-a"),
    }


@pytest.fixture(scope="module")
def up(clone, people, entries):
    configure(clone, accessEntries=list(entries.values()))
    clone.local("up")
    return clone


@pytest.fixture(scope="module")
def teams(up, people):
    """What the admin makes: two namespaces, each with a Deployment and a Secret."""
    for namespace in ("team-a", "team-b"):
        assert people.may("admin", f"create namespace {namespace}")
        assert people.may("admin", f"create deployment web --image nginx --namespace {namespace}")
        assert people.may("admin", f"create secret generic token --from-literal a=b --namespace {namespace}")
    for person in ("team", "lead"):
        enters = partial(people.may, person, "get pods --namespace team-a")
        wait_for(enters, 15, f"{person} in team-a")


def test_an_admin_may_do_everything(people, teams):
    assert people.kubectl("admin", "auth can-i * *").stdout == "yes\n"
    assert people.may("admin", "get applications --all-namespaces")


@pytest.mark.parametrize(
    ("person", "command", "allowed"),
    [
        ("operator", "create configmap by-operator --from-literal a=b --namespace team-b", True),
        ("operator", "scale deployment web --replicas 2 --namespace team-b", True),
        ("operator", "get secret token --namespace team-b", True),
        ("operator", "create namespace another", False),
        ("operator", "create role reader --verb get --resource pods --namespace team-b", False),
        ("operator", "get nodes", False),
        ("operator", "delete application root --namespace argocd", False),
        ("viewer", "get pods --all-namespaces", True),
        ("viewer", "get deployment web --namespace team-a", True),
        ("viewer", "delete deployment web --namespace team-a", False),
        ("viewer", "create configmap by-viewer --from-literal a=b --namespace team-a", False),
        ("viewer", "get secret token --namespace team-a", False),
        ("viewer", "get secrets --all-namespaces", False),
        ("team", "create configmap by-team --from-literal a=b --namespace team-a", True),
        ("team", "get secret token --namespace team-a", True),
        ("team", "create role reader --verb get --resource pods --namespace team-a", False),
        ("team", "get pods --namespace team-b", False),
        ("team", "get pods --all-namespaces", False),
        ("team", "get secrets --namespace argocd", False),
        ("team", "get pods --namespace team-b --as system:serviceaccount:argocd:argocd-server", False),
        ("lead", "create role reader --verb get --resource pods --namespace team-a", True),
        ("lead", "create role reader --verb get --resource pods --namespace team-b", False),
        ("lead", "create clusterrole reader --verb get --resource pods", False),
        ("lead", "delete namespace team-a", False),
    ],
)
def test_a_scope_ends_where_it_says(people, teams, person, command, allowed):
    """Incident: a read-only role could read Secrets, and with them everything else."""
    assert people.may(person, command) is allowed


def test_a_stranger_is_refused(people, up):
    """Incident: whoever was in the account could enter, through a role that an entry had been meant for."""
    assert not people.is_known("stranger")
    assert people.is_known("viewer")


def test_other_namespaces_move_the_access(people, teams, up, entries):
    """Incident: the new association overwrote the old one, whose deletion then took both away."""
    entries["team"]["namespaces"] = ["team-b"]
    del entries["viewer"]
    configure(up, accessEntries=list(entries.values()))
    summary = up.local("up")
    assert re.search(r"deleted aws:eks/accessEntry:AccessEntry .*role/viewer", summary), summary
    wait_for(lambda: people.may("team", "get pods --namespace team-b"), 15, "the team in team-b")
    assert not people.may("team", "get pods --namespace team-a")
    up.shell("pulumi preview --refresh --expect-no-changes --non-interactive")


def test_a_removed_entry_loses_access_within_seconds(people, up):
    """A token that the cluster has just accepted stays good for ten seconds."""
    wait_for(lambda: not people.is_known("viewer"), 15, "the viewer gone")


@pytest.fixture(scope="module")
def would(up, people):
    """What the stack would do with other settings."""
    return lambda **changes: plan(up, people.environment, changes)


def test_a_kubernetes_minor_updates_cluster_nodes_and_addons(would):
    """Incident: the upgrade's plan replaced the node groups, and with them every pod at once."""
    changes = would(kubernetesVersion="1.36")
    assert list(changes.of(CLUSTER).values()) == ["update"]
    assert list(changes.of(GROUP).values()) == ["update"]
    addons = changes.of(ADDON)
    assert {"kube-proxy", "coredns"} <= {name.partition("-nodes-")[2] for name in addons}
    assert set(addons.values()) == {"update"}
    assert not any(changes.loses(kind) for kind in PRECIOUS)


def test_another_addon_version_updates_the_addon(would, up):
    file = up.folder / "planning/addons.yaml"
    sound = file.read_text()
    file.write_text(re.sub(r"coredns: v1\.13\.\S+", "coredns: v1.13.9-eksbuild.1", sound))
    try:
        assert list(would().of(ADDON).values()) == ["update"]
    finally:
        file.write_text(sound)


def test_another_release_of_the_image_updates_the_node_group(would):
    changes = would(nodeGroups={"default": {**NODES, "releaseVersion": "1.35.1-20261120"}})
    assert list(changes.of(GROUP).values()) == ["update"]
    assert changes.of(CLUSTER) == {}


@pytest.mark.parametrize(
    "settings",
    [
        {"tags": {"team": "platform"}},
        {"deletionProtection": True, "supportType": "EXTENDED"},
        {"publicAccessCidrs": ["192.0.2.0/24"]},
        {"natGateways": "none"},
        {"nodeGroups": {"default": {**NODES, "maxSize": 5, "labels": {"pool": "a"}, "diskGib": 80}}},
        {"nodeGroups": {"default": NODES, "more": NODES}},
    ],
    ids="+".join,
)
def test_settings_that_may_change_keep_cluster_network_and_nodes(would, settings):
    """Incident: a tag on the VPC replaced it, with everything in it, and the plan was 300 lines long."""
    changes = would(**settings)
    assert [kind for kind in (*PRECIOUS, GROUP) if changes.loses(kind)] == []


def test_a_setting_that_never_changes_would_replace_the_cluster(would):
    """The proof that the tests above would see a replacement."""
    assert would(serviceCidr="172.21.0.0/16").loses(CLUSTER)
