"""The EKS cluster, its managed node groups and add-ons, who may enter, and the Kubernetes provider.

Not managed here: anything inside the cluster. EKS may write the last lines of a deleted cluster's log a
moment later, and then makes the log group anew, which nobody manages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

import settings.cluster
from components.access import Access, AccessArgs
from components.addons import Addons, AddonsArgs
from components.node_groups import NodeGroups, NodeGroupsArgs
from planning import addons, auto_mode, kms
from planning.kubeconfig import kubeconfig

#: All that EKS has (Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs").
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def log_group_name(cluster: str) -> str:
    """Return the name of the log group of the control plane of `cluster`, which EKS has fixed."""
    return f"/aws/eks/{cluster}/cluster"


@dataclass(frozen=True)
class ClusterArgs:
    """Arguments of `Cluster`."""

    cluster: settings.cluster.Cluster
    """Name, version, access, node groups."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    account: str
    """The AWS account's number; the key policy of Secrets names it."""
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
    log_key_arn: pulumi.Input[str]
    """KMS key of the control plane's log, `LogKey.arn`."""
    log_retention_days: int
    """How long the control plane's log is kept, in days."""
    addon_role_arns: Mapping[str, pulumi.Input[str]]
    """Roles of the add-ons that have one, by add-on, known once their policies are attached."""
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
        before = self._addons("before-nodes", before_nodes=True, after=[])
        node_groups = self._node_groups(after=[before])
        after = self._addons("after-nodes", before_nodes=False, after=[node_groups])

        described = self._cluster.eks_cluster
        access = Access(
            f"{name}-access",
            AccessArgs(described.name, args.cluster.access_entries, args.partition, args.tags),
            pulumi.ResourceOptions(parent=self),
        )
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
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._cluster, access, node_groups, after]),
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
            # EKS Auto Mode places its nodes in the cluster's own subnets.
            public_subnet_ids=None if args.cluster.auto_mode else args.public_subnet_ids,
            private_subnet_ids=args.private_subnet_ids,
            kubernetes_service_ip_address_range=str(args.cluster.service_cidr),
            service_role=args.role,
            authentication_mode=eks.AuthenticationMode.API,
            endpoint_private_access=True,
            endpoint_public_access=bool(public_access),
            public_access_cidrs=public_access or None,
            enabled_cluster_log_types=list(LOG_TYPES),
            encryption_config_key_arn=self._encryption_key(),
            # Managed node groups use the security group that EKS makes itself.
            skip_default_security_groups=True,
            skip_default_node_group=True,
            # Every add-on is one of `Addons`, so that one file pins them and they are ordered with the nodes.
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            deletion_protection=args.cluster.deletion_protection,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=args.cluster.support_type),
            # In Auto Mode pulumi-eks would add one of its own, beside the one that is built in.
            coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
            auto_mode=self._auto_mode(),
            tags=dict(args.tags),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[self._log_group()], transforms=[_creator_admin_off]
            ),
        )

    def _log_group(self) -> aws.cloudwatch.LogGroup:
        # EKS makes it with no end of retention if it is not there before the cluster
        # (Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs").
        return aws.cloudwatch.LogGroup(
            f"{self._name}-control-plane",
            name=log_group_name(self._args.cluster.name),
            retention_in_days=self._args.log_retention_days,
            kms_key_id=self._args.log_key_arn,
            tags=dict(self._args.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _auto_mode(self) -> eks.AutoModeOptionsArgs | None:
        if not self._args.cluster.auto_mode:
            return None
        return eks.AutoModeOptionsArgs(
            enabled=True,
            create_node_role=False,
            compute_config=eks.ClusterComputeConfigArgs(
                node_pools=list(auto_mode.NODE_POOLS), node_role_arn=self._args.node_role_arn
            ),
        )

    def _encryption_key(self) -> pulumi.Output[str]:
        key = aws.kms.Key(
            f"{self._name}-secrets",
            description=f"Kubernetes Secrets of EKS cluster {self._args.cluster.name}",
            enable_key_rotation=True,
            deletion_window_in_days=kms.DELETION_DAYS,
            policy=kms.secrets_key_policy(self._args.partition, self._args.account),
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

    def _node_groups(self, after: Sequence[pulumi.Resource]) -> NodeGroups:
        args = NodeGroupsArgs(
            cluster=self._cluster,
            cluster_name=self._args.cluster.name,
            version=self._args.cluster.version,
            groups=self._args.cluster.node_groups,
            role_arn=self._args.node_role_arn,
            subnet_ids=self._args.private_subnet_ids,
            tags=self._args.tags,
            after=after,
        )
        return NodeGroups(self._name, args, pulumi.ResourceOptions(parent=self))

    def _addons(self, when: str, *, before_nodes: bool, after: Sequence[pulumi.Resource]) -> Addons:
        cluster = self._args.cluster
        args = AddonsArgs(
            cluster_name=self._cluster.eks_cluster.name,
            version=cluster.version,
            addons=[
                addon for addon in addons.installed(cluster.auto_mode) if addon.before_nodes == before_nodes
            ],
            configuration=addons.of_cluster(cluster.name, cluster.addon_configuration),
            role_arns=self._args.addon_role_arns,
            tags=self._args.tags,
            after=after,
        )
        return Addons(f"{self._name}-{when}", args, pulumi.ResourceOptions(parent=self))


def _creator_admin_off(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """pulumi-eks 4.3.0 always makes the creator an administrator and has no argument for it."""
    if args.type_ != "aws:eks/cluster:Cluster":
        return None
    props = dict(cast(Mapping[str, Any], args.props))
    props["accessConfig"] = {**props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False}
    return pulumi.ResourceTransformResult(props, args.opts)
