"""The EKS cluster, its managed node groups and add-ons, who may enter, and the Kubernetes provider.

Not managed here: anything inside the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

import settings.cluster
import settings.node_groups
from components.workload_identity import PodIdentity, PodIdentityArgs
from planning import eks_versions, iam
from planning.kubeconfig import kubeconfig

#: All that EKS has (Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs").
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


@dataclass(frozen=True)
class ClusterArgs:
    """Arguments of `Cluster`."""

    cluster: settings.cluster.Cluster
    """Name, version, access, node groups."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    region: str
    """Where the cluster is, e.g. eu-west-1; the kubeconfig names it."""
    vpc_id: pulumi.Input[str]
    """The VPC of the subnets."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Where EKS may place load balancers; no node runs there."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Where nodes and the cluster's network interfaces are."""
    role: pulumi.Output[aws.iam.Role]
    """The control plane's role, known once its policies are attached."""
    node_role_arn: pulumi.Input[str]
    """The nodes' role, known once its policies are attached."""
    addon_role_arns: Mapping[str, pulumi.Input[str]]
    """Roles of add-ons, by add-on, known once their policies are attached."""
    tags: Mapping[str, str]
    """Tags of every resource that takes them."""


class Cluster(pulumi.ComponentResource):
    """An EKS cluster that nobody enters unless an access entry says so."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    """A secret: it holds no credential, but where the API is."""
    provider: kubernetes.Provider
    """Talks to the cluster; usable once nodes and add-ons are there."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:cluster:Cluster", name, None, opts)
        self._name, self._args = name, args
        self._cluster = self._control_plane()
        # pulumi-eks 4.3.0 has no argument for it on an add-on. Before the nodes: a pod gets its role when it
        # starts, and vpc-cni gives a node its first address.
        pods = PodIdentity(
            f"{name}-addons",
            PodIdentityArgs(self._cluster.eks_cluster.name, args.addon_role_arns, args.tags),
            pulumi.ResourceOptions(parent=self),
        )
        addons = [self._addon(addon, []) for addon in eks_versions.BEFORE_NODES]
        before = [*addons, *pods.associations]
        node_groups = [self._node_group(group, before) for group in args.cluster.node_groups]
        after = [self._addon(addon, node_groups) for addon in eks_versions.AFTER_NODES]

        described = self._cluster.eks_cluster
        self.name = described.name
        self.arn = described.arn
        certificate = described.certificate_authority.apply(lambda authority: str(authority.data))
        self.kubeconfig = pulumi.Output.secret(
            pulumi.Output.all(described.name, described.endpoint, certificate).apply(
                lambda known: kubeconfig(known[0], args.region, known[1], known[2], args.cluster.api_address)
            )
        )
        self.provider = kubernetes.Provider(
            f"{name}-kubernetes",
            kubeconfig=self.kubeconfig,
            # Another address of the same cluster, like a tunnel, must not replace everything in it.
            cluster_identifier=self.arn,
            enable_server_side_apply=True,
            # Otherwise a changed Secret is deleted and made anew, without what Argo CD has added to it.
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._cluster, *node_groups, *after]),
        )
        self.register_outputs({"name": self.name, "arn": self.arn, "kubeconfig": self.kubeconfig})

    def _control_plane(self) -> eks.Cluster:
        args = self._args
        public_access = [str(network) for network in args.cluster.public_access_cidrs]
        return eks.Cluster(
            f"{self._name}-eks",
            name=args.cluster.name,
            version=args.cluster.version,
            vpc_id=args.vpc_id,
            public_subnet_ids=args.public_subnet_ids,
            private_subnet_ids=args.private_subnet_ids,
            kubernetes_service_ip_address_range=str(args.cluster.service_cidr),
            service_role=args.role,
            authentication_mode=eks.AuthenticationMode.API,
            access_entries=self._access_entries(),
            endpoint_private_access=True,
            endpoint_public_access=bool(public_access),
            public_access_cidrs=public_access or None,
            enabled_cluster_log_types=list(LOG_TYPES),
            encryption_config_key_arn=self._encryption_key(),
            # Managed node groups use the security group that EKS makes itself.
            skip_default_security_groups=True,
            skip_default_node_group=True,
            # Every add-on is an `eks.Addon` below, so that one list pins them and orders them with the nodes.
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self, transforms=[_creator_admin_off]),
        )

    def _encryption_key(self) -> pulumi.Output[str]:
        key = aws.kms.Key(
            f"{self._name}-secrets",
            description=f"Kubernetes Secrets of EKS cluster {self._args.cluster.name}",
            enable_key_rotation=True,
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.kms.Alias(
            f"{self._name}-secrets",
            name=f"alias/eks/{self._args.cluster.name}",
            target_key_id=key.id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn

    def _access_entries(self) -> dict[str, eks.AccessEntryArgs]:
        entries = {}
        for entry in self._args.cluster.access_entries:
            policy = eks.AccessPolicyAssociationArgs(
                policy_arn=iam.access_policy_arn(self._args.partition, entry.scope),
                access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            )
            kind, _, principal = entry.principal_arn.partition(":iam::")[2].partition(":")[2].partition("/")
            entries[f"{kind}-{principal.replace('/', '-')}"] = eks.AccessEntryArgs(
                principal_arn=entry.principal_arn, access_policies={entry.scope: policy}
            )
        return entries

    def _node_group(
        self, group: settings.node_groups.NodeGroup, depends_on: list[pulumi.Resource]
    ) -> eks.ManagedNodeGroup:
        args, name = self._args, f"{self._name}-{group.name}"
        template = self._launch_template(name, group)
        return eks.ManagedNodeGroup(
            name,
            cluster=self._cluster,
            node_group_name=group.name,
            node_role_arn=args.node_role_arn,
            subnet_ids=args.private_subnet_ids,
            instance_types=list(group.instance_types),
            ami_type=group.ami_type,
            capacity_type=group.capacity_type,
            # With a launch template EKS takes the cluster's version once and then stays there.
            version=args.cluster.version,
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=group.min_size, desired_size=group.desired_size, max_size=group.max_size
            ),
            labels=group.labels,
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on),
        )

    def _launch_template(self, name: str, group: settings.node_groups.NodeGroup) -> aws.ec2.LaunchTemplate:
        tags = {**self._args.tags, "Name": f"{self._args.cluster.name}-{group.name}"}
        return aws.ec2.LaunchTemplate(
            name,
            # One hop: a pod that is not on the host's network cannot reach the node's credentials
            # (Amazon EKS Best Practices Guide, "Restrict access to the instance profile").
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=_root_device(group.ami_type),
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=group.disk_gib,
                        volume_type="gp3",
                        encrypted="true",
                        delete_on_termination="true",
                    ),
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "volume")
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _addon(self, addon: str, depends_on: list[eks.ManagedNodeGroup]) -> pulumi.Resource:
        return eks.Addon(
            f"{self._name}-{addon}",
            cluster=self._cluster,
            addon_name=addon,
            addon_version=eks_versions.ADDON_VERSIONS[self._args.cluster.version][addon],
            resolve_conflicts_on_create=eks.ResolveConflictsOnCreate.OVERWRITE,
            resolve_conflicts_on_update=eks.ResolveConflictsOnUpdate.OVERWRITE,
            opts=pulumi.ResourceOptions(depends_on=depends_on),
        )


def _root_device(ami_type: str) -> str:
    # Amazon EKS User Guide, "Customize managed nodes with launch templates"; Bottlerocket keeps its own
    # system on /dev/xvda and images and logs on /dev/xvdb.
    return "/dev/xvdb" if ami_type.startswith("BOTTLEROCKET") else "/dev/xvda"


def _creator_admin_off(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """pulumi-eks 4.3.0 always makes the creator an administrator and has no argument for it."""
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    props = dict(cast(Mapping[str, Any], args.props))
    props["accessConfig"] = {**props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}
    return pulumi.ResourceTransformResult(props, args.opts)
