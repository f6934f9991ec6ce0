"""The stand-in's add-ons against what pulumi-eks 4.3.0 makes of the same inputs."""

import json
from typing import Any

import pytest

from tests.unit.local.pulumi_eks.engine import Engine
from tests.unit.local.pulumi_eks.test_eks_cluster import INPUTS

DEFAULT_ENVIRONMENT = {
    "AWS_VPC_ENI_MTU": "9001",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "false",
    "AWS_VPC_K8S_CNI_EXTERNALSNAT": "false",
    "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG",
    "AWS_VPC_K8S_CNI_LOG_FILE": "/host/var/log/aws-routed-eni/ipamd.log",
    "AWS_VPC_K8S_CNI_VETHPREFIX": "eni",
    "AWS_VPC_K8S_PLUGIN_LOG_FILE": "/var/log/aws-routed-eni/plugin.log",
    "AWS_VPC_K8S_PLUGIN_LOG_LEVEL": "DEBUG",
    "ENABLE_POD_ENI": "false",
    "WARM_ENI_TARGET": "1",
}


def cni(plugin: Engine, **options: Any) -> Any:
    given = {**INPUTS, "vpcCniOptions": {"addonVersion": "v3", **options}}
    made = plugin.construct("eks:index:Cluster", "c", given)
    return json.loads(made.only("aws:eks/addon:Addon", "c-vpc-cni").inputs["configurationValues"])


def test_vpc_cni_gets_the_originals_defaults(plugin: Engine) -> None:
    assert cni(plugin) == {"env": DEFAULT_ENVIRONMENT, "init": {"env": {"DISABLE_TCP_EARLY_DEMUX": "false"}}}


def test_vpc_cni_options_become_variables(plugin: Engine) -> None:
    values = cni(
        plugin,
        warmEniTarget=0,
        warmIpTarget=5,
        enablePrefixDelegation=True,
        externalSnat=True,
        disableTcpEarlyDemux=True,
        enableNetworkPolicy=True,
        nodePortSupport=False,
    )
    assert values == {
        "enableNetworkPolicy": "true",
        "env": {
            **DEFAULT_ENVIRONMENT,
            "AWS_VPC_K8S_CNI_EXTERNALSNAT": "true",
            "ENABLE_PREFIX_DELEGATION": "true",
            "WARM_ENI_TARGET": "0",
            "WARM_IP_TARGET": "5",
        },
        "init": {"env": {"DISABLE_TCP_EARLY_DEMUX": "true"}},
    }


def test_vpc_cni_configuration_values_win(plugin: Engine) -> None:
    given = {"enableNetworkPolicy": "false", "env": {"WARM_ENI_TARGET": "9"}, "init": {"image": "x"}, "k": 1}
    values = cni(plugin, enableNetworkPolicy=True, configurationValues=given)
    assert values["enableNetworkPolicy"] == "false"
    assert values["env"] == {**DEFAULT_ENVIRONMENT, "WARM_ENI_TARGET": "9"}
    assert values["init"] == {"image": "x", "env": {"DISABLE_TCP_EARLY_DEMUX": "false"}}
    assert values["k"] == 1


def test_vpc_cni_waits_for_the_access_entries(plugin: Engine) -> None:
    made = plugin.construct(
        "eks:index:Cluster", "c", {**INPUTS, "accessEntries": {"admin": {"principalArn": "arn:admin"}}}
    )
    assert "c-admin" in made.only("eks:index:VpcCniAddon", "c-vpc-cni").depends_on


def test_addons_of_a_cluster(plugin: Engine) -> None:
    options = {"version": "v1", "resolveConflictsOnUpdate": "PRESERVE"}
    made = plugin.construct("eks:index:Cluster", "c", {**INPUTS, "kubeProxyAddonOptions": options})
    assert made.only("aws:eks/addon:Addon", "c-kube-proxy").inputs == {
        "addonName": "kube-proxy",
        "addonVersion": "v1",
        "clusterName": "demo",
        "preserve": True,
        "resolveConflictsOnCreate": "OVERWRITE",
        "resolveConflictsOnUpdate": "PRESERVE",
        "tags": {"team": "platform"},
    }


@pytest.mark.parametrize(
    ("options", "made"),
    [
        (None, False),
        ({"enabled": True, "version": "v"}, True),
        ({"enabled": False}, False),
        ({"version": "v"}, False),
        ({"configurationValues": {"replicaCount": 2}, "version": "v"}, True),
    ],
)
def test_coredns_only_when_asked_for(plugin: Engine, options: dict[str, Any] | None, made: bool) -> None:
    given = {key: value for key, value in INPUTS.items() if key != "corednsAddonOptions"}
    if options is not None:
        given["corednsAddonOptions"] = options
    names = {each.name for each in plugin.construct("eks:index:Cluster", "c", given).resources}
    assert ("c-coredns" in names) is made
