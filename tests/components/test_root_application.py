import json
from pathlib import Path

import pulumi
import pytest

import settings
from components.root_application import RootApplication, RootApplicationArgs
from planning.metadata import CONTRACT, ContractError

ROOT = Path(__file__).parents[2]
URL = "https://example.com/owner/repository.git"
FACTS = {"environment": "prod"}


def resources(record, facts=FACTS, protected=False, **values):
    required = {"argocdAdminPassword": "correct horse", "repositoryUrl": URL}
    config = settings.check("prod", ROOT, {**required, **values}).argocd

    def build():
        platform = pulumi.ComponentResource("gitops-platform:test:ArgoCd", "argocd")
        args = RootApplicationArgs(platform, config, facts, protected)
        return pulumi.Output.all(RootApplication("root", args).name)

    return {resource.type.rpartition(":")[2]: resource for resource in record(build)}


def recorded(record, **arguments):
    return {kind: resource.inputs for kind, resource in resources(record, **arguments).items()}


def test_it_makes_these_three_objects_and_no_more(record):
    assert recorded(record).keys() == {"Secret", "AppProject", "Application"}


def test_what_argo_cd_made_goes_with_the_root(record):
    """Incident: the cluster was destroyed, its load balancers and volumes stayed and were billed."""
    application = recorded(record)["Application"]
    assert application["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    (patch,) = application["spec"]["source"]["kustomize"]["patches"]
    assert patch["target"] == {"kind": "AppProject"}


def test_by_choice_it_stays(record):
    """Incident: a cluster moved to another Argo CD; the old root was deleted, and every workload with it."""
    application = recorded(record, preserveResourcesOnDeletion=True)["Application"]
    assert "finalizers" not in application["metadata"]


def test_then_the_applications_of_the_tree_let_go_too(record):
    """Incident: the root went at once, its Applications hung in their finalizers, and Argo CD was gone."""
    application = recorded(record, preserveResourcesOnDeletion=True)["Application"]
    _, patch = application["spec"]["source"]["kustomize"]["patches"]
    spec = json.loads(patch["patch"])["spec"]
    assert patch["target"] == {"kind": "ApplicationSet"}
    assert spec["syncPolicy"] == {"preserveResourcesOnDeletion": True}
    assert spec["template"]["metadata"] == {"finalizers": None}


def test_a_protected_root_is_deleted_by_nobody_in_passing(record):
    """Incident: `pulumi destroy` of production took every workload before EKS refused to go; another time
    somebody deleted the root in Argo CD."""
    protected = resources(record, protected=True)
    assert {kind for kind, resource in protected.items() if resource.protected} == {"Application"}
    assert protected["Application"].inputs["spec"]["syncPolicy"]["syncOptions"] == ["Delete=confirm"]


def test_an_unprotected_root_is_destroyed_unattended(record):
    """Incident: every night the pipeline's stack hung for a confirmation, and was billed until morning."""
    unprotected = resources(record)
    assert not any(resource.protected for resource in unprotected.values())
    assert "syncOptions" not in unprotected["Application"].inputs["spec"]["syncPolicy"]


def test_drift_and_removals_are_mended(record):
    for protected in (True, False):
        spec = recorded(record, protected=protected)["Application"]["spec"]
        assert spec["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
        assert spec["syncPolicy"]["retry"]["limit"] > 0
        assert spec["revisionHistoryLimit"] == 10


def test_the_root_follows_the_repository_and_narrows_its_projects_to_it(record):
    source = recorded(record)["Application"]["spec"]["source"]
    assert (source["repoURL"], source["targetRevision"], source["path"]) == (URL, "main", "gitops/argocd")
    (patch,) = source["kustomize"]["patches"]
    assert json.loads(patch["patch"]) == [{"op": "replace", "path": "/spec/sourceRepos", "value": [URL]}]


def test_the_root_project_allows_nothing_but_argo_cds_own_objects(record):
    """Incident: a pull request to the root folder brought a ClusterRoleBinding."""
    spec = recorded(record)["AppProject"]["spec"]
    assert spec["sourceRepos"] == [URL]
    assert spec["clusterResourceWhitelist"] == []
    kinds = {"AppProject", "Application", "ApplicationSet"}
    allowed = {(rule["group"], rule["kind"]) for rule in spec["namespaceResourceWhitelist"]}
    assert allowed == {("argoproj.io", kind) for kind in kinds}
    assert spec["destinations"] == [{"server": "https://kubernetes.default.svc", "namespace": "argocd"}]


def test_the_facts_reach_application_sets_and_nothing_else_does(record):
    metadata = recorded(record)["Secret"]["metadata"]
    assert metadata["labels"] == {"argocd.argoproj.io/secret-type": "cluster", "environment": "prod"}
    assert metadata["annotations"] == {
        "gitops_repository_url": URL,
        "gitops_revision": "main",
        "gitops_path": "gitops",
    }
    assert {entry.name for entry in CONTRACT} == {*FACTS, *metadata["annotations"]}


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({}, "environment is missing"),
        ({**FACTS, "aws_vpc": "vpc-1"}, "aws_vpc is not in the contract"),
        ({"enviroment": "prod"}, "environment is missing, enviroment is not in the contract"),
    ],
    ids=["missing", "additional", "misspelt"],
)
def test_facts_that_are_not_the_contracts_are_refused(record, facts, problem):
    """Incident: an annotation was renamed on one side, and the set made nothing and said nothing."""
    with pytest.raises(ContractError, match=problem):
        resources(record, facts=facts)
