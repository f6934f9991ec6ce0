"""aws-load-balancer-controller: load balancers of the cluster's Ingresses and Services.

Source: AWS Load Balancer Controller, docs/install/iam_policy.json. Where that asks for any value of the tag
elbv2.k8s.aws/cluster, or for none, the cluster's name is asked for, so that one cluster cannot touch the load
balancers of another. Left out: WAF Classic, which AWS has ended, Cognito and address pools. A
TargetGroupBinding to a target group that the controller did not make is not served.
"""

from __future__ import annotations

from planning.iam.documents import ANYTHING, Scope, Statement

CLUSTER = "elbv2.k8s.aws/cluster"
"""Tag that the controller gives everything it makes."""


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Return what it may do."""
    return (*_look(scope), *_security_groups(scope), *_load_balancers(scope), *_protection(scope))


def _look(scope: Scope) -> tuple[Statement, ...]:
    return (
        Statement(
            "Look",
            (
                "acm:ListCertificates",
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeAddresses",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcPeeringConnections",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeCapacityReservation",
                "elasticloadbalancing:DescribeListenerAttributes",
                "elasticloadbalancing:DescribeListenerCertificates",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeSSLPolicies",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "elasticloadbalancing:DescribeTrustStores",
                "iam:ListServerCertificates",
                "shield:GetSubscriptionState",
            ),
            ANYTHING,
        ),
        Statement(
            "LookAtCertificates",
            ("acm:DescribeCertificate", "iam:GetServerCertificate"),
            (scope.arn("acm", "certificate/*"), scope.iam("server-certificate/*")),
        ),
        Statement(
            "LookForSecurityGroups",
            ("ec2:GetSecurityGroupsForVpc",),
            scope.ec2("vpc"),
        ),
        Statement(
            "MakeTheServicesRole",
            ("iam:CreateServiceLinkedRole",),
            (scope.iam("role/aws-service-role/elasticloadbalancing.amazonaws.com/*"),),
            {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}},
        ),
    )


def _security_groups(scope: Scope) -> tuple[Statement, ...]:
    groups = scope.ec2("security-group")
    asked, ours = _asked(scope), _ours(scope)
    change = ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress")
    return (
        Statement("MakeSecurityGroups", ("ec2:CreateSecurityGroup",), groups, asked),
        Statement("MakeThemInAVpc", ("ec2:CreateSecurityGroup",), scope.ec2("vpc")),
        Statement(
            "TagNewSecurityGroups",
            ("ec2:CreateTags",),
            groups,
            {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup", **asked["StringEquals"]}},
        ),
        Statement(
            "TagSecurityGroups",
            ("ec2:CreateTags", "ec2:DeleteTags"),
            groups,
            {**ours, "Null": {f"aws:RequestTag/{CLUSTER}": "true"}},
        ),
        Statement("ChangeSecurityGroups", (*change, "ec2:DeleteSecurityGroup"), groups, ours),
        # Traffic from a load balancer has to be let into the nodes' group.
        Statement("OpenTheNodes", change, groups, scope.in_cluster()),
    )


def _load_balancers(scope: Scope) -> tuple[Statement, ...]:
    def arns(*kinds: str) -> list[str]:
        # A load balancer's name and id; its listener's beside them, its listener's rule's beside those.
        depth = {"loadbalancer": "*/*", "listener": "*/*/*", "listener-rule": "*/*/*/*"}
        return [
            scope.arn("elasticloadbalancing", f"{kind}/{family}/{depth[kind]}")
            for kind in kinds
            for family in ("app", "net")
        ]

    groups = scope.arn("elasticloadbalancing", "targetgroup/*/*")
    everything = [*arns("loadbalancer", "listener", "listener-rule"), groups]
    asked, ours = _asked(scope), _ours(scope)
    create = ("CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup")
    return (
        Statement(
            "MakeLoadBalancers",
            ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"),
            [*arns("loadbalancer"), groups],
            asked,
        ),
        Statement(
            "TagNewOnes",
            ("elasticloadbalancing:AddTags",),
            everything,
            {"StringEquals": {"elasticloadbalancing:CreateAction": list(create), **asked["StringEquals"]}},
        ),
        Statement(
            "Tag",
            ("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"),
            everything,
            {**ours, "Null": {f"aws:RequestTag/{CLUSTER}": "true"}},
        ),
        Statement(
            "ChangeLoadBalancers",
            (
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:ModifyCapacityReservation",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ),
            arns("loadbalancer"),
            ours,
        ),
        Statement(
            "ChangeListeners",
            (
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:RemoveListenerCertificates",
            ),
            arns("listener"),
            ours,
        ),
        Statement(
            "ChangeRules",
            (
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:SetRulePriorities",
            ),
            arns("listener-rule"),
            ours,
        ),
        Statement(
            "ChangeTargetGroups",
            (
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:RegisterTargets",
            ),
            (groups,),
            ours,
        ),
    )


def _protection(scope: Scope) -> tuple[Statement, ...]:
    balancers = scope.arn("elasticloadbalancing", "loadbalancer/app/*/*")
    return (
        Statement(
            "UseWebAcls",
            (
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
                "wafv2:GetWebACL",
                "wafv2:GetWebACLForResource",
            ),
            (scope.arn("wafv2", "regional/webacl/*/*"), balancers),
        ),
        Statement(
            "UseShield",
            ("shield:DeleteProtection", "shield:DescribeProtection"),
            (f"arn:{scope.partition}:shield::{scope.account}:protection/*",),
        ),
        # Neither takes a resource.
        Statement("Protect", ("elasticloadbalancing:SetWebAcl", "shield:CreateProtection"), ANYTHING),
    )


def _asked(scope: Scope) -> dict[str, dict[str, str]]:
    return {"StringEquals": {f"aws:RequestTag/{CLUSTER}": scope.cluster}}


def _ours(scope: Scope) -> dict[str, dict[str, str]]:
    return {"StringEquals": {f"aws:ResourceTag/{CLUSTER}": scope.cluster}}
