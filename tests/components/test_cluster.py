import json
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws
import yaml

import settings
from components.cluster import Cluster, ClusterArgs, _creator_admin_off
from planning import eks_versions

ROOT = Path(__file__).parents[2]


def config(**values):
    required = {"argocdAdminPassword": "s3cret", "repositoryUrl": "https://example.com/owner/repository.git"}
    return settings.check("prod", ROOT, {**required, **values}).cluster


def recorded(record, **values):
    def build():
        cluster = Cluster(
            "platform",
            ClusterArgs(
                cluster=config(**values),
                partition="aws",
                region="eu-west-1",
                vpc_id="vpc-1",
                public_subnet_ids=pulumi.Output.from_input(["subnet-public"]),
                private_subnet_ids=pulumi.Output.from_input(["subnet-private"]),
                role=pulumi.Output.from_input(cast(aws.iam.Role, None)),
                node_role_arn="arn:aws:iam::111122223333:role/node",
                addon_role_arns={"vpc-cni": "arn:aws:iam::111122223333:role/vpc-cni"},
                tags={"Project": "p"},
            ),
        )
        return cluster.kubeconfig

    return record(build)


def one(resources, kind):
    (found,) = [resource for resource in resources if resource.type == kind]
    return found.inputs


def all_of(resources, kind):
    return [resource.inputs for resource in resources if resource.type == kind]


def test_the_api_is_private_unless_networks_are_listed(record):
    private = one(recorded(record), "eks:index:Cluster")
    assert private["endpointPrivateAccess"] is True
    assert private["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in private
    public = one(recorded(record, publicAccessCidrs=["192.0.2.0/24"]), "eks:index:Cluster")
    assert public["endpointPublicAccess"] is True
    assert public["publicAccessCidrs"] == ["192.0.2.0/24"]


def test_only_access_entries_let_anybody_in(record):
    """Incident: whoever had made the cluster, a CI role long forgotten, was still its administrator."""
    cluster = one(recorded(record), "eks:index:Cluster")
    assert cluster["authenticationMode"] == "API"
    (entry,) = cluster["accessEntries"].values()
    assert entry["principalArn"] == "arn:aws:iam::111122223333:role/platform-admin"
    (policy,) = entry["accessPolicies"].values()
    assert policy["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def test_the_creator_is_no_administrator():
    props = {"name": "demo", "accessConfig": {"bootstrapClusterCreatorAdminPermissions": True, "x": 1}}
    args = pulumi.ResourceTransformArgs(
        True, "aws:eks/cluster:Cluster", "demo", props, pulumi.ResourceOptions()
    )
    changed = _creator_admin_off(args)
    assert changed is not None
    assert dict(changed.props)["accessConfig"] == {"bootstrapClusterCreatorAdminPermissions": False, "x": 1}


def test_secrets_are_encrypted_with_a_rotated_key(record):
    resources = recorded(record)
    assert one(resources, "aws:kms/key:Key")["enableKeyRotation"] is True
    assert one(resources, "eks:index:Cluster")["encryptionConfigKeyArn"].startswith("arn:aws:kms:")


def test_everything_is_logged(record):
    kinds = one(recorded(record), "eks:index:Cluster")["enabledClusterLogTypes"]
    assert sorted(kinds) == ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def test_every_addon_is_pinned_and_comes_once(record):
    """Incident: an unpinned add-on took a new version at an unrelated deployment."""
    resources = recorded(record)
    addons = all_of(resources, "eks:index:Addon")
    pinned = {addon["addonName"]: addon["addonVersion"] for addon in addons}
    assert pinned == eks_versions.ADDON_VERSIONS[config().version]
    assert len(addons) == len(pinned)
    cluster = one(resources, "eks:index:Cluster")
    assert cluster["useDefaultVpcCni"] is True  # pulumi-eks: true means that it adds no vpc-cni of its own
    assert cluster["bootstrapSelfManagedAddons"] is False


def test_add_ons_have_their_roles_before_the_first_node_joins(record):
    """Incident: vpc-cni started without a role, no pod got an address, and the node group gave up."""
    resources = recorded(record)
    association = one(resources, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association["serviceAccount"] == "aws-node"
    assert association["roleArn"].endswith("role/vpc-cni")
    order = [resource.type for resource in resources]
    before = order.index("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert before < order.index("eks:index:ManagedNodeGroup")


def test_nodes_run_in_private_subnets_and_follow_the_version(record):
    for group in all_of(recorded(record, kubernetesVersion="1.36"), "eks:index:ManagedNodeGroup"):
        assert group["subnetIds"] == ["subnet-private"]
        assert group["version"] == "1.36"


def test_pods_cannot_reach_the_credentials_of_their_node(record):
    """Incident: a compromised pod read the node's role through the metadata service."""
    for template in all_of(recorded(record), "aws:ec2/launchTemplate:LaunchTemplate"):
        assert template["metadataOptions"]["httpTokens"] == "required"
        assert template["metadataOptions"]["httpPutResponseHopLimit"] == 1


def test_disks_are_encrypted(record):
    groups = {
        "graviton": {
            "instanceTypes": ["m7g.large"],
            "minSize": 1,
            "desiredSize": 1,
            "maxSize": 1,
            "diskGib": 80,
        },
        "bottle-rocket": {
            "instanceTypes": ["m7g.large"],
            "minSize": 1,
            "desiredSize": 1,
            "maxSize": 1,
            "amiType": "BOTTLEROCKET_ARM_64",
        },
    }
    templates = all_of(recorded(record, nodeGroups=groups), "aws:ec2/launchTemplate:LaunchTemplate")
    disks = [template["blockDeviceMappings"][0] for template in templates]
    assert [disk["ebs"]["encrypted"] for disk in disks] == ["true", "true"]
    assert {disk["deviceName"]: disk["ebs"]["volumeSize"] for disk in disks} == {
        "/dev/xvda": 80,
        "/dev/xvdb": 50,
    }


def test_the_kubernetes_provider_uses_the_tunnel_and_keeps_the_clusters_identity(record):
    """Incident: another address of the same cluster looked like another cluster, and all was replaced."""
    provider = one(
        recorded(record, kubernetesApiAddress="https://localhost:8443"), "pulumi:providers:kubernetes"
    )
    kubeconfig = json.loads(provider["kubeconfig"]["value"])  # marked as a secret
    assert kubeconfig["clusters"][0]["cluster"]["server"] == "https://localhost:8443"
    assert provider["clusterIdentifier"] == "arn:aws:eks:eu-west-1:111122223333:cluster/demo"


def test_a_changed_secret_is_updated_in_place(record):
    """Incident: a rotated password replaced Argo CD's Secret, and its signing key went with it."""
    assert one(recorded(record), "pulumi:providers:kubernetes")["enableSecretMutable"] == "true"


def test_addon_versions_name_every_supported_kubernetes_version():
    names = {*eks_versions.BEFORE_NODES, *eks_versions.AFTER_NODES}
    assert all(versions.keys() == names for versions in eks_versions.ADDON_VERSIONS.values())
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]["kubernetesVersion"]
    assert described["default"] in eks_versions.ADDON_VERSIONS
