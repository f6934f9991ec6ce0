"""Settings of the GitHub repository whose workflows preview and deploy."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planning import config_values
from planning.config_reader import Reader

_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[\w.-]{1,100}")
_ENVIRONMENT = re.compile(r"[\w.-]{1,255}")
_PROVIDER = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:oidc-provider/token\.actions\.githubusercontent\.com"
)
_LONGEST_NAME = 64 - len("-github-preview")
"""IAM User Guide, "IAM and AWS STS quotas": 64 characters a role's name."""


@dataclass(frozen=True)
class GitHub:
    """Which workflows are trusted."""

    repository: str
    """OWNER/REPOSITORY."""
    branch: str
    """The only branch that deploys."""
    environment: str
    """The only environment at GitHub from which workflows deploy."""
    provider_arn: str | None
    """The account's OIDC provider for GitHub, of which there can be one only; made here if None."""


def read(reader: Reader, environment: str, cluster: str) -> GitHub | None:
    """Read GitHub's keys; None without a repository. The environment is the stack's unless given."""
    repository = reader.text("githubRepository")
    provider = reader.text("githubOidcProviderArn")
    github = GitHub(
        repository=repository,
        branch=config_values.revision(reader, "githubDeployBranch"),
        environment=reader.text("githubEnvironment") or environment,
        provider_arn=provider or None,
    )
    if not _ENVIRONMENT.fullmatch(github.environment):
        # A colon in it would end a subject early, and a wildcard is one for IAM, too.
        reader.refuse("githubEnvironment", "is not the name of an environment", "Use letters, digits and ._-")
    if provider and not _PROVIDER.fullmatch(provider):
        reader.refuse(
            "githubOidcProviderArn",
            "is not the ARN of GitHub's OIDC provider",
            "Use e.g. arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        )
    if not repository:
        if provider:
            reader.refuse("githubOidcProviderArn", "stands without githubRepository", "Set both, or none")
        return None
    if not _REPOSITORY.fullmatch(repository):
        reader.refuse("githubRepository", "is not a repository at GitHub", "Use OWNER/REPOSITORY")
    if len(cluster) > _LONGEST_NAME:
        remedy = f"Use at most {_LONGEST_NAME} characters"
        reader.refuse("clusterName", "is too long for the names of GitHub's roles", remedy)
    return github
