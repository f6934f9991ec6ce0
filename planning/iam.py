"""IAM documents and AWS-managed policies of the cluster and its nodes, for every AWS partition."""

from __future__ import annotations

import json

#: Amazon EKS User Guide, "Amazon EKS cluster IAM role".
CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
#: Amazon EKS User Guide, "Amazon EKS node IAM role": join the cluster, pull images; and Systems Manager's
#: core policy, so that a node is reached without SSH keys or an open port.
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
#: What an add-on with a role of its own needs (Amazon EKS User Guide, "AWS add-ons").
ADDON_POLICIES = {
    "vpc-cni": "AmazonEKS_CNI_Policy",
    "aws-ebs-csi-driver": "service-role/AmazonEBSCSIDriverPolicy",
}


def managed_policy_arn(partition: str, policy: str) -> str:
    """Return the ARN of an AWS-managed IAM policy; `partition` is aws, aws-cn or aws-us-gov."""
    return f"arn:{partition}:iam::aws:policy/{policy}"


def service_trust(service: str, *actions: str) -> str:
    """Return the trust policy that lets an AWS service, e.g. eks.amazonaws.com, assume a role.

    `actions` default to sts:AssumeRole.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions) or ["sts:AssumeRole"],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
