"""The rules that must have looked at something: a rule that found nothing to judge is no pass."""

from __future__ import annotations

REQUIRED: dict[str, str] = {
    "CKV_AWS_7": "KMS keys are rotated",
    "PLATFORM_8": "Volumes of nodes are encrypted (checkov's CKV_AWS_8 does not know launch templates)",
    "CKV_AWS_23": "Every security group and rule says what it is for",
    "CKV_AWS_24": "No security group lets 0.0.0.0/0 in by SSH",
    "CKV_AWS_33": "No KMS key policy names everybody",
    "CKV_AWS_37": "The control plane logs all five types",
    "CKV_AWS_38": "The public endpoint is not open to 0.0.0.0/0",
    "CKV_AWS_39": "The public endpoint is off",
    "CKV_AWS_58": "Kubernetes Secrets are encrypted with a key of the account",
    "CKV_AWS_60": "Roles are assumed by named principals only",
    "CKV_AWS_61": "Roles are not assumed by every service",
    "CKV_AWS_62": "No policy grants everything on everything",
    "CKV_AWS_63": "No policy grants every action",
    "CKV_AWS_66": "Log groups have a retention",
    "CKV_AWS_79": "Instance metadata needs a session token (IMDSv2)",
    "CKV_AWS_100": "Nodes have no SSH open to 0.0.0.0/0",
    "CKV_AWS_130": "Subnets do not map public addresses",
    "CKV_AWS_158": "Log groups are encrypted with a key of the account",
    "CKV_AWS_274": "AdministratorAccess is attached to nothing",
    "PLATFORM_339": "The Kubernetes version is one that the platform pins (checkov's list lags behind)",
    "CKV_AWS_339": "The Kubernetes version is one that checkov knows",
    "CKV_AWS_341": "Instance metadata is one network hop away at most",
    "CKV2_AWS_11": "Every VPC has a flow log",
    "CKV2_AWS_12": "The default security group of every VPC is closed",
    "PLATFORM_POLICIES": "Every policy document is known in the plan, so that the rules have read it",
}
"""Rule -> what it means here. PLATFORM_… are those of `operations.security.own_rules`."""


def table() -> list[list[str]]:
    """The required rules as a table of the documentation, its heading first."""
    return [["Rule", "What it means here"], *([rule, text] for rule, text in sorted(REQUIRED.items()))]
