"""Rules that checkov lacks, on the same translated plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from operations.security.findings import Finding
from operations.security.required import REQUIRED
from operations.terraform_plan import Document
from planning import eks_versions

DOCUMENTS = {
    "aws_iam_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_kms_key": "policy",
    "aws_vpc_endpoint": "policy",
}
"""Type -> the attribute with a policy document."""

Change = dict[str, Any]
"""An element of a plan's `resource_changes`."""


def findings(document: Document, plan: str) -> list[Finding]:
    """What the rules of our own say of a translated plan."""
    return [
        Finding(rule, REQUIRED[rule], plan, change["address"], passed)
        for change in document["resource_changes"]
        for rule, judge in RULES.items()
        for passed in judge(change)
    ]


def _volumes_encrypted(change: Change) -> Iterator[bool]:
    if change["type"] == "aws_launch_template":
        mappings = change["change"]["after"].get("block_device_mappings", [])
        volumes = [volume for mapping in mappings for volume in mapping.get("ebs", [])]
        # Without a mapping the image decides, which for EKS-optimised images is: not encrypted.
        yield bool(volumes) and all(str(volume.get("encrypted")).lower() == "true" for volume in volumes)


def _version_pinned(change: Change) -> Iterator[bool]:
    if change["type"] == "aws_eks_cluster":
        yield change["change"]["after"].get("version") in eks_versions.VERSIONS


def _document_known(change: Change) -> Iterator[bool]:
    attribute = DOCUMENTS.get(change["type"])
    if attribute:
        yield not change["change"]["after_unknown"].get(attribute)


RULES: dict[str, Callable[[Change], Iterator[bool]]] = {
    "PLATFORM_8": _volumes_encrypted,
    "PLATFORM_339": _version_pinned,
    "PLATFORM_POLICIES": _document_known,
}
"""Rule -> its judgement of a resource: nothing where it does not apply."""
