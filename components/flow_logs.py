"""Flow logs of the VPC: who spoke with whom, accepted and rejected, in an encrypted CloudWatch log group.

Not managed here: the KMS key, alarms, queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.roles import RoleArgs, make_role
from planning import flow_logs, iam
from planning.iam import trust


@dataclass(frozen=True)
class FlowLogsArgs:
    """Arguments of `FlowLogs`."""

    vpc_id: pulumi.Input[str]
    """The VPC whose traffic is logged."""
    retention_days: int
    """For how long the records are kept, one of `settings.logs.RETENTION_DAYS`."""
    key_arn: pulumi.Input[str]
    """The KMS key of the log group, `LogKey.arn`."""
    scope: iam.Scope
    """Where the VPC is, and the cluster that names the log group."""
    boundary_arn: pulumi.Input[str]
    """Permissions boundary of the role."""
    tags: Mapping[str, str]
    """Tags of every resource that takes them."""


class FlowLogs(pulumi.ComponentResource):
    """All traffic of the VPC, written by a role that can write nothing else."""

    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:flow_logs:FlowLogs", name, None, opts)
        group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=flow_logs.log_group_name(args.scope.cluster),
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        role = make_role(
            f"{name}-flow-logs",
            RoleArgs(
                path=args.scope.role_path,
                trust=trust.flow_logs_trust(args.scope),
                boundary_arn=args.boundary_arn,
                tags=args.tags,
                statements=flow_logs.statements(args.scope),
            ),
            self,
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            # Without its rights the first records are lost, and the flow log's status tells of an error.
            iam_role_arn=role.arn,
            tags={**args.tags, "Name": f"{args.scope.cluster}-flow-logs"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.log_group_name = group.name
        self.register_outputs({"log_group_name": self.log_group_name})
