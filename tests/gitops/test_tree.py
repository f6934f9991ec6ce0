"""The GitOps tree as Argo CD's own kustomize renders it."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from planning import argocd

GITOPS = Path(__file__).parents[2] / "gitops"
URL = "https://example.com/owner/repository.git"
OVERLAYS = sorted(path.name for path in (GITOPS / "applications/nginx-app/overlays").iterdir())


@pytest.fixture(scope="session")
def render(binaries):

    def run(folder):
        done = subprocess.run(
            [binaries / "kustomize", "build", GITOPS / folder], capture_output=True, text=True, check=True
        )
        return list(yaml.safe_load_all(done.stdout))

    return run


@pytest.fixture(scope="session")
def root(render):
    return {(item["kind"], item["metadata"]["name"]): item for item in render("argocd")}


def test_every_overlay_is_named_by_a_stack():
    assert OVERLAYS == ["dev", "prod", "staging"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_overlay_renders_one_deployment_and_its_service(render, overlay):
    items = {item["kind"]: item for item in render(f"applications/nginx-app/overlays/{overlay}")}
    assert items.keys() == {"Deployment", "Service"}
    name = f"{overlay}-nginx-app"
    assert {item["metadata"]["name"] for item in items.values()} == {name}
    pod = items["Deployment"]["spec"]["template"]
    assert items["Service"]["spec"]["selector"].items() <= pod["metadata"]["labels"].items()


def test_dev_is_what_the_guide_shows(render):
    deployment = next(
        item for item in render("applications/nginx-app/overlays/dev") if item["kind"] == "Deployment"
    )
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert deployment["spec"]["replicas"] == 2
    assert container["image"].endswith(":1.21-alpine")
    assert container["resources"]["requests"] == {"cpu": "10m", "memory": "16Mi"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_pass_the_restricted_profile_of_their_namespace(render, overlay):
    """Incident: the namespace enforced the profile, and production's new pods were refused."""
    (namespace,) = render("infrastructure/namespaces")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for item in render(f"applications/nginx-app/overlays/{overlay}"):
        if item["kind"] == "Deployment":
            pod = item["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
            for container in pod["containers"]:
                assert container["securityContext"]["allowPrivilegeEscalation"] is False
                assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_images_are_pinned(render, overlay):
    """Incident: `latest` changed overnight, and a restart was an upgrade."""
    for item in render(f"applications/nginx-app/overlays/{overlay}"):
        for container in item.get("spec", {}).get("template", {}).get("spec", {}).get("containers", []):
            tag = container["image"].rpartition(":")[2]
            assert tag[0].isdigit()


def test_the_tree_names_no_repository(root):
    """A fork works unchanged: the URL comes from the stack's configuration."""
    assert "://" not in json.dumps(list(root.values())).replace(argocd.IN_CLUSTER, "")


def test_every_application_belongs_to_a_project_of_the_tree(root):
    projects = {name for kind, name in root if kind == "AppProject"}
    used = {
        item["spec"]["template"]["spec"]["project"]
        for (kind, _), item in root.items()
        if kind == "ApplicationSet"
    }
    assert used == projects


def test_the_root_may_lay_out_all_that_the_tree_holds(root):
    """Incident: a kind was added to the tree, and the root project refused it in production."""
    spec = argocd.root_project_spec(URL)
    allowed = {(rule["group"], rule["kind"]) for rule in spec["namespaceResourceWhitelist"]}
    held = {(item["apiVersion"].partition("/")[0], item["kind"]) for item in root.values()}
    assert held <= allowed
    assert {item["metadata"]["namespace"] for item in root.values()} == {argocd.NAMESPACE}


@pytest.fixture
def patched(tmp_path, render):
    """Rendered as Argo CD does it: with the patches of the root Application's source."""

    def run(**options):
        source = argocd.root_application_spec(URL, "main", "gitops", **options)["source"]
        relative = Path("../" * len(tmp_path.parts)) / (GITOPS / "argocd").relative_to("/")
        (tmp_path / "kustomization.yaml").write_text(
            yaml.safe_dump({"resources": [str(relative)], "patches": source["kustomize"]["patches"]})
        )
        return render(tmp_path)

    return run


@pytest.mark.parametrize("preserve", [False, True])
def test_the_roots_patch_narrows_every_project_to_the_repository(patched, preserve):
    projects = [item for item in patched(preserve=preserve) if item["kind"] == "AppProject"]
    assert len(projects) == 2
    assert all(project["spec"]["sourceRepos"] == [URL] for project in projects)


def test_by_choice_no_application_takes_its_workloads_along(patched, root):
    """Incident: the root was deleted without its finalizer; its Applications hung in theirs."""
    for item in patched(preserve=True):
        if item["kind"] == "ApplicationSet":
            before = root["ApplicationSet", item["metadata"]["name"]]["spec"]
            assert item["spec"]["syncPolicy"] == {"preserveResourcesOnDeletion": True}
            assert "finalizers" not in item["spec"]["template"]["metadata"]
            assert item["spec"]["template"]["spec"] == before["template"]["spec"]
            assert item["spec"]["generators"] == before["generators"]


def test_applications_heal_prune_and_leave_nothing_behind(root):
    for (kind, _), item in root.items():
        if kind == "ApplicationSet":
            template = item["spec"]["template"]
            assert template["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
            assert template["metadata"]["finalizers"] == [argocd.FINALIZER]
            assert template["spec"]["revisionHistoryLimit"] == argocd.REVISION_HISTORY
