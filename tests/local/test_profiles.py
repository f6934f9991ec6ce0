"""The program with other settings than the local stack's, from `up` to `destroy`, in the tests' order."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.local import remains
from tests.local.clone import Clone

SPOT = {
    "instanceTypes": ["m7g.large", "m8g.large"],
    "amiType": "BOTTLEROCKET_ARM_64",
    "capacityType": "SPOT",
    "minSize": 1,
    "desiredSize": 2,
    "maxSize": 3,
}
TAINT = {"key": "dedicated", "value": "batch", "effect": "NO_SCHEDULE"}

PROFILES: dict[str, dict[str, object]] = {
    "minimal": {
        "natGateways": "none",
        "podCidr": "100.64.0.0/16",
        "nodeGroups": {
            "default": {**SPOT, "labels": {"example.com/pool": "spot"}, "maxUnavailablePercentage": 50},
            "batch": {**SPOT, "minSize": 0, "desiredSize": 1, "taints": [TAINT]},
        },
        "addonConfiguration": {"vpc-cni": {"env": {"WARM_PREFIX_TARGET": "2"}}},
    },
    "auto-mode": {"autoMode": True, "nodeGroups": {}},
}
ENDPOINTS = {
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
}
"""What there is of the interface endpoints; the security group is theirs."""


@pytest.fixture(scope="module", params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    """The name of a profile; all tests see one before the next comes."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def up(profile: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone with the profile's settings, deployed."""
    clone = Clone(tmp_path_factory.mktemp(profile))
    configure(clone, PROFILES[profile])
    try:
        clone.local("up")
        yield clone
    finally:
        clone.local("clean")
        assert clone.processes() == []


def configure(clone: Clone, settings: Mapping[str, object]) -> None:
    """Write settings, by keys without the project's name, into the stack's file; the others stay."""
    file = clone.folder / "Pulumi.local.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"] |= {f"gitops-platform:{key}": value for key, value in settings.items()}
    file.write_text(yaml.safe_dump(content, sort_keys=False))


def described(up: Clone, command: str) -> Any:
    """What an AWS command says of the cluster."""
    return json.loads(up.shell(f"aws eks {command} --output json"))


NAME = "gitops-platform-local"


def test_pods_run_on_the_nodes_that_were_asked_for(up: Clone, profile: str) -> None:
    nodes = json.loads(up.shell("kubectl get nodes --output json"))["items"]
    labels = {node["metadata"]["name"]: node["metadata"]["labels"] for node in nodes}
    pods = json.loads(up.shell("kubectl get pods --namespace nginx-app --output json"))["items"]
    used = [labels[pod["spec"]["nodeName"]] for pod in pods]
    assert used
    if profile == "auto-mode":
        assert len(nodes) == 1
        assert all(each["karpenter.sh/nodepool"] == "general-purpose" for each in used)
    else:
        assert len(nodes) == 3
        assert all(each["kubernetes.io/arch"] == "arm64" for each in labels.values())
        # The other group's taint is not tolerated.
        assert {each["eks.amazonaws.com/nodegroup"] for each in used} == {"default"}


def test_eks_has_what_was_asked_for(up: Clone, profile: str) -> None:
    cluster = described(up, f"describe-cluster --name {NAME}")["cluster"]
    addons = set(described(up, f"list-addons --cluster-name {NAME}")["addons"])
    if profile == "auto-mode":
        assert cluster["computeConfig"]["enabled"] is True
        assert cluster["storageConfig"]["blockStorage"]["enabled"] is True
        assert cluster["kubernetesNetworkConfig"]["elasticLoadBalancing"]["enabled"] is True
        assert addons == {"metrics-server"}
        return
    assert addons >= {"vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "metrics-server"}
    addon = described(up, f"describe-addon --cluster-name {NAME} --addon-name vpc-cni")["addon"]
    values = json.loads(addon["configurationValues"])
    assert values["env"] == {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "2"}
    assert len(addon["podIdentityAssociations"]) == 1
    group = described(up, f"describe-nodegroup --cluster-name {NAME} --nodegroup-name default")["nodegroup"]
    assert (group["amiType"], group["capacityType"]) == ("BOTTLEROCKET_ARM_64", "SPOT")
    assert group["updateConfig"] == {"maxUnavailablePercentage": 50}
    assert group["nodeRepairConfig"]["enabled"] is True


def test_a_second_up_changes_nothing(up: Clone) -> None:
    summary = up.local("up")
    assert re.search(r"\d+ unchanged", summary)
    assert not re.search(r"\d+ (created|updated|deleted|replaced)", summary)


def test_what_the_autoscaler_does_stays(up: Clone, profile: str) -> None:
    """Incident: a deployment at peak time set the group back to the nodes of its first day."""
    if profile != "auto-mode":
        up.shell(
            f"aws eks update-nodegroup-config --cluster-name {NAME} --nodegroup-name default"
            " --scaling-config desiredSize=3"
        )
    up.shell("pulumi preview --refresh --expect-no-changes --non-interactive")


def test_nat_gateways_take_the_place_of_endpoints_and_of_nothing_else(up: Clone, profile: str) -> None:
    """Incident: a second NAT gateway, announced as the replacement of the cluster."""
    configure(up, {"natGateways": "per-zone"})
    said = up.local("up")
    done = {kind: set(re.findall(rf" {kind} (\S+) ", said)) for kind in ("created", "replaced", "deleted")}
    assert "aws:ec2/natGateway:NatGateway" in done["created"]
    assert done["replaced"] == set()
    assert done["deleted"] == (ENDPOINTS if profile == "minimal" else set())


def test_destroy_leaves_nothing(up: Clone) -> None:
    up.shell("pulumi destroy --yes --skip-preview --non-interactive")
    assert remains.of(up) == {}
