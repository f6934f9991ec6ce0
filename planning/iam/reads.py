"""What GitHub's preview role may do: what the providers read to compare a stack with its plan.

Sources: the read functions of the Terraform AWS provider behind pulumi-aws; Service Authorization Reference
for which action takes which resource.
"""

from __future__ import annotations

from collections.abc import Mapping

from planning.iam.documents import ANYTHING, Scope, Statement

#: Pulumi's types -> what is read of them; the same for a look-up (invoke) of that kind.
EC2: Mapping[str, tuple[str, ...]] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("ec2:DescribeSecurityGroups",),
    "aws:ec2/eip:Eip": ("ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"),
    "aws:ec2/flowLog:FlowLog": ("ec2:DescribeFlowLogs",),
    "aws:ec2/internetGateway:InternetGateway": ("ec2:DescribeInternetGateways",),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeLaunchTemplateVersions",
    ),
    "aws:ec2/natGateway:NatGateway": ("ec2:DescribeNatGateways",),
    "aws:ec2/route:Route": ("ec2:DescribeRouteTables",),
    "aws:ec2/routeTable:RouteTable": ("ec2:DescribeRouteTables",),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("ec2:DescribeRouteTables",),
    "aws:ec2/securityGroup:SecurityGroup": ("ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"),
    "aws:ec2/securityGroupRule:SecurityGroupRule": (
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSecurityGroupRules",
    ),
    "aws:ec2/subnet:Subnet": ("ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces"),
    "aws:ec2/tag:Tag": ("ec2:DescribeTags",),
    "aws:ec2/vpc:Vpc": (
        "ec2:DescribeVpcs",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribePrefixLists",
        "ec2:DescribeVpcEndpointServices",
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ("ec2:DescribeVpcs",),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("ec2:DescribeSecurityGroupRules",),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("ec2:DescribeSecurityGroupRules",),
    "aws:index/getAvailabilityZones:getAvailabilityZones": ("ec2:DescribeAvailabilityZones",),
}
EKS: Mapping[str, tuple[str, ...]] = {
    "aws:eks/accessEntry:AccessEntry": ("eks:DescribeAccessEntry",),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": ("eks:ListAssociatedAccessPolicies",),
    "aws:eks/addon:Addon": ("eks:DescribeAddon", "eks:DescribeUpdate"),
    "aws:eks/cluster:Cluster": ("eks:DescribeCluster", "eks:DescribeUpdate"),
    "aws:eks/nodeGroup:NodeGroup": ("eks:DescribeNodegroup", "eks:DescribeUpdate"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        "eks:DescribePodIdentityAssociation",
        "eks:ListPodIdentityAssociations",
    ),
}
IAM: Mapping[str, tuple[str, ...]] = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("iam:GetOpenIDConnectProvider",),
    "aws:iam/policy:Policy": ("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"),
    "aws:iam/role:Role": ("iam:GetRole", "iam:ListInstanceProfilesForRole"),
    "aws:iam/rolePolicy:RolePolicy": ("iam:GetRolePolicy", "iam:ListRolePolicies"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("iam:ListAttachedRolePolicies",),
}
KMS: Mapping[str, tuple[str, ...]] = {
    "aws:kms/alias:Alias": ("kms:ListAliases",),
    "aws:kms/key:Key": (
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
    ),
}
LOGS: Mapping[str, tuple[str, ...]] = {
    "aws:cloudwatch/logGroup:LogGroup": ("logs:DescribeLogGroups", "logs:ListTagsForResource"),
}


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Return what a preview may do: it changes nothing, and reads no data."""
    cluster = scope.cluster
    return (
        Statement("ReadEc2", sorted(_actions(EC2)), ANYTHING),
        # Of a VPC's attributes the provider asks one by one.
        Statement("ReadVpcs", ("ec2:DescribeVpcAttribute",), scope.ec2("vpc")),
        Statement(
            "ReadEks",
            sorted(_actions(EKS)),
            [
                scope.arn("eks", f"cluster/{cluster}"),
                *(
                    scope.arn("eks", f"{kind}/{cluster}/*")
                    for kind in ("access-entry", "addon", "nodegroup", "podidentityassociation")
                ),
            ],
        ),
        Statement("ReadVersions", ("eks:DescribeAddonVersions", "eks:DescribeClusterVersions"), ANYTHING),
        Statement(
            "ReadIam",
            sorted(_actions(IAM)),
            [
                *(scope.iam(f"role{path}*") for path in (scope.role_path, scope.guard_path)),
                scope.iam(f"policy{scope.guard_path}*"),
                scope.iam("oidc-provider/token.actions.githubusercontent.com"),
            ],
        ),
        Statement("ReadAliases", ("kms:ListAliases",), ANYTHING),
        Statement(
            "ReadKeys",
            sorted(_actions(KMS) - {"kms:ListAliases"}),
            (scope.arn("kms", "key/*"),),
            scope.owned(),
        ),
        Statement("ListLogGroups", ("logs:DescribeLogGroups",), ANYTHING),
        Statement("ReadLogGroups", ("logs:ListTagsForResource",), log_groups(scope)),
    )


def log_groups(scope: Scope) -> tuple[str, ...]:
    """Return the ARNs of the log groups of the control plane and of the VPC."""
    return tuple(scope.arn("logs", f"log-group:/aws/{part}/{scope.cluster}/*") for part in ("eks", "vpc"))


def _actions(types: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {action for actions in types.values() for action in actions}
