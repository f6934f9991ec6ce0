"""A managed node group."""

from __future__ import annotations

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from local.pulumi_eks.inputs import Inputs, Problems, Value
from local.pulumi_eks.references import ClusterReference

SUPPORTED = (
    "amiType",
    "capacityType",
    "cluster",
    "clusterName",
    "diskSize",
    "enableIMDSv2",
    "forceUpdateVersion",
    "ignoreScalingChanges",
    "instanceTypes",
    "labels",
    "launchTemplate",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "nodeRole",
    "nodeRoleArn",
    "releaseVersion",
    "remoteAccess",
    "scalingConfig",
    "subnetIds",
    "tags",
    "taints",
    "version",
)
"""The inputs of a managed node group."""


class ManagedNodeGroup(ComponentResource):
    """The node group, and a launch template of its own if `enableIMDSv2` is given."""

    state: dict[str, Value]
    """What the program gets."""

    def __init__(self, name: str, inputs: Inputs, opts: ResourceOptions) -> None:
        _check(inputs)
        super().__init__("eks:index:ManagedNodeGroup", name, None, opts)
        template, disk, version = inputs.get("launchTemplate"), inputs.get("diskSize"), inputs.get("version")
        core: Output[Value] = Output.from_input(inputs["cluster"]).apply(_core)
        if version is None and template is None:
            version = core["cluster"].version
        if "enableIMDSv2" in inputs:
            template, disk = self._launch_template(name, inputs), None
        group = aws.eks.NodeGroup(
            name,
            ami_type=inputs.get("amiType"),
            capacity_type=inputs.get("capacityType"),
            cluster_name=inputs.get("clusterName") or core["cluster"].name,
            disk_size=disk,
            force_update_version=inputs.get("forceUpdateVersion"),
            instance_types=inputs.get("instanceTypes"),
            labels=inputs.get("labels"),
            launch_template=template,
            node_group_name=inputs.get("nodeGroupName"),
            node_group_name_prefix=inputs.get("nodeGroupNamePrefix"),
            node_role_arn=inputs.get("nodeRoleArn") or Output.from_input(inputs["nodeRole"]).arn,
            release_version=inputs.get("releaseVersion"),
            remote_access=inputs.get("remoteAccess"),
            scaling_config=Output.from_input(inputs.get("scalingConfig")).apply(_scaling),
            subnet_ids=inputs.get("subnetIds") or core["subnetIds"],
            tags=inputs.get("tags"),
            taints=inputs.get("taints"),
            version=version,
            opts=ResourceOptions(
                parent=self,
                ignore_changes=["scalingConfig.desiredSize"] if inputs.get("ignoreScalingChanges") else None,
            ),
        )
        self.state = {"nodeGroup": group, "placementGroupName": ""}
        self.register_outputs(self.state)

    def _launch_template(self, name: str, inputs: Inputs) -> aws.eks.NodeGroupLaunchTemplateArgs:
        disk = inputs.get("diskSize")
        # The root volume of an Amazon Linux node.
        root = {"deviceName": "/dev/xvda", "ebs": {"volumeSize": disk}}
        devices: Value = [root] if disk else None
        template = aws.ec2.LaunchTemplate(
            f"{name}-launchTemplate",
            block_device_mappings=devices,
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_put_response_hop_limit=2,
                http_tokens="required" if inputs["enableIMDSv2"] else "optional",
            ),
            opts=ResourceOptions(parent=self),
        )
        return aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str))


def _check(inputs: Inputs) -> None:
    problems = Problems()
    problems.add_unsupported(inputs, SUPPORTED)
    if ("nodeRole" in inputs) == ("nodeRoleArn" in inputs):
        problems.add("nodeRole", "give either nodeRole or nodeRoleArn")
    if "launchTemplate" in inputs and "enableIMDSv2" in inputs:
        problems.add("launchTemplate", "cannot be combined with enableIMDSv2; say so in the launch template")
    for key in ("enableIMDSv2", "ignoreScalingChanges"):
        problems.plain(inputs, key)
    problems.raise_if_any()


def _core(cluster: Value) -> Value:
    """What is known of a cluster, which may be given as a resource or as its `core`."""
    return cluster.core if isinstance(cluster, ClusterReference) else cluster


def _scaling(given: Value) -> Value:
    return {"desiredSize": 2, "minSize": 1, "maxSize": 2, **(given or {})}
