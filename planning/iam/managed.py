"""IAM policies that AWS keeps, for the cluster and its nodes."""

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


def managed_policy_arn(partition: str, policy: str) -> str:
    """Return the ARN of an AWS-managed IAM policy; `partition` is aws, aws-cn or aws-us-gov."""
    return f"arn:{partition}:iam::aws:policy/{policy}"
