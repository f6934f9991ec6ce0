import json

from planning.kubeconfig import kubeconfig

ENDPOINT = "https://ABC.gr7.eu-west-1.eks.amazonaws.com"


def test_it_asks_aws_for_a_token_and_holds_none():
    config = json.loads(kubeconfig("demo", "eu-west-1", ENDPOINT, "Q0E="))
    (user,) = config["users"]
    assert user["user"].keys() == {"exec"}
    assert user["user"]["exec"]["args"][:4] == ["--region", "eu-west-1", "eks", "get-token"]
    assert config["clusters"][0]["cluster"] == {"server": ENDPOINT, "certificate-authority-data": "Q0E="}


def test_a_tunnel_still_proves_to_be_the_cluster():
    """Incident: certificate checks were switched off because the tunnel's name was not the cluster's."""
    config = json.loads(kubeconfig("demo", "eu-west-1", ENDPOINT, "Q0E=", "https://localhost:8443"))
    cluster = config["clusters"][0]["cluster"]
    assert cluster["server"] == "https://localhost:8443"
    assert cluster["tls-server-name"] == "abc.gr7.eu-west-1.eks.amazonaws.com"
    assert "insecure-skip-tls-verify" not in cluster
