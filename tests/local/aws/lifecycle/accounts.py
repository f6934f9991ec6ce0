"""Rows of IAM, KMS, CloudWatch Logs and Systems Manager."""

import json
from typing import Any

from tests.local.aws.lifecycle.row import Row

TAGS: dict[str, Any] = {"tags": {"Name": "lifecycle"}}
CHANGED: dict[str, Any] = {"tags": {"Name": "lifecycle", "Phase": "later"}}


def policy(action: str) -> dict[str, str]:
    """The argument `policy`."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def trust(*services: str) -> dict[str, str]:
    """The argument `assume_role_policy`."""
    principal = {"Service": [f"{service}.amazonaws.com" for service in services]}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return {"assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


SERVICES = ("eks", "ec2", "pods.eks", "vpc-flow-logs")

ROWS = (
    *(
        Row(
            "aws:iam/role:Role",
            name,
            {**trust(*SERVICES), "description": "Role of the test", **TAGS},
            {"max_session_duration": 7200, "description": "Role", **trust(*SERVICES, "ssm"), **CHANGED},
            {"path": "/lifecycle/"},
            held=True,
        )
        for name in ("role", "other-role")
    ),
    Row(
        "aws:iam/policy:Policy",
        "policy",
        {**policy("logs:PutLogEvents"), "description": "Policy of the test", **TAGS},
        {**policy("logs:CreateLogStream"), **CHANGED},
        {"description": "Another"},
        held=True,
    ),
    Row(
        "aws:iam/rolePolicy:RolePolicy",
        "inline",
        {"role": "${role.name}", **policy("ec2:DescribeVpcs")},
        policy("ec2:DescribeSubnets"),
        {"name": "lifecycle"},
    ),
    Row(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "attachment",
        {"role": "${role.name}", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {},
        {"policy_arn": "${policy.arn}"},
    ),
    Row(
        "aws:iam/instanceProfile:InstanceProfile",
        "profile",
        {"role": "${role.name}", **TAGS},
        {"role": "${other-role.name}", **CHANGED},
        {"path": "/lifecycle/"},
    ),
    Row(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "oidc",
        {
            "url": "https://token.actions.githubusercontent.com",
            "client_id_lists": ["sts.amazonaws.com"],
            "thumbprint_lists": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            **TAGS,
        },
        {"client_id_lists": ["sts.amazonaws.com", "https://github.com/example"], **CHANGED},
        {"url": "https://gitlab.com"},
    ),
    *(
        Row(
            "aws:kms/key:Key",
            name,
            {"description": f"Lifecycle {name}", "deletion_window_in_days": 7, **TAGS},
            {"description": f"Lifecycle {name}, rotated", "enable_key_rotation": True, **CHANGED},
            {"multi_region": True},
            held=True,
        )
        for name in ("key", "other-key")
    ),
    Row(
        "aws:kms/alias:Alias",
        "alias",
        {"name": "alias/lifecycle", "target_key_id": "${key.id}"},
        {"target_key_id": "${other-key.id}"},
        {"name": "alias/lifecycle-replaced"},
    ),
    Row(
        "aws:cloudwatch/logGroup:LogGroup",
        "logs",
        {"name": "/lifecycle/logs", "retention_in_days": 7, **TAGS},
        {"retention_in_days": 30, "kms_key_id": "${key.arn}", **CHANGED},
        {"name": "/lifecycle/replaced"},
        held=True,
    ),
    Row(
        "aws:ssm/parameter:Parameter",
        "parameter",
        {
            "name": "/lifecycle/parameter",
            "type": "String",
            "value": "one",
            "description": "Parameter",
            **TAGS,
        },
        {"value": "two", "description": "The parameter", **CHANGED},
        {"name": "/lifecycle/replaced"},
    ),
)
