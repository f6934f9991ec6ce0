"""A stack's configuration, read once into frozen dataclasses and refused with every problem at once.

Keys, their meaning and their defaults stand in Pulumi.yaml; a stack's file holds differences only.
`python -m settings STACK` checks a stack's files without starting anything: exit code 0, or 2 with the list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import yaml

from planning import config_values
from planning.argocd_ha import HA_NODES
from planning.config_reader import Problem, Reader
from settings import argocd, cluster, github, identity, logs, network
from settings.argocd import ENCRYPTED, ArgoCd
from settings.cluster import Cluster
from settings.github import GitHub
from settings.identity import Identity
from settings.network import Network

PROJECT = "gitops-platform"
PASSWORD = f"{PROJECT}:argocdAdminPassword"
SECRETS = ("argocdAdminPassword", "argocdExternalRedisPassword", "argocdOidcClientSecret")
"""Keys whose values are refused in plain text."""
LABEL = 63
"""Most characters of a label's value (Kubernetes, "Labels and Selectors", Syntax and character set)."""
INVALID = 2
"""Exit code of what refuses a configuration."""


class ConfigError(pulumi.RunError):
    """The configuration has `problems`; nothing was done."""

    def __init__(self, problems: list[Problem]) -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        lines = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"{len(problems)} {noun} in the stack's configuration:{lines}")
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """One stack's configuration."""

    stack: str
    environment: str
    """Which overlay of the GitOps tree this cluster runs."""
    tags: dict[str, str]
    log_retention_days: int
    """For how many days the logs of the network and of the control plane are kept."""
    network: Network
    cluster: Cluster
    identity: Identity
    github: GitHub | None
    """None if no workflow at GitHub is trusted."""
    argocd: ArgoCd
    warnings: tuple[Problem, ...]
    """What is accepted and will soon not be."""


def parse(values: Mapping[str, object], stack: str, plain: Collection[str] = ()) -> Settings:
    """Build the settings of `stack` from its configuration, keys without the project's name.

    `plain` are those of SECRETS that are not secrets of the stack's file.
    Raises `ConfigError` with every problem found.
    """
    reader = Reader(values)
    environment = config_values.name(reader, "environment", "a lower-case name", stack)
    if len(environment) > LABEL:
        reader.refuse(
            "environment", "is too long for the label of a cluster", f"Use at most {LABEL} characters"
        )
    made = cluster.read(reader, stack, PROJECT)
    settings = Settings(
        stack=stack,
        environment=environment,
        tags={"Project": PROJECT, "Stack": stack, **reader.text_map("tags")},
        log_retention_days=logs.retention_days(reader),
        network=network.read(reader),
        cluster=made,
        identity=identity.read(reader, made),
        github=github.read(reader, environment, made.name),
        argocd=argocd.read(reader, stack, PROJECT, plain),
        warnings=tuple(reader.warnings),
    )
    _check_overlaps(reader, settings)
    _check_nodes(reader, settings)
    reader.finish()
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def load() -> Settings:
    """Read the settings of the stack that Pulumi is running, and log the warnings. Raises `ConfigError`."""
    everything = {**pulumi.runtime.config.get_config_env(), **pulumi.runtime.config.CONFIG.get()}
    prefix = f"{PROJECT}:"
    values = {key.removeprefix(prefix): everything[key] for key in everything if key.startswith(prefix)}
    plain = [key for key in SECRETS if not pulumi.runtime.is_config_secret(prefix + key)]
    settings = parse(values, pulumi.get_stack(), plain)
    for warning in settings.warnings:
        pulumi.log.warn(str(warning))
    return settings


def check(stack: str, folder: Path, overrides: Mapping[str, object]) -> Settings:
    """Read the settings of `stack` from the files in `folder`, with `overrides` of single keys.

    An encrypted value cannot be read here; it is taken as given and checked when the program runs.
    Raises `ConfigError`.
    """
    own, prefix = _own(stack, folder), f"{PROJECT}:"
    plain = [key for key in SECRETS if key not in overrides and not _is_encrypted(own.get(prefix + key))]
    return parse({**values(stack, folder), **overrides}, stack, plain)


def values(stack: str, folder: Path) -> dict[str, object]:
    """Return what the files in `folder` give `stack`, defaults included, by keys without the project's name.

    An encrypted value is `ENCRYPTED`.
    """
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    found = {key: entry["default"] for key, entry in project["config"].items() if "default" in entry}
    prefix = f"{PROJECT}:"
    for key, value in _own(stack, folder).items():
        if key.startswith(prefix):
            found[key.removeprefix(prefix)] = ENCRYPTED if _is_encrypted(value) else value
    return found


def _own(stack: str, folder: Path) -> dict[str, object]:
    file = folder / f"Pulumi.{stack}.yaml"
    content = (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}
    return dict(content.get("config", {}))


def _is_encrypted(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _check_overlaps(reader: Reader, settings: Settings) -> None:
    services, own = settings.cluster.service_cidr, settings.network
    # Those of an existing VPC are looked up.
    taken = () if own.existing else (("vpcCidr", own.cidr), ("podCidr", own.pod_cidr))
    for key, cidr in taken:
        if cidr and cidr.prefixlen and services.prefixlen and cidr.overlaps(services):
            reader.refuse("serviceCidr", f"overlaps {key} {cidr}", "Choose networks that do not meet")


def _check_nodes(reader: Reader, settings: Settings) -> None:
    installation = settings.argocd.installation
    nodes = sum(group.min_size for group in settings.cluster.node_groups)
    if installation.profile == "ha" and not installation.external_redis and 0 < nodes < HA_NODES:
        cause = f"has {HA_NODES} Redis servers on nodes of their own; the node groups may shrink to {nodes}"
        reader.refuse("argocdProfile", cause, "Raise minSize, set argocdExternalRedis, or use single")
