"""Names and rights of the VPC's flow logs."""

from __future__ import annotations

from collections.abc import Sequence

from planning.iam import Scope, Statement


def log_group_name(cluster: str) -> str:
    """Return the name of the log group for the flow logs of the VPC of `cluster`."""
    return f"/aws/vpc/{cluster}/flow-logs"


def statements(scope: Scope) -> Sequence[Statement]:
    """Return what the role of the flow logs may: write to their log group, which Pulumi makes, so that it
    makes none (Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs")."""
    group = scope.arn("logs", f"log-group:{log_group_name(scope.cluster)}:*")
    write = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
    return (
        Statement("WriteFlowLogs", write, (group,)),
        # It lists by prefix, which IAM cannot narrow to one group.
        Statement("ListLogGroups", ("logs:DescribeLogGroups",), (scope.arn("logs", "log-group:*"),)),
    )
