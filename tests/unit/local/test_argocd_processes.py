"""How a container of Argo CD becomes a process on this host."""

import re

import pytest

from local import argocd

CONTAINER = {"name": "main", "args": ["/usr/local/bin/argocd-server", "--loglevel=$(LEVEL)"]}


@pytest.fixture(autouse=True)
def _forget_ports():
    """Ports are looked up once per process, and each test has its own."""
    argocd.port.cache_clear()


def made(workload, container=CONTAINER, variables=None, tmp_path=None):
    return argocd.process(f"c-{workload}", workload, container, variables or {}, tmp_path)


@pytest.mark.parametrize("workload", argocd.WORKLOADS)
def test_it_is_on_loopback_only(workload, tmp_path):
    container = {"args": [f"/usr/local/bin/{workload}"]}
    process = made(workload, container, tmp_path=tmp_path)
    assert re.search(r"//127\.0\.0\.1:\d+", process.health)
    for argument in process.argv:
        assert re.fullmatch(r"[\w/.-]+|--[\w-]+=(127\.0\.0\.1(:\d+)?|\d+)", argument), argument


def test_it_has_the_arguments_of_the_template_and_then_its_own_addresses(tmp_path):
    process = made("argocd-server", variables={"LEVEL": "debug"}, tmp_path=tmp_path)
    assert process.argv[:2] == ("argocd-server", "--loglevel=debug")
    assert process.argv.index(f"--port={argocd.port('argocd-server')}") > 1


def test_it_has_the_variables_of_the_template_and_folders_of_this_host(tmp_path):
    variables = {"ARGOCD_SERVER_INSECURE": "true", "HELM_CACHE_HOME": "/helm-working-dir"}
    found = made("argocd-server", variables=variables, tmp_path=tmp_path).env
    assert found["ARGOCD_SERVER_INSECURE"] == "true"
    assert found["HELM_CACHE_HOME"].startswith(str(tmp_path))
    assert found["KUBECONFIG"] == str(tmp_path / "kubeconfig")


def test_redis_gets_its_password_by_variable_only(tmp_path):
    process = made("argocd-redis", {"args": ["--requirepass x"]}, {"REDIS_PASSWORD": "x"}, tmp_path)
    assert process.env == {"REDIS_PASSWORD": "x"}
    assert not any("requirepass" in argument for argument in process.argv)


def test_the_programs_find_each_other(tmp_path):
    server = made("argocd-server", tmp_path=tmp_path).argv
    redis = made("argocd-redis", {}, tmp_path=tmp_path).argv
    assert f"--redis=127.0.0.1:{redis[1].removeprefix('--port=')}" in server
