import json

import pulumi

from components.root_application import RootApplication, RootApplicationArgs

URL = "https://example.com/owner/repository.git"
FACTS = {"aws_region": "eu-west-1", "aws_vpc_id": "vpc-1"}


def recorded(record):
    def build():
        platform = pulumi.ComponentResource("gitops-platform:test:ArgoCd", "argocd")
        args = RootApplicationArgs(platform, "prod", URL, "main", "gitops", FACTS)
        return pulumi.Output.all(RootApplication("root", args).name)

    resources = record(build)
    return {resource.type.rpartition(":")[2]: resource.inputs for resource in resources}


def test_it_makes_these_three_objects_and_no_more(record):
    assert recorded(record).keys() == {"Secret", "AppProject", "Application"}


def test_what_argo_cd_made_goes_with_the_root(record):
    """Incident: the cluster was destroyed, its load balancers and volumes stayed and were billed."""
    metadata = recorded(record)["Application"]["metadata"]
    assert metadata["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]


def test_drift_and_removals_are_mended(record):
    spec = recorded(record)["Application"]["spec"]
    assert spec["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
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
    assert {rule["group"] for rule in spec["namespaceResourceWhitelist"]} == {"argoproj.io"}
    assert [place["namespace"] for place in spec["destinations"]] == ["argocd"]


def test_the_facts_of_the_aws_half_reach_application_sets(record):
    metadata = recorded(record)["Secret"]["metadata"]
    assert metadata["labels"]["argocd.argoproj.io/secret-type"] == "cluster"
    assert metadata["labels"]["environment"] == "prod"
    assert metadata["annotations"].items() >= {**FACTS, "gitops_repository_url": URL}.items()
