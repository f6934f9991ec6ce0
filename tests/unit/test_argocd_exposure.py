"""Nothing is open that was not asked for, and everything speaks TLS."""

import json

import pytest

from planning.argocd_exposure import TLS_POLICY, Exposure, server_values

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0000"
NLB = "service.beta.kubernetes.io/aws-load-balancer"
ALB = "alb.ingress.kubernetes.io"
NETWORKS = ("192.0.2.0/24", "198.51.100.0/24")


def test_by_default_only_the_cluster_reaches_it():
    assert server_values(Exposure()) == {"service": {"type": "ClusterIP"}}


@pytest.mark.parametrize("public", [False, True])
def test_a_load_balancer_is_internal_unless_asked(public):
    """Incident: a Service of type LoadBalancer without an annotation is on the internet."""
    service = server_values(Exposure("LoadBalancer", public, NETWORKS))["service"]
    assert service["type"] == "LoadBalancer"
    assert service["annotations"][f"{NLB}-internal"] == ("false" if public else "true")
    assert service["loadBalancerSourceRanges"] == list(NETWORKS)


def test_a_certificate_ends_tls_at_the_load_balancer_and_starts_it_again():
    annotations = server_values(Exposure("LoadBalancer", certificate_arn=CERTIFICATE))["service"][
        "annotations"
    ]
    assert annotations[f"{NLB}-ssl-cert"] == CERTIFICATE
    assert annotations[f"{NLB}-ssl-ports"] == "443"
    assert annotations[f"{NLB}-backend-protocol"] == "ssl"
    assert annotations[f"{NLB}-ssl-negotiation-policy"] == TLS_POLICY


def test_without_a_certificate_tls_goes_through_to_argo_cd():
    annotations = server_values(Exposure("LoadBalancer"))["service"]["annotations"]
    assert not any("ssl" in value or "-ssl-" in key for key, value in annotations.items())


@pytest.mark.parametrize("public", [False, True])
def test_an_ingress_speaks_tls_on_both_sides(public):
    values = server_values(Exposure("Ingress", public, NETWORKS, CERTIFICATE))
    annotations = values["ingress"]["annotations"]
    assert annotations[f"{ALB}/scheme"] == ("internet-facing" if public else "internal")
    assert json.loads(annotations[f"{ALB}/listen-ports"]) == [{"HTTPS": 443}]
    assert annotations[f"{ALB}/backend-protocol"] == "HTTPS"
    assert annotations[f"{ALB}/certificate-arn"] == CERTIFICATE
    assert annotations[f"{ALB}/inbound-cidrs"] == ",".join(NETWORKS)
    assert values["service"]["type"] == values["ingress"]["aws"]["serviceType"] == "ClusterIP"


def test_an_ingress_without_networks_names_none():
    """Incident: with an empty list of networks, the controller made no load balancer."""
    annotations = server_values(Exposure("Ingress", certificate_arn=CERTIFICATE))["ingress"]["annotations"]
    assert f"{ALB}/inbound-cidrs" not in annotations
