"""Nodes of a cluster: what they must be for its node groups or Auto Mode, as nodes that would join on AWS.

Pure planning; `local.kubelet` carries it out, kwok keeps the Node objects alive. EC2 knows no instances.
"""

import ipaddress
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.kube import Object

GROUP = "eks.amazonaws.com/nodegroup"
TEMPLATE = "eks.amazonaws.com/sourceLaunchTemplateId"
TEMPLATE_VERSION = "eks.amazonaws.com/sourceLaunchTemplateVersion"
POOL = "karpenter.sh/nodepool"
ZONE = "topology.kubernetes.io/zone"

FAKE = {"kwok.x-k8s.io/node": "fake"}
"""The annotation of nodes that kwok keeps alive."""

EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
"""Taint effects as EKS and as Kubernetes spell them."""

CAPACITY = {"cpu": "32", "memory": "256Gi", "pods": "110"}
"""Of every node: its pods use nothing, so one that did not fit would say nothing about the real node."""

BOTTLEROCKET_RELEASE = "1.50.0-1a2b3c4d"
"""Release that the emulator recommends, in the form of Bottlerocket's; it must only stay the same."""

RESERVED = 4
"""Addresses that AWS keeps at the start of a subnet; the last one, too (user guide: subnet-sizing)."""


@dataclass(frozen=True)
class Subnet:
    """Where nodes may be."""

    cidr: str
    zone: str


@dataclass(frozen=True)
class Identity:
    """What a node has from its instance, for life."""

    name: str
    zone: str
    provider_id: str


@dataclass(frozen=True)
class Plan:
    """What makes the nodes those of the groups."""

    apply: Sequence[Object]
    """All nodes that shall be, as they shall be."""
    delete: Sequence[str]
    """Names of nodes that shall not be."""


def auto_mode(cluster: Object) -> Object | None:
    """What EKS Auto Mode adds to a cluster as EKS describes it, as if it were a node group; None without it.

    One node of the pool for workloads, large enough: on AWS there would be as many as pods ask for.
    """
    compute = cluster.get("computeConfig", {})
    if not compute.get("enabled") or "general-purpose" not in compute.get("nodePools", []):
        return None
    return {
        "nodePool": "general-purpose",
        "scalingConfig": {"desiredSize": 1},
        "subnets": cluster["resourcesVpcConfig"]["subnetIds"],
        "instanceTypes": ["c7i.8xlarge"],
        "amiType": "BOTTLEROCKET_x86_64",
        "version": cluster["version"],
        "releaseVersion": BOTTLEROCKET_RELEASE,
        "labels": {"karpenter.sh/capacity-type": "on-demand", "eks.amazonaws.com/compute-type": "auto"},
        "taints": [],
    }


def plan(groups: Sequence[Object], subnets: Mapping[str, Subnet], existing: Sequence[Object]) -> Plan:
    """The plan for node groups as EKS describes them, their subnets by id, and the nodes that exist.

    A group's nodes are in its subnets by turns. When its version or launch template changes, new nodes come
    first, then the old ones go. Of too many nodes the youngest go.
    """
    apply: list[Object] = []
    delete: list[str] = []
    taken = {node["metadata"]["name"] for node in existing}
    for group in groups:
        own = [node for node in existing if _owner(node["metadata"]["labels"]) == _owner(_membership(group))]
        current = sorted((node for node in own if not _outdated(node, group)), key=_age)
        desired = group["scalingConfig"]["desiredSize"]
        kept, surplus = current[:desired], current[desired:]
        fresh = list(_new(group, subnets, kept, desired - len(kept), taken))
        apply += [_node(group, _identity(node)) for node in kept] + fresh
        delete += [node["metadata"]["name"] for node in surplus]
        if not fresh:
            delete += [node["metadata"]["name"] for node in own if _outdated(node, group)]
    owners = {_owner(_membership(group)) for group in groups}
    delete += [n["metadata"]["name"] for n in existing if _owner(n["metadata"]["labels"]) not in owners]
    return Plan(apply, delete)


def _new(
    group: Object, subnets: Mapping[str, Subnet], kept: Sequence[Object], count: int, taken: set[str]
) -> Iterator[Object]:
    zones = [node["metadata"]["labels"][ZONE] for node in kept]
    for _ in range(count):
        subnet = min((subnets[key] for key in group["subnets"]), key=lambda s: zones.count(s.zone))
        zones.append(subnet.zone)
        name = _free_name(subnet, taken)
        taken.add(name)
        instance = f"aws:///{subnet.zone}/i-{secrets.token_hex(9)[:17]}"
        yield _node(group, Identity(name, subnet.zone, instance))


def _free_name(subnet: Subnet, taken: set[str]) -> str:
    """A private DNS name, as EC2 makes it of the address."""
    network = ipaddress.ip_network(subnet.cidr)
    region = _region(subnet.zone)
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    while True:
        address = network[RESERVED + secrets.randbelow(network.num_addresses - RESERVED - 1)]
        name = f"ip-{str(address).replace('.', '-')}.{domain}"
        if name not in taken:
            return name


def _region(zone: str) -> str:
    return zone[:-1]


def _node(group: Object, identity: Identity) -> Object:
    address = identity.name.partition(".")[0].removeprefix("ip-").replace("-", ".")
    architecture = "arm64" if "ARM_64" in group["amiType"] else "amd64"
    template = group.get("launchTemplate")
    labels = {
        **group["labels"],
        **_membership(group),
        "kubernetes.io/arch": architecture,
        "kubernetes.io/hostname": identity.name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": group["instanceTypes"][0],
        "topology.kubernetes.io/region": _region(identity.zone),
        ZONE: identity.zone,
        **({TEMPLATE: template["id"], TEMPLATE_VERSION: template["version"]} if template else {}),
    }
    addresses = {"InternalIP": address, "InternalDNS": identity.name, "Hostname": identity.name}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": identity.name, "labels": labels, "annotations": FAKE},
        "spec": {"providerID": identity.provider_id, "taints": [_taint(taint) for taint in group["taints"]]},
        "status": {
            "addresses": [{"type": kind, "address": value} for kind, value in addresses.items()],
            "capacity": CAPACITY,
            "allocatable": CAPACITY,
            "nodeInfo": {"architecture": architecture, "kubeletVersion": _kubelet_version(group)},
        },
    }


def _membership(group: Object) -> dict[str, str]:
    """The labels that tell whose a node is."""
    if "nodePool" in group:
        return {POOL: group["nodePool"]}
    return {GROUP: group["nodegroupName"], "eks.amazonaws.com/capacityType": group["capacityType"]}


def _owner(labels: Mapping[str, str]) -> tuple[str | None, str | None]:
    return labels.get(GROUP), labels.get(POOL)


def _taint(taint: Mapping[str, str]) -> dict[str, str]:
    return {"key": taint["key"], "value": taint.get("value", ""), "effect": EFFECTS[taint["effect"]]}


def _kubelet_version(group: Object) -> str:
    """`1.34.0-20251112` of an image release as its kubelet says it; Bottlerocket's has its own numbers."""
    version, _, release = group["releaseVersion"].partition("-")
    if group["amiType"].startswith("BOTTLEROCKET"):
        version = f"{group['version']}.0"
    return f"v{version}-eks-{release}"


def _identity(node: Object) -> Identity:
    metadata = node["metadata"]
    return Identity(metadata["name"], metadata["labels"][ZONE], node["spec"]["providerID"])


def _outdated(node: Object, group: Object) -> bool:
    template = group.get("launchTemplate", {})
    labels = node["metadata"]["labels"]
    born = (labels.get(TEMPLATE), labels.get(TEMPLATE_VERSION), node["status"]["nodeInfo"]["kubeletVersion"])
    return bool(born != (template.get("id"), template.get("version"), _kubelet_version(group)))


def _age(node: Object) -> tuple[str, str]:
    return node["metadata"].get("creationTimestamp", ""), node["metadata"]["name"]
