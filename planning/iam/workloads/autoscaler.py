"""cluster-autoscaler: resizes the cluster's Auto Scaling groups.

Source: Kubernetes Autoscaler, "Cluster Autoscaler on AWS", IAM policy with auto-discovery.
"""

from __future__ import annotations

from planning.iam.documents import ANYTHING, Scope, Statement


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Return what it may do."""
    # EKS gives the groups of managed node groups this tag (Amazon EKS User Guide, "Simplify node lifecycle
    # with managed node groups").
    discovered = {"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{scope.cluster}": "owned"}}
    return (
        Statement(
            "Look",
            (
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ),
            ANYTHING,
        ),
        Statement(
            "LookAtNodeGroups",
            ("eks:DescribeNodegroup",),
            (scope.arn("eks", f"nodegroup/{scope.cluster}/*/*"),),
        ),
        Statement(
            "Resize",
            ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"),
            (scope.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),),
            discovered,
        ),
    )
