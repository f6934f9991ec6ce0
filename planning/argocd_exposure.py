"""How people reach Argo CD's server, as values of the `argo-cd` chart. TLS everywhere, internal unless asked.

A load balancer is made by the cloud controller that EKS runs itself, not by the AWS Load Balancer Controller:
Helm waits for its address, and the latter is something that Argo CD installs afterwards. An Ingress does need
the AWS Load Balancer Controller, but nothing waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("ClusterIP", "LoadBalancer", "Ingress")

#: TLS 1.3 and 1.2 with forward secrecy (Elastic Load Balancing User Guide, "Security policies").
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"

_SERVICE = "service.beta.kubernetes.io/aws-load-balancer"
_INGRESS = "alb.ingress.kubernetes.io"


@dataclass(frozen=True)
class Exposure:
    """Where the server can be reached from."""

    kind: str = "ClusterIP"
    """One of KINDS: from inside the cluster (and by `kubectl port-forward`), or through AWS."""
    internet_facing: bool = False
    """Whether the load balancer has public addresses; otherwise only the VPC's networks reach it."""
    allowed_cidrs: tuple[str, ...] = ()
    """Networks that the load balancer admits; all that reach it if empty."""
    certificate_arn: str | None = None
    """Certificate (ACM) at the load balancer. Without one, the TLS connection goes through to Argo CD."""


def server_values(exposure: Exposure) -> dict[str, Any]:
    """Return the values of the chart's `server` that expose it (the host of an Ingress: `global.domain`)."""
    if exposure.kind == "LoadBalancer":
        return {"service": _load_balancer(exposure)}
    if exposure.kind == "Ingress":
        # The load balancer talks to pods, not to ports of nodes.
        return {"service": {"type": "ClusterIP"}, "ingress": _ingress(exposure)}
    return {"service": {"type": "ClusterIP"}}


def _load_balancer(exposure: Exposure) -> dict[str, Any]:
    """A Network Load Balancer (cloud-provider-aws, "The AWS Service Controller")."""
    annotations = {
        f"{_SERVICE}-type": "nlb",
        f"{_SERVICE}-internal": "false" if exposure.internet_facing else "true",
        f"{_SERVICE}-cross-zone-load-balancing-enabled": "true",
    }
    if exposure.certificate_arn:
        annotations |= {
            f"{_SERVICE}-ssl-cert": exposure.certificate_arn,
            f"{_SERVICE}-ssl-ports": "443",
            f"{_SERVICE}-ssl-negotiation-policy": TLS_POLICY,
            # Encrypted again on the way to the pod: Argo CD redirects whoever does not speak TLS.
            f"{_SERVICE}-backend-protocol": "ssl",
        }
    return {
        "type": "LoadBalancer",
        "annotations": annotations,
        "loadBalancerSourceRanges": list(exposure.allowed_cidrs),
    }


def _ingress(exposure: Exposure) -> dict[str, Any]:
    """An Application Load Balancer (AWS Load Balancer Controller, "Ingress annotations")."""
    annotations = {
        f"{_INGRESS}/scheme": "internet-facing" if exposure.internet_facing else "internal",
        f"{_INGRESS}/target-type": "ip",
        f"{_INGRESS}/listen-ports": '[{"HTTPS":443}]',
        f"{_INGRESS}/certificate-arn": exposure.certificate_arn or "",
        f"{_INGRESS}/ssl-policy": TLS_POLICY,
        f"{_INGRESS}/backend-protocol": "HTTPS",
        f"{_INGRESS}/healthcheck-path": "/healthz",
        f"{_INGRESS}/healthcheck-protocol": "HTTPS",
    }
    if exposure.allowed_cidrs:
        annotations[f"{_INGRESS}/inbound-cidrs"] = ",".join(exposure.allowed_cidrs)
    return {
        "enabled": True,
        "controller": "aws",
        "ingressClassName": "alb",
        "annotations": annotations,
        # A second Service of the chart carries the CLI's gRPC calls.
        "aws": {"backendProtocolVersion": "GRPC", "serviceType": "ClusterIP"},
    }
