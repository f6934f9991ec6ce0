"""From an empty AWS account to a running GitOps platform: wiring and outputs."""

import pulumi

import settings
from components import existing_vpc
from components.argocd import ArgoCd, ArgoCdArgs
from components.availability_zones import availability_zones
from components.cluster import Cluster, ClusterArgs
from components.existing_vpc import ExistingVpc
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.github import GitHub, GitHubArgs
from components.identity import Identity, IdentityArgs, current_scope
from components.log_key import LogKey, LogKeyArgs
from components.network import Network, NetworkArgs
from components.root_application import RootApplication, RootApplicationArgs
from components.workload_identity import (
    PodIdentity,
    PodIdentityArgs,
    WorkloadIdentity,
    WorkloadIdentityArgs,
)
from planning import flow_logs

config = settings.load()
scope = current_scope(config.cluster.name, config.tags)

log_key = LogKey(
    "platform",
    LogKeyArgs(
        partition=scope.partition,
        account=scope.account,
        region=scope.region,
        log_group_names=[flow_logs.log_group_name(config.cluster.name)],
        tags=config.tags,
    ),
)
identity = Identity("platform", IdentityArgs(scope=scope, tags=config.tags))
network: Network | ExistingVpc
if config.network.existing:
    network = existing_vpc.look_up(config, scope.partition, scope.region)
else:
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
            key_arn=log_key.arn,
            scope=scope,
            boundary_arn=identity.boundary_arn,
            tags=config.tags,
        ),
    )
workloads = WorkloadIdentity(
    "platform",
    WorkloadIdentityArgs(
        scope=scope, identity=config.identity, boundary_arn=identity.boundary_arn, tags=config.tags
    ),
)
cluster = Cluster(
    "platform",
    ClusterArgs(
        cluster=config.cluster,
        partition=scope.partition,
        region=scope.region,
        vpc_id=network.vpc_id,
        public_subnet_ids=network.public_subnet_ids,
        private_subnet_ids=network.private_subnet_ids,
        role=identity.cluster_role,
        node_role_arn=identity.node_role_arn,
        addon_role_arns=workloads.addon_role_arns,
        tags=config.tags,
    ),
)
PodIdentity("platform", PodIdentityArgs(cluster.name, workloads.role_arns, config.tags))
in_cluster = pulumi.ResourceOptions(provider=cluster.provider)
argocd = ArgoCd("argocd", ArgoCdArgs(config.argocd), in_cluster)
root = RootApplication(
    "root",
    RootApplicationArgs(
        namespace=argocd.namespace,
        environment=config.environment,
        repository_url=config.argocd.repository_url,
        revision=config.argocd.revision,
        path=config.argocd.path,
        facts={
            "aws_account_id": cluster.arn.apply(lambda arn: arn.split(":")[4]),
            "aws_region": scope.region,
            "aws_cluster_name": cluster.name,
            "aws_vpc_id": network.vpc_id,
        },
    ),
    in_cluster,
)

pulumi.export("clusterName", cluster.name)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("vpcId", network.vpc_id)
pulumi.export("publicSubnetIds", network.public_subnet_ids)
pulumi.export("privateSubnetIds", network.private_subnet_ids)
pulumi.export("rootApplication", root.name)
if config.argocd.url:
    pulumi.export("argocdUrl", config.argocd.url)
else:
    tunnel = "kubectl --namespace argocd port-forward service/argocd-server 8080:443"
    pulumi.export("argocdUrl", "https://localhost:8080")
    pulumi.export("argocdTunnelCommand", tunnel)
if config.argocd.admin_password_readable:
    command = f"pulumi config get --stack {config.stack} argocdAdminPassword"
    pulumi.export("argocdAdminPasswordCommand", command)
if config.github:
    github = GitHub("github", GitHubArgs(github=config.github, scope=scope, tags=config.tags))
    pulumi.export("githubPreviewRoleArn", github.preview_role_arn)
    pulumi.export("githubDeployRoleArn", github.deploy_role_arn)
