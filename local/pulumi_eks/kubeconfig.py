"""The kubeconfig of a cluster: its user is whoever `aws eks get-token` says."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
from pulumi import Output

from local.pulumi_eks.inputs import Value

_API = "client.authentication.k8s.io/v1beta1"


def kubeconfig(
    cluster: aws.eks.Cluster | Output[aws.eks.Cluster], role_arn: Value = None, profile: Value = None
) -> Output[dict[str, Any]]:
    """The kubeconfig as an object; `role_arn` and `profile` say whom the token is fetched for."""
    return Output.all(
        arguments=Output.all(cluster.name, cluster.arn, role_arn, profile).apply(
            lambda known: _arguments(*known)
        ),
        endpoint=cluster.endpoint,
        ca=cluster.certificate_authority.data,
    ).apply(lambda known: _kubeconfig(**known))


def as_json(config: Output[dict[str, Any]]) -> Output[str]:
    """The same as text, the way JavaScript writes JSON."""
    return config.apply(lambda known: json.dumps(known, separators=(",", ":")))


def _arguments(name: str, arn: str, role_arn: str | None, profile: str | None) -> list[str]:
    region = arn.split(":")[3]
    return [
        *("--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"),
        *(("--role", role_arn) if role_arn else ()),
        *(("--profile", profile) if profile else ()),
    ]


def _kubeconfig(arguments: list[str], endpoint: str, ca: str) -> dict[str, Any]:
    exec_info = {"name": "KUBERNETES_EXEC_INFO", "value": json.dumps({"apiVersion": _API})}
    plugin = {"apiVersion": _API, "command": "aws", "args": arguments, "env": [exec_info]}
    cluster = {"server": endpoint, "certificate-authority-data": ca}
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": cluster, "name": "kubernetes"}],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": plugin}}],
    }
