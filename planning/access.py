"""What people may do in the cluster: three scopes, each one of Amazon EKS's own access policies.

Source of what a scope may: Amazon EKS User Guide, "Review access policy permissions".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What the principals of one scope may do."""

    policy: str
    """The access policy of an entry for the whole cluster."""
    namespaced_policy: str
    """The access policy of an entry that is limited to namespaces."""
    may: str
    may_not: str


SCOPES = {
    "admin": Scope(
        "AmazonEKSClusterAdminPolicy",
        # The cluster's administrator policy would also do, but says more than a namespace can hold.
        "AmazonEKSAdminPolicy",
        may="everything; in namespaces: workloads, Secrets, Roles and RoleBindings",
        may_not="in namespaces: quotas, custom resources, the namespace itself",
    ),
    "operator": Scope(
        "AmazonEKSEditPolicy",
        "AmazonEKSEditPolicy",
        may="read and change workloads, ConfigMaps, Secrets and Services; open a shell in a pod; act as a "
        "ServiceAccount",
        may_not="RBAC, custom resources, nodes, create or delete namespaces",
    ),
    "viewer": Scope(
        "AmazonEKSViewPolicy",
        "AmazonEKSViewPolicy",
        may="read workloads, ConfigMaps, Services, events and logs",
        may_not="change anything; read Secrets, RBAC, custom resources or nodes; open a shell in a pod",
    ),
}


def policy_arn(partition: str, scope: str, *, namespaced: bool) -> str:
    """Return the ARN of the access policy of `scope`, a key of `SCOPES`; `partition` is aws, aws-cn or
    aws-us-gov."""
    policy = SCOPES[scope].namespaced_policy if namespaced else SCOPES[scope].policy
    return f"arn:{partition}:eks::aws:cluster-access-policy/{policy}"


def entry_name(principal_arn: str) -> str:
    """Return what tells an entry apart among the resources of a cluster: the principal's account, kind, path
    and name.

    Two principals never share it: equal names exist in several accounts, and a slash can stand in no name.
    """
    _, _, _, _, account, principal = principal_arn.split(":", 5)
    return f"{account}/{principal}"
