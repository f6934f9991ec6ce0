"""Roles for the workflows of one GitHub repository: preview, which reads, and deploy, which changes.

Not managed here: the workflows, the environment and its rules at GitHub, access to the state's backend,
access to the cluster (an access entry with the deploy role's ARN).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

import settings.github
from components.roles import RoleArgs, make_role
from planning.iam import Scope, Statement, boundary, document, reads, trust, writes


@dataclass(frozen=True)
class GitHubArgs:
    """Arguments of `GitHub`."""

    github: settings.github.GitHub
    """The repository, the branch and the environment that are trusted."""
    scope: Scope
    """Partition, account, region and cluster that the policies name."""
    tags: Mapping[str, str]
    """Tags of every resource."""


class GitHub(pulumi.ComponentResource):
    """The two roles. Neither may change itself, the other or a boundary: that takes an administrator."""

    preview_role_arn: pulumi.Output[str]
    deploy_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: GitHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:github:GitHub", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        provider = pulumi.Output.from_input(args.github.provider_arn or self._oidc_provider().arn)
        self._boundary_arn = self._policy(
            "boundary", "What no GitHub role may ever do", boundary.github(args.scope)
        )
        read = self._policy("read", "Preview", reads.statements(args.scope))
        write = {
            key: self._policy(key, f"Deploy: {key}", statements)
            for key, statements in writes.policies(args.scope).items()
        }
        scope, github = args.scope, args.github
        repository = f"repo:{github.repository}"
        preview = [f"{repository}:pull_request", f"{repository}:ref:refs/heads/{github.branch}"]
        deploy = [f"{repository}:environment:{github.environment}"]
        self.preview_role_arn = self._role(
            "preview", provider.apply(lambda arn: trust.github_trust(scope, arn, preview)), {"read": read}
        )
        self.deploy_role_arn = self._role(
            "deploy",
            provider.apply(lambda arn: trust.github_trust(scope, arn, deploy, github.branch)),
            {"read": read, **write},
        )
        self.register_outputs(
            {"preview_role_arn": self.preview_role_arn, "deploy_role_arn": self.deploy_role_arn}
        )

    def _oidc_provider(self) -> aws.iam.OpenIdConnectProvider:
        return aws.iam.OpenIdConnectProvider(
            f"{self._name}-oidc",
            url=f"https://{trust.GITHUB}",
            client_id_lists=[trust.audience(self._args.scope.partition)],
            tags=dict(self._args.tags),
            opts=self._child,
        )

    def _policy(self, suffix: str, purpose: str, statements: Sequence[Statement]) -> pulumi.Output[str]:
        return aws.iam.Policy(
            f"{self._name}-{suffix}",
            path=self._args.scope.guard_path,
            description=f"{purpose}, cluster {self._args.scope.cluster}",
            policy=document(statements),
            tags=dict(self._args.tags),
            opts=self._child,
        ).arn

    def _role(
        self, kind: str, trusted: pulumi.Output[str], policy_arns: Mapping[str, pulumi.Output[str]]
    ) -> pulumi.Output[str]:
        return make_role(
            f"{self._name}-{kind}",
            RoleArgs(
                path=self._args.scope.guard_path,
                trust=trusted,
                boundary_arn=self._boundary_arn,
                tags=self._args.tags,
                policy_arns=policy_arns,
                # Workflows, and the access entry of the cluster, name it.
                role_name=f"{self._args.scope.cluster}-github-{kind}",
            ),
            self,
        ).arn
