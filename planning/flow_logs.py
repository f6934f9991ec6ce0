"""Names and IAM documents of the VPC's flow logs.

Source: Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def log_group_name(cluster: str) -> str:
    """Return the name of the log group for the flow logs of the VPC of `cluster`."""
    return f"/aws/vpc/{cluster}/flow-logs"


def trust_policy(partition: str, account: str, region: str) -> str:
    """Return who assumes the role: the flow logs of this account and region, not those of a stranger
    who has the service write for them (IAM User Guide, "The confused deputy problem")."""
    return _document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*"},
            },
        }
    )


def write_policy(partition: str, account: str, region: str, cluster: str) -> str:
    """Return what the role may: write to the one log group, which Pulumi makes, so that it makes none."""
    groups = f"arn:{partition}:logs:{region}:{account}:log-group:"
    return _document(
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": f"{groups}{log_group_name(cluster)}:*",
        },
        # It lists by prefix, which IAM cannot narrow to one group.
        {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": f"{groups}*"},
    )


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
