"""The stand-in's cluster against what pulumi-eks 4.3.0 makes of the same inputs."""

import json
from typing import Any

import pytest

from tests.unit.local.pulumi_eks.engine import CLUSTER, OWN_GROUP, ROLE_ARN, Engine, RefusedError, reference

ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

INPUTS: dict[str, Any] = {
    "authenticationMode": "API",
    "skipDefaultNodeGroup": True,
    "vpcId": "vpc-1",
    "publicSubnetIds": ["subnet-public"],
    "privateSubnetIds": ["subnet-private"],
    "serviceRole": reference("aws:iam/role:Role", "control-plane"),
    "kubeProxyAddonOptions": {"version": "v1"},
    "corednsAddonOptions": {"enabled": True, "version": "v2"},
    "vpcCniOptions": {"addonVersion": "v3"},
    "tags": {"team": "platform"},
}

BARE: dict[str, Any] = {
    **{key: value for key, value in INPUTS.items() if not key.endswith("Options")},
    "kubeProxyAddonOptions": {"enabled": False},
    "skipDefaultSecurityGroups": True,
    "useDefaultVpcCni": True,
}
"""Without add-ons and security groups."""

ENTRY = {
    "principalArn": "arn:aws:iam::111122223333:role/admin",
    "kubernetesGroups": ["admins"],
    "username": "admin",
    "accessPolicies": {"all": {"policyArn": ADMIN_POLICY, "accessScope": {"type": "cluster"}}},
}


def cluster(plugin: Engine, **changes: Any) -> Any:
    made = plugin.construct("eks:index:Cluster", "c", {**BARE, **changes})
    return made.only("aws:eks/cluster:Cluster", "c-eksCluster").inputs


def refused(plugin: Engine, **changes: Any) -> dict[str, str]:
    with pytest.raises(RefusedError) as refusal:
        plugin.construct("eks:index:Cluster", "c", {**INPUTS, **changes})
    return refusal.value.reasons


def test_resources_are_the_originals(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", {**INPUTS, "accessEntries": {"admin": ENTRY}})
    assert {(each.type, each.name, each.parent) for each in made.resources} == {
        ("eks:index:Cluster", "c", ""),
        ("aws:ec2/securityGroup:SecurityGroup", "c-eksClusterSecurityGroup", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksClusterInternetEgressRule", "c"),
        ("aws:ec2/securityGroup:SecurityGroup", "c-nodeSecurityGroup", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksNodeIngressRule", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksNodeClusterIngressRule", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksExtApiServerClusterIngressRule", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksNodeInternetEgressRule", "c"),
        ("aws:ec2/securityGroupRule:SecurityGroupRule", "c-eksClusterIngressRule", "c"),
        ("aws:eks/cluster:Cluster", "c-eksCluster", "c"),
        ("pulumi:providers:kubernetes", "c-eks-k8s", "c"),
        ("aws:eks/addon:Addon", "c-kube-proxy", "c"),
        ("aws:eks/addon:Addon", "c-coredns", "c"),
        ("eks:index:VpcCniAddon", "c-vpc-cni", "c"),
        ("aws:eks/addon:Addon", "c-vpc-cni", "c-vpc-cni"),
        ("aws:eks/accessEntry:AccessEntry", "c-admin", "c"),
        ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "c-admin-all", "c-admin"),
    }
    assert len(made.resources) == 17


def test_without_security_groups_and_addons_the_cluster_is_alone(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", BARE)
    assert {each.name for each in made.resources} == {"c", "c-eksCluster", "c-eks-k8s"}
    assert "securityGroupIds" not in made.only("aws:eks/cluster:Cluster", "c-eksCluster").inputs["vpcConfig"]
    assert made.outputs["clusterSecurityGroupId"] == OWN_GROUP
    assert made.outputs["nodeSecurityGroupId"] == OWN_GROUP


def test_cluster_gets_defaults(plugin: Engine) -> None:
    assert cluster(plugin) == {
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
        "bootstrapSelfManagedAddons": True,
        "roleArn": ROLE_ARN,
        "tags": {"Name": "c-eksCluster", "team": "platform"},
        "vpcConfig": {"subnetIds": ["subnet-public", "subnet-private"]},
    }


def test_cluster_gets_all_that_is_given(plugin: Engine) -> None:
    given = {
        "name": "demo",
        "version": "1.33",
        "bootstrapSelfManagedAddons": False,
        "deletionProtection": True,
        "enabledClusterLogTypes": ["api"],
        "upgradePolicy": {"supportType": "STANDARD"},
    }
    network = {
        "endpointPrivateAccess": True,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["192.0.2.1/32"],
    }
    inputs = cluster(
        plugin,
        **given,
        **network,
        encryptionConfigKeyArn="arn:key",
        kubernetesServiceIpAddressRange="172.20.0.0/16",
        clusterTags={"Name": "mine"},
    )
    assert inputs.items() >= given.items()
    assert inputs["vpcConfig"].items() >= network.items()
    assert inputs["encryptionConfig"] == {"provider": {"keyArn": "arn:key"}, "resources": ["secrets"]}
    assert inputs["kubernetesNetworkConfig"] == {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
    assert inputs["tags"] == {"Name": "mine", "team": "platform"}


def test_what_counts_only_at_creation_is_not_changed_later(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", BARE)
    assert made.only("aws:eks/cluster:Cluster", "c-eksCluster").ignore_changes == [
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
    ]


AUTO_MODE = {
    "enabled": True,
    "createNodeRole": False,
    "computeConfig": {"nodePools": ["system"], "nodeRoleArn": "arn:nodes"},
}


WITHOUT_COREDNS = {"autoMode": AUTO_MODE, "corednsAddonOptions": {"enabled": False}}


def test_auto_mode_is_compute_storage_and_load_balancing(plugin: Engine) -> None:
    inputs = cluster(plugin, **WITHOUT_COREDNS, bootstrapSelfManagedAddons=True)
    assert inputs["computeConfig"] == {"enabled": True, "nodePools": ["system"], "nodeRoleArn": "arn:nodes"}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"] == {
        "ipFamily": "ipv4",
        "elasticLoadBalancing": {"enabled": True},
    }
    assert inputs["bootstrapSelfManagedAddons"] is False
    given = cluster(plugin, **WITHOUT_COREDNS, kubernetesServiceIpAddressRange="172.20.0.0/16")
    assert given["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.20.0.0/16"


def test_auto_mode_brings_coredns_unless_it_is_told_otherwise(plugin: Engine) -> None:
    """The trap: an add-on beside what the nodes have built in."""
    kept = {key: value for key, value in INPUTS.items() if not key.endswith("Options")}
    given = {**kept, "autoMode": AUTO_MODE, "corednsAddonOptions": {"version": "v2"}}
    made = plugin.construct("eks:index:Cluster", "c", given)
    assert {each.name for each in made.resources} == {"c", "c-eksCluster", "c-eks-k8s", "c-coredns"}
    made = plugin.construct("eks:index:Cluster", "c", {**kept, **WITHOUT_COREDNS})
    assert {each.name for each in made.resources} == {"c", "c-eksCluster", "c-eks-k8s"}


def test_auto_mode_that_is_off_changes_nothing(plugin: Engine) -> None:
    assert cluster(plugin, autoMode={"enabled": False}) == cluster(plugin)


def test_auto_mode_needs_a_role_of_the_programs(plugin: Engine) -> None:
    given = {key: value for key, value in BARE.items() if key != "serviceRole"}
    with pytest.raises(RefusedError) as refusal:
        plugin.construct("eks:index:Cluster", "c", {**given, **WITHOUT_COREDNS})
    assert list(refusal.value.reasons) == ["serviceRole"]


def test_security_groups_are_tied_to_each_other(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", INPUTS)
    rules = {each.name: each.inputs for each in made.resources if each.type.endswith(":SecurityGroupRule")}
    control_plane, nodes = "c-eksClusterSecurityGroup-id", "c-nodeSecurityGroup-id"

    def tied(name: str) -> tuple[Any, ...]:
        rule = rules[name]
        return rule["sourceSecurityGroupId"], rule["securityGroupId"], rule["fromPort"], rule["toPort"]

    assert tied("c-eksClusterIngressRule") == (nodes, control_plane, 443, 443)
    assert tied("c-eksExtApiServerClusterIngressRule") == (control_plane, nodes, 443, 443)
    assert tied("c-eksNodeClusterIngressRule") == (control_plane, nodes, 1025, 65535)
    assert rules["c-eksNodeIngressRule"]["self"] is True
    assert rules["c-eksNodeInternetEgressRule"]["cidrBlocks"] == ["0.0.0.0/0"]
    group = made.only("aws:ec2/securityGroup:SecurityGroup", "c-nodeSecurityGroup").inputs
    assert group["tags"] == {
        "Name": "c-nodeSecurityGroup",
        "kubernetes.io/cluster/demo": "owned",
        "team": "platform",
    }
    assert made.outputs["clusterIngressRuleId"] == "sgr-c-eksClusterIngressRule"
    assert made.outputs["nodeSecurityGroupId"] == nodes


def test_access_entries_and_their_policies(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", {**BARE, "accessEntries": {"admin": ENTRY}})
    entry = made.only("aws:eks/accessEntry:AccessEntry", "c-admin")
    assert entry.inputs == {
        "clusterName": "demo",
        "principalArn": ENTRY["principalArn"],
        "kubernetesGroups": ["admins"],
        "userName": "admin",
    }
    association = made.only("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "c-admin-all")
    assert association.inputs == {
        "clusterName": "demo",
        "principalArn": ENTRY["principalArn"],
        "policyArn": ADMIN_POLICY,
        "accessScope": {"type": "cluster"},
    }
    assert "c-admin" in association.depends_on


def test_a_role_is_made_when_none_is_given(plugin: Engine) -> None:
    inputs = {key: value for key, value in BARE.items() if key != "serviceRole"}
    made = plugin.construct("eks:index:Cluster", "c", inputs)
    role = made.only("aws:iam/role:Role", "c-eksRole-role")
    assert role.parent == "c-eksRole"
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"] == [
        {
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Effect": "Allow",
            "Principal": {"Service": ["eks.amazonaws.com"]},
        }
    ]
    # The end of the name is the original's: the start of the SHA-1 of the policy's ARN.
    attachment = made.only("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "c-eksRole-4b490823")
    assert attachment.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"


def test_a_node_role_is_made_and_let_in_when_asked_for(plugin: Engine) -> None:
    made = plugin.construct("eks:index:Cluster", "c", {**BARE, "createInstanceRole": True})
    entry = made.only("aws:eks/accessEntry:AccessEntry", "c-defaultNodeGroupInstanceRole")
    assert (entry.inputs["principalArn"], entry.inputs["type"]) == (ROLE_ARN, "EC2_LINUX")
    assert made.only("aws:iam/instanceProfile:InstanceProfile", "c-instanceProfile").parent == "c"
    assert len(made.outputs["instanceRoles"]) == 1


def test_outputs_tell_of_the_cluster(plugin: Engine) -> None:
    outputs = plugin.construct("eks:index:Cluster", "c", BARE).outputs
    described = reference("aws:eks/cluster:Cluster", "c-eksCluster")
    assert outputs["eksCluster"] == described
    assert outputs["oidcProviderUrl"] == "https://oidc.example.org/id/1"
    assert outputs["oidcIssuer"] == "oidc.example.org/id/1"
    core = outputs["core"]
    assert core["cluster"] == described
    assert core["clusterIamRole"] == INPUTS["serviceRole"]
    assert core["provider"] == reference("pulumi:providers:kubernetes", "c-eks-k8s")
    assert core["subnetIds"] == ["subnet-public", "subnet-private"]
    assert (core["vpcId"], core["endpoint"]) == ("vpc-1", CLUSTER["endpoint"])


def test_kubeconfig_asks_aws_for_a_token(plugin: Engine) -> None:
    outputs = plugin.construct("eks:index:Cluster", "c", BARE).outputs
    config = outputs["kubeconfig"]
    assert json.loads(outputs["kubeconfigJson"]) == config
    assert config["clusters"][0]["cluster"] == {
        "server": CLUSTER["endpoint"],
        "certificate-authority-data": "Q0E=",
    }
    command = config["users"][0]["user"]["exec"]
    assert command["command"] == "aws"
    expected = "--region eu-west-1 eks get-token --cluster-name demo --output json"
    assert command["args"] == expected.split()


def test_kubeconfig_for_another_role(plugin: Engine) -> None:
    plugin.construct("eks:index:Cluster", "c", BARE)
    arguments = {"__self__": reference("eks:index:Cluster", "c"), "roleArn": "arn:role", "profileName": "p"}
    config = json.loads(plugin.call("eks:index:Cluster/getKubeconfig", arguments)["result"])
    command = config["users"][0]["user"]["exec"]["args"]
    assert command[-4:] == ["--role", "arn:role", "--profile", "p"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("gpu", {"gpu": False}),
        ("autoMode.createNodeRole", {"autoMode": {"enabled": True}}),
        ("autoMode.nodes", {"autoMode": {"enabled": True, "createNodeRole": False, "nodes": 3}}),
        ("authenticationMode", {"authenticationMode": "CONFIG_MAP"}),
        ("skipDefaultNodeGroup", {"skipDefaultNodeGroup": False}),
        ("createOidcProvider", {"createOidcProvider": True}),
        ("instanceRoles", {"instanceRoles": [INPUTS["serviceRole"]]}),
        ("subnetIds", {"subnetIds": ["subnet-1"]}),
        ("publicAccessCidrs", {"endpointPublicAccess": False, "publicAccessCidrs": ["192.0.2.1/32"]}),
        ("kubeProxyAddonOptions.version", {"kubeProxyAddonOptions": {}}),
        ("corednsAddonOptions.version", {"corednsAddonOptions": {"enabled": True}}),
        ("vpcCniOptions.addonVersion", {"vpcCniOptions": {}}),
        (
            "vpcCniOptions.securityContextPrivileged",
            {"vpcCniOptions": {"addonVersion": "v", "securityContextPrivileged": True}},
        ),
        (
            "vpcCniOptions.externalSnat",
            {"vpcCniOptions": {"addonVersion": "v", "externalSnat": True, "cniExternalSnat": True}},
        ),
        ("accessEntries.a.role", {"accessEntries": {"a": {"principalArn": "arn", "role": "admin"}}}),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(plugin: Engine, path: str, change: dict[str, Any]) -> None:
    assert list(refused(plugin, **change)) == [path]
    assert plugin.registered == []


def test_all_problems_are_told_at_once(plugin: Engine) -> None:
    assert set(refused(plugin, gpu=True, fargate=True, authenticationMode="API_AND_CONFIG_MAP")) == {
        "gpu",
        "fargate",
        "authenticationMode",
    }


def test_other_components_are_refused(plugin: Engine) -> None:
    with pytest.raises(RuntimeError, match="has no eks:index:NodeGroupV2"):
        plugin.construct("eks:index:NodeGroupV2", "n", {})
