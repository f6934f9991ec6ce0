"""EKS node groups bring nodes, and take them along."""

import json

import pytest

from tests.local.clone import PATIENCE, wait_for

LIMIT = 5
"""Seconds until a change of a node group shows; usually it is one or two."""


@pytest.fixture(scope="module")
def group(aws, cluster):
    """Calls on a node group of two nodes, and the nodes that it has."""
    return Group(aws, cluster)


class Group:
    def __init__(self, aws, cluster):
        self.aws, self.eks = aws, aws.client("eks")
        self.id = {"clusterName": cluster, "nodegroupName": "workers"}
        network = self.eks.describe_cluster(name=cluster)["cluster"]["resourcesVpcConfig"]
        self.eks.create_nodegroup(
            **self.id,
            subnets=network["subnetIds"],
            nodeRole=aws.role("ec2.amazonaws.com"),
            instanceTypes=["m7i.large"],
            capacityType="SPOT",
            scalingConfig={"minSize": 0, "maxSize": 5, "desiredSize": 2},
            labels={"team": "a"},
            taints=[{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
        )

    def nodes(self):
        selector = "eks.amazonaws.com/nodegroup=workers"
        found = self.aws.kubectl(self.id["clusterName"], "get", "nodes", "-l", selector, "-o", "json")
        return json.loads(found.stdout)["items"]

    def wait(self, condition, what):
        return wait_for(
            lambda: (found := self.nodes()) is not None and condition(found) and (found or True), LIMIT, what
        )

    def scale(self, size):
        self.eks.update_nodegroup_config(**self.id, scalingConfig={"desiredSize": size})
        return self.wait(lambda nodes: len(nodes) == size, f"{size} nodes")


def is_ready(node):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"].get("conditions", []))


def test_nodes_are_like_those_of_ec2(group):
    nodes = group.wait(lambda nodes: len(nodes) == 2 and all(map(is_ready, nodes)), "two ready nodes")
    zones = set()
    for node in nodes:
        labels, address = node["metadata"]["labels"], node["status"]["addresses"][0]["address"]
        assert node["metadata"]["name"] == f"ip-{address.replace('.', '-')}.ec2.internal"
        assert node["spec"]["providerID"].startswith(f"aws:///{labels['topology.kubernetes.io/zone']}/i-")
        assert labels["node.kubernetes.io/instance-type"] == "m7i.large"
        assert labels["eks.amazonaws.com/capacityType"] == "SPOT"
        assert labels["team"] == "a"
        assert {"key": "k", "value": "v", "effect": "NoSchedule"} in node["spec"]["taints"]
        zones.add(labels["topology.kubernetes.io/zone"])
    assert zones == {"us-east-1a", "us-east-1b"}


def test_nodes_follow_the_desired_size(group):
    before = {node["metadata"]["name"] for node in group.nodes()}
    after = {node["metadata"]["name"] for node in group.scale(4)}
    assert before < after
    assert {node["metadata"]["name"] for node in group.scale(1)} < before


def test_labels_and_taints_change_on_the_same_nodes(group):
    (before,) = group.nodes()
    old = {"key": "k", "value": "v", "effect": "NO_SCHEDULE"}
    group.eks.update_nodegroup_config(
        **group.id,
        labels={"addOrUpdateLabels": {"tier": "b"}, "removeLabels": ["team"]},
        taints={"removeTaints": [old]},
    )

    def changed(nodes):
        labels = nodes[0]["metadata"]["labels"]
        return labels.get("tier") == "b" and "team" not in labels and not nodes[0]["spec"].get("taints")

    (after,) = group.wait(changed, "changed labels and taints")
    assert after["metadata"]["uid"] == before["metadata"]["uid"]


def test_a_new_version_brings_new_nodes(group):
    (before,) = group.nodes()
    group.eks.update_nodegroup_version(**group.id, version="1.34")
    (after,) = group.wait(
        lambda nodes: len(nodes) == 1 and nodes[0]["metadata"]["uid"] != before["metadata"]["uid"],
        "a new node",
    )
    assert after["status"]["nodeInfo"]["kubeletVersion"].startswith("v1.34.")


def test_pods_of_a_node_that_goes_run_elsewhere(group):
    cluster = group.id["clusterName"]
    group.aws.kubectl(cluster, "create", "deployment", "moved", "--image=none", "--replicas=2")

    def running():
        found = group.aws.kubectl(cluster, "get", "pods", "-l", "app=moved", "-o", "json")
        pods = [p for p in json.loads(found.stdout)["items"] if p["status"]["phase"] == "Running"]
        return {p["metadata"]["name"]: p["spec"]["nodeName"] for p in pods if len(pods) == 2}

    before = wait_for(running, PATIENCE, "two running pods")
    group.scale(2)
    group.eks.update_nodegroup_version(**group.id, version="1.35")
    wait_for(
        lambda: not set(running().values()) & set(before.values()) and running(),
        PATIENCE,
        "pods on new nodes",
    )
    group.aws.kubectl(cluster, "delete", "deployment", "moved")


def test_nodes_go_with_their_group(group):
    group.eks.delete_nodegroup(**group.id)
    group.wait(lambda nodes: nodes == [], "no nodes")
