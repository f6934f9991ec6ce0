"""Who may enter Argo CD, and what they may do there: entries of argocd-cm and argocd-rbac-cm."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

#: Key of the OIDC client's secret in the Secret `argocd-secret`; argocd-cm refers to it by `$` and this name.
CLIENT_SECRET = "oidc.clientSecret"  # noqa: S105 - a name

#: What everybody who has logged in may do: see everything, change nothing.
DEFAULT_ROLE = "role:readonly"
ADMIN_ROLE = "role:admin"
DEVELOPER_ROLE = "role:developer"

#: The AppProject of the workloads (gitops/argocd/projects); the platform's own projects are not developers'.
DEVELOPER_PROJECT = "applications"

_GROUP = re.compile(r'[^,"#]+')


@dataclass(frozen=True)
class Sso:
    """An OpenID Connect provider that people log in with."""

    issuer: str
    """https URL of the provider."""
    client_id: str
    client_secret: str = field(repr=False)
    """Empty for a public client, which proves itself by PKCE."""


@dataclass(frozen=True)
class Access:
    """Who may enter, and the groups (claim `groups` of the provider's token) that may do more than read."""

    sso: Sso | None = None
    local_admin: bool = True
    """Whether the user `admin` with its password may log in."""
    admin_groups: tuple[str, ...] = ()
    developer_groups: tuple[str, ...] = ()


def group_problem(group: str) -> str | None:
    """Return why `group` cannot stand in a policy, or None: one that could would change other lines of it."""
    if not _GROUP.fullmatch(group) or not group.isprintable() or group != group.strip():
        return "has a comma, quote, #, line break or outer space, or is empty"
    if group.startswith("role:"):
        return "is the name of a role"
    return None


def cm(access: Access) -> dict[str, Any]:
    """Return the entries of argocd-cm about logging in."""
    entries: dict[str, Any] = {
        "admin.enabled": access.local_admin,
        "users.anonymous.enabled": False,
        # A shell in any pod of any Application; whoever needs one has Kubernetes' own access control.
        "exec.enabled": False,
    }
    if access.sso:
        entries["oidc.config"] = _oidc(access.sso)
    return entries


def _oidc(sso: Sso) -> str:
    """The provider (Argo CD Operator Manual, "User Management", Existing OIDC Provider)."""
    proof = {"clientSecret": f"${CLIENT_SECRET}"} if sso.client_secret else {"enablePKCEAuthentication": True}
    config = {
        "name": "SSO",
        "issuer": sso.issuer,
        "clientID": sso.client_id,
        **proof,
        "requestedScopes": ["openid", "profile", "email", "groups"],
    }
    return yaml.safe_dump(config, sort_keys=False)


def rbac(access: Access) -> dict[str, str]:
    """Return the entries of argocd-rbac-cm (Argo CD Operator Manual, "RBAC Configuration").

    Administrators have Argo CD's own role. Developers may sync the workloads and run the actions of their
    resources (restart …); what is deployed, they change in Git.
    """
    own = f"applications, {{action}}, {DEVELOPER_PROJECT}/*, allow"
    lines = [
        f"g, {DEVELOPER_ROLE}, {DEFAULT_ROLE}",
        *(f"p, {DEVELOPER_ROLE}, {own.format(action=action)}" for action in ("sync", "action/*")),
        *(f"g, {group}, {ADMIN_ROLE}" for group in access.admin_groups),
        *(f"g, {group}, {DEVELOPER_ROLE}" for group in access.developer_groups),
    ]
    return {
        "policy.default": DEFAULT_ROLE,
        "policy.csv": "".join(f"{line}\n" for line in lines),
        "scopes": "[groups]",
    }
