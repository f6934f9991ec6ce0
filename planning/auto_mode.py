"""EKS Auto Mode: EKS runs the nodes, their network, disks and load balancers.

Source: Amazon EKS User Guide, "EKS Auto Mode", with its "cluster IAM role" and "node IAM role".

Its nodes enforce NetworkPolicies only once ConfigMap amazon-vpc-cni in kube-system says
`enable-network-policy-controller: "true"` (ibid., "Use Network Policies with EKS Auto Mode"); an object in
the cluster, it is Argo CD's.
"""

from __future__ import annotations

NODE_POOLS = ("general-purpose", "system")
"""The node pools that EKS provides: for workloads, and for what a cluster needs itself."""

BUILT_IN = ("cluster-autoscaler", "aws-load-balancer-controller")
"""Workloads whose work EKS does itself."""

CLUSTER_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""What the control plane's role needs beside that of every cluster."""

NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")
"""All that the role of its nodes needs: nobody logs in there."""
