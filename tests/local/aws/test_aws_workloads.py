"""Argo CD's workloads run as processes with what their pods would have; here Redis, with the chart's Job."""

import json
import socket

import pytest

from tests.local.clone import PATIENCE, wait_for

NAMESPACE = "argocd"
PROCESS = "shared-argocd-redis"

JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "argocd-redis-secret-init", "namespace": NAMESPACE},
    "spec": {
        "template": {
            "spec": {
                "serviceAccountName": "init",
                "restartPolicy": "Never",
                "containers": [{"name": "init", "image": "none", "command": ["argocd"]}],
            }
        }
    },
}
PASSWORD = {"name": "argocd-redis", "key": "auth"}
REDIS = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "argocd-redis", "namespace": NAMESPACE},
    "spec": {
        "selector": {"matchLabels": {"app": "redis"}},
        "template": {
            "metadata": {"labels": {"app": "redis"}},
            "spec": {
                "containers": [
                    {
                        "name": "redis",
                        "image": "none",
                        "env": [{"name": "REDIS_PASSWORD", "valueFrom": {"secretKeyRef": PASSWORD}}],
                    }
                ]
            },
        },
    },
}


@pytest.fixture(scope="module")
def kubectl(aws, cluster):
    def call(*arguments):
        done = aws.kubectl(cluster, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("create", "namespace", NAMESPACE)
    yield call
    call("delete", "namespace", NAMESPACE)


@pytest.fixture
def apply(aws, kubectl, tmp_path):
    def call(manifest):
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps(manifest))
        kubectl("apply", "--filename", str(file))

    return call


def ask(aws, *words):
    """The answer of Redis to one command."""
    port = int(aws.python("from local import ports; print(ports.port('argocd-redis'))"))
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        content = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        connection.sendall(f"*{len(words)}\r\n{content}".encode())
        return connection.recv(1000).decode()


def test_it_waits_for_its_password(aws, apply):
    apply(REDIS)
    waits = "argocd-redis waits: Secret argocd-redis has no auth"
    log = aws.clone.folder / ".local/logs/shared-kubelet.log"
    wait_for(lambda: waits in log.read_text(), PATIENCE, waits)
    assert PROCESS not in aws.names()


def test_the_job_has_no_more_rights_than_its_service_account(aws, kubectl, apply):
    kubectl("create", "serviceaccount", "init", "--namespace", NAMESPACE)
    apply(JOB)
    log = aws.clone.folder / ".local/logs/shared-kubelet.log"
    denied = 'User "system:serviceaccount:argocd:init" cannot create resource "secrets"'
    wait_for(lambda: denied in log.read_text().replace("\\", ""), PATIENCE, denied)


def test_it_runs_with_the_password_that_the_job_makes(aws, kubectl):
    kubectl("create", "role", "init", "--namespace", NAMESPACE, "--verb=create", "--resource=secrets")
    account = f"--serviceaccount={NAMESPACE}:init"
    kubectl("create", "rolebinding", "init", "--namespace", NAMESPACE, "--role=init", account)
    wait_for(lambda: aws.state(PROCESS) == "running", PATIENCE, "Redis runs")
    secret = json.loads(kubectl("get", "secret", "argocd-redis", "--namespace", NAMESPACE, "-o", "json"))
    assert secret["data"].keys() == {"auth"}
    assert ask(aws, "PING").startswith("-NOAUTH")
    assert ask(aws, "AUTH", "wrong").startswith("-WRONGPASS")


def test_it_is_started_again_when_it_dies(aws):
    before = aws.pid(PROCESS)
    aws.python(f"processes.living()[{PROCESS!r}].kill()")
    wait_for(
        lambda: aws.state(PROCESS) == "running" and aws.pid(PROCESS) != before, PATIENCE, "Redis runs again"
    )


def test_it_follows_the_replicas(aws, kubectl):
    scale = ("scale", "deployment", "argocd-redis", "--namespace", NAMESPACE)
    kubectl(*scale, "--replicas=0")
    wait_for(lambda: PROCESS not in aws.names(), PATIENCE, "no Redis")
    kubectl(*scale, "--replicas=1")
    wait_for(lambda: aws.state(PROCESS) == "running", PATIENCE, "Redis runs")


def test_it_goes_with_its_deployment(aws, kubectl):
    kubectl("delete", "deployment", "argocd-redis", "--namespace", NAMESPACE)
    wait_for(lambda: PROCESS not in aws.names(), PATIENCE, "no Redis")
