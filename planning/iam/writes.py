"""What GitHub's deploy role may do beside reading: create, change and delete what a stack consists of.

Sources: the create, update and delete functions of the Terraform AWS provider behind pulumi-aws; Service
Authorization Reference for which action takes which resource and condition. What is made must get the tags of
the stack, and what is changed must have them; what has no tags has the cluster's name in its ARN.
"""

from __future__ import annotations

from collections.abc import Iterable

from planning.iam import boundary
from planning.iam.documents import ANYTHING, Scope, Statement
from planning.iam.managed import managed_policy_arn
from planning.iam.reads import log_groups
from planning.iam.trust import service_principal

#: What is made in nothing else: action -> kind.
EC2_ALONE = {
    "AllocateAddress": "elastic-ip",
    "CreateInternetGateway": "internet-gateway",
    "CreateLaunchTemplate": "launch-template",
    "CreateVpc": "vpc",
}
#: What is made in a VPC, and has others made in it.
EC2_WITHIN = {
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
}
#: What is made in or between several.
EC2_BETWEEN = {
    "CreateFlowLogs": "vpc-flow-log",
    "CreateNatGateway": "natgateway",
    "CreateVpcEndpoint": "vpc-endpoint",
}
#: Rules are made in a security group, which is what decides.
EC2_RULES = {
    "AuthorizeSecurityGroupEgress": "security-group-rule",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
    "ModifySecurityGroupRules": "security-group-rule",
}
EC2_PARENTS = ("elastic-ip", "route-table", "security-group", "subnet", "vpc")
EC2_CHANGE = (
    "AssociateRouteTable",
    "AssociateVpcCidrBlock",
    "AttachInternetGateway",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateLaunchTemplateVersion",
    "CreateRoute",
    "DeleteFlowLogs",
    "DeleteInternetGateway",
    "DeleteLaunchTemplate",
    "DeleteLaunchTemplateVersions",
    "DeleteNatGateway",
    "DeleteRoute",
    "DeleteRouteTable",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteVpc",
    "DeleteVpcEndpoints",
    "DetachInternetGateway",
    "DisassociateRouteTable",
    "DisassociateVpcCidrBlock",
    "ModifyLaunchTemplate",
    "ModifySecurityGroupRules",
    "ModifySubnetAttribute",
    "ModifyVpcAttribute",
    "ModifyVpcEndpoint",
    "ReleaseAddress",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)
EKS_CHANGE: dict[str, tuple[str, ...]] = {
    "access-entry": (
        "AssociateAccessPolicy",
        "DeleteAccessEntry",
        "DisassociateAccessPolicy",
        "UpdateAccessEntry",
    ),
    "addon": ("DeleteAddon", "UpdateAddon"),
    "cluster": (
        "AssociateEncryptionConfig",
        "CreateAccessEntry",
        "CreateAddon",
        "CreateNodegroup",
        "CreatePodIdentityAssociation",
        "DeleteCluster",
        "UpdateClusterConfig",
        "UpdateClusterVersion",
    ),
    "nodegroup": ("DeleteNodegroup", "UpdateNodegroupConfig", "UpdateNodegroupVersion"),
    "podidentityassociation": ("DeletePodIdentityAssociation", "UpdatePodIdentityAssociation"),
}
#: AWS-managed policies that roles of the platform may be given.
ATTACHABLE = ("AmazonEKS*", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
#: To whom roles of the platform may be handed, beside EC2: control plane, workloads, flow logs.
PASSED_TO = ("eks.amazonaws.com", "pods.eks.amazonaws.com", "vpc-flow-logs.amazonaws.com")
#: Services that make their own role when they are first used (Amazon EKS User Guide, "Using service-linked
#: roles for Amazon EKS").
SERVICE_LINKED = (
    "autoscaling.amazonaws.com",
    "eks.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "spot.amazonaws.com",
)


def policies(scope: Scope) -> dict[str, tuple[Statement, ...]]:
    """Return what a deployment may do beside `reads.statements`, by name of the policy: one alone would be
    larger than IAM takes (IAM User Guide, "IAM and AWS STS quotas": 6,144 characters a managed policy)."""
    return {
        "create-network": create_network(scope),
        "change-network": change_network(scope),
        "cluster": (*cluster(scope), *keys_and_logs(scope)),
        "identity": identity(scope),
    }


def create_network(scope: Scope) -> tuple[Statement, ...]:
    """Return the statements for what is made in EC2."""
    # Three groups, so that no action is allowed on what it only makes something in: with the tags asked for,
    # a request to make a NAT gateway in somebody else's subnet would pass for one to make a subnet.
    groups = {"Alone": EC2_ALONE, "Within": EC2_WITHIN, "Between": EC2_BETWEEN}
    make = [
        Statement(f"Make{name}", _ec2(group), scope.ec2(*sorted(group.values())), scope.asked())
        for name, group in groups.items()
    ]
    within = Statement(
        "MakeInOwn", _ec2({**EC2_WITHIN, **EC2_BETWEEN}), scope.ec2(*EC2_PARENTS), scope.owned()
    )
    everything = {**EC2_ALONE, **EC2_WITHIN, **EC2_BETWEEN, **EC2_RULES}
    tag = Statement(
        "TagNew",
        ("ec2:CreateTags",),
        scope.ec2(*sorted(set(everything.values()))),
        {"StringEquals": {"ec2:CreateAction": sorted(everything)}},
    )
    return (*make, within, tag)


def change_network(scope: Scope) -> tuple[Statement, ...]:
    """Return the statements for what is changed or deleted in EC2, and for nodes."""
    kinds = sorted({*EC2_ALONE.values(), *EC2_WITHIN.values(), *EC2_BETWEEN.values(), "security-group-rule"})
    launched = {"ArnLike": {"ec2:LaunchTemplate": scope.arn("ec2", "launch-template/*")}}
    images = f"arn:{scope.partition}:ec2:{scope.region}::image/*"
    stack = next(iter(scope.owned()["StringEquals"]))
    return (
        Statement("MakeRules", _ec2(EC2_RULES), scope.ec2("security-group-rule")),
        Statement("ChangeOwn", _ec2(EC2_CHANGE), scope.ec2(*kinds), scope.owned()),
        Statement("TagOwn", ("ec2:CreateTags", "ec2:DeleteTags"), scope.ec2(*kinds), scope.owned()),
        Statement(
            # The default security group comes with the VPC, untagged, and is closed once it has the tags.
            "TakeDefaultGroup",
            ("ec2:CreateTags",),
            scope.ec2("security-group"),
            {**scope.asked(), "Null": {stack: "true"}},
        ),
        # EKS tries with the caller's rights whether nodes can be launched with a template
        # (Amazon EKS User Guide, "Customize managed nodes with launch templates").
        Statement("LaunchOwn", ("ec2:RunInstances",), scope.ec2("launch-template"), scope.owned()),
        Statement(
            "LaunchNodes",
            ("ec2:RunInstances",),
            (
                *scope.ec2("instance", "network-interface", "security-group", "subnet", "volume"),
                images,
            ),
            launched,
        ),
    )


def cluster(scope: Scope) -> tuple[Statement, ...]:
    """Return the statements for EKS: all of it is under the cluster's name."""
    arns = {kind: scope.arn("eks", f"{kind}/{scope.cluster}/*") for kind in EKS_CHANGE}
    arns["cluster"] = scope.arn("eks", f"cluster/{scope.cluster}")
    actions = {f"eks:{action}" for group in EKS_CHANGE.values() for action in group}
    return (
        Statement("MakeCluster", ("eks:CreateCluster",), ANYTHING, scope.asked()),
        Statement("ManageEks", sorted({*actions, "eks:TagResource", "eks:UntagResource"}), [*arns.values()]),
    )


def identity(scope: Scope) -> tuple[Statement, ...]:
    """Return the statements for IAM: roles of the platform only, none without its boundary."""
    roles = (scope.iam(f"role{scope.role_path}*"),)
    bound = {"ArnEquals": {"iam:PermissionsBoundary": boundary.arn(scope)}}
    attachable = [managed_policy_arn(scope.partition, policy) for policy in ATTACHABLE]
    passed_to = [service_principal(scope.partition, "ec2"), *PASSED_TO]
    return (
        Statement(
            "MakeBoundRoles",
            (
                "iam:CreateRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy",
            ),
            roles,
            bound,
        ),
        Statement(
            "AttachPolicies",
            ("iam:AttachRolePolicy",),
            roles,
            {**bound, "ArnLike": {"iam:PolicyARN": attachable}},
        ),
        Statement(
            "ChangeRoles",
            (
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ),
            roles,
        ),
        Statement(
            "PassRoles", ("iam:PassRole",), roles, {"StringEquals": {"iam:PassedToService": passed_to}}
        ),
        Statement(
            "MakeServiceRoles",
            ("iam:CreateServiceLinkedRole",),
            [scope.iam(f"role/aws-service-role/{service}/*") for service in SERVICE_LINKED],
            {"StringEquals": {"iam:AWSServiceName": list(SERVICE_LINKED)}},
        ),
    )


def keys_and_logs(scope: Scope) -> tuple[Statement, ...]:
    """Return the statements for KMS and CloudWatch Logs."""
    keys = (scope.arn("kms", "key/*"),)
    aliases = (scope.arn("kms", f"alias/eks/{scope.cluster}*"),)
    change_alias = ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias")
    stack = next(iter(scope.owned()["StringEquals"]))
    return (
        Statement("MakeKeys", ("kms:CreateKey",), ANYTHING, scope.asked()),
        Statement("TagNewKeys", ("kms:TagResource",), keys, {**scope.asked(), "Null": {stack: "true"}}),
        Statement(
            "ChangeKeys",
            (
                *change_alias,
                "kms:CreateGrant",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ),
            keys,
            scope.owned(),
        ),
        Statement("NameKeys", change_alias, aliases),
        Statement(
            "ManageLogs",
            (
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                "logs:TagResource",
                "logs:UntagResource",
            ),
            log_groups(scope),
        ),
    )


def _ec2(actions: Iterable[str]) -> list[str]:
    return sorted(f"ec2:{action}" for action in actions)
