"""What no role may ever do, even with a policy that allows everything."""

import pytest

from planning.iam import Statement, boundary, reads, writes
from tests.unit.iam.simulator import ACCOUNT, Role, scope

EVERYTHING = (Statement("Everything", ("*",), ("*",)),)
PLATFORM_ROLE = f"arn:aws:iam::{ACCOUNT}:role/prod/platform/node-1"


def platform():
    return Role(EVERYTHING, boundary.platform(scope()))


def github():
    return Role(EVERYTHING, boundary.github(scope()))


@pytest.mark.parametrize("make", [platform, github])
@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:AttachUserPolicy",
        "iam:DeleteRolePermissionsBoundary",
        "organizations:LeaveOrganization",
        "account:CloseAccount",
        "cloudtrail:StopLogging",
        "sts:AssumeRole",
        "s3:GetObject",
    ],
)
def test_no_role_leaves_its_place(make, action):
    """Incident: a stolen role made itself a user, and was still there a year later."""
    assert not make().may(action, "*")


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "ec2:DeleteFlowLogs",
        "ec2:ModifyInstanceMetadataOptions",
        "ec2:ModifySnapshotAttribute",
        "kms:ScheduleKeyDeletion",
        "kms:DisableKey",
        "eks:CreateAccessEntry",
        "ssm:SendCommand",
    ],
)
def test_what_runs_in_the_cluster_neither_hides_nor_grows(action):
    """Incident: the first thing that the intruder's pod did was to delete the audit log."""
    assert not platform().may(action, PLATFORM_ROLE)


def test_nodes_read_no_parameters():
    """AmazonSSMManagedInstanceCore reads every parameter of the account.
    Incident: the database's password, in Parameter Store, was open to every node."""
    parameter = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/database/password"
    for action in ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"):
        assert not platform().may(action, parameter)
    assert platform().may("ssm:GetParameter", "arn:aws:ssm:eu-west-1::parameter/aws/service/eks/x")


@pytest.mark.parametrize(
    "action",
    [
        "ec2:DescribeInstances",
        "ecr:BatchGetImage",
        "eks:DescribeCluster",
        "eks-auth:AssumeRoleForPodIdentity",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ec2messages:GetMessages",
        "elasticloadbalancing:DescribeLoadBalancers",
        "autoscaling:UpdateAutoScalingGroup",
        "kms:DescribeKey",
        "iam:CreateServiceLinkedRole",
        "logs:PutLogEvents",
    ],
)
def test_what_the_managed_policies_give_stays(action):
    """Incident: a node with a boundary that lacked eks-auth, and pods without credentials."""
    assert platform().may(action, "*")


def test_a_platform_role_is_passed_to_nodes_only():
    """EKS Auto Mode gives nodes their role. Incident: PassRole on everything is every role."""
    to_ec2 = {"iam:PassedToService": "ec2.amazonaws.com"}
    assert platform().may("iam:PassRole", PLATFORM_ROLE, keys=to_ec2)
    assert not platform().may(
        "iam:PassRole", PLATFORM_ROLE, keys={"iam:PassedToService": "lambda.amazonaws.com"}
    )
    assert not platform().may("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", keys=to_ec2)


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:iam::{ACCOUNT}:role/prod/guard/prod-github-deploy",
        f"arn:aws:iam::{ACCOUNT}:role/prod/guard/prod-github-preview",
        f"arn:aws:iam::{ACCOUNT}:policy/prod/guard/prod-boundary",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
        f"arn:aws:iam::{ACCOUNT}:role/dev/platform/node-1",
        f"arn:aws:iam::{ACCOUNT}:role/admin",
    ],
)
def test_github_changes_neither_itself_nor_the_boundary_nor_others(resource):
    """Incident: a pull request gave the deploy role administrator rights, and deployed that."""
    bound = {"iam:PermissionsBoundary": boundary.arn(scope())}
    for action in (
        *boundary.GITHUB_IAM,
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ):
        assert not github().may(action, resource, keys=bound)


def test_github_makes_no_role_without_the_boundary():
    """Incident: the deploy role made a role with all rights and had a pod use it."""
    bound = {"iam:PermissionsBoundary": boundary.arn(scope())}
    other = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary"):
        assert github().may(action, PLATFORM_ROLE, keys=bound)
        assert not github().may(action, PLATFORM_ROLE, keys=other)
        assert not github().may(action, PLATFORM_ROLE)


def test_the_boundary_takes_away_nothing_that_github_needs():
    limit = Role(boundary.github(scope()))
    bound = {"iam:PermissionsBoundary": boundary.arn(scope())}
    needed = [s for statements in writes.policies(scope()).values() for s in statements]
    for statement in (*reads.statements(scope()), *needed):
        for action in statement.actions:
            assert limit.may(action, statement.resources[0], keys=bound), action
