"""What a container gets from its pod template."""

import pytest

from local import pods

OBJECTS = {("ConfigMap", "settings"): {"level": "debug"}, ("Secret", "redis"): {"auth": "secret"}}


def lookup(kind, name):
    return OBJECTS.get((kind, name))


def variables(*env):
    return pods.environment({"env": list(env)}, "argocd", lookup)


def reference(member, name, key, **more):
    return {"name": "X", "valueFrom": {member: {"name": name, "key": key, **more}}}


def test_values_and_references():
    assert variables(
        {"name": "A", "value": "1"},
        {"name": "NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        reference("configMapKeyRef", "settings", "level"),
    ) == {"A": "1", "NAMESPACE": "argocd", "X": "debug"}
    assert variables(reference("secretKeyRef", "redis", "auth")) == {"X": "secret"}
    assert pods.environment({}, "argocd", lookup) == {}


@pytest.mark.parametrize("name", ["settings", "missing"])
def test_optional_references(name):
    assert variables(reference("configMapKeyRef", name, "none", optional=True)) == {}


@pytest.mark.parametrize(("member", "name"), [("configMapKeyRef", "settings"), ("secretKeyRef", "missing")])
def test_references_that_a_container_waits_for(member, name):
    with pytest.raises(pods.NotReadyError, match=f"{name} has no none"):
        variables(reference(member, name, "none"))


def test_a_field_that_is_not_known_here():
    with pytest.raises(pods.NotReadyError, match=r"status\.podIP"):
        variables({"name": "X", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}})


def test_variables_in_variables_and_arguments():
    found = variables({"name": "A", "value": "1"}, {"name": "B", "value": "$(A)2$(C)"})
    assert found["B"] == "12$(C)"
    assert pods.expand("--requirepass $(A)", found) == "--requirepass 1"


def test_files_of_a_config_map(tmp_path):
    folder = tmp_path / "certificates"
    pods.write_files(folder, {"a": "1", "b": "2"})
    before = (folder / "b").stat()
    pods.write_files(folder, {"b": "2", "c": "3"})
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"b": "2", "c": "3"}
    assert (folder / "b").stat().st_mtime_ns == before.st_mtime_ns
    assert [path.name for path in tmp_path.iterdir()] == ["certificates"]


def test_a_file_of_a_secret_is_the_users_alone(tmp_path):
    pods.write_files(tmp_path / "tls", {"tls.key": "1"})
    pods.write_files(tmp_path / "tls", {"tls.key": "2"})
    assert (tmp_path / "tls/tls.key").stat().st_mode & 0o777 == 0o600
