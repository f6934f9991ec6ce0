"""The tables of the documentation, each made from what the program itself uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import settings
from operations import rights
from operations.security import exceptions, required
from planning import access, addon_versions, addons, eks_versions, metadata, vpc_endpoints
from settings.argocd import ENCRYPTED

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ("dev", "staging", "prod")

Rows = Sequence[Sequence[str]]
"""The heading and the lines of a table."""


@dataclass(frozen=True)
class Table:
    """A table of a page."""

    file: str
    """The page, from the project's folder."""
    marker: str
    """The page holds the table between `<!-- table:MARKER -->` and `<!-- /table:MARKER -->`."""
    rows: Callable[[], Rows]


def differences() -> dict[str, dict[str, str]]:
    """Return the settings in which the environments differ: by key, what each environment has.

    Secrets are left out: each environment has its own.
    """
    flat = {stack: dict(_flat("", settings.values(stack, ROOT))) for stack in ENVIRONMENTS}
    keys = list(dict.fromkeys(key for each in flat.values() for key in each))
    found = {key: {stack: flat[stack].get(key, "") for stack in ENVIRONMENTS} for key in keys}
    return {
        key: each
        for key, each in found.items()
        if len(set(each.values())) > 1 and ENCRYPTED not in each.values()
    }


def environments() -> Rows:
    """What the environments differ in."""
    lines = [[f"`{key}`", *each.values()] for key, each in differences().items()]
    return [["Setting", *ENVIRONMENTS], *lines]


def scopes() -> Rows:
    """Who may do what in the cluster."""
    lines = [
        [f"`{name}`", _policies(scope), scope.may, scope.may_not] for name, scope in access.SCOPES.items()
    ]
    return [["Scope", "Access policy", "May", "May not"], *lines]


def versions() -> Rows:
    """How long EKS supports the Kubernetes versions that the platform does."""
    lines = [
        [version, str(each.end_of_standard_support), str(each.end_of_extended_support)]
        for version, each in eks_versions.VERSIONS.items()
    ]
    return [["Kubernetes", "End of standard support", "End of extended support"], *lines]


def endpoints() -> Rows:
    """Which AWS services a VPC without NAT gateways reaches, and what for."""
    gateway = [f"`{vpc_endpoints.GATEWAY}`", "gateway, in every VPC", vpc_endpoints.GATEWAY_REASON]
    interfaces = [
        [f"`{service}`", "interface", reason] for service, reason in vpc_endpoints.INTERFACES.items()
    ]
    return [["Service", "Endpoint", "What for"], gateway, *interfaces]


def addon_pins() -> Rows:
    """The version of each add-on, for each Kubernetes version."""
    pinned = addon_versions.VERSIONS
    lines = [
        [addon.name, "yes" if addon.before_nodes else "", *(each[addon.name] for each in pinned.values())]
        for addon in addons.ADDONS
    ]
    return [["Add-on", "Before nodes", *(f"Kubernetes {version}" for version in pinned)], *lines]


def cluster_metadata() -> Rows:
    """What ApplicationSets may read of a cluster."""
    lines = [
        [f"`{each.name}`", each.kind, each.type.name, each.meaning, each.source, f"`{each.example}`"]
        for each in metadata.CONTRACT
    ]
    return [["Name", "Kind", "Type", "Meaning", "Where it comes from", "Example"], *lines]


TABLES = (
    Table("README.md", "environments", environments),
    Table("docs/metadata.md", "metadata", cluster_metadata),
    Table("docs/security.md", "scopes", scopes),
    Table("docs/security.md", "workloads", rights.rows),
    Table("docs/security.md", "endpoints", endpoints),
    Table("docs/security.md", "rules", required.table),
    Table("docs/security.md", "exceptions", exceptions.table),
    Table("docs/upgrading.md", "versions", versions),
    Table("docs/upgrading.md", "addons", addon_pins),
)


def _policies(scope: access.Scope) -> str:
    if scope.policy == scope.namespaced_policy:
        return scope.policy
    return f"{scope.policy}; in namespaces {scope.namespaced_policy}"


def _flat(prefix: str, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The leaves of nested settings, by their path."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield prefix + key, _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value)
