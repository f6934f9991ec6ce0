"""Rows of EKS."""

from typing import Any

from tests.local.aws.lifecycle.row import Row

CLUSTER, ROLE = "${cluster.name}", "${role.arn}"
SUBNETS = ["${subnet-a.id}", "${subnet-b.id}"]
TAGS: dict[str, Any] = {"tags": {"Name": "lifecycle"}}
CHANGED: dict[str, Any] = {"tags": {"Name": "lifecycle", "Phase": "later"}}
POLICIES = "arn:aws:eks::aws:cluster-access-policy"

ROWS = (
    Row(
        "aws:eks/cluster:Cluster",
        "cluster",
        {
            "name": "lifecycle",
            "role_arn": ROLE,
            "version": "1.33",
            "access_config": {
                "authentication_mode": "API",
                "bootstrap_cluster_creator_admin_permissions": False,
            },
            "vpc_config": {
                "subnet_ids": SUBNETS,
                "endpoint_private_access": True,
                "endpoint_public_access": False,
            },
            "enabled_cluster_log_types": ["api"],
            **TAGS,
        },
        {"version": "1.34", "enabled_cluster_log_types": ["api", "audit"], **CHANGED},
        {"name": "lifecycle-replaced"},
        held=True,
    ),
    Row(
        "aws:eks/addon:Addon",
        "addon",
        {"cluster_name": CLUSTER, "addon_name": "vpc-cni", "addon_version": "v1.20.3-eksbuild.1", **TAGS},
        {"addon_version": "v1.20.4-eksbuild.2", "configuration_values": '{"env":{}}', **CHANGED},
        {"addon_name": "kube-proxy", "addon_version": "v1.34.0-eksbuild.4"},
    ),
    Row(
        "aws:eks/accessEntry:AccessEntry",
        "entry",
        {"cluster_name": CLUSTER, "principal_arn": ROLE, **TAGS},
        {"kubernetes_groups": ["viewers"], **CHANGED},
        {"principal_arn": "${other-role.arn}"},
    ),
    Row(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "access",
        {
            "cluster_name": CLUSTER,
            "principal_arn": "${entry.principal_arn}",
            "policy_arn": f"{POLICIES}/AmazonEKSViewPolicy",
            "access_scope": {"type": "namespace", "namespaces": ["default"]},
        },
        {},
        {"access_scope": {"type": "namespace", "namespaces": ["default", "kube-system"]}},
        # The new scope has the same principal and policy, and the old one's end would be its own.
        options={"delete_before_replace": True},
    ),
    Row(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "identity",
        {
            "cluster_name": CLUSTER,
            "namespace": "kube-system",
            "service_account": "scaler",
            "role_arn": ROLE,
            **TAGS,
        },
        {"role_arn": "${other-role.arn}", **CHANGED},
        {"service_account": "autoscaler"},
    ),
    Row(
        "aws:eks/nodeGroup:NodeGroup",
        "nodes",
        {
            "cluster_name": CLUSTER,
            "node_role_arn": ROLE,
            "subnet_ids": SUBNETS,
            "scaling_config": {"min_size": 1, "desired_size": 1, "max_size": 2},
            "launch_template": {"id": "${template.id}", "version": "${template.latest_version}"},
            "instance_types": ["t3.large"],
            "labels": {"pool": "one"},
            "taints": [{"key": "pool", "value": "one", "effect": "NO_SCHEDULE"}],
            **TAGS,
        },
        {
            "scaling_config": {"min_size": 1, "desired_size": 1, "max_size": 3},
            "labels": {"pool": "two"},
            "taints": [],
            **CHANGED,
        },
        {"instance_types": ["t3.xlarge"]},
    ),
)
