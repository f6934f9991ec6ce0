"""The resources that a cluster consists of."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi import Output, ResourceOptions

from local.pulumi_eks import auto_mode, cluster_inputs, roles, security_groups
from local.pulumi_eks.access import access_entry
from local.pulumi_eks.addons import VpcCniAddon, cluster_addon
from local.pulumi_eks.inputs import Inputs, Value, joined, merged, present
from local.pulumi_eks.kubeconfig import as_json, kubeconfig
from local.pulumi_eks.scope import Scope


@dataclass(frozen=True)
class Parts:
    """The resources that the outputs of a cluster tell of."""

    cluster: aws.eks.Cluster
    role: Value
    """The control plane's role."""
    subnets: Value
    control_plane: Value
    """The control plane's security group, None if it has only the one that EKS makes."""
    nodes: security_groups.Nodes | None
    provider: kubernetes.Provider
    node_role: Output[aws.iam.Role] | None
    cni: VpcCniAddon | None


def make(scope: Scope, inputs: Inputs) -> Parts:
    """Make the resources."""
    role = inputs.get("serviceRole") or roles.control_plane_role(scope)
    subnets = inputs.get("subnetIds") or joined(inputs.get("publicSubnetIds"), inputs.get("privateSubnetIds"))
    control_plane = _control_plane_group(scope, inputs)
    cluster = _cluster(scope, inputs, role, subnets, control_plane)
    node_role = roles.node_role(scope) if inputs.get("createInstanceRole") else None
    entries = _access_entries(scope, inputs, cluster, node_role)
    for addon, key in (("kube-proxy", "kubeProxyAddonOptions"), ("coredns", "corednsAddonOptions")):
        if cluster_inputs.is_enabled(key, inputs):
            cluster_addon(scope, cluster, addon, inputs.get(key) or {})
    default_cni = cluster_inputs.has_default_vpc_cni(inputs)
    return Parts(
        cluster=cluster,
        role=role,
        subnets=subnets,
        control_plane=control_plane,
        nodes=_node_security_group(scope, inputs, cluster, control_plane),
        provider=_provider(scope, inputs, cluster),
        node_role=node_role,
        cni=None if default_cni else VpcCniAddon(scope, cluster, inputs["vpcCniOptions"], entries),
    )


def _control_plane_group(scope: Scope, inputs: Inputs) -> Value:
    if given := inputs.get("clusterSecurityGroup"):
        return given
    if cluster_inputs.skips_default_security_groups(inputs):
        return None
    tags = inputs.get("clusterSecurityGroupTags")
    return security_groups.control_plane_group(scope, inputs["vpcId"], tags)


def _node_security_group(
    scope: Scope, inputs: Inputs, cluster: aws.eks.Cluster, control_plane: Value
) -> security_groups.Nodes | None:
    if cluster_inputs.skips_default_security_groups(inputs):
        return None
    owned = cluster.name.apply(lambda name: {f"kubernetes.io/cluster/{name}": "owned"})
    tags = merged(owned, inputs.get("nodeSecurityGroupTags"))
    return security_groups.node_groups(scope, inputs["vpcId"], tags, Output.from_input(control_plane).id)


def _cluster(
    scope: Scope, inputs: Inputs, role: Value, subnets: Value, control_plane: Value
) -> aws.eks.Cluster:
    name = f"{scope.name}-eksCluster"
    return aws.eks.Cluster(
        name,
        name=inputs.get("name"),
        role_arn=Output.from_input(role).arn,
        version=inputs.get("version"),
        vpc_config=aws.eks.ClusterVpcConfigArgs(
            security_group_ids=[Output.from_input(control_plane).id] if control_plane else None,
            subnet_ids=subnets,
            endpoint_private_access=inputs.get("endpointPrivateAccess"),
            endpoint_public_access=inputs.get("endpointPublicAccess"),
            public_access_cidrs=inputs.get("publicAccessCidrs"),
        ),
        # The original always makes the creator an administrator.
        access_config=aws.eks.ClusterAccessConfigArgs(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=True
        ),
        bootstrap_self_managed_addons=(
            not auto_mode.is_enabled(inputs) and inputs.get("bootstrapSelfManagedAddons", True)
        ),
        deletion_protection=inputs.get("deletionProtection"),
        enabled_cluster_log_types=inputs.get("enabledClusterLogTypes"),
        encryption_config=encryption(inputs),
        **auto_mode.settings(inputs, _network(inputs)),
        upgrade_policy=inputs.get("upgradePolicy"),
        tags=merged({"Name": name}, inputs.get("clusterTags"), scope.tags),
        opts=ResourceOptions(
            parent=scope.parent,
            # Both count only when the cluster is created.
            ignore_changes=[
                "accessConfig.bootstrapClusterCreatorAdminPermissions",
                "bootstrapSelfManagedAddons",
            ],
        ),
    )


def encryption(inputs: Inputs) -> Value:
    """How Secrets are encrypted, None unless a key is given."""
    key = inputs.get("encryptionConfigKeyArn")
    return {"provider": {"keyArn": key}, "resources": ["secrets"]} if key else None


def _network(inputs: Inputs) -> dict[str, Value]:
    given = present(
        serviceIpv4Cidr=inputs.get("kubernetesServiceIpAddressRange"), ipFamily=inputs.get("ipFamily")
    )
    return {"ipFamily": "ipv4", **given} if given else {}


def _access_entries(
    scope: Scope, inputs: Inputs, cluster: aws.eks.Cluster, node_role: Output[aws.iam.Role] | None
) -> list[aws.eks.AccessEntry]:
    entries = dict(inputs.get("accessEntries") or {})
    if node_role:
        entries["defaultNodeGroupInstanceRole"] = {"principalArn": node_role.arn, "type": "EC2_LINUX"}
    return [access_entry(scope, key, entry, cluster) for key, entry in entries.items()]


def _provider(scope: Scope, inputs: Inputs, cluster: aws.eks.Cluster) -> kubernetes.Provider:
    credentials = inputs.get("providerCredentialOpts") or {}
    config = kubeconfig(cluster, credentials.get("roleArn"), credentials.get("profileName"))
    return kubernetes.Provider(f"{scope.name}-eks-k8s", kubeconfig=as_json(config), opts=scope.opts)
