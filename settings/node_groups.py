"""Settings of the managed node groups."""

from __future__ import annotations

from dataclasses import dataclass

from planning import config_values, nodes
from planning.config_reader import Reader


@dataclass(frozen=True)
class Taint:
    """What keeps pods off a node unless they tolerate it."""

    key: str
    value: str
    effect: str
    """NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE."""


@dataclass(frozen=True)
class NodeGroup:
    """A managed node group."""

    name: str
    instance_types: tuple[str, ...]
    min_size: int
    desired_size: int
    """How many nodes it starts with; later the autoscaler decides."""
    max_size: int
    disk_gib: int
    """Size in GiB of the volume that holds images, logs and ephemeral storage."""
    capacity_type: str
    """ON_DEMAND or SPOT."""
    ami_type: str
    release_version: str | None
    """Release of the image, e.g. 1.35.0-20251112; the newest at the time if None."""
    labels: dict[str, str]
    taints: tuple[Taint, ...]
    max_unavailable_percentage: int
    """How many of its nodes an update may replace at the same time."""


DEFAULT = {"instanceTypes": ["m7i.large"], "minSize": 2, "desiredSize": 2, "maxSize": 4}
"""The one node group of a stack that sets none, named default, as Pulumi.yaml has it."""


def read(reader: Reader, version: str, *, auto_mode: bool) -> tuple[NodeGroup, ...]:
    """Read the node groups of a cluster of this Kubernetes version; in EKS Auto Mode there are none."""
    groups = tuple(_group(name, child, version) for name, child in reader.children("nodeGroups"))
    if auto_mode:
        if groups not in ((), (_group("default", Reader(DEFAULT), version),)):
            reader.refuse("nodeGroups", "is set beside autoMode", "Keep one of the two")
        return ()
    if not any(group.desired_size and _takes_any_pod(group) for group in groups):
        # CoreDNS tolerates no taint of ours: EKS waits 20 minutes for it and then calls it failed.
        reader.refuse(
            "nodeGroups",
            "has no node that takes pods without tolerations, CoreDNS's and Argo CD's",
            "Give one group desiredSize 1 or more and no taint NO_SCHEDULE or NO_EXECUTE",
        )
    return groups


def _takes_any_pod(group: NodeGroup) -> bool:
    return not any(taint.effect in nodes.KEEPS_PODS_AWAY for taint in group.taints)


def _group(name: str, reader: Reader, version: str) -> NodeGroup:
    group = NodeGroup(
        name=name,
        instance_types=reader.texts("instanceTypes"),
        min_size=reader.integer("minSize", 0, 450),
        desired_size=reader.integer("desiredSize", 0, 450),
        max_size=reader.integer("maxSize", 1, 450),
        disk_gib=reader.integer("diskGib", 20, 16384, 50),
        capacity_type=reader.choice("capacityType", ("ON_DEMAND", "SPOT"), "ON_DEMAND"),
        ami_type=reader.choice("amiType", nodes.AMI_TYPES, nodes.AMI_TYPES[0]),
        release_version=reader.text("releaseVersion", "") or None,
        labels=reader.text_map("labels", {}),
        taints=tuple(_taint(child) for _, child in reader.children("taints", [])),
        max_unavailable_percentage=reader.integer("maxUnavailablePercentage", 1, 100, 33),
    )
    config_values.check_node_group_name(reader, name)
    _check_instance_types(reader, group)
    if not group.min_size <= group.desired_size <= group.max_size:
        reader.refuse("desiredSize", "is not between minSize and maxSize", "Put the three in order")
    for key, value in group.labels.items():
        if problem := nodes.label_problem(key, value):
            reader.refuse("labels", problem, "See the Kubernetes documentation, Labels and Selectors")
    if group.release_version and (
        problem := nodes.release_problem(group.release_version, group.ami_type, version)
    ):
        reader.refuse("releaseVersion", problem, "Take one of the release notes, or leave it out")
    return group


def _check_instance_types(reader: Reader, group: NodeGroup) -> None:
    key, wanted = "instanceTypes", nodes.ami_architecture(group.ami_type)
    if not group.instance_types:
        reader.refuse(key, "is empty", "Name at least one, e.g. m7g.large")
    for kind in group.instance_types:
        found = nodes.architecture(kind)
        if found is None:
            reader.refuse(key, f"{kind} is no instance type", "Use e.g. m7g.large")
        elif found != wanted:
            reader.refuse(
                key, f"{kind} is {found}, but amiType {group.ami_type} is {wanted}", "Let both be the same"
            )
    if group.capacity_type == "SPOT" and len(set(group.instance_types)) == 1:
        # Amazon EKS User Guide, "Managed node group capacity types": several types, of the same size.
        reader.refuse(
            key,
            "is a single type of spot instances, all of which EC2 may take back at once",
            "Name several of the same size, or use capacityType ON_DEMAND",
        )


def _taint(reader: Reader) -> Taint:
    taint = Taint(reader.text("key"), reader.text("value", ""), reader.choice("effect", nodes.TAINT_EFFECTS))
    if problem := nodes.taint_problem(taint.key, taint.value):
        reader.refuse("key", problem, "See the Kubernetes documentation, Taints and Tolerations")
    return taint
