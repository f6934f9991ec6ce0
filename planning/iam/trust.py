"""Who may assume a role."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from planning.iam.documents import Conditions, Scope

GITHUB = "token.actions.githubusercontent.com"
"""Issuer of the tokens of GitHub Actions, without https://."""

#: Services whose principal has the partition's own domain (IAM User Guide, "AWS JSON policy elements:
#: Principal", services in opt-in and China Regions).
_OWN_DOMAIN = {("aws-cn", "ec2"): "ec2.amazonaws.com.cn"}


def service_principal(partition: str, service: str) -> str:
    """Return the principal of an AWS service in a partition, e.g. ec2.amazonaws.com."""
    return _OWN_DOMAIN.get((partition, service), f"{service}.amazonaws.com")


def service_trust(service: str, *actions: str) -> str:
    """Return the trust policy that lets an AWS service, e.g. eks.amazonaws.com, assume a role.

    `actions` default to sts:AssumeRole.
    """
    return _trust({"Service": service}, actions or ("sts:AssumeRole",))


def flow_logs_trust(scope: Scope) -> str:
    """Return the trust policy of the role that writes VPC flow logs, of this account's only
    (Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs")."""
    only = {
        "StringEquals": {"aws:SourceAccount": scope.account},
        "ArnLike": {"aws:SourceArn": scope.arn("ec2", "vpc-flow-log/*")},
    }
    return _trust({"Service": "vpc-flow-logs.amazonaws.com"}, ("sts:AssumeRole",), only)


def pod_trust(scope: Scope, namespace: str, service_account: str) -> str:
    """Return the trust policy that lets EKS Pod Identity give a role to pods of one service account of the
    cluster, and of no other association that somebody makes with the role
    (Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity").
    """
    only = {
        "StringEquals": {
            "aws:SourceAccount": scope.account,
            "aws:RequestTag/eks-cluster-name": scope.cluster,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": service_account,
        }
    }
    return _trust({"Service": "pods.eks.amazonaws.com"}, ("sts:AssumeRole", "sts:TagSession"), only)


def audience(partition: str) -> str:
    """Return for whom GitHub shall make a token: the action aws-actions/configure-aws-credentials asks for
    sts.amazonaws.com unless told otherwise, which its README advises for China."""
    return "sts.amazonaws.com.cn" if partition == "aws-cn" else "sts.amazonaws.com"


def github_trust(scope: Scope, provider_arn: str, subjects: Sequence[str], branch: str | None = None) -> str:
    """Return the trust policy for workflows of GitHub Actions with one of `subjects`, matched whole
    (GitHub Docs, "OpenID Connect reference"), and on `branch` if it is given.

    A subject that names an environment no longer names the branch, hence the claim `ref` beside it
    (IAM User Guide, "Available keys for AWS OIDC federation").
    """
    claims: dict[str, str | Sequence[str]] = {
        f"{GITHUB}:aud": audience(scope.partition),
        f"{GITHUB}:sub": list(subjects),
    }
    if branch is not None:
        claims[f"{GITHUB}:ref"] = f"refs/heads/{branch}"
    return _trust({"Federated": provider_arn}, ("sts:AssumeRoleWithWebIdentity",), {"StringEquals": claims})


def _trust(principal: Mapping[str, str], actions: Sequence[str], conditions: Conditions | None = None) -> str:
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": dict(principal),
        "Action": list(actions),
    }
    if conditions:
        statement["Condition"] = conditions
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
