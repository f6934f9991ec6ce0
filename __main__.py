"""From an empty AWS account to a running GitOps platform: wiring and outputs."""

import pulumi

import settings
from components.argocd import ArgoCd, ArgoCdArgs
from components.cluster import Cluster, ClusterArgs, log_group_name
from components.github import GitHub, GitHubArgs
from components.identity import Identity, IdentityArgs, current_scope
from components.log_key import LogKey, LogKeyArgs
from components.root_application import RootApplication, RootApplicationArgs
from components.vpc import make_vpc
from components.workload_identity import PodIdentity, PodIdentityArgs, WorkloadIdentity, WorkloadIdentityArgs
from planning import flow_logs

config = settings.load()
scope = current_scope(config.cluster.name, config.tags)

logs = [flow_logs.log_group_name(config.cluster.name), log_group_name(config.cluster.name)]
log_key = LogKey("platform", LogKeyArgs(scope.partition, scope.account, scope.region, logs, config.tags))
identity = Identity("platform", IdentityArgs(scope, config.cluster.auto_mode, config.tags))
vpc = make_vpc(config, scope, log_key.arn, identity.boundary_arn)
workloads = WorkloadIdentity(
    "platform", WorkloadIdentityArgs(scope, config.identity, identity.boundary_arn, config.tags)
)
cluster = Cluster(
    "platform",
    ClusterArgs(
        cluster=config.cluster,
        partition=scope.partition,
        account=scope.account,
        region=scope.region,
        vpc_id=vpc.vpc_id,
        public_subnet_ids=vpc.public_subnet_ids,
        private_subnet_ids=vpc.private_subnet_ids,
        role=identity.cluster_role,
        node_role_arn=identity.node_role_arn,
        log_key_arn=log_key.arn,
        log_retention_days=config.log_retention_days,
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
        argocd=argocd,
        config=config.argocd,
        facts={"environment": config.environment},
        protected=config.cluster.deletion_protection,
    ),
    in_cluster,
)

pulumi.export("clusterName", cluster.name)
pulumi.export("kubeconfig", cluster.kubeconfig)
pulumi.export("vpcId", vpc.vpc_id)
pulumi.export("publicSubnetIds", vpc.public_subnet_ids)
pulumi.export("privateSubnetIds", vpc.private_subnet_ids)
pulumi.export("rootApplication", root.name)
if config.argocd.installation.url:
    pulumi.export("argocdUrl", config.argocd.installation.url)
else:
    tunnel = "kubectl --namespace argocd port-forward service/argocd-server 8080:443"
    pulumi.export("argocdUrl", "https://localhost:8080")
    pulumi.export("argocdTunnelCommand", tunnel)
if config.argocd.admin_password_readable and config.argocd.installation.access.local_admin:
    command = f"pulumi config get --stack {config.stack} argocdAdminPassword"
    pulumi.export("argocdAdminPasswordCommand", command)
if config.github:
    github = GitHub("github", GitHubArgs(github=config.github, scope=scope, tags=config.tags))
    pulumi.export("githubPreviewRoleArn", github.preview_role_arn)
    pulumi.export("githubDeployRoleArn", github.deploy_role_arn)
