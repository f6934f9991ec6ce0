import json
from pathlib import Path
from typing import cast

import pulumi
import pulumi_aws as aws

import settings
from components.cluster import Cluster, ClusterArgs, _creator_admin_off

ROOT = Path(__file__).parents[2]
ROLES = {
    "vpc-cni": "arn:aws:iam::111122223333:role/cni",
    "aws-ebs-csi-driver": "arn:aws:iam::111122223333:role/ebs",
}


def config(**values):
    required = {
        "argocdAdminPassword": "s3cret",
        "repositoryUrl": "https://example.com/owner/repository.git",
        # The other one asks for more nodes than some tests have.
        "argocdProfile": "single",
    }
    return settings.check("prod", ROOT, {**required, **values}).cluster


def recorded(record, **values):
    def build():
        cluster = Cluster(
            "platform",
            ClusterArgs(
                cluster=config(**values),
                partition="aws",
                account="111122223333",
                region="eu-west-1",
                vpc_id="vpc-1",
                public_subnet_ids=pulumi.Output.from_input(["subnet-public"]),
                private_subnet_ids=pulumi.Output.from_input(["subnet-private"]),
                role=pulumi.Output.from_input(cast(aws.iam.Role, None)),
                node_role_arn="arn:aws:iam::111122223333:role/node",
                log_key_arn="arn:aws:kms:eu-west-1:111122223333:key/logs",
                log_retention_days=400,
                addon_role_arns=ROLES,
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
    resources = recorded(record)
    cluster = one(resources, "eks:index:Cluster")
    assert cluster["authenticationMode"] == "API"
    assert "accessEntries" not in cluster
    entry = one(resources, "aws:eks/accessEntry:AccessEntry")
    assert entry["principalArn"] == "arn:aws:iam::111122223333:role/platform-admin"


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
    key = one(resources, "aws:kms/key:Key")
    assert key["enableKeyRotation"] is True
    assert key["deletionWindowInDays"] == 30
    assert "arn:aws:iam::111122223333:root" in key["policy"]
    assert one(resources, "eks:index:Cluster")["encryptionConfigKeyArn"].startswith("arn:aws:kms:")


def test_everything_is_logged(record):
    kinds = one(recorded(record), "eks:index:Cluster")["enabledClusterLogTypes"]
    assert sorted(kinds) == ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def test_the_log_is_kept_as_long_as_asked_and_encrypted(record):
    """Incident: EKS had made the log group itself; its audit log was kept for ever, with no key of ours."""
    group = one(recorded(record), "aws:cloudwatch/logGroup:LogGroup")
    assert group["name"] == "/aws/eks/gitops-platform-prod/cluster"
    assert group["retentionInDays"] == 400
    assert group["kmsKeyId"] == "arn:aws:kms:eu-west-1:111122223333:key/logs"


def test_production_is_protected_and_upgrades_when_support_ends(record):
    """Incident: `destroy` in the wrong shell took production's cluster."""
    cluster = one(recorded(record), "eks:index:Cluster")
    assert cluster["deletionProtection"] is True
    assert cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    extended = one(recorded(record, supportType="EXTENDED", deletionProtection=False), "eks:index:Cluster")
    assert extended["deletionProtection"] is False
    assert extended["upgradePolicy"] == {"supportType": "EXTENDED"}


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
