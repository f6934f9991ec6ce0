"""Workloads that call AWS, each with a role of its own through EKS Pod Identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning.iam.documents import Scope, Statement
from planning.iam.workloads import autoscaler, dns, ebs_csi, load_balancers, secrets, vpc_cni


@dataclass(frozen=True)
class Workload:
    """Which pods get a role, and what it may do."""

    namespace: str
    service_account: str
    statements: tuple[Statement, ...]


#: Workloads that Argo CD deploys, with namespace and service account as their charts name them by default.
CONTROLLERS = {
    "cluster-autoscaler": ("kube-system", "cluster-autoscaler"),
    "aws-load-balancer-controller": ("kube-system", "aws-load-balancer-controller"),
    "external-dns": ("external-dns", "external-dns"),
    "external-secrets": ("external-secrets", "external-secrets"),
}
#: EKS add-ons that call AWS, with the service account that each brings along.
ADDONS = {
    "vpc-cni": ("kube-system", "aws-node"),
    "aws-ebs-csi-driver": ("kube-system", "ebs-csi-controller-sa"),
}


@dataclass(frozen=True)
class Reach:
    """What of the account, beside the cluster's own, is for the workloads."""

    hosted_zone_ids: Sequence[str] = ()
    """Hosted zones of external-dns."""
    secret_prefixes: Sequence[str] = ()
    """Beginnings of the names of secrets for external-secrets."""


def workload(name: str, scope: Scope, reach: Reach) -> Workload:
    """Return a workload by its name, a key of `CONTROLLERS` or `ADDONS`."""
    statements = {
        "cluster-autoscaler": lambda: autoscaler.statements(scope),
        "aws-load-balancer-controller": lambda: load_balancers.statements(scope),
        "external-dns": lambda: dns.statements(scope, reach.hosted_zone_ids),
        "external-secrets": lambda: secrets.statements(scope, reach.secret_prefixes),
        "vpc-cni": lambda: vpc_cni.statements(scope),
        "aws-ebs-csi-driver": lambda: ebs_csi.statements(scope),
    }
    namespace, service_account = {**CONTROLLERS, **ADDONS}[name]
    return Workload(namespace, service_account, statements[name]())
