"""Managed node groups and their launch templates.

Not managed here: how many nodes there are once a group exists, which is the autoscaler's; the nodes' role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks

import settings.node_groups
from planning import nodes


@dataclass(frozen=True)
class NodeGroupsArgs:
    """Arguments of `NodeGroups`."""

    cluster: eks.Cluster
    """The cluster that the nodes join."""
    cluster_name: str
    """Its name, for tags."""
    version: str
    """Its Kubernetes minor version, which the nodes follow."""
    groups: Sequence[settings.node_groups.NodeGroup]
    """The node groups."""
    role_arn: pulumi.Input[str]
    """The nodes' role, known once its policies are attached."""
    subnet_ids: pulumi.Output[list[str]]
    """Where the nodes are."""
    tags: Mapping[str, str]
    """Tags of groups, launch templates, instances and volumes."""
    after: Sequence[pulumi.Resource] = ()
    """What nodes need to join."""


class NodeGroups(pulumi.ComponentResource):
    """The cluster's managed node groups."""

    def __init__(self, name: str, args: NodeGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:node_groups:NodeGroups", name, None, opts)
        self._name, self._args = name, args
        for group in args.groups:
            self._node_group(f"{name}-{group.name}", group)
        self.register_outputs({})

    def _node_group(self, name: str, group: settings.node_groups.NodeGroup) -> None:
        args = self._args
        template = self._launch_template(name, group)
        eks.ManagedNodeGroup(
            name,
            cluster=args.cluster,
            node_group_name=group.name,
            node_role_arn=args.role_arn,
            subnet_ids=args.subnet_ids,
            instance_types=list(group.instance_types),
            ami_type=group.ami_type,
            capacity_type=group.capacity_type,
            # With a launch template EKS takes the cluster's version once and then stays there.
            version=args.version,
            release_version=group.release_version,
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=group.min_size, desired_size=group.desired_size, max_size=group.max_size
            ),
            # The autoscaler's from then on: an update must not undo what it has done.
            ignore_scaling_changes=True,
            labels=group.labels,
            taints=[
                aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect)
                for taint in group.taints
            ],
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            tags={**args.tags, **nodes.autoscaler_tags(args.cluster_name)},
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*args.after], transforms=[update_and_repair(group)]
            ),
        )

    def _launch_template(self, name: str, group: settings.node_groups.NodeGroup) -> aws.ec2.LaunchTemplate:
        tags = {**self._args.tags, "Name": f"{self._args.cluster_name}-{group.name}"}
        return aws.ec2.LaunchTemplate(
            name,
            # One hop: a pod that is not on the host's network cannot reach the node's credentials
            # (Amazon EKS Best Practices Guide, "Restrict access to the instance profile").
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=device,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=gib,
                        volume_type="gp3",
                        encrypted="true",
                        delete_on_termination="true",
                    ),
                )
                for device, gib in nodes.volumes(group.ami_type, group.disk_gib).items()
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "volume")
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )


def update_and_repair(group: settings.node_groups.NodeGroup) -> pulumi.ResourceTransform:
    """How a group's nodes are replaced: pulumi-eks 4.3.0 has no argument for either."""

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "aws:eks/nodeGroup:NodeGroup":
            return None
        props = dict(cast(Mapping[str, Any], args.props))
        props["updateConfig"] = {"maxUnavailablePercentage": group.max_unavailable_percentage}
        # EKS replaces a node that stays NotReady: nobody is there to do it at night (Amazon EKS User Guide,
        # "Detect node health issues and enable automatic node repair").
        props["nodeRepairConfig"] = {"enabled": True}
        return pulumi.ResourceTransformResult(props, args.opts)

    return transform
