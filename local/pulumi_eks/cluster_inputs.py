"""Which inputs of a cluster the stand-in takes, and in which combinations."""

import shutil

from local.pulumi_eks import access, addons, auto_mode, cni
from local.pulumi_eks.inputs import Inputs, Problems

SUPPORTED = (
    "accessEntries",
    "authenticationMode",
    "autoMode",
    "bootstrapSelfManagedAddons",
    "clusterSecurityGroup",
    "clusterSecurityGroupTags",
    "clusterTags",
    "corednsAddonOptions",
    "createInstanceRole",
    "createOidcProvider",
    "deletionProtection",
    "enabledClusterLogTypes",
    "encryptionConfigKeyArn",
    "endpointPrivateAccess",
    "endpointPublicAccess",
    "instanceRoles",
    "ipFamily",
    "kubeProxyAddonOptions",
    "kubernetesServiceIpAddressRange",
    "name",
    "nodeAssociatePublicIpAddress",
    "nodeSecurityGroupTags",
    "privateSubnetIds",
    "providerCredentialOpts",
    "publicAccessCidrs",
    "publicSubnetIds",
    "serviceRole",
    "skipDefaultNodeGroup",
    "skipDefaultSecurityGroups",
    "subnetIds",
    "tags",
    "upgradePolicy",
    "useDefaultVpcCni",
    "version",
    "vpcCniOptions",
    "vpcId",
)
"""The inputs of a cluster."""


def check(inputs: Inputs) -> None:
    """Raise InputPropertiesError if the inputs cannot be used, RuntimeError without an `aws` on the PATH."""
    if shutil.which("aws") is None:
        raise RuntimeError("There is no aws command on the PATH; the cluster's kubeconfig needs it.")
    problems = Problems()
    problems.add_unsupported(inputs, SUPPORTED)
    auto_mode.check(inputs, problems)
    _check_mode(inputs, problems)
    _check_network(inputs, problems)
    _check_entries(inputs, problems)
    _check_addons(inputs, problems)
    problems.raise_if_any()


def is_enabled(key: str, inputs: Inputs) -> bool:
    """Whether the cluster gets the add-on whose options are the input `key`."""
    options = inputs.get(key) or {}
    in_auto_mode = auto_mode.is_enabled(inputs)
    if key == "corednsAddonOptions":
        # Without nodes of its own a cluster gets coredns only when asked for it, but in Auto Mode always.
        return bool(options.get("enabled", in_auto_mode)) or bool(options.get("configurationValues"))
    return options.get("enabled", not in_auto_mode) is not False


def skips_default_security_groups(inputs: Inputs) -> bool:
    """Whether the cluster has only the security group that EKS makes."""
    return bool(inputs.get("skipDefaultSecurityGroups", auto_mode.is_enabled(inputs)))


def has_default_vpc_cni(inputs: Inputs) -> bool:
    """Whether the cluster gets no vpc-cni from here."""
    return bool(inputs.get("useDefaultVpcCni", auto_mode.is_enabled(inputs)))


def _check_mode(inputs: Inputs, problems: Problems) -> None:
    if problems.plain(inputs, "authenticationMode") != "API":
        problems.add("authenticationMode", "the local stand-in for pulumi-eks supports API only")
    if problems.plain(inputs, "skipDefaultNodeGroup") is not True:
        problems.add("skipDefaultNodeGroup", "must be true: the local stand-in has managed node groups only")
    if inputs.get("instanceRoles"):
        problems.add("instanceRoles", "must be empty in authentication mode API; use access entries")
    for key in ("createInstanceRole", "skipDefaultSecurityGroups", "useDefaultVpcCni"):
        problems.plain(inputs, key)
    if inputs.get("createOidcProvider"):
        problems.add("createOidcProvider", "the local stand-in for pulumi-eks supports false only")


def _check_network(inputs: Inputs, problems: Problems) -> None:
    if "vpcId" not in inputs:
        problems.add("vpcId", "is required: the local stand-in does not look for a default VPC")
    split = [key for key in ("publicSubnetIds", "privateSubnetIds") if key in inputs]
    if "subnetIds" in inputs and split:
        problems.add("subnetIds", f"cannot be combined with {' and '.join(split)}")
    if "subnetIds" not in inputs and not split:
        problems.add("subnetIds", "is required, or privateSubnetIds and publicSubnetIds")
    if inputs.get("publicAccessCidrs") and inputs.get("endpointPublicAccess") is False:
        problems.add("publicAccessCidrs", "can be set only when endpointPublicAccess is true")


def _check_entries(inputs: Inputs, problems: Problems) -> None:
    for key, entry in (problems.plain(inputs, "accessEntries") or {}).items():
        problems.add_unsupported(entry, access.OPTIONS, f"accessEntries.{key}.")
        problems.plain(entry, "accessPolicies")


def _check_addons(inputs: Inputs, problems: Problems) -> None:
    for key in ("corednsAddonOptions", "kubeProxyAddonOptions"):
        options = problems.options(inputs, key, addons.OPTIONS)
        if is_enabled(key, inputs) and not options.get("version"):
            problems.add(f"{key}.version", NO_VERSION)
    options = problems.options(inputs, "vpcCniOptions", cni.OPTIONS)
    cni.check(options, problems)
    if not has_default_vpc_cni(inputs) and not options.get("addonVersion"):
        problems.add("vpcCniOptions.addonVersion", NO_VERSION)


NO_VERSION = "is required: the local AWS cannot be asked for the newest version of an add-on"
