"""Who may assume which role."""

import pytest

from planning.iam import service_trust, trust
from tests.unit.iam.simulator import ACCOUNT, assumes, scope

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{trust.GITHUB}"
WEB = "sts:AssumeRoleWithWebIdentity"


def pod(**changes):
    tags = {
        "eks-cluster-name": "prod",
        "kubernetes-namespace": "external-dns",
        "kubernetes-service-account": "external-dns",
        **changes,
    }
    keys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    document = trust.pod_trust(scope(), "external-dns", "external-dns")
    account = {"aws:SourceAccount": ACCOUNT, **keys}
    return assumes(document, "sts:AssumeRole", "pods.eks.amazonaws.com", **account)


def test_pods_of_one_service_account_assume_a_role():
    assert pod()


@pytest.mark.parametrize(
    "change",
    [
        {"eks-cluster-name": "dev"},
        {"kubernetes-namespace": "shop"},
        {"kubernetes-service-account": "default"},
    ],
)
def test_pods_of_another_do_not(change):
    """Incident: an association that anybody could make gave pods of a test cluster the role of DNS."""
    assert not pod(**change)


def test_pod_identity_may_tag_the_session():
    """Incident: without it no pod got credentials."""
    document = trust.pod_trust(scope(), "kube-system", "aws-node")
    assert '"sts:TagSession"' in document


def github(sub, branch=None, aud="sts.amazonaws.com", ref=None, provider=PROVIDER):
    document = trust.github_trust(scope(), PROVIDER, ["repo:owner/repository:environment:prod"], branch)
    claims = {f"{trust.GITHUB}:aud": aud, f"{trust.GITHUB}:sub": sub, f"{trust.GITHUB}:ref": ref}
    return assumes(document, WEB, provider, **claims)


def test_the_environment_of_the_repository_assumes():
    assert github("repo:owner/repository:environment:prod")
    assert github("repo:owner/repository:environment:prod", "main", ref="refs/heads/main")


@pytest.mark.parametrize(
    "sub",
    [
        "repo:owner/repository:environment:dev",
        "repo:owner/repository:environment:production",
        "repo:owner/repository:pull_request",
        "repo:owner/repository:ref:refs/heads/main",
        "repo:owner/repository-fork:environment:prod",
        "repo:stranger/repository:environment:prod",
        None,
    ],
)
def test_nothing_else_does(sub):
    """Incident: a trust policy with `repo:owner/*`, and a pull request to another repository deployed."""
    assert not github(sub)


def test_another_branch_does_not_deploy():
    """Incident: an environment without rules at GitHub deployed from whoever's branch."""
    sub = "repo:owner/repository:environment:prod"
    assert not github(sub, "main", ref="refs/heads/feature")
    assert not github(sub, "main", ref="refs/pull/1/merge")
    assert not github(sub, "main")


def test_a_token_for_somebody_else_is_no_use():
    """Incident: a token made for another service was passed on to AWS."""
    assert not github("repo:owner/repository:environment:prod", aud="https://github.com/owner")
    assert not github("repo:owner/repository:environment:prod", provider=f"{PROVIDER}.example.com")


def test_the_audience_in_china_is_its_own():
    document = trust.github_trust(scope("aws-cn"), PROVIDER, ["x"])
    assert '"sts.amazonaws.com.cn"' in document


def test_principals_are_those_of_the_partition():
    """Incident: EC2 in China is another principal, and no node came up."""
    assert trust.service_principal("aws", "ec2") == "ec2.amazonaws.com"
    assert trust.service_principal("aws-us-gov", "ec2") == "ec2.amazonaws.com"
    assert trust.service_principal("aws-cn", "ec2") == "ec2.amazonaws.com.cn"
    assert trust.service_principal("aws-cn", "eks") == "eks.amazonaws.com"


def test_a_service_assumes_its_role_only():
    assert assumes(service_trust("eks.amazonaws.com"), "sts:AssumeRole", "eks.amazonaws.com")
    assert not assumes(service_trust("eks.amazonaws.com"), "sts:AssumeRole", "ec2.amazonaws.com")
