"""Kubernetes versions that the platform supports on EKS, how long EKS does, and the add-on versions of each.

Add-on versions are those that `aws eks describe-addon-versions --kubernetes-version V` listed in
September 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SUPPORT_TYPES = ("STANDARD", "EXTENDED")
"""What EKS does when standard support ends: raise the version by itself, or charge for extended support."""

NOTICE = timedelta(days=90)
"""How long before its end a version's support is warned of: time for one minor in each environment."""


@dataclass(frozen=True)
class Lifecycle:
    """How long EKS supports a Kubernetes version; at the start of each day (UTC) that support is over."""

    end_of_standard_support: date
    end_of_extended_support: date

    def end_of_support(self, support_type: str) -> date:
        """Until when a cluster with this `support_type`, one of `SUPPORT_TYPES`, may stay on the version."""
        return self.end_of_extended_support if support_type == "EXTENDED" else self.end_of_standard_support


#: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS", release calendar, read in
#: November 2026. Only versions whose add-ons are pinned.
VERSIONS: dict[str, Lifecycle] = {
    "1.34": Lifecycle(date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": Lifecycle(date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": Lifecycle(date(2027, 8, 2), date(2028, 8, 2)),
}


@dataclass(frozen=True)
class Support:
    """Whether a cluster may stay on its Kubernetes version."""

    end: date
    """First day without the support that the cluster has."""
    is_over: bool
    ends_soon: bool
    """The end is nearer than `NOTICE`, and not over."""


def support(version: str, support_type: str, today: date) -> Support:
    """Return how a key of `VERSIONS` stands with EKS on the day `today` (UTC)."""
    end = VERSIONS[version].end_of_support(support_type)
    return Support(end, is_over=today >= end, ends_soon=end - NOTICE <= today < end)


#: What a node needs to join and serve pods, and so what Pulumi owns; everything else is Argo CD's.
#: Nodes come up NotReady without vpc-cni and kube-proxy, which are therefore installed ahead of them.
BEFORE_NODES = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
AFTER_NODES = ("coredns",)

_EVERY_VERSION = {"vpc-cni": "v1.22.4-eksbuild.3", "eks-pod-identity-agent": "v1.3.10-eksbuild.3"}

ADDON_VERSIONS: dict[str, dict[str, str]] = {
    "1.34": {**_EVERY_VERSION, "kube-proxy": "v1.34.6-eksbuild.21", "coredns": "v1.12.4-eksbuild.29"},
    "1.35": {**_EVERY_VERSION, "kube-proxy": "v1.35.3-eksbuild.21", "coredns": "v1.13.2-eksbuild.21"},
    "1.36": {**_EVERY_VERSION, "kube-proxy": "v1.36.0-eksbuild.17", "coredns": "v1.14.3-eksbuild.14"},
}
DEFAULT_VERSION = "1.35"
