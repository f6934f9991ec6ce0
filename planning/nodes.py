"""Facts about nodes: processor architectures, volumes, labels, taints, what the autoscaler looks for."""

from __future__ import annotations

import re

AMI_TYPES = (
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
)
TAINT_EFFECTS = ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")
KEEPS_PODS_AWAY = ("NO_SCHEDULE", "NO_EXECUTE")
"""Taint effects that a pod must tolerate to be scheduled."""

# Family, generation, attributes, size: c7gn.2xlarge, m7i-flex.large, u-6tb1.112xlarge.
_INSTANCE_TYPE = re.compile(r"([a-z]+(?:-\d+tb)?)(\d+)([a-z0-9-]*)\.[a-z0-9-]+")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"(?=.{1,253}/)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/")
# A kubelet may give its own node labels of these domains only with the prefixes in _ALLOWED (Kubernetes
# documentation, "Using Admission Controllers", NodeRestriction); EKS keeps its own domain to itself.
_RESERVED = re.compile(r"(?:.*\.)?(?:kubernetes\.io|k8s\.io)/|(?:.*\.)?eks\.amazonaws\.com/")
_ALLOWED = re.compile(r"(?:.*\.)?(?:node|kubelet)\.kubernetes\.io/")
_RELEASES = {
    # EKS AMI release notes: Kubernetes version and date; Bottlerocket: its version and a commit.
    "AL2023": re.compile(r"(\d\.\d+)\.\d+-\d{8}"),
    "BOTTLEROCKET": re.compile(r"\d+\.\d+\.\d+-[0-9a-f]{8}()"),
}


def architecture(instance_type: str) -> str | None:
    """Return the architecture of an EC2 instance type, x86_64 or arm64; None if it is no instance type.

    Graviton's mark is a g among the attributes after the generation, where a GPU family has it before
    (Amazon EC2 Instance Types Guide, "Naming conventions"); a1, the first one, has no mark.
    """
    found = _INSTANCE_TYPE.fullmatch(instance_type)
    if found is None:
        return None
    family, generation, attributes = found.groups()
    return "arm64" if "g" in attributes or family + generation == "a1" else "x86_64"


def ami_architecture(ami_type: str) -> str:
    """Return the architecture of an image, x86_64 or arm64."""
    return "arm64" if "ARM_64" in ami_type else "x86_64"


def volumes(ami_type: str, gib: int) -> dict[str, int | None]:
    """Return a node's volumes: device -> size in GiB, None for the image's own.

    `gib` is for images, logs and ephemeral storage. Amazon Linux has all on one volume, Bottlerocket its
    system on a small one beside it; a volume that the launch template does not name is not encrypted (Amazon
    EKS User Guide, "Customize managed nodes with launch templates"; Bottlerocket documentation, "Default
    volumes").
    """
    if ami_type.startswith("BOTTLEROCKET"):
        return {"/dev/xvda": None, "/dev/xvdb": gib}
    return {"/dev/xvda": gib}


def label_problem(key: str, value: str) -> str | None:
    """Tell why EKS or Kubernetes would not take a node label, None if they would.

    Syntax: Kubernetes documentation, "Labels and Selectors".
    """
    if problem := key_problem(key):
        return problem
    if value and not _NAME.fullmatch(value):
        return f"{key} has a value that is no label value"
    if _RESERVED.match(key) and not _ALLOWED.match(key):
        return f"{key} has a prefix that nodes may not give themselves"
    return None


def key_problem(key: str) -> str | None:
    """Tell why Kubernetes would not take a key of a label or taint, None if it would."""
    prefix = _PREFIX.match(key)
    name = key[prefix.end() :] if prefix else key
    return None if _NAME.fullmatch(name) else f"{key} is no label key"


def taint_problem(key: str, value: str) -> str | None:
    """Tell why EKS or Kubernetes would not take a taint, None if they would."""
    if problem := key_problem(key):
        return problem
    if value and not _NAME.fullmatch(value):
        return f"{key} has a value that is no label value"
    return f"{key} has a prefix that is Kubernetes's own" if _RESERVED.match(key) else None


def release_problem(release: str, ami_type: str, version: str) -> str | None:
    """Tell why an image release does not go with the image and the Kubernetes version, None if it does."""
    found = _RELEASES[ami_type.partition("_")[0]].fullmatch(release)
    if found is None:
        return f"is no release of {ami_type}"
    return None if found[1] in ("", version) else f"is a release for Kubernetes {found[1]}, not {version}"


def autoscaler_tags(cluster_name: str) -> dict[str, str]:
    """Return the tags by which Cluster Autoscaler finds a node group of the cluster.

    What it reads are tags of the Auto Scaling group, which EKS sets itself and which a node group's own tags
    do not reach (Amazon EKS User Guide, "Simplify node lifecycle with managed node groups"). On the node
    group they say the same to whoever looks there. Labels and taints of a group without nodes it reads from
    the group through eks:DescribeNodegroup (Cluster Autoscaler on AWS, README), so that they need no tags.
    """
    return {"k8s.io/cluster-autoscaler/enabled": "true", f"k8s.io/cluster-autoscaler/{cluster_name}": "owned"}
