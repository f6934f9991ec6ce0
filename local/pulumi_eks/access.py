"""Access entries: which IAM principals may use the cluster's API, and with which access policies."""

from __future__ import annotations

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from local.pulumi_eks.inputs import Inputs, Value
from local.pulumi_eks.scope import Scope

OPTIONS = ("accessPolicies", "kubernetesGroups", "principalArn", "tags", "type", "username")
"""The options of an access entry."""


def access_entry(scope: Scope, key: str, entry: Inputs, cluster: aws.eks.Cluster) -> aws.eks.AccessEntry:
    """The entry and its associations with access policies."""
    name = f"{scope.name}-{key}"
    made = aws.eks.AccessEntry(
        name,
        cluster_name=cluster.name,
        principal_arn=entry["principalArn"],
        kubernetes_groups=entry.get("kubernetesGroups"),
        tags=entry.get("tags"),
        type=entry.get("type"),
        user_name=entry.get("username"),
        opts=ResourceOptions(parent=scope.parent, depends_on=[cluster]),
    )
    for policy, association in (entry.get("accessPolicies") or {}).items():
        _associate(f"{name}-{policy}", association, made)
    return made


def _associate(name: str, association: Value, entry: aws.eks.AccessEntry) -> None:
    given: Output[Value] = Output.from_input(association)
    aws.eks.AccessPolicyAssociation(
        name,
        cluster_name=entry.cluster_name,
        principal_arn=entry.principal_arn,
        policy_arn=given["policyArn"],
        access_scope=given["accessScope"],
        opts=ResourceOptions(parent=entry, depends_on=[entry]),
    )
