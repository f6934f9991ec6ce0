"""Flow logs of the VPC: who spoke with whom, accepted and rejected, in an encrypted CloudWatch log group.

Not managed here: the KMS key, alarms, queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import flow_logs


@dataclass(frozen=True)
class FlowLogsArgs:
    """Arguments of `FlowLogs`."""

    vpc_id: pulumi.Input[str]
    """The VPC whose traffic is logged."""
    retention_days: int
    """For how long the records are kept, one of `settings.logs.RETENTION_DAYS`."""
    key_arn: pulumi.Input[str]
    """The KMS key of the log group, `LogKey.arn`."""
    permissions_boundary: pulumi.Input[str] | None
    """ARN of the policy that bounds the role; None sets no bounds."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    account: str
    """Id of the account."""
    region: str
    """Region of the VPC, e.g. eu-west-1."""
    cluster_name: str
    """The EKS cluster that names the log group."""
    tags: Mapping[str, str]
    """Tags of every resource that takes them."""


class FlowLogs(pulumi.ComponentResource):
    """All traffic of the VPC, written by a role that can write nothing else."""

    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:flow_logs:FlowLogs", name, None, opts)
        self._name, self._args = name, args
        group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=flow_logs.log_group_name(args.cluster_name),
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        role, policy = self._role()
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            tags={**args.tags, "Name": f"{args.cluster_name}-flow-logs"},
            # Without its rights the first records are lost, and the flow log's status tells of an error.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.log_group_name = group.name
        self.register_outputs({"log_group_name": self.log_group_name})

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        args = self._args
        role = aws.iam.Role(
            f"{self._name}-flow-logs",
            assume_role_policy=flow_logs.trust_policy(args.partition, args.account, args.region),
            permissions_boundary=args.permissions_boundary,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            f"{self._name}-flow-logs",
            name="write-flow-logs",
            role=role.name,
            policy=flow_logs.write_policy(args.partition, args.account, args.region, args.cluster_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy
