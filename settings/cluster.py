"""Settings of the EKS cluster."""

from __future__ import annotations

from dataclasses import dataclass
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
    version = reader.choice("kubernetesVersion", list(eks_versions.VERSIONS))
    auto_mode = reader.boolean("autoMode")
    return Cluster(
        name=config_values.name(reader, "clusterName", "a cluster name", f"{project}-{stack}"),
        version=version,
        service_cidr=service_cidr or IPv4Network("0.0.0.0/0"),
        public_access_cidrs=access.public_networks(reader),
        api_address=config_values.url(reader, "kubernetesApiAddress", "https"),
        node_groups=node_groups.read(reader, version, auto_mode=auto_mode),
        access_entries=access.entries(reader),
        auto_mode=auto_mode,
        addon_configuration=addons.read(reader, auto_mode=auto_mode),
    )
