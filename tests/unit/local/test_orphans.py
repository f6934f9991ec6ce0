"""How what an interrupted update has created is found again."""

from typing import Any

import pytest

from local import orphans

TAGS = {"Name": "gitops-platform-local-vpc"}


class Ec2:
    """The tags of two VPCs of the same name."""

    def describe_tags(self, *, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        wanted = {item["Name"]: item["Values"] for item in Filters}
        assert wanted == {"resource-type": ["vpc"], "key": ["Name"], "value": [TAGS["Name"]]}
        return {"Tags": [{"ResourceId": "vpc-1"}, {"ResourceId": "vpc-2"}]}


KEYS = {
    "other": ("Disk encryption", True, "1"),
    "gone": ("Secrets", False, "1"),
    "tagged": ("Secrets", True, "2"),
    "right": ("Secrets", True, "1"),
}


class Kms:
    """Keys: of somebody else, deleted, and the one."""

    def list_keys(self) -> dict[str, Any]:
        return {"Keys": [{"KeyId": key} for key in KEYS]}

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803
        description, enabled, _ = KEYS[KeyId]
        return {"KeyMetadata": {"Description": description, "Enabled": enabled}}

    def list_resource_tags(self, *, KeyId: str) -> dict[str, Any]:  # noqa: N803
        return {"Tags": [{"TagKey": "Stack", "TagValue": KEYS[KeyId][2]}]}


@pytest.fixture(autouse=True)
def clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "_client", {"ec2": Ec2(), "kms": Kms()}.__getitem__)


def test_what_has_a_name_is_found_by_it() -> None:
    role = {
        "type": "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "inputs": {"role": "r", "policyArn": "p"},
    }
    assert orphans.find(role, set()) == "r/p"


def test_what_has_an_id_of_ec2s_own_is_found_by_its_tag() -> None:
    vpc = {"type": "aws:ec2/vpc:Vpc", "inputs": {"tags": TAGS}}
    assert orphans.find(vpc, set()) == "vpc-1"
    assert orphans.find(vpc, {"vpc-1"}) == "vpc-2"
    assert orphans.find(vpc, {"vpc-1", "vpc-2"}) is None


def test_a_key_is_found_by_description_and_tags() -> None:
    key = {"type": "aws:kms/key:Key", "inputs": {"description": "Secrets", "tags": {"Stack": "1"}}}
    assert orphans.find(key, set()) == "right"
    assert orphans.find(key, {"right"}) is None


@pytest.mark.parametrize(
    ("inputs", "identity"),
    [
        ({"metadata": {"name": "argocd"}}, "argocd"),
        ({"metadata": {"name": "root", "namespace": "argocd"}}, "argocd/root"),
        ({"name": "argocd", "namespace": "argocd"}, "argocd/argocd"),
    ],
)
def test_objects_of_kubernetes_and_releases_are_found_by_namespace_and_name(
    inputs: dict[str, Any], identity: str
) -> None:
    assert orphans.find({"type": "kubernetes:x:Y", "inputs": inputs}, set()) == identity


def test_what_is_not_known_is_created_again() -> None:
    assert orphans.find({"type": "random:index:Id", "inputs": {}}, set()) is None
