import json
import re
from pathlib import Path

import pytest
import yaml

from planning import addon_versions, addons, eks_versions, iam
from planning.iam import Scope
from planning.iam.workloads import ebs_csi
from tests.components.test_cluster import ROLES, ROOT, all_of, config, one, recorded

ADDON = "aws:eks/addon:Addon"
NODE_GROUP = "eks:index:ManagedNodeGroup"


def by_name(resources):
    return {resource.inputs["addonName"]: resource for resource in resources if resource.type == ADDON}


@pytest.mark.parametrize("auto_mode", [False, True])
@pytest.mark.parametrize("version", eks_versions.VERSIONS)
def test_every_addon_is_pinned_and_comes_once(record, version, auto_mode):
    """Incident: an unpinned add-on took a new version at an unrelated deployment."""
    values = {"autoMode": True, "nodeGroups": {}} if auto_mode else {}
    resources = recorded(record, kubernetesVersion=version, **values)
    found = [(addon["addonName"], addon["addonVersion"]) for addon in all_of(resources, ADDON)]
    wanted = [addon.name for addon in addons.installed(auto_mode)]
    assert sorted(found) == sorted((name, addon_versions.VERSIONS[version][name]) for name in wanted)
    cluster = one(resources, "eks:index:Cluster")
    assert cluster["useDefaultVpcCni"] is True  # pulumi-eks: true means that it adds no vpc-cni of its own
    assert cluster["kubeProxyAddonOptions"]["enabled"] is False
    assert cluster["corednsAddonOptions"]["enabled"] is False
    assert cluster["bootstrapSelfManagedAddons"] is False


def test_nodes_wait_for_their_network_and_pods_for_nodes(record):
    """Incident: nodes that came before vpc-cni stayed NotReady, later with too few pods."""
    resources = recorded(record)
    found = by_name(resources)
    groups = [resource for resource in resources if resource.type == NODE_GROUP]
    networking = {found[name].name for name in ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")}
    for group in groups:
        assert networking <= group.depends_on
    for name in ("coredns", "aws-ebs-csi-driver", "metrics-server"):
        assert {group.name for group in groups} <= found[name].depends_on
    (provider,) = [resource for resource in resources if resource.type == "pulumi:providers:kubernetes"]
    assert {resource.name for resource in (*groups, found["coredns"])} <= provider.depends_on


def test_addons_use_roles_of_their_own(record):
    """Incident: the network plug-in's rights were the node's, and so every pod's on the host network."""
    found = by_name(recorded(record))
    identities = {name: addon.inputs.get("podIdentityAssociations") for name, addon in found.items()}
    assert {name: identity for name, identity in identities.items() if identity} == {
        "vpc-cni": [{"roleArn": ROLES["vpc-cni"], "serviceAccount": "aws-node"}],
        "aws-ebs-csi-driver": [
            {"roleArn": ROLES["aws-ebs-csi-driver"], "serviceAccount": "ebs-csi-controller-sa"}
        ],
    }
    assert not [policy for policy in iam.NODE_POLICIES if "CNI" in policy or "EBS" in policy]


def test_network_policies_are_enforced_and_addresses_come_in_prefixes(record):
    """Incident: NetworkPolicies were in Git and in the cluster, and nothing enforced them."""
    values = json.loads(by_name(recorded(record))["vpc-cni"].inputs["configurationValues"])
    assert values["enableNetworkPolicy"] == "true"
    assert values["env"]["ENABLE_PREFIX_DELEGATION"] == "true"
    assert all(isinstance(value, str) for value in values["env"].values())


def test_settings_change_single_configuration_values(record):
    given = {"vpc-cni": {"env": {"WARM_PREFIX_TARGET": "2"}}, "coredns": {"replicaCount": 3}}
    found = by_name(recorded(record, addonConfiguration=given))
    assert json.loads(found["vpc-cni"].inputs["configurationValues"]) == {
        "enableNetworkPolicy": "true",
        "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "2"},
    }
    assert json.loads(found["coredns"].inputs["configurationValues"]) == {"replicaCount": 3}
    assert "configurationValues" not in found["kube-proxy"].inputs


def test_every_addon_is_tagged(record):
    assert all(addon["tags"] == {"Project": "p"} for addon in all_of(recorded(record), ADDON))


def test_the_pins_cover_every_supported_version_and_are_builds_of_eks():
    assert set(addon_versions.VERSIONS) == set(eks_versions.VERSIONS)
    for versions in addon_versions.VERSIONS.values():
        assert set(versions) == set(addons.NAMES)
        assert all(re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version) for version in versions.values())
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]["kubernetesVersion"]
    assert described["default"] in addon_versions.VERSIONS


def test_a_dependency_bot_finds_every_pin():
    """The manager's expression finds each version, with the add-on's name and the Kubernetes version."""
    manager = json.loads(Path(ROOT, ".github/renovate.json").read_text())["customManagers"][0]
    (pattern,) = manager["managerFilePatterns"]
    assert re.search(pattern.strip("/"), addon_versions.FILE.relative_to(ROOT).as_posix())
    (expression,) = manager["matchStrings"]
    found: dict[str, dict[str, str]] = {}
    for match in re.finditer(expression.replace("(?<", "(?P<"), addon_versions.FILE.read_text()):
        package = json.loads(match["packageName"])
        assert package["addonName"] == match["depName"]
        found.setdefault(package["kubernetesVersion"], {})[match["depName"]] = match["currentValue"]
    assert found == addon_versions.VERSIONS


def test_auto_mode_takes_the_place_of_nodes_and_built_in_addons(record):
    resources = recorded(record, autoMode=True, nodeGroups={})
    assert set(by_name(resources)) == {"metrics-server"}
    assert not all_of(resources, NODE_GROUP)
    assert not all_of(resources, "aws:ec2/launchTemplate:LaunchTemplate")
    cluster = one(resources, "eks:index:Cluster")
    assert cluster["autoMode"] == {
        "enabled": True,
        "createNodeRole": False,
        "computeConfig": {
            "nodePools": ["general-purpose", "system"],
            "nodeRoleArn": "arn:aws:iam::111122223333:role/node",
        },
    }
    # Its nodes are in the cluster's own subnets.
    assert "publicSubnetIds" not in cluster
    assert "autoMode" not in one(recorded(record), "eks:index:Cluster")
    assert config(autoMode=True, nodeGroups={}).node_groups == ()


def test_volumes_get_the_tag_without_which_the_drivers_role_may_make_none(record):
    """Incident: every PersistentVolumeClaim stayed Pending, as the role asked for a tag that nothing set."""
    values = json.loads(by_name(recorded(record))["aws-ebs-csi-driver"].inputs["configurationValues"])
    tags = values["controller"]["extraVolumeTags"]
    assert tags == {"kubernetes.io/cluster/gitops-platform-prod": "owned"}
    scope = Scope("aws", "eu-west-1", "111122223333", "gitops-platform-prod", {})
    (make,) = [statement for statement in ebs_csi.statements(scope) if statement.sid == "MakeVolumes"]
    asked = make.conditions["StringEquals"]
    assert asked.items() >= {f"aws:RequestTag/{tag}": value for tag, value in tags.items()}.items()
