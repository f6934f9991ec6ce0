"""The EKS cluster with what the original makes around it.

Left out: waiting for a public endpoint to answer, since the emulator's cluster is ready when it exists.
"""

from pulumi import ComponentResource, Output, ResourceOptions

from local.pulumi_eks import cluster_inputs, cluster_parts
from local.pulumi_eks.cluster_parts import Parts
from local.pulumi_eks.inputs import Inputs, Value, present
from local.pulumi_eks.kubeconfig import as_json, kubeconfig
from local.pulumi_eks.scope import Scope


class Cluster(ComponentResource):
    """A cluster in authentication mode API, without nodes."""

    state: dict[str, Value]
    """What the program gets."""

    def __init__(self, name: str, inputs: Inputs, opts: ResourceOptions) -> None:
        cluster_inputs.check(inputs)
        super().__init__("eks:index:Cluster", name, None, opts)
        parts = cluster_parts.make(Scope(self, name, inputs.get("tags")), inputs)
        self.state = _outputs(parts, _core(inputs, parts))
        self.register_outputs(self.state)


def _outputs(parts: Parts, core: dict[str, Value]) -> dict[str, Value]:
    group, nodes = parts.control_plane, parts.nodes
    own_group = parts.cluster.vpc_config.cluster_security_group_id
    issuer = parts.cluster.identities.apply(_issuer)
    return present(
        autoModeNodeRoleName="",
        clusterIngressRuleId=nodes.cluster_ingress.security_group_rule_id if nodes else "",
        clusterSecurityGroup=group,
        clusterSecurityGroupId=Output.from_input(group).id if group else own_group,
        # One output: nothing of it is known before all of it is, as in the original.
        core=Output.from_input(core),
        defaultNodeGroupAsgName="",
        eksCluster=parts.cluster,
        eksClusterIngressRule=nodes.cluster_ingress if nodes else None,
        fargateProfileId="",
        fargateProfileStatus="",
        instanceRoles=core["instanceRoles"],
        kubeconfig=core["kubeconfig"],
        kubeconfigJson=as_json(core["kubeconfig"]),
        nodeSecurityGroup=nodes.group if nodes else None,
        nodeSecurityGroupId=nodes.group.id if nodes else own_group,
        oidcIssuer=issuer.apply(lambda url: url.removeprefix("https://")),
        oidcProviderArn="",
        oidcProviderUrl=issuer,
    )


def _core(inputs: Inputs, parts: Parts) -> dict[str, Value]:
    nodes = parts.nodes
    credentials = inputs.get("providerCredentialOpts") or {}
    return present(
        accessEntries=list((inputs.get("accessEntries") or {}).values()),
        autoModeNodeRoleName="",
        cluster=parts.cluster,
        clusterIamRole=parts.role,
        clusterSecurityGroup=parts.control_plane,
        encryptionConfig=cluster_parts.encryption(inputs),
        endpoint=parts.cluster.endpoint,
        instanceRoles=[parts.node_role] if parts.node_role else [],
        # Without the profile, which belongs to whoever deploys.
        kubeconfig=kubeconfig(parts.cluster, credentials.get("roleArn")),
        nodeGroupOptions=present(
            clusterIngressRule=nodes.cluster_ingress if nodes else None,
            nodeAssociatePublicIpAddress=inputs.get("nodeAssociatePublicIpAddress"),
            nodeSecurityGroup=nodes.group if nodes else None,
            version=inputs.get("version"),
        ),
        nodeSecurityGroupTags=inputs.get("nodeSecurityGroupTags"),
        privateSubnetIds=inputs.get("privateSubnetIds"),
        provider=parts.provider,
        publicSubnetIds=inputs.get("publicSubnetIds"),
        storageClasses={},
        subnetIds=parts.subnets,
        tags=inputs.get("tags"),
        vpcCni=parts.cni,
        vpcId=inputs["vpcId"],
    )


def _issuer(identities: Value) -> str:
    return str(identities[0].oidcs[0].issuer) if identities and identities[0].oidcs else ""
