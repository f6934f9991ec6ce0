import pulumi

from components.github import GitHub, GitHubArgs
from planning.iam import boundary, document, reads, writes
from settings.github import GitHub as Settings
from tests.components.roles import TAGS, roles, scope, trust

REPOSITORY = Settings("owner/repository", "main", "prod", None)
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
ISSUER = "token.actions.githubusercontent.com"


def resources(record, github=REPOSITORY, partition="aws"):
    def build():
        made = GitHub("github", GitHubArgs(github, scope(partition), TAGS))
        return pulumi.Output.all(made.preview_role_arn, made.deploy_role_arn)

    return record(build)


def claims(role):
    statement = trust(role)
    assert statement["Principal"] == {"Federated": PROVIDER}
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert statement["Condition"].keys() == {"StringEquals"}  # no pattern
    return statement["Condition"]["StringEquals"]


def policies(made):
    return {r.name: r.inputs for r in made if r.type == "aws:iam/policy:Policy"}


def attached(made, role):
    prefix = f"github-{role}-"
    kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    return {r.name.removeprefix(prefix) for r in made if r.type == kind and r.name.startswith(prefix)}


def test_deploy_is_pinned_to_repository_environment_and_branch(record):
    """Incident: a trust policy with `repo:owner/*`, and a pull request to another repository deployed."""
    assert claims(roles(resources(record))["github-deploy"]) == {
        f"{ISSUER}:aud": "sts.amazonaws.com",
        f"{ISSUER}:sub": ["repo:owner/repository:environment:prod"],
        f"{ISSUER}:ref": "refs/heads/main",
    }


def test_preview_is_pinned_to_repository_and_pull_requests_or_branch(record):
    assert claims(roles(resources(record))["github-preview"]) == {
        f"{ISSUER}:aud": "sts.amazonaws.com",
        f"{ISSUER}:sub": [
            "repo:owner/repository:pull_request",
            "repo:owner/repository:ref:refs/heads/main",
        ],
    }


def test_preview_reads_and_deploy_reads_and_writes(record):
    """Incident: a pull request from a fork ran with a role that could write."""
    made = resources(record)
    assert attached(made, "preview") == {"read"}
    assert attached(made, "deploy") == {"read", *writes.policies(scope())}
    documents = {name: policy["policy"] for name, policy in policies(made).items()}
    assert documents.pop("github-boundary") == document(boundary.github(scope()))
    assert documents.pop("github-read") == document(reads.statements(scope()))
    assert documents == {f"github-{k}": document(s) for k, s in writes.policies(scope()).items()}


def test_roles_and_policies_are_where_the_deploy_role_does_not_reach(record):
    """Incident: a pull request gave the deploy role administrator rights, and deployed that."""
    made = resources(record)
    guarded = [*roles(made).values(), *policies(made).values()]
    assert {inputs["path"] for inputs in guarded} == {"/prod/guard/"}
    reach = [
        arn for statements in writes.policies(scope()).values() for s in statements for arn in s.resources
    ]
    assert not any("guard" in arn or arn.endswith(("role/*", "policy/*")) for arn in reach)


def test_both_roles_have_the_boundary(record):
    for role in roles(resources(record)).values():
        assert role["permissionsBoundary"] == "arn:aws:iam::111122223333:policy/made"
        assert role["tags"] == TAGS


def test_names_are_known_before_the_roles_are(record):
    """Workflows and access entries name them."""
    names = {role["name"] for role in roles(resources(record)).values()}
    assert names == {"prod-github-preview", "prod-github-deploy"}


def test_the_accounts_provider_is_used_if_there_is_one(record):
    """An account can have one provider per issuer. Incident: the second stack could not be made."""
    made = resources(record, Settings("owner/repository", "main", "prod", PROVIDER))
    assert not [r for r in made if r.type == "aws:iam/openIdConnectProvider:OpenIdConnectProvider"]
    assert claims(roles(made)["github-deploy"])
    (own,) = [
        r.inputs for r in resources(record) if r.type == "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    ]
    assert own["url"] == f"https://{ISSUER}"
    assert own["clientIdLists"] == ["sts.amazonaws.com"]
