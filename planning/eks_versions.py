"""Kubernetes versions that the platform supports on EKS, and the add-on versions pinned for each.

Versions: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS". Add-on versions are
those that `aws eks describe-addon-versions --kubernetes-version V` listed in September 2026.
"""

from __future__ import annotations

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
VERSIONS = tuple(ADDON_VERSIONS)
DEFAULT_VERSION = "1.35"
