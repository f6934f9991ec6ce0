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
from settings import argocd, cluster, network
from settings.argocd import ENCRYPTED, ArgoCd
from settings.cluster import Cluster
from settings.network import Network

PROJECT = "gitops-platform"
PASSWORD = f"{PROJECT}:argocdAdminPassword"
SECRETS = ("argocdAdminPassword", "argocdExternalRedisPassword", "argocdOidcClientSecret")
"""Keys whose values are refused in plain text."""
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
    network: Network
    cluster: Cluster
    argocd: ArgoCd


def parse(values: Mapping[str, object], stack: str, plain: Collection[str] = ()) -> Settings:
    """Build the settings of `stack` from its configuration, keys without the project's name.

    `plain` are those of SECRETS that are not secrets of the stack's file.
    Raises `ConfigError` with every problem found.
    """
    reader = Reader(values)
    settings = Settings(
        stack=stack,
        environment=config_values.name(reader, "environment", "a lower-case name", stack),
        tags={"Project": PROJECT, "Stack": stack, **reader.text_map("tags")},
        network=network.read(reader),
        cluster=cluster.read(reader, stack, PROJECT),
        argocd=argocd.read(reader, stack, PROJECT, plain),
    )
    _check_overlaps(reader, settings)
    _check_nodes(reader, settings)
    reader.finish()
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def load() -> Settings:
    """Read the settings of the stack that Pulumi is running. Raises `ConfigError`."""
    everything = {**pulumi.runtime.config.get_config_env(), **pulumi.runtime.config.CONFIG.get()}
    prefix = f"{PROJECT}:"
    values = {key.removeprefix(prefix): everything[key] for key in everything if key.startswith(prefix)}
    plain = [key for key in SECRETS if not pulumi.runtime.is_config_secret(prefix + key)]
    return parse(values, pulumi.get_stack(), plain)


def check(stack: str, folder: Path, overrides: Mapping[str, object]) -> Settings:
    """Read the settings of `stack` from the files in `folder`, with `overrides` of single keys.

    An encrypted value cannot be read here; it is taken as given and checked when the program runs.
    Raises `ConfigError`.
    """
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    values = {key: entry["default"] for key, entry in project["config"].items() if "default" in entry}
    file = folder / f"Pulumi.{stack}.yaml"
    own = (yaml.safe_load(file.read_text()) or {}).get("config", {}) if file.exists() else {}
    prefix = f"{PROJECT}:"
    for key, value in own.items():
        if key.startswith(prefix):
            values[key.removeprefix(prefix)] = ENCRYPTED if _is_encrypted(value) else value
    plain = [key for key in SECRETS if key not in overrides and not _is_encrypted(own.get(prefix + key))]
    return parse({**values, **overrides}, stack, plain)


def _is_encrypted(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _check_overlaps(reader: Reader, settings: Settings) -> None:
    vpc, services = settings.network.cidr, settings.cluster.service_cidr
    if vpc.prefixlen and services.prefixlen and vpc.overlaps(services):
        reader.refuse("serviceCidr", f"overlaps vpcCidr {vpc}", "Choose networks that do not meet")


def _check_nodes(reader: Reader, settings: Settings) -> None:
    installation = settings.argocd.installation
    nodes = sum(group.min_size for group in settings.cluster.node_groups)
    if installation.profile == "ha" and not installation.external_redis and 0 < nodes < HA_NODES:
        cause = f"has {HA_NODES} Redis servers on nodes of their own; the node groups may shrink to {nodes}"
        reader.refuse("argocdProfile", cause, "Raise minSize, set argocdExternalRedis, or use single")
