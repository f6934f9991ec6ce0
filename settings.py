"""A stack's configuration, read once into frozen dataclasses and refused with every problem at once.

Keys, their meaning and their defaults stand in Pulumi.yaml; a stack's file holds differences only.
`python -m settings STACK` checks a stack's files without starting anything: exit code 0, or 2 with the list.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal, cast

import pulumi
import yaml

from planning import config_values, eks_versions, iam, subnets
from planning.config_reader import Problem, Reader
from planning.password import hash_password, is_bcrypt_hash, password_problem

PROJECT = "gitops-platform"
PASSWORD = f"{PROJECT}:argocdAdminPassword"
INVALID = 2
_ENCRYPTED = "(encrypted)"
NatGateways = Literal["none", "single", "per-zone"]


class ConfigError(pulumi.RunError):
    """The configuration has `problems`; nothing was done."""

    def __init__(self, problems: list[Problem]) -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        lines = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"{len(problems)} {noun} in the stack's configuration:{lines}")
        self.problems = problems


@dataclass(frozen=True)
class NodeGroup:
    """A managed node group."""

    name: str
    instance_types: tuple[str, ...]
    min_size: int
    desired_size: int
    max_size: int
    disk_gib: int
    """Size of the root volume in GiB."""
    capacity_type: str
    """ON_DEMAND or SPOT."""
    ami_type: str
    labels: dict[str, str]


@dataclass(frozen=True)
class AccessEntry:
    """What an IAM principal may do in the cluster."""

    principal_arn: str
    scope: str
    """admin, operator or viewer, see `planning.iam.ACCESS_POLICIES`."""


@dataclass(frozen=True)
class Network:
    """The VPC."""

    cidr: IPv4Network
    zones: int
    subnets: list[subnets.ZoneSubnets]
    """One pair per zone, in the order of the zones."""
    nat_gateways: NatGateways


@dataclass(frozen=True)
class Cluster:
    """The EKS cluster."""

    name: str
    version: str
    service_cidr: IPv4Network
    """Addresses of Kubernetes Services; fixed when the cluster is made."""
    public_access_cidrs: tuple[IPv4Network, ...]
    """Who reaches the API from outside the VPC; nobody if empty."""
    api_address: str | None
    """URL by which Pulumi and the kubeconfig reach the API instead, e.g. a tunnel."""
    node_groups: tuple[NodeGroup, ...]
    access_entries: tuple[AccessEntry, ...]


@dataclass(frozen=True)
class ArgoCd:
    """Argo CD and its root Application."""

    chart: str
    chart_repository: str
    """URL of the Helm repository; empty if `chart` is a folder or an oci:// reference."""
    chart_version: str
    url: str | None
    """The address people open."""
    reconciliation_seconds: int
    admin_password_hash: str = field(repr=False)
    admin_password_mtime: str
    """When the password was last changed, RFC 3339; sessions from before it end."""
    admin_password_readable: bool
    """Whether the configuration holds the password itself and so can reveal it."""
    repository_url: str
    revision: str
    path: str
    """Folder of the GitOps tree in the repository."""


@dataclass(frozen=True)
class Settings:
    """One stack's configuration."""

    stack: str
    environment: str
    """Which overlay of the GitOps tree this cluster runs."""
    tags: dict[str, str]
    network: Network
    cluster: Cluster
    argocd: ArgoCd


def parse(values: Mapping[str, object], stack: str, *, encrypted: bool = True) -> Settings:
    """Build the settings of `stack` from its configuration, keys without the project's name.

    `encrypted` tells whether the admin password, if it is there, is a secret of the stack's file.
    Raises `ConfigError` with every problem found.
    """
    reader = Reader(values)
    settings = Settings(
        stack=stack,
        environment=config_values.name(reader, "environment", "a lower-case name", stack),
        tags={"Project": PROJECT, "Stack": stack, **reader.text_map("tags")},
        network=_network(reader),
        cluster=_cluster(reader, stack),
        argocd=_argocd(reader, stack, encrypted),
    )
    _check_overlaps(reader, settings)
    reader.finish()
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def load() -> Settings:
    """Read the settings of the stack that Pulumi is running. Raises `ConfigError`."""
    everything = {**pulumi.runtime.config.get_config_env(), **pulumi.runtime.config.CONFIG.get()}
    prefix = f"{PROJECT}:"
    values = {key.removeprefix(prefix): everything[key] for key in everything if key.startswith(prefix)}
    return parse(values, pulumi.get_stack(), encrypted=pulumi.runtime.is_config_secret(PASSWORD))


def check(stack: str, folder: Path, overrides: Mapping[str, object]) -> Settings:
    """Read the settings of `stack` from the files in `folder`, with `overrides` of single keys.

    An encrypted value cannot be read here; it is taken as given and checked when the program runs.
    Raises `ConfigError`.
    """
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    values = {key: entry["default"] for key, entry in project["config"].items() if "default" in entry}
    file = folder / f"Pulumi.{stack}.yaml"
    own = (yaml.safe_load(file.read_text()) or {}).get("config", {}) if file.exists() else {}
    prefix = f"{PROJECT}:"
    for key, value in own.items():
        if key.startswith(prefix):
            values[key.removeprefix(prefix)] = _ENCRYPTED if _is_encrypted(value) else value
    in_file = PASSWORD in own and "argocdAdminPassword" not in overrides
    return parse({**values, **overrides}, stack, encrypted=not in_file or _is_encrypted(own[PASSWORD]))


def _is_encrypted(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _network(reader: Reader) -> Network:
    # Every region that EKS serves has at least three zones, none more than six; EKS asks for two
    # (Amazon EKS User Guide, "EKS network requirements for VPCs and subnets").
    sound = len(reader.problems)
    zones = reader.integer("availabilityZones", 2, 6)
    private = reader.integer("privateSubnetPrefix", subnets.SMALLEST_PREFIX_LENGTH, 28)
    public = reader.integer("publicSubnetPrefix", subnets.SMALLEST_PREFIX_LENGTH, 28)
    nat = reader.choice("natGateways", ("none", "single", "per-zone"))
    cidr = reader.network("vpcCidr")
    carved: list[subnets.ZoneSubnets] = []
    if cidr is None:
        cidr = IPv4Network("0.0.0.0/0")
    elif not subnets.SMALLEST_PREFIX_LENGTH <= cidr.prefixlen <= subnets.LARGEST_PREFIX_LENGTH:
        reader.refuse("vpcCidr", "is not a size that AWS gives a VPC", "Use /16 to /28")
    elif len(reader.problems) == sound:
        try:
            carved = subnets.carve(cidr, zones, private, public)
        except subnets.VpcTooSmallError as error:
            remedy = "Widen it, lower availabilityZones, or raise privateSubnetPrefix or publicSubnetPrefix"
            reader.refuse("vpcCidr", f"is too small: {error}", remedy)
    return Network(cidr, zones, carved, cast(NatGateways, nat))


def _cluster(reader: Reader, stack: str) -> Cluster:
    service_cidr = reader.network("serviceCidr")
    if service_cidr and not (service_cidr.is_private and 12 <= service_cidr.prefixlen <= 24):
        # Amazon EKS API Reference, KubernetesNetworkConfigRequest.serviceIpv4Cidr.
        reader.refuse("serviceCidr", "is not one that EKS accepts", "Use a private network of /12 to /24")
    entries = tuple(_access_entry(child) for _, child in reader.children("accessEntries"))
    if not any(entry.scope == "admin" for entry in entries):
        # The cluster's creator gets no access of its own, so that nobody has it unseen.
        reader.refuse(
            "accessEntries",
            "has no entry of scope admin, so that nobody, Pulumi included, could enter the cluster",
            "Add the IAM role that runs Pulumi",
        )
    return Cluster(
        name=config_values.name(reader, "clusterName", "a cluster name", f"{PROJECT}-{stack}"),
        version=reader.choice("kubernetesVersion", list(eks_versions.ADDON_VERSIONS)),
        service_cidr=service_cidr or IPv4Network("0.0.0.0/0"),
        public_access_cidrs=_public_access_cidrs(reader),
        api_address=config_values.url(reader, "kubernetesApiAddress", "https"),
        node_groups=tuple(_node_group(name, child) for name, child in reader.children("nodeGroups")),
        access_entries=entries,
    )


def _public_access_cidrs(reader: Reader) -> tuple[IPv4Network, ...]:
    found = reader.networks("publicAccessCidrs")
    if any(network.prefixlen == 0 for network in found):
        reader.refuse("publicAccessCidrs", "opens the API to everybody", "List the networks that need it")
    for index, network in enumerate(found):
        for other in found[:index]:
            if network.overlaps(other):
                reader.refuse("publicAccessCidrs", f"{network} overlaps {other}", "Keep the wider one")
    return found


def _access_entry(reader: Reader) -> AccessEntry:
    principal = config_values.principal_arn(reader, "principalArn")
    return AccessEntry(principal, reader.choice("scope", list(iam.ACCESS_POLICIES)))


def _node_group(name: str, reader: Reader) -> NodeGroup:
    group = NodeGroup(
        name=name,
        instance_types=reader.texts("instanceTypes"),
        min_size=reader.integer("minSize", 0, 450),
        desired_size=reader.integer("desiredSize", 0, 450),
        max_size=reader.integer("maxSize", 1, 450),
        disk_gib=reader.integer("diskGib", 20, 16384, 50),
        capacity_type=reader.choice("capacityType", ("ON_DEMAND", "SPOT"), "ON_DEMAND"),
        ami_type=reader.choice("amiType", _AMI_TYPES, _AMI_TYPES[0]),
        labels=reader.text_map("labels", {}),
    )
    config_values.check_node_group_name(reader, name)
    if not group.instance_types:
        reader.refuse("instanceTypes", "is empty", "Name at least one, e.g. m7g.large")
    if not group.min_size <= group.desired_size <= group.max_size:
        reader.refuse("desiredSize", "is not between minSize and maxSize", "Put the three in order")
    return group


_AMI_TYPES = (
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
)


def _argocd(reader: Reader, stack: str, encrypted: bool) -> ArgoCd:
    readable, password_hash = _admin_password(reader, stack, encrypted)
    return ArgoCd(
        chart=reader.text("argocdChart"),
        chart_repository=config_values.url(reader, "argocdChartRepository", "https") or "",
        chart_version=reader.text("argocdChartVersion"),
        url=config_values.url(reader, "argocdUrl", "https", "http"),
        reconciliation_seconds=reader.integer("argocdReconciliationSeconds", 1, 3600),
        admin_password_hash=password_hash,
        admin_password_mtime=config_values.time(reader, "argocdAdminPasswordMtime"),
        admin_password_readable=readable,
        repository_url=config_values.repository_url(reader, "repositoryUrl"),
        revision=config_values.revision(reader, "repositoryRevision"),
        path=config_values.folder(reader, "repositoryPath"),
    )


def _admin_password(reader: Reader, stack: str, encrypted: bool) -> tuple[bool, str]:
    password, given_hash = reader.text("argocdAdminPassword"), reader.text("argocdAdminPasswordHash")
    remedy = f"Run: pulumi config set --stack {stack} --secret argocdAdminPassword"
    if given_hash and password:
        reader.refuse("argocdAdminPasswordHash", "stands beside argocdAdminPassword", "Keep one", secret=True)
    elif given_hash:
        if not is_bcrypt_hash(given_hash) and given_hash != _ENCRYPTED:
            reader.refuse("argocdAdminPasswordHash", "is not a bcrypt hash", remedy, secret=True)
    elif problem := password_problem(password):
        reader.refuse("argocdAdminPassword", problem, remedy, secret=True)
    elif not encrypted:
        reader.refuse("argocdAdminPassword", "stands in the file in plain text", remedy, secret=True)
    else:
        return True, hash_password(password, f"{PROJECT}/{stack}")
    return False, given_hash


def _check_overlaps(reader: Reader, settings: Settings) -> None:
    vpc, services = settings.network.cidr, settings.cluster.service_cidr
    if vpc.prefixlen and services.prefixlen and vpc.overlaps(services):
        reader.refuse("serviceCidr", f"overlaps vpcCidr {vpc}", "Choose networks that do not meet")


def _main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m settings STACK", file=sys.stderr)
        return INVALID
    try:
        check(arguments[0], Path(), {})
    except ConfigError as error:
        print(error, file=sys.stderr)
        return INVALID
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
