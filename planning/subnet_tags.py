"""Tags by which controllers find the subnets that they may use."""

from __future__ import annotations

#: The AWS Load Balancer Controller places internal and internet-facing load balancers by these
#: (Amazon EKS User Guide, "Route internet traffic with AWS Load Balancer Controller").
INTERNAL_LOAD_BALANCERS = "kubernetes.io/role/internal-elb"
PUBLIC_LOAD_BALANCERS = "kubernetes.io/role/elb"
#: The vpc-cni takes pod addresses from subnets with this tag in a node's zone, since 1.18 by default
#: (Amazon EKS User Guide, "Configure subnet selection for Pod IP addresses").
PODS = "kubernetes.io/role/cni"


def owner(cluster: str) -> str:
    """Return the key of the tag of every subnet that `cluster` uses: shared, or owned if no other does."""
    return f"kubernetes.io/cluster/{cluster}"


def private(cluster: str) -> dict[str, str]:
    """Return the tags of a private subnet of `cluster`: internal load balancers, and nodes of Karpenter."""
    return {INTERNAL_LOAD_BALANCERS: "1", owner(cluster): "shared", "karpenter.sh/discovery": cluster}


def public(cluster: str) -> dict[str, str]:
    """Return the tags of a public subnet of `cluster`."""
    return {PUBLIC_LOAD_BALANCERS: "1", owner(cluster): "shared"}


def pods(cluster: str) -> dict[str, str]:
    """Return the tags of a pod subnet, which no other cluster in the VPC then uses.

    Not Karpenter's: it would start nodes there, as it prefers the subnet with the most free addresses.
    """
    return {PODS: "1", f"cni.networking.k8s.aws/cluster/{cluster}": "shared"}
