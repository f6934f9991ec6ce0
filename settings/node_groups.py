"""Settings of the managed node groups."""

from __future__ import annotations

from dataclasses import dataclass

from planning import config_values
from planning.config_reader import Reader

AMI_TYPES = (
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
)


@dataclass(frozen=True)
class NodeGroup:
    """A managed node group."""

    name: str
    instance_types: tuple[str, ...]
    min_size: int
    desired_size: int
    max_size: int
    disk_gib: int
    """Size of the root volume in GiB."""
    capacity_type: str
    """ON_DEMAND or SPOT."""
    ami_type: str
    labels: dict[str, str]


def read(name: str, reader: Reader) -> NodeGroup:
    """Read one node group."""
    group = NodeGroup(
        name=name,
        instance_types=reader.texts("instanceTypes"),
        min_size=reader.integer("minSize", 0, 450),
        desired_size=reader.integer("desiredSize", 0, 450),
        max_size=reader.integer("maxSize", 1, 450),
        disk_gib=reader.integer("diskGib", 20, 16384, 50),
        capacity_type=reader.choice("capacityType", ("ON_DEMAND", "SPOT"), "ON_DEMAND"),
        ami_type=reader.choice("amiType", AMI_TYPES, AMI_TYPES[0]),
        labels=reader.text_map("labels", {}),
    )
    config_values.check_node_group_name(reader, name)
    if not group.instance_types:
        reader.refuse("instanceTypes", "is empty", "Name at least one, e.g. m7g.large")
    if not group.min_size <= group.desired_size <= group.max_size:
        reader.refuse("desiredSize", "is not between minSize and maxSize", "Put the three in order")
    return group
