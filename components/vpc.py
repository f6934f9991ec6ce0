"""The VPC that the platform runs in: its own, with flow logs, or one that exists.

Not managed here: anything of an existing VPC.
"""

from __future__ import annotations

import pulumi

from components import existing_vpc
from components.availability_zones import availability_zones
from components.existing_vpc import ExistingVpc
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.network import Network, NetworkArgs
from planning.iam import Scope
from settings import Settings


def make_vpc(
    config: Settings, scope: Scope, log_key_arn: pulumi.Input[str], boundary_arn: pulumi.Input[str]
) -> Network | ExistingVpc:
    """Make the VPC, or look up the one that the settings name.

    `log_key_arn` encrypts the flow logs, `boundary_arn` bounds the role that writes them.
    Raises `pulumi.RunError` with everything that an existing VPC lacks.
    """
    if config.network.existing:
        return existing_vpc.look_up(config, scope.partition, scope.region)
    network = Network(
        "platform",
        NetworkArgs(
            network=config.network,
            zones=availability_zones(config.network.zones),
            partition=scope.partition,
            region=scope.region,
            cluster_name=config.cluster.name,
            tags=config.tags,
        ),
    )
    FlowLogs(
        "platform",
        FlowLogsArgs(
            vpc_id=network.vpc_id,
            retention_days=config.log_retention_days,
            key_arn=log_key_arn,
            scope=scope,
            boundary_arn=boundary_arn,
            tags=config.tags,
        ),
    )
    return network
