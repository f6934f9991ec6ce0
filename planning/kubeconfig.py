"""The kubeconfig of an EKS cluster: it holds no credential, each use asks AWS for a token."""

from __future__ import annotations

import json
from urllib.parse import urlsplit


def kubeconfig(name: str, region: str, endpoint: str, ca_data: str, api_address: str | None = None) -> str:
    """Return a kubeconfig, as JSON, that authenticates with `aws eks get-token`.

    `endpoint` is the cluster's own URL and `ca_data` its CA certificate in base64. `api_address` is the URL
    to use instead, e.g. a tunnel to a private endpoint; the certificate is still checked for the cluster's
    own host name.
    """
    cluster = {"server": api_address or endpoint, "certificate-authority-data": ca_data}
    if api_address:
        cluster["tls-server-name"] = str(urlsplit(endpoint).hostname)
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": {"exec": _exec(arguments)}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
    )


def _exec(arguments: list[str]) -> dict[str, object]:
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": arguments,
        "interactiveMode": "Never",
    }
