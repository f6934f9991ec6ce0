"""Settings of the EKS cluster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Network

from planning import config_values, eks_versions
from planning.addons import Configuration
from planning.config_reader import Reader
from settings import access, addons, node_groups


@dataclass(frozen=True)
class Cluster:
    """The EKS cluster."""

    name: str
    version: str
    support_type: str
    """STANDARD or EXTENDED: what EKS does when the version's standard support ends."""
    deletion_protection: bool
    """Whether EKS refuses to delete the cluster."""
    service_cidr: IPv4Network
    """Addresses of Kubernetes Services; fixed when the cluster is made."""
    public_access_cidrs: tuple[IPv4Network, ...]
    """Who reaches the API from outside the VPC; nobody if empty."""
    api_address: str | None
    """URL by which Pulumi and the kubeconfig reach the API instead, e.g. a tunnel."""
    node_groups: tuple[node_groups.NodeGroup, ...]
    access_entries: tuple[access.AccessEntry, ...]
    auto_mode: bool
    """Whether EKS runs the nodes (EKS Auto Mode); then there are no node groups."""
    addon_configuration: dict[str, Configuration]
    """What differs from the default configuration values, by add-on."""


def read(reader: Reader, stack: str, project: str) -> Cluster:
    """Read the cluster's keys."""
    service_cidr = reader.network("serviceCidr")
    if service_cidr and not (service_cidr.is_private and 12 <= service_cidr.prefixlen <= 24):
        # Amazon EKS API Reference, KubernetesNetworkConfigRequest.serviceIpv4Cidr.
        reader.refuse("serviceCidr", "is not one that EKS accepts", "Use a private network of /12 to /24")
    sound = len(reader.problems)
    version = reader.choice("kubernetesVersion", list(eks_versions.VERSIONS))
    support_type = reader.choice("supportType", eks_versions.SUPPORT_TYPES)
    if len(reader.problems) == sound:
        _check_support(reader, version, support_type)
    auto_mode = reader.boolean("autoMode")
    return Cluster(
        name=config_values.name(reader, "clusterName", "a cluster name", f"{project}-{stack}"),
        version=version,
        support_type=support_type,
        deletion_protection=reader.boolean("deletionProtection"),
        service_cidr=service_cidr or IPv4Network("0.0.0.0/0"),
        public_access_cidrs=access.public_networks(reader),
        api_address=config_values.url(reader, "kubernetesApiAddress", "https"),
        node_groups=node_groups.read(reader, version, auto_mode=auto_mode),
        access_entries=access.entries(reader),
        auto_mode=auto_mode,
        addon_configuration=addons.read(reader, auto_mode=auto_mode),
    )


def today() -> date:
    """The day, in UTC as in EKS's calendar."""
    return datetime.now(UTC).date()


def _check_support(reader: Reader, version: str, support_type: str) -> None:
    support = eks_versions.support(version, support_type, today())
    remedy = f"Raise it one minor at a time, {max(eks_versions.VERSIONS, key=_minor)} is the newest"
    if support_type == "STANDARD":
        remedy += ", or pay for more time with supportType EXTENDED"
    if support.is_over:
        reader.refuse("kubernetesVersion", f"has had no {support_type} support since {support.end}", remedy)
    elif support.ends_soon:
        effect = "then EKS upgrades the cluster by itself"
        reader.warn("kubernetesVersion", f"{support_type} support ends {support.end}; {effect}", remedy)


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
