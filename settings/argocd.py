"""Settings of Argo CD, its password and its repository."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from planning import config_values
from planning.argocd_values import Installation
from planning.config_reader import Reader
from planning.password import hash_password, is_bcrypt_hash, password_problem
from settings import argocd_installation
from settings.secrets import Secrets

ENCRYPTED = "(encrypted)"
"""Stands for a value that cannot be read without the stack's key."""


@dataclass(frozen=True)
class ArgoCd:
    """Argo CD and its root Application."""

    chart: str
    chart_repository: str
    """URL of the Helm repository; empty if `chart` is a folder or an oci:// reference."""
    chart_version: str
    installation: Installation
    admin_password_hash: str = field(repr=False)
    admin_password_mtime: str
    """When the password was last changed, RFC 3339; sessions from before it end."""
    admin_password_readable: bool
    """Whether the configuration holds the password itself and so can reveal it."""
    repository_url: str
    revision: str
    path: str
    """Folder of the GitOps tree in the repository."""
    preserve_resources: bool
    """Whether what Argo CD made stays when the root Application goes."""


def read(reader: Reader, stack: str, project: str, plain: Collection[str]) -> ArgoCd:
    """Read Argo CD's keys; `plain` are the secret ones that stand in the file in plain text."""
    secrets = Secrets(reader, stack, plain)
    readable, password_hash = _admin_password(secrets, f"{project}/{stack}")
    return ArgoCd(
        chart=reader.text("argocdChart"),
        chart_repository=config_values.url(reader, "argocdChartRepository", "https") or "",
        chart_version=reader.text("argocdChartVersion"),
        installation=argocd_installation.read(reader, secrets),
        admin_password_hash=password_hash,
        admin_password_mtime=config_values.time(reader, "argocdAdminPasswordMtime"),
        admin_password_readable=readable,
        repository_url=config_values.repository_url(reader, "repositoryUrl"),
        revision=config_values.revision(reader, "repositoryRevision"),
        path=config_values.folder(reader, "repositoryPath"),
        preserve_resources=reader.boolean("preserveResourcesOnDeletion"),
    )


def _admin_password(secrets: Secrets, salt: str) -> tuple[bool, str]:
    reader = secrets.reader
    password, given_hash = reader.text("argocdAdminPassword"), reader.text("argocdAdminPasswordHash")
    remedy = secrets.remedy("argocdAdminPassword")
    if given_hash and password:
        reader.refuse("argocdAdminPasswordHash", "stands beside argocdAdminPassword", "Keep one", secret=True)
    elif given_hash:
        if not is_bcrypt_hash(given_hash) and given_hash != ENCRYPTED:
            reader.refuse("argocdAdminPasswordHash", "is not a bcrypt hash", remedy, secret=True)
    elif problem := password_problem(password):
        if not password.strip():
            remedy += f", or let one be made: make rotate-password STACK={secrets.stack}"
        reader.refuse("argocdAdminPassword", problem, remedy, secret=True)
    elif secrets.check("argocdAdminPassword", password):
        return True, hash_password(password, salt)
    return False, given_hash
