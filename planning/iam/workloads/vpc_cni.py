"""vpc-cni: network interfaces and addresses of the cluster's nodes.

Source: Amazon VPC CNI, "IAM Policy", scope-down policy per EKS cluster for IPv4. Instead of the VPC's id,
which is unknown in a first plan, tags say what belongs to the cluster: subnets carry
kubernetes.io/cluster/<name> (the network component sets it), as do security group and instances (EKS does).
"""

from __future__ import annotations

from planning.iam.documents import ANYTHING, Scope, Statement

CLUSTER = "cluster.k8s.amazonaws.com/name"
"""Tag that the plugin gives the interfaces it makes."""


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Return what it may do."""
    owner = f"aws:ResourceTag/kubernetes.io/cluster/{scope.cluster}"
    ours = {"StringEquals": {f"aws:ResourceTag/{CLUSTER}": scope.cluster}}
    interfaces = scope.ec2("network-interface")
    return (
        Statement(
            "Look",
            (
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
            ),
            ANYTHING,
        ),
        Statement(
            "MakeInterfaces",
            ("ec2:CreateNetworkInterface",),
            interfaces,
            {"StringEquals": {f"aws:RequestTag/{CLUSTER}": scope.cluster}},
        ),
        Statement(
            "MakeThemInTheCluster",
            ("ec2:CreateNetworkInterface",),
            scope.ec2("subnet", "security-group"),
            {"StringEquals": {owner: ["owned", "shared"]}},
        ),
        Statement(
            # For pods only (Amazon EKS User Guide, "Configure subnet selection for Pod IP addresses").
            "MakeThemInSubnetsForPods",
            ("ec2:CreateNetworkInterface",),
            scope.ec2("subnet"),
            {"StringEquals": {f"aws:ResourceTag/cni.networking.k8s.aws/cluster/{scope.cluster}": "shared"}},
        ),
        Statement(
            # A node's first interface, made with the instance, gets its tag from the plugin, too; one that
            # another cluster has tagged is out of reach.
            "TagInterfaces",
            ("ec2:CreateTags",),
            interfaces,
            {"StringEqualsIfExists": {f"aws:ResourceTag/{CLUSTER}": scope.cluster}},
        ),
        Statement(
            "ManageInterfaces",
            (
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses",
            ),
            interfaces,
            ours,
        ),
        Statement(
            "AttachThemToNodes",
            (
                "ec2:AttachNetworkInterface",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
            ),
            scope.ec2("instance"),
            scope.in_cluster(),
        ),
        Statement(
            "GiveThemSecurityGroups",
            ("ec2:ModifyNetworkInterfaceAttribute",),
            scope.ec2("security-group"),
            scope.in_cluster(),
        ),
    )
