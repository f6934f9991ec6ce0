"""The KMS key that encrypts the platform's CloudWatch log groups.

Not managed here: the log groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import kms


@dataclass(frozen=True)
class LogKeyArgs:
    """Arguments of `LogKey`."""

    partition: str
    """aws, aws-cn or aws-us-gov."""
    account: str
    """Id of the account of the key and the log groups."""
    region: str
    """Region of the log groups, e.g. eu-west-1."""
    log_group_names: Sequence[str]
    """The log groups that the key may encrypt, e.g. /aws/eks/demo/cluster."""
    tags: Mapping[str, str]
    """Tags of the key."""


class LogKey(pulumi.ComponentResource):
    """A key, rotated each year, that only CloudWatch Logs uses, and only for the named log groups."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LogKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:log_key:LogKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-logs",
            description=f"CloudWatch log groups {', '.join(args.log_group_names)}",
            policy=kms.log_key_policy(args.partition, args.account, args.region, args.log_group_names),
            enable_key_rotation=True,
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
