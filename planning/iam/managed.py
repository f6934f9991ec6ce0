"""Policies that AWS keeps: of IAM, for the cluster and its nodes; of EKS, for people in the cluster."""

from __future__ import annotations

#: Amazon EKS User Guide, "Amazon EKS cluster IAM role".
CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
#: Amazon EKS User Guide, "Amazon EKS node IAM role": join the cluster, pull images; and Systems Manager's
#: core policy, so that a node is reached without SSH keys or an open port. What the last would also give,
#: every parameter of the account, the boundary takes back. Network interfaces are vpc-cni's own role's.
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
#: What an access entry may do in the cluster, in Amazon EKS's own access policies
#: (Amazon EKS User Guide, "Review access policy permissions").
ACCESS_POLICIES = {
    "admin": "AmazonEKSClusterAdminPolicy",
    "operator": "AmazonEKSEditPolicy",
    "viewer": "AmazonEKSViewPolicy",
}


def managed_policy_arn(partition: str, policy: str) -> str:
    """Return the ARN of an AWS-managed IAM policy; `partition` is aws, aws-cn or aws-us-gov."""
    return f"arn:{partition}:iam::aws:policy/{policy}"


def access_policy_arn(partition: str, scope: str) -> str:
    """Return the ARN of the EKS access policy behind `scope`, a key of `ACCESS_POLICIES`."""
    return f"arn:{partition}:eks::aws:cluster-access-policy/{ACCESS_POLICIES[scope]}"
