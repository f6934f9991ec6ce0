"""From an empty AWS account to a running GitOps platform: wiring and outputs."""

import pulumi
import pulumi_aws as aws

import settings
from components.argocd import ArgoCd, ArgoCdArgs
from components.cluster import Cluster, ClusterArgs
from components.identity import Identity, IdentityArgs
from components.network import Network, NetworkArgs, availability_zones
from components.root_application import RootApplication, RootApplicationArgs

config = settings.load()
partition = aws.get_partition().partition
region = aws.get_region().region

network = Network(
    "platform",
    NetworkArgs(
        cidr=str(config.network.cidr),
        zones=availability_zones(config.network.zones),
        subnets=config.network.subnets,
        nat_gateways=config.network.nat_gateways,
        cluster_name=config.cluster.name,
        tags=config.tags,
    ),
)
identity = Identity("platform", IdentityArgs(partition=partition, tags=config.tags))
cluster = Cluster(
    "platform",
    ClusterArgs(
        cluster=config.cluster,
        partition=partition,
        region=region,
        vpc_id=network.vpc_id,
        public_subnet_ids=network.public_subnet_ids,
        private_subnet_ids=network.private_subnet_ids,
        role=identity.cluster_role,
        node_role_arn=identity.node_role_arn,
        tags=config.tags,
    ),
)
in_cluster = pulumi.ResourceOptions(provider=cluster.provider)
argocd = ArgoCd("argocd", ArgoCdArgs(config.argocd), in_cluster)
root = RootApplication(
    "root",
    RootApplicationArgs(
        argocd=argocd,
        environment=config.environment,
        repository_url=config.argocd.repository_url,
        revision=config.argocd.revision,
        path=config.argocd.path,
        facts={
            "aws_account_id": cluster.arn.apply(lambda arn: arn.split(":")[4]),
            "aws_region": region,
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
if config.argocd.installation.url:
    pulumi.export("argocdUrl", config.argocd.installation.url)
else:
    tunnel = "kubectl --namespace argocd port-forward service/argocd-server 8080:443"
    pulumi.export("argocdUrl", "https://localhost:8080")
    pulumi.export("argocdTunnelCommand", tunnel)
if config.argocd.admin_password_readable and config.argocd.installation.access.local_admin:
    command = f"pulumi config get --stack {config.stack} argocdAdminPassword"
    pulumi.export("argocdAdminPasswordCommand", command)
