"""The EKS add-ons of a cluster: which, in which order, with which role and configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from planning.iam import workloads
from planning.iam.workloads import ebs_csi

Configuration = Mapping[str, object]
"""Configuration values of an add-on; their schema: `aws eks describe-addon-configuration`."""


@dataclass(frozen=True)
class Addon:
    """An add-on that EKS installs and keeps."""

    name: str
    before_nodes: bool = False
    """Whether nodes need it to join; the others need nodes to run on."""
    built_in: bool = False
    """Whether EKS Auto Mode has it within its nodes (Amazon EKS User Guide, "EKS Auto Mode")."""
    service_account: str | None = None
    """The service account, in kube-system, that takes a role of its own through EKS Pod Identity."""
    configuration: Configuration = field(default_factory=dict)
    """Defaults, which settings may change."""


ADDONS = (
    Addon(
        "vpc-cni",
        before_nodes=True,
        built_in=True,
        # A pod on the node's network, so that it reaches the agent before there is a pod network
        # (Amazon EKS User Guide, "Configure Amazon VPC CNI plugin to use EKS Pod Identity").
        service_account=workloads.ADDONS["vpc-cni"][1],
        configuration={
            # Text, not a boolean: the add-on's schema says so (Amazon EKS User Guide, "Restrict Pod network
            # traffic with Kubernetes network policies").
            "enableNetworkPolicy": "true",
            # Addresses come in blocks of 16, so that a node runs as many pods as its size allows; EKS reads
            # this when it computes how many pods a new node takes, one more reason to come before the nodes
            # (Amazon EKS User Guide, "Assign more IP addresses to Amazon EKS nodes with prefixes").
            "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
        },
    ),
    Addon("kube-proxy", before_nodes=True, built_in=True),
    Addon("eks-pod-identity-agent", before_nodes=True, built_in=True),
    Addon("coredns", built_in=True),
    # Not left to Argo CD, because what Argo CD runs waits for them: StatefulSets for their volumes,
    # HorizontalPodAutoscalers for metrics.
    Addon("aws-ebs-csi-driver", built_in=True, service_account=workloads.ADDONS["aws-ebs-csi-driver"][1]),
    Addon("metrics-server"),
)
NAMES = tuple(addon.name for addon in ADDONS)


def installed(auto_mode: bool) -> tuple[Addon, ...]:
    """Return the add-ons of a cluster with or without EKS Auto Mode."""
    return tuple(addon for addon in ADDONS if not (auto_mode and addon.built_in))


def of_cluster(cluster: str, changes: Mapping[str, Configuration]) -> dict[str, Configuration]:
    """Return `changes`, by add-on, with what each add-on has to be told about its `cluster`."""
    told = {"aws-ebs-csi-driver": ebs_csi.configuration(cluster)}
    return {**changes, **{name: _merged(own, changes.get(name, {})) for name, own in told.items()}}


def configuration_values(addon: Addon, changes: Configuration) -> str | None:
    """Return the configuration as EKS takes it, `changes` laid over the defaults; None if it is empty."""
    values = _merged(addon.configuration, changes)
    # Keys are sorted: their order must not differ from one update to the next.
    return json.dumps(values, sort_keys=True, separators=(",", ":")) if values else None


def _merged(below: Configuration, above: Configuration) -> dict[str, object]:
    values = dict(below)
    for key, value in above.items():
        old = values.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            values[key] = _merged(old, value)
        else:
            values[key] = value
    return values
