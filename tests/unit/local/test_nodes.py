"""What node groups make of a cluster's nodes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local import nodes
from local.kube import Object
from local.nodes import Subnet

SUBNETS = {"subnet-a": Subnet("10.0.0.0/28", "us-east-1a"), "subnet-b": Subnet("10.0.1.0/28", "us-east-1b")}


def group(name="workers", desired=2, **changes):
    return {
        "nodegroupName": name,
        "scalingConfig": {"minSize": 0, "maxSize": 9, "desiredSize": desired},
        "subnets": ["subnet-a", "subnet-b"],
        "instanceTypes": ["m7i.large"],
        "capacityType": "ON_DEMAND",
        "amiType": "AL2023_x86_64_STANDARD",
        "releaseVersion": "1.33.0-20251112",
        "labels": {},
        "taints": [],
        **changes,
    }


def carried_out(plan, existing=()):
    """The nodes once a plan is carried out, each as old as it is."""
    kept = {node["metadata"]["name"]: node for node in existing}
    for name in plan.delete:
        del kept[name]
    for node in plan.apply:
        known = kept.get(node["metadata"]["name"])
        born = known["metadata"]["creationTimestamp"] if known else f"{len(kept):04}"
        metadata = node["metadata"] | {"creationTimestamp": born}
        kept[node["metadata"]["name"]] = node | {"metadata": metadata}
    return list(kept.values())


def names(found):
    return [node["metadata"]["name"] for node in found]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_whatever_the_desired_sizes_were_the_last_one_holds(sizes):
    existing: list[Object] = []
    for size in sizes:
        before = set(names(existing))
        existing = carried_out(nodes.plan([group(desired=size)], SUBNETS, existing), existing)
        assert len(existing) == size
        assert before <= set(names(existing)) or set(names(existing)) <= before  # none is replaced
    plan = nodes.plan([group(desired=sizes[-1])], SUBNETS, existing)
    assert (sorted(names(plan.apply)), plan.delete) == (sorted(names(existing)), [])


@pytest.mark.parametrize("size", range(1, 6))
def test_nodes_are_in_the_zones_by_turns(size):
    plan = nodes.plan([group(desired=size)], SUBNETS, [])
    zones = [node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in plan.apply]
    assert zones.count("us-east-1a") - zones.count("us-east-1b") == size % 2


def test_addresses_are_those_that_a_subnet_gives_out():
    """A /28 has 11 of them: 16 without the first four and the last one."""
    plan = nodes.plan([group(desired=11, subnets=["subnet-a"])], SUBNETS, [])
    addresses = {node["status"]["addresses"][0]["address"] for node in plan.apply}
    hosts = list(ipaddress.ip_network("10.0.0.0/28"))
    assert addresses == {str(host) for host in hosts[4:-1]}


def test_groups_do_not_touch_each_other():
    existing = carried_out(nodes.plan([group("a"), group("b")], SUBNETS, []))
    plan = nodes.plan([group("a", desired=0), group("b")], SUBNETS, existing)
    left = carried_out(plan, existing)
    assert {node["metadata"]["labels"][nodes.GROUP] for node in left} == {"b"}
    assert len(left) == 2


def test_the_youngest_go_first():
    existing = carried_out(nodes.plan([group(desired=3)], SUBNETS, []))
    oldest = min(existing, key=lambda node: node["metadata"]["creationTimestamp"])
    left = carried_out(nodes.plan([group(desired=1)], SUBNETS, existing), existing)
    assert names(left) == names([oldest])


def test_nodes_of_a_group_that_is_gone_go():
    existing = carried_out(nodes.plan([group()], SUBNETS, []))
    plan = nodes.plan([], SUBNETS, existing)
    assert (plan.apply, sorted(plan.delete)) == ([], sorted(names(existing)))


@pytest.mark.parametrize(
    "change",
    [
        {"releaseVersion": "1.34.0-20251112"},
        {"launchTemplate": {"id": "lt-1", "version": "1"}},
    ],
)
def test_new_nodes_come_before_the_old_ones_go(change):
    existing = carried_out(nodes.plan([group()], SUBNETS, []))
    first = nodes.plan([group(**change)], SUBNETS, existing)
    assert (len(first.apply), first.delete) == (2, [])
    both = carried_out(first, existing)
    second = nodes.plan([group(**change)], SUBNETS, both)
    assert sorted(second.delete) == sorted(names(existing))
    assert sorted(names(carried_out(second, both))) == sorted(names(first.apply))


def test_labels_taints_and_identity():
    taint = {"key": "gpu", "effect": "NO_SCHEDULE"}
    template = {"id": "lt-1", "version": "7"}
    wanted = group(desired=1, labels={"team": "a"}, taints=[taint], launchTemplate=template)
    (node,) = nodes.plan([wanted], {**SUBNETS, "subnet-a": Subnet("10.0.0.0/28", "eu-west-1b")}, []).apply
    labels, name = node["metadata"]["labels"], node["metadata"]["name"]
    assert labels["team"] == "a"
    assert labels["eks.amazonaws.com/sourceLaunchTemplateVersion"] == "7"
    assert labels["kubernetes.io/arch"] == "amd64"
    assert node["spec"]["taints"] == [{"key": "gpu", "value": "", "effect": "NoSchedule"}]
    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.33.0-eks-20251112"
    assert labels["topology.kubernetes.io/region"] == "eu-west-1"
    assert name.endswith(".eu-west-1.compute.internal")
    changed = group(desired=1, labels={"team": "b"}, launchTemplate=template)
    (again,) = nodes.plan([changed], SUBNETS, [node]).apply
    assert again["metadata"]["name"] == name
    assert again["spec"]["providerID"] == node["spec"]["providerID"]
    assert again["metadata"]["labels"]["team"] == "b"
    assert again["spec"]["taints"] == []


def test_an_image_for_arm():
    (node,) = nodes.plan([group(desired=1, amiType="AL2023_ARM_64_STANDARD")], SUBNETS, []).apply
    assert node["status"]["nodeInfo"]["architecture"] == "arm64"


def test_bottlerocket_has_numbers_of_its_own():
    """Incident: the kubelet was said to be as new as Bottlerocket."""
    wanted = group(desired=1, amiType="BOTTLEROCKET_x86_64", version="1.34", releaseVersion="1.50.0-1a2b3c4d")
    (node,) = nodes.plan([wanted], SUBNETS, []).apply
    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.34.0-eks-1a2b3c4d"


def described(**compute):
    return {
        "version": "1.34",
        "resourcesVpcConfig": {"subnetIds": ["subnet-a"]},
        "computeConfig": {"enabled": True, "nodePools": ["general-purpose", "system"], **compute},
    }


def test_auto_mode_brings_a_node_that_belongs_to_no_group():
    pool = nodes.auto_mode(described())
    assert pool is not None
    existing = carried_out(nodes.plan([pool], SUBNETS, []))
    (labels,) = [node["metadata"]["labels"] for node in existing]
    assert nodes.GROUP not in labels
    assert labels["karpenter.sh/nodepool"] == "general-purpose"
    assert labels["eks.amazonaws.com/compute-type"] == "auto"
    again = nodes.plan([pool, group()], SUBNETS, existing)
    assert names(existing)[0] in names(again.apply)
    assert again.delete == []
    assert nodes.plan([], SUBNETS, existing).delete == names(existing)


@pytest.mark.parametrize("without", [{"enabled": False}, {"nodePools": ["system"]}])
def test_without_auto_mode_or_its_pool_for_workloads_there_is_none(without):
    assert nodes.auto_mode(described(**without)) is None
    assert nodes.auto_mode({"version": "1.34"}) is None
