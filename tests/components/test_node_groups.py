import pulumi
import pytest

from components.node_groups import update_and_repair
from tests.components.test_cluster import all_of, config, recorded

NODE_GROUP = "eks:index:ManagedNodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SIZES = {"minSize": 1, "desiredSize": 2, "maxSize": 3}
GROUPS = {
    "x86": {"instanceTypes": ["m7i.large"], **SIZES, "diskGib": 80},
    "graviton": {
        "instanceTypes": ["m7g.large", "m8g.large"],
        "amiType": "BOTTLEROCKET_ARM_64",
        "capacityType": "SPOT",
        "releaseVersion": "1.50.0-1a2b3c4d",
        "labels": {"example.com/pool": "spot"},
        "taints": [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}],
        "maxUnavailablePercentage": 50,
        **SIZES,
    },
}


@pytest.fixture
def resources(record):
    return recorded(record, nodeGroups=GROUPS, kubernetesVersion="1.36")


def test_nodes_run_in_private_subnets_and_follow_the_version(resources):
    for group in all_of(resources, NODE_GROUP):
        assert group["subnetIds"] == ["subnet-private"]
        assert group["version"] == "1.36"


def test_the_number_of_nodes_is_the_autoscalers(resources):
    """Incident: a deployment at peak time set the group back to the two nodes of its first day."""
    for group in all_of(resources, NODE_GROUP):
        assert group["ignoreScalingChanges"] is True
        assert group["scalingConfig"] == SIZES


def test_settings_reach_the_group(resources):
    groups = {group["nodeGroupName"]: group for group in all_of(resources, NODE_GROUP)}
    wanted = {
        "amiType": "BOTTLEROCKET_ARM_64",
        "capacityType": "SPOT",
        "instanceTypes": ["m7g.large", "m8g.large"],
        "labels": {"example.com/pool": "spot"},
        "releaseVersion": "1.50.0-1a2b3c4d",
        "taints": [{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}],
    }
    assert groups["graviton"].items() >= wanted.items()
    assert "releaseVersion" not in groups["x86"]


def test_the_autoscaler_finds_the_groups(resources):
    for group in all_of(resources, NODE_GROUP):
        assert (
            group["tags"].items()
            >= {
                "Project": "p",
                "k8s.io/cluster-autoscaler/enabled": "true",
                "k8s.io/cluster-autoscaler/gitops-platform-prod": "owned",
            }.items()
        )


def test_updates_leave_most_nodes_alone_and_broken_ones_are_replaced():
    """Incident: an update took a group of twelve one node at a time, all night."""
    inputs = {"clusterName": "demo", "scalingConfig": SIZES}
    group = config(nodeGroups=GROUPS).node_groups[1]
    args = pulumi.ResourceTransformArgs(
        True, "aws:eks/nodeGroup:NodeGroup", "n", inputs, pulumi.ResourceOptions()
    )
    changed = update_and_repair(group)(args)
    assert isinstance(changed, pulumi.ResourceTransformResult)
    assert dict(changed.props) == {
        **inputs,
        "updateConfig": {"maxUnavailablePercentage": 50},
        "nodeRepairConfig": {"enabled": True},
    }
    other = pulumi.ResourceTransformArgs(True, TEMPLATE, "n", {}, pulumi.ResourceOptions())
    assert update_and_repair(group)(other) is None


def test_pods_cannot_reach_the_credentials_of_their_node(resources):
    """Incident: a compromised pod read the node's role through the metadata service."""
    for template in all_of(resources, TEMPLATE):
        assert template["metadataOptions"]["httpTokens"] == "required"
        assert template["metadataOptions"]["httpPutResponseHopLimit"] == 1


def test_every_volume_is_encrypted(resources):
    """Incident: Bottlerocket's data volume was encrypted, the one with its system was not."""
    templates = {t["tags"]["Name"].rpartition("-")[2]: t for t in all_of(resources, TEMPLATE)}
    disks = {
        name: {disk["deviceName"]: disk["ebs"] for disk in template["blockDeviceMappings"]}
        for name, template in templates.items()
    }
    for volume in (volume for found in disks.values() for volume in found.values()):
        assert (volume["encrypted"], volume["volumeType"]) == ("true", "gp3")
        assert volume["deleteOnTermination"] == "true"
    assert {device: ebs.get("volumeSize") for device, ebs in disks["x86"].items()} == {"/dev/xvda": 80}
    assert {device: ebs.get("volumeSize") for device, ebs in disks["graviton"].items()} == {
        "/dev/xvda": None,
        "/dev/xvdb": 50,
    }


def test_instances_and_volumes_are_tagged(resources):
    for template in all_of(resources, TEMPLATE):
        tagged = {each["resourceType"]: each["tags"] for each in template["tagSpecifications"]}
        assert tagged.keys() == {"instance", "volume"}
        assert all(tags["Project"] == "p" for tags in tagged.values())
