"""Permissions boundaries: what a role may never do, whatever policy it is given.

A boundary grants nothing: a role may do what both its policies and its boundary allow
(IAM User Guide, "Permissions boundaries for IAM entities"). So it may name a service's actions as a whole.
"""

from __future__ import annotations

from planning.iam.documents import ANYTHING, Scope, Statement
from planning.iam.trust import service_principal

#: Services that roles of the platform call, those of the AWS-managed policies included.
PLATFORM_SERVICES = (
    "acm",
    "autoscaling",
    "ec2",
    "ec2messages",
    "ecr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "logs",
    "route53",
    "secretsmanager",
    "shield",
    "ssm",
    "ssmmessages",
    "wafv2",
)
#: All of IAM that they may: the roles of services, instance profiles in EKS Auto Mode
#: (AWS Managed Policy Reference, "AmazonEKSComputePolicy"), certificates for listeners.
PLATFORM_IAM = (
    "iam:AddRoleToInstanceProfile",
    "iam:CreateInstanceProfile",
    "iam:CreateServiceLinkedRole",
    "iam:DeleteInstanceProfile",
    "iam:GetInstanceProfile",
    "iam:GetServerCertificate",
    "iam:ListInstanceProfiles",
    "iam:ListServerCertificates",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:TagInstanceProfile",
)
#: All of KMS that they may: AmazonEKSClusterPolicy looks at the key of the Secrets; everything that uses a
#: key does so through a grant or another service.
PLATFORM_KMS = ("kms:DescribeKey",)
#: What hides what happened, weakens what runs, or takes data out of the account.
NEVER = (
    "ec2:AcceptVpcPeeringConnection",
    "ec2:CreateVpcPeeringConnection",
    "ec2:DeleteFlowLogs",
    "ec2:DisableEbsEncryptionByDefault",
    "ec2:ModifyImageAttribute",
    "ec2:ModifyInstanceMetadataDefaults",
    "ec2:ModifyInstanceMetadataOptions",
    "ec2:ModifySnapshotAttribute",
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "eks:CreatePodIdentityAssociation",
    "eks:DeleteCluster",
    "eks:UpdateAccessEntry",
    "eks:UpdateClusterConfig",
    "eks:UpdatePodIdentityAssociation",
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:PutResourcePolicy",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutResourcePolicy",
    "ssm:SendCommand",
    "ssm:StartSession",
)
#: Parameter Store, where many keep secrets: AmazonSSMManagedInstanceCore reads all of it.
PARAMETERS = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")

#: Services that GitHub's roles call: those of the resources that Pulumi makes.
GITHUB_SERVICES = ("ec2", "eks", "kms", "logs")
#: All of IAM that they may, on the platform's roles and no others.
GITHUB_IAM = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PassRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
GITHUB_IAM_READS = (
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListOpenIDConnectProviders",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
)


def arn(scope: Scope) -> str:
    """Return the ARN of the boundary of every role that the platform runs with."""
    return scope.iam(f"policy{scope.guard_path}{name(scope)}")


def name(scope: Scope) -> str:
    """Return its name, which is fixed, because other policies name it."""
    return f"{scope.cluster}-boundary"


def platform(scope: Scope) -> tuple[Statement, ...]:
    """Return the boundary of the roles of cluster, nodes and workloads."""
    return (
        Statement("Services", _all_of(PLATFORM_SERVICES), ANYTHING),
        Statement("LittleOfOthers", (*PLATFORM_IAM, *PLATFORM_KMS), ANYTHING),
        # EKS Auto Mode hands its nodes their role.
        Statement(
            "PassOwnRoles",
            ("iam:PassRole",),
            (scope.iam(f"role{scope.role_path}*"),),
            {"StringEquals": {"iam:PassedToService": service_principal(scope.partition, "ec2")}},
        ),
        Statement("Never", NEVER, ANYTHING, effect="Deny"),
        # AWS's own ones, in no account, remain: images of nodes for example.
        Statement("NoParameters", PARAMETERS, (scope.arn("ssm", "parameter/*"),), effect="Deny"),
    )


def github(scope: Scope) -> tuple[Statement, ...]:
    """Return the boundary of GitHub's roles, which make and change what the platform consists of."""
    roles = scope.iam(f"role{scope.role_path}*")
    guards = tuple(scope.iam(f"{kind}{scope.guard_path}*") for kind in ("role", "policy"))
    return (
        Statement("Services", _all_of(GITHUB_SERVICES), ANYTHING),
        Statement("ReadIam", GITHUB_IAM_READS, ANYTHING),
        Statement("OwnRoles", GITHUB_IAM, (roles,)),
        Statement("ServiceRoles", ("iam:CreateServiceLinkedRole",), ANYTHING),
        Statement(
            # A role without the boundary could be given anything, and then be used by a pod.
            "OnlyBoundRoles",
            ("iam:CreateRole", "iam:PutRolePermissionsBoundary"),
            ANYTHING,
            {"ArnNotEquals": {"iam:PermissionsBoundary": arn(scope)}},
            effect="Deny",
        ),
        Statement("NotTheGuards", GITHUB_IAM, guards, effect="Deny"),
    )


def _all_of(services: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{service}:*" for service in services)
