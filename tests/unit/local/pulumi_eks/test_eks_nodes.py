"""The stand-in's node groups against what pulumi-eks 4.3.0 makes of the same inputs."""

from typing import Any

import pytest

from tests.unit.local.pulumi_eks.engine import Engine, Made, RefusedError, Registered, reference
from tests.unit.local.pulumi_eks.test_eks_cluster import BARE

CLUSTER = reference("eks:index:Cluster", "c")

INPUTS: dict[str, Any] = {"cluster": CLUSTER, "nodeRoleArn": "arn:nodes", "subnetIds": ["subnet-1"]}


@pytest.fixture(autouse=True, scope="module")
def cluster(plugin: Engine) -> Made:
    return plugin.construct("eks:index:Cluster", "c", BARE)


def node_group(plugin: Engine, **changes: Any) -> Registered:
    made = plugin.construct("eks:index:ManagedNodeGroup", "n", {**INPUTS, **changes})
    return made.only("aws:eks/nodeGroup:NodeGroup", "n")


def test_defaults_come_from_the_cluster(plugin: Engine) -> None:
    made = plugin.construct("eks:index:ManagedNodeGroup", "n", INPUTS)
    assert [(each.type, each.name, each.parent) for each in made.resources] == [
        ("eks:index:ManagedNodeGroup", "n", ""),
        ("aws:eks/nodeGroup:NodeGroup", "n", "n"),
    ]
    assert made.resources[1].inputs == {
        "clusterName": "demo",
        "nodeRoleArn": "arn:nodes",
        "scalingConfig": {"desiredSize": 2, "maxSize": 2, "minSize": 1},
        "subnetIds": ["subnet-1"],
        "version": "1.33",
    }
    assert made.outputs == {
        "nodeGroup": reference("aws:eks/nodeGroup:NodeGroup", "n"),
        "placementGroupName": "",
    }


def test_the_cluster_may_be_given_as_its_core(plugin: Engine, cluster: Made) -> None:
    assert node_group(plugin, cluster=cluster.outputs["core"]).inputs["clusterName"] == "demo"


def test_subnets_default_to_all_of_the_clusters(plugin: Engine) -> None:
    inputs = {key: value for key, value in INPUTS.items() if key != "subnetIds"}
    made = plugin.construct("eks:index:ManagedNodeGroup", "n", inputs)
    subnets = made.only("aws:eks/nodeGroup:NodeGroup", "n").inputs["subnetIds"]
    assert subnets == ["subnet-public", "subnet-private"]


def test_all_that_is_given_is_passed_on(plugin: Engine) -> None:
    given = {
        "amiType": "AL2023_x86_64_STANDARD",
        "capacityType": "SPOT",
        "diskSize": 30,
        "forceUpdateVersion": True,
        "instanceTypes": ["t3.large"],
        "labels": {"role": "x"},
        "nodeGroupName": "general",
        "releaseVersion": "1.33.1-20260101",
        "tags": {"team": "platform"},
        "taints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
        "version": "1.32",
        "clusterName": "other",
    }
    assert node_group(plugin, **given).inputs.items() >= given.items()


def test_a_role_may_be_given_as_a_resource(plugin: Engine) -> None:
    inputs = {key: value for key, value in INPUTS.items() if key != "nodeRoleArn"}
    inputs["nodeRole"] = reference("aws:iam/role:Role", "control-plane")
    made = plugin.construct("eks:index:ManagedNodeGroup", "n", inputs)
    assert made.only("aws:eks/nodeGroup:NodeGroup", "n").inputs["nodeRoleArn"].endswith(":role/made")


def test_scaling_keeps_what_is_given(plugin: Engine) -> None:
    group = node_group(plugin, scalingConfig={"desiredSize": 3, "maxSize": 9}, ignoreScalingChanges=True)
    assert group.inputs["scalingConfig"] == {"desiredSize": 3, "maxSize": 9, "minSize": 1}
    assert group.ignore_changes == ["scalingConfig.desiredSize"]


def test_a_given_launch_template_decides_the_version(plugin: Engine) -> None:
    template = {"id": "lt-1", "version": "4"}
    inputs = node_group(plugin, launchTemplate=template).inputs
    assert inputs["launchTemplate"] == template
    assert "version" not in inputs


@pytest.mark.parametrize(("enabled", "tokens"), [(True, "required"), (False, "optional")])
def test_metadata_options_need_a_launch_template(plugin: Engine, enabled: bool, tokens: str) -> None:
    given = {**INPUTS, "enableIMDSv2": enabled, "diskSize": 30}
    made = plugin.construct("eks:index:ManagedNodeGroup", "n", given)
    template = made.only("aws:ec2/launchTemplate:LaunchTemplate", "n-launchTemplate")
    assert template.inputs == {
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 30}}],
        "metadataOptions": {"httpEndpoint": "enabled", "httpPutResponseHopLimit": 2, "httpTokens": tokens},
    }
    group = made.only("aws:eks/nodeGroup:NodeGroup", "n").inputs
    assert group["launchTemplate"] == {"id": "n-launchTemplate-id", "version": "7"}
    assert group["version"] == "1.33"
    assert "diskSize" not in group


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("amiId", {"amiId": "ami-1"}),
        ("userData", {"userData": "#!/bin/sh"}),
        ("nodeRole", {"nodeRole": reference("aws:iam/role:Role", "control-plane")}),
        ("launchTemplate", {"launchTemplate": {"id": "lt-1"}, "enableIMDSv2": True}),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(plugin: Engine, path: str, change: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refusal:
        node_group(plugin, **change)
    assert list(refusal.value.reasons) == [path]
    assert plugin.registered == []
