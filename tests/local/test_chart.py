"""The stand-in chart, rendered by the real Helm from the real manifests (needs the built toolchain)."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from local import chart, paths
from planning import argocd
from planning.argocd_values import CHECKSUM, POD, RESTRICTED, Installation, chart_values

# What chart 10.1.1 of the original makes for release `argocd` and the program's values of stack local, by
# component, but for its ConfigMap argocd-redis-health-configmap, scripts for probes that no pod runs here.
ORIGINAL = {
    "application-controller": {
        *(
            (kind, "argocd-application-controller")
            for kind in ("StatefulSet", "ServiceAccount", "NetworkPolicy")
        ),
        *((kind, "argocd-application-controller") for kind in ("Role", "RoleBinding")),
        *((kind, "argocd-application-controller") for kind in ("ClusterRole", "ClusterRoleBinding")),
        ("Service", "argocd-application-controller-metrics"),
    },
    "applicationset-controller": {
        *((kind, "argocd-applicationset-controller") for kind in ("Deployment", "Service", "ServiceAccount")),
        *((kind, "argocd-applicationset-controller") for kind in ("Role", "RoleBinding", "NetworkPolicy")),
        ("Service", "argocd-applicationset-controller-metrics"),
    },
    "repo-server": {
        *(
            (kind, "argocd-repo-server")
            for kind in ("Deployment", "Service", "ServiceAccount", "NetworkPolicy")
        ),
        *((kind, "argocd-repo-server") for kind in ("Role", "RoleBinding")),
        ("Service", "argocd-repo-server-metrics"),
    },
    "server": {
        *((kind, "argocd-server") for kind in ("Deployment", "Service", "ServiceAccount", "NetworkPolicy")),
        *((kind, "argocd-server") for kind in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")),
        *(("ConfigMap", f"argocd-{name}") for name in ("cm", "cmd-params-cm", "rbac-cm")),
        ("Service", "argocd-server-metrics"),
    },
    "redis": {(kind, "argocd-redis") for kind in ("Deployment", "Service", "NetworkPolicy")},
    "redis-secret-init": {
        (kind, "argocd-redis-secret-init") for kind in ("Job", "ServiceAccount", "Role", "RoleBinding")
    },
    None: {
        ("NetworkPolicy", "argocd-default-deny"),
        *(("ConfigMap", f"argocd-{name}-cm") for name in ("gpg-keys", "ssh-known-hosts", "tls-certs")),
        *(
            ("CustomResourceDefinition", f"{name}.argoproj.io")
            for name in ("applications", "applicationsets", "appprojects")
        ),
    },
}
OFF = {"dex": {"enabled": False}, "notifications": {"enabled": False}}
LOCAL = chart_values(Installation("https://argocd.example.org", 7), "digest")
# Two megabytes, which most tests need not parse.
NO_DEFINITIONS = {"crds": {"install": False}}


@pytest.fixture(scope="session")
def folder(binaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chart.assemble(tmp_path_factory.mktemp("chart") / "argo-cd")


def helm(folder: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    command = (paths.BIN / "helm", "template", argocd.RELEASE, folder, "-n", argocd.NAMESPACE, "-f", "-")
    return subprocess.run(command, input=yaml.safe_dump(values), check=False, capture_output=True, text=True)


def render(folder: Path, values: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    done = helm(folder, OFF | NO_DEFINITIONS | values)
    assert done.returncode == 0, done.stderr
    objects = [found for found in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if found]
    rendered = {(found["kind"], found["metadata"]["name"]): found for found in objects}
    assert len(rendered) == len(objects)
    return rendered


def test_the_objects_are_those_of_the_original(folder: Path) -> None:
    found: dict[str | None, set[tuple[str, str]]] = {}
    for key, rendered in render(folder, {**LOCAL, "crds": {}}).items():
        labels = rendered["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "argocd"
        if key[0] != "CustomResourceDefinition":
            assert labels["helm.sh/chart"] == "argo-cd-10.1.1"
            assert labels["app.kubernetes.io/managed-by"] == "Helm"
            assert labels["app.kubernetes.io/instance"] == argocd.RELEASE
            assert labels["app.kubernetes.io/name"] in (key[1], "argocd-metrics")
        found.setdefault(labels.get("app.kubernetes.io/component"), set()).add(key)
    assert found == ORIGINAL


def test_the_version_is_that_of_production(folder: Path) -> None:
    project = yaml.safe_load((paths.ROOT / "Pulumi.yaml").read_text())
    (version,) = [
        about["default"] for key, about in project["config"].items() if key.endswith("ChartVersion")
    ]
    assert yaml.safe_load((folder / "Chart.yaml").read_text())["version"] == version


def test_the_values_of_the_program_are_honoured(folder: Path) -> None:
    rendered = render(folder, LOCAL)
    assert ("Secret", "argocd-secret") not in rendered
    settings = rendered["ConfigMap", "argocd-cm"]["data"]
    assert settings["url"] == "https://argocd.example.org"
    assert settings["timeout.reconciliation"] == "7s"
    assert settings["admin.enabled"] == "true"
    assert "EndpointSlice" in settings["resource.exclusions"]
    assert settings["users.anonymous.enabled"] == settings["exec.enabled"] == "false"
    assert rendered["ConfigMap", "argocd-rbac-cm"]["data"]["policy.default"] == "role:readonly"
    params = rendered["ConfigMap", "argocd-cmd-params-cm"]["data"]
    assert params["controller.repo.server.strict.tls"] == "true"


def test_every_pod_is_restricted_and_has_limits(folder: Path) -> None:
    templates = {
        key[1]: found["spec"]["template"]
        for key, found in render(folder, LOCAL).items()
        if key[0] in ("Deployment", "StatefulSet", "Job")
    }
    assert len(templates) == 6
    for name, template in templates.items():
        pod = template["spec"]
        assert pod["securityContext"] == POD, name
        containers = [*pod["containers"], *pod.get("initContainers", [])]
        for container in containers:
            assert container["securityContext"] == RESTRICTED, (name, container["name"])
            assert container["resources"].keys() == {"requests", "limits"}, (name, container["name"])
    for name in ("argocd-repo-server", "argocd-redis"):
        assert templates[name]["spec"]["automountServiceAccountToken"] is False
    annotations = templates["argocd-repo-server"]["metadata"]["annotations"]
    assert annotations.keys() == {"checksum/cm", "checksum/cmd-params", CHECKSUM}


def test_each_metrics_service_leads_to_its_pods(folder: Path) -> None:
    rendered = render(folder, LOCAL)
    ports = {"application-controller": 8082, "repo-server": 8084, "server": 8083}
    for component, port in {**ports, "applicationset-controller": 8080}.items():
        service = rendered["Service", f"argocd-{component}-metrics"]["spec"]
        assert [found["targetPort"] for found in service["ports"]] == [port]
        kind = "StatefulSet" if component == "application-controller" else "Deployment"
        labels = rendered[kind, f"argocd-{component}"]["spec"]["template"]["metadata"]["labels"]
        assert service["selector"].items() <= labels.items()


def test_the_namespace_denies_what_no_policy_admits(folder: Path) -> None:
    denial = rendered_policy(folder, {"create": True, "defaultDenyIngress": True})
    assert denial == {"podSelector": {}, "policyTypes": ["Ingress"]}
    assert rendered_policy(folder, {"create": True, "defaultDenyIngress": False}) is None
    assert rendered_policy(folder, {"create": False, "defaultDenyIngress": True}) is None


def rendered_policy(folder: Path, values: dict[str, bool]) -> Any:
    rendered = render(folder, {"global": {"networkPolicy": values}})
    return rendered.get(("NetworkPolicy", "argocd-default-deny"), {}).get("spec")


def test_workloads_take_replicas_and_resources_and_restart_on_new_settings(folder: Path) -> None:
    server = ("Deployment", "argocd-server")
    before = render(folder, {})[server]["spec"]
    values = {
        "server": {"replicas": 3, "resources": {"requests": {"cpu": "1"}}},
        "configs": {"params": {"server.insecure": True}},
    }
    rendered = render(folder, values)
    after = rendered[server]["spec"]
    assert (before["replicas"], after["replicas"]) == (1, 3)
    assert after["template"]["spec"]["containers"][0]["resources"] == {"requests": {"cpu": "1"}}
    assert before["template"]["metadata"]["annotations"] != after["template"]["metadata"]["annotations"]
    assert rendered["ConfigMap", "argocd-cmd-params-cm"]["data"]["server.insecure"] == "true"


def test_the_secret_holds_the_hash_and_nothing_unasked(folder: Path) -> None:
    secret = {
        "argocdServerAdminPassword": "$2b$10$" + "x" * 53,
        "argocdServerAdminPasswordMtime": "2026-01-01T00:00:00Z",
    }
    rendered = render(folder, {"configs": {"secret": secret}})
    assert set(rendered["Secret", "argocd-secret"]["data"]) == {"admin.password", "admin.passwordMtime"}
    assert "data" not in render(folder, {})["Secret", "argocd-secret"]


def test_definitions_can_be_left_out_or_given_up(folder: Path) -> None:
    definition = ("CustomResourceDefinition", "applications.argoproj.io")
    assert definition not in render(folder, {"crds": {"install": False}})
    kept = render(folder, {"crds": {}})[definition]
    assert "helm.sh/resource-policy" in kept["metadata"]["annotations"]
    given_up = render(folder, {"crds": {"keep": False}})[definition]
    assert "helm.sh/resource-policy" not in given_up["metadata"]["annotations"]
    assert given_up["spec"]["names"]["kind"] == "Application"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"unknown": 1}, "unknown"),
        ({"server": {"extraArgs": []}}, "extraArgs"),
        ({"server": {"metrics": {"serviceMonitor": {"enabled": True}}}}, "serviceMonitor/enabled"),
        ({"server": {"pdb": {"enabled": True}}}, "pdb"),
        ({"redis-ha": {"enabled": True}}, "/redis-ha/enabled"),
        ({"configs": {"cm": {"create": False}}}, "/configs/cm/create"),
        ({"configs": {"secret": {"argocdServerAdminPassword": "plain"}}}, "argocdServerAdminPassword"),
        ({"server": {"ingress": {"enabled": True}}}, "/server/ingress/enabled"),
        ({"dex": {"enabled": True}}, "/dex/enabled"),
        ({"notifications": {"enabled": True}}, "/notifications/enabled"),
        ({"redis": {"enabled": False}}, "/redis/enabled"),
    ],
)
def test_what_it_cannot_honour_is_refused(folder: Path, values: dict[str, Any], place: str) -> None:
    done = helm(folder, OFF | values)
    assert done.returncode != 0
    assert place in done.stderr


def test_on_by_default_as_in_the_original_means_that_off_must_be_said(folder: Path) -> None:
    assert "/dex/enabled" in helm(folder, {}).stderr
