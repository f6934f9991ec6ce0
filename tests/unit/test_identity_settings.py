"""Settings of workloads and of GitHub: what is missing or vague is refused, never taken as everything."""

import pytest

from planning.iam.workloads import CONTROLLERS, Reach
from settings import parse
from tests.unit.test_settings import VALID, refused

PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"


def test_by_default_every_workload_but_dns_has_a_role():
    identity = parse(VALID, "dev").identity
    assert set(identity.workloads) == CONTROLLERS.keys() - {"external-dns"}
    assert identity.addons == ("vpc-cni", "aws-ebs-csi-driver")
    assert identity.reach == Reach((), ("gitops-platform-dev/",))


def test_external_dns_has_a_role_where_zones_are_named():
    """Incident: no zone meant every zone."""
    identity = parse({**VALID, "hostedZoneIds": ["Z0123456789ABC"]}, "dev").identity
    assert "external-dns" in identity.workloads
    assert identity.reach.hosted_zone_ids == ("Z0123456789ABC",)


def test_secrets_are_those_of_the_cluster_unless_named():
    parsed = parse({**VALID, "clusterName": "shop", "secretPrefixes": ["shop/", "shared/tls-"]}, "dev")
    assert parsed.identity.reach.secret_prefixes == ("shop/", "shared/tls-")


def test_without_a_repository_nobody_at_github_is_trusted():
    assert parse(VALID, "dev").github is None


def test_the_environment_at_github_is_the_stacks_unless_named():
    github = parse({**VALID, "githubRepository": "owner/repository"}, "dev").github
    assert github is not None
    assert (github.branch, github.environment, github.provider_arn) == ("main", "dev", None)
    named = {"githubEnvironment": "live", "githubOidcProviderArn": PROVIDER, "githubDeployBranch": "release"}
    github = parse({**VALID, "githubRepository": "owner/repository", **named}, "dev").github
    assert github is not None
    assert (github.branch, github.environment, github.provider_arn) == ("release", "live", PROVIDER)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"workloads": ["external-dn"]}, "external-dn is not a workload that has a policy"),
        ({"workloads": ["cluster-autoscaler", "cluster-autoscaler"]}, "names one twice"),
        ({"hostedZoneIds": ["example.com"]}, "example.com is not the id of a hosted zone"),
        ({"hostedZoneIds": ["*"]}, "* is not the id of a hosted zone"),
        ({"workloads": [], "hostedZoneIds": ["Z1234"]}, "is for external-dns, which workloads leaves out"),
        ({"secretPrefixes": [""]}, "'' is not the beginning of a secret's name"),
        ({"secretPrefixes": ["*"]}, "'*' is not the beginning of a secret's name"),
        ({"secretPrefixes": ["shop/", "s?"]}, "'s?' is not the beginning of a secret's name"),
        ({"workloads": [], "secretPrefixes": ["a/"]}, "is for external-secrets, which workloads leaves out"),
        ({"githubRepository": "repository"}, "githubRepository = repository: is not a repository at GitHub"),
        ({"githubRepository": "owner/*"}, "githubRepository = owner/*: is not a repository at GitHub"),
        ({"githubRepository": "https://github.com/o/r"}, "is not a repository at GitHub"),
        ({"githubDeployBranch": "*"}, "githubDeployBranch = *: is not a branch"),
        ({"githubEnvironment": "prod:ref:main"}, "is not the name of an environment"),
        ({"githubEnvironment": "prod*"}, "is not the name of an environment"),
        ({"githubOidcProviderArn": PROVIDER}, "stands without githubRepository"),
        ({"githubOidcProviderArn": "arn:aws:iam::1:oidc-provider/x"}, "is not the ARN of GitHub's OIDC"),
        ({"githubRepository": "o/r", "clusterName": "c" * 50}, "too long for the names of GitHub's roles"),
    ],
)
def test_a_mistake_is_named(values, message):
    """Incident: a wildcard in a setting became one in a policy."""
    assert message in refused(**values)
