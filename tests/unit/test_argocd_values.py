"""Values of the argo-cd chart: every key exists in it, and no workload is left unprotected."""

from pathlib import Path

import pytest

from planning.argocd_exposure import Exposure
from planning.argocd_ha import EXTERNAL_REDIS_SECRET, PARTS, ExternalRedis
from planning.argocd_overrides import merge
from planning.argocd_rbac import Access, Sso
from planning.argocd_values import CHECKSUM, RESTRICTED, Installation, chart_values

KEYS = {
    line
    for line in Path(__file__).with_name("argo_cd_chart_keys.txt").read_text().splitlines()
    if line and not line.startswith("#")
}
OPEN = tuple(key.removesuffix("*") for key in KEYS if key.endswith(".*"))

URL = "https://argocd.example.com"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0000"
REDIS = ExternalRedis("redis.example.com", 6380, "s3cret")
EXPOSURES = {
    "cluster": Exposure(),
    "load balancer": Exposure("LoadBalancer"),
    "load balancer with certificate": Exposure("LoadBalancer", True, ("192.0.2.0/24",), CERTIFICATE),
    "ingress": Exposure("Ingress", False, ("192.0.2.0/24",), CERTIFICATE),
}
ACCESS = Access(Sso("https://sso.example.com", "argocd", "s3cret"), False, ("admins",), ("developers",))
INSTALLATIONS = [
    pytest.param(
        Installation(URL, profile=profile, external_redis=redis, exposure=exposure, access=ACCESS),
        id=f"{profile}, {'external' if redis else 'own'} Redis, {name}",
    )
    for profile in ("single", "ha")
    for redis in (None, REDIS)
    for name, exposure in EXPOSURES.items()
]
SINGLE = chart_values(Installation(URL), "digest")
HA = chart_values(Installation(URL, profile="ha"), "digest")


def leaves(values, prefix=""):
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and not path.startswith(OPEN):
            yield from leaves(value, f"{path}.")
        else:
            yield path


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_every_key_is_one_of_the_charts(installation):
    """Incident: a misspelt key of the chart is accepted in silence, and the limit that it set was none."""
    unknown = [
        path
        for path in leaves(chart_values(installation, "digest"))
        if path not in KEYS and not path.startswith(OPEN)
    ]
    assert unknown == []


def test_an_unknown_key_would_be_found():
    misspelt = merge(SINGLE, {"server": {"resource": {"limits": {"memory": "1Gi"}}}})
    assert set(leaves(misspelt)) - KEYS - {path for path in leaves(misspelt) if path.startswith(OPEN)} == {
        "server.resource.limits.memory"
    }


def containers(values):
    """Yield name and values of every container that the chart makes of `values`."""
    for part in PARTS:
        yield part, values[part]
    yield "copyutil", values["repoServer"]["copyutil"]
    if values["redisSecretInit"]["enabled"]:
        yield "redisSecretInit", values["redisSecretInit"]
    if values["redis"]["enabled"]:
        yield "redis", values["redis"]
    if values["redis-ha"]["enabled"]:
        for name in ("redis", "sentinel", "splitBrainDetection", "init", "haproxy"):
            yield f"redis-ha.{name}", values["redis-ha"][name]
        yield "redis-ha.haproxy.init", values["redis-ha"]["haproxy"]["init"]


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_every_container_has_requests_and_limits(installation):
    """Incident: for a repository of a gigabyte, the repo server took all memory of its node."""
    for name, values in containers(chart_values(installation, "digest")):
        found = values["resources"]
        assert found["requests"].keys() == found["limits"].keys() == {"cpu", "memory"}, name


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_every_workload_is_restricted(installation):
    values = chart_values(installation, "digest")
    workloads = [values[part] for part in PARTS]
    workloads += [values[name] for name in ("redis", "redisSecretInit") if values[name]["enabled"]]
    if values["redis-ha"]["enabled"]:
        workloads += [values["redis-ha"], values["redis-ha"]["haproxy"]]
    assert [found["containerSecurityContext"] for found in workloads] == [RESTRICTED] * len(workloads)
    assert values["global"]["securityContext"]["runAsNonRoot"]
    assert values["repoServer"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_what_must_hold_for_all(installation):
    values = chart_values(installation, "digest")
    assert values["global"]["networkPolicy"] == {"create": True, "defaultDenyIngress": True}
    cm = values["configs"]["cm"]
    assert (cm["exec.enabled"], cm["users.anonymous.enabled"]) == (False, False)
    assert (cm["url"], values["global"]["domain"]) == (URL, "argocd.example.com")
    strict = {key: value for key, value in values["configs"]["params"].items() if key.endswith("strict.tls")}
    assert len(strict) == 3
    assert all(strict.values())
    assert {values[part]["podAnnotations"][CHECKSUM] for part in PARTS} == {"digest"}
    assert values["configs"]["secret"] == {"createSecret": False}
    assert "s3cret" not in repr(values)


def test_redis_always_has_a_password():
    """Incident: CVE-2024-31989: any pod could write into Argo CD's Redis, and so into the cluster."""
    assert SINGLE["redisSecretInit"]["enabled"]
    assert (HA["redis-ha"]["auth"], HA["redis-ha"]["existingSecret"]) == (True, "argocd-redis")
    external = chart_values(Installation(URL, external_redis=REDIS), "digest")
    assert external["externalRedis"] == {
        "host": "redis.example.com",
        "port": 6380,
        "existingSecret": EXTERNAL_REDIS_SECRET,
    }
    assert not external["redis"]["enabled"]
    assert not external["redisSecretInit"]["enabled"]
    for part in ("controller", "repoServer", "server"):
        assert external[part]["extraArgs"] == ["--redis-use-tls"]


def test_ha_outlives_a_node_and_may_be_drained():
    """Incident: the upgrade of a node group stopped at a budget that allowed no pod of one to go."""
    for part in ("server", "repoServer"):
        assert HA[part]["autoscaling"]["minReplicas"] == 2
        assert HA[part]["pdb"] == {"enabled": True, "maxUnavailable": 1}
    assert HA["applicationSet"]["replicas"] == 2
    assert "pdb" not in HA["controller"]
    spread = HA["global"]["topologySpreadConstraints"]
    assert {found["whenUnsatisfiable"] for found in spread} == {"ScheduleAnyway"}
    assert HA["redis-ha"]["hardAntiAffinity"]


def test_ha_redis_is_reached_through_the_default_denial():
    """Incident: with the namespace closed, HAProxy lost its Redis: the chart makes no policy for either."""
    redis = HA["redis-ha"]
    clients = redis["haproxy"]["networkPolicy"]["ingressRules"][0]["selectors"]
    names = {client["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for client in clients}
    assert names == {"argocd-server", "argocd-repo-server", "argocd-application-controller"}
    (proxy,) = redis["networkPolicy"]["ingressRules"][0]["selectors"]
    assert proxy == {"podSelector": {"matchLabels": {"app": "redis-ha-haproxy"}}}


def test_metrics_have_services_and_monitors_by_choice():
    for wanted in (False, True):
        values = chart_values(Installation(URL, service_monitors=wanted), "digest")
        for part in PARTS:
            assert values[part]["metrics"] == {"enabled": True, "serviceMonitor": {"enabled": wanted}}


def test_overrides_win():
    overrides = {"server": {"replicas": 4}, "global": {"domain": "other.example.com"}}
    values = chart_values(Installation(URL, overrides=overrides), "digest")
    assert values["server"] == {**SINGLE["server"], "replicas": 4}
    assert values["global"] == {**SINGLE["global"], "domain": "other.example.com"}
