"""Settings of the workloads that call AWS."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planning import addons, auto_mode
from planning.config_reader import Reader
from planning.iam.workloads import CONTROLLERS, Reach
from settings.cluster import Cluster

_ZONE = re.compile(r"Z[0-9A-Z]{3,31}")
_PREFIX = re.compile(r"[\w/+=.@-]+")


@dataclass(frozen=True)
class Identity:
    """Which workloads have a role, and what beside the cluster's own they reach."""

    workloads: tuple[str, ...]
    """Keys of `planning.iam.workloads.CONTROLLERS`; external-dns only if there are hosted zones,
    and in Auto Mode nothing that it has built in."""
    addons: tuple[str, ...]
    """Keys of `planning.iam.workloads.ADDONS`: the cluster's add-ons that have a role."""
    reach: Reach


def read(reader: Reader, cluster: Cluster) -> Identity:
    """Read the keys of workloads; secrets begin with the name of the `cluster` unless a prefix is given."""
    names = reader.texts("workloads")
    for name in names:
        if name not in CONTROLLERS:
            known = ", ".join(sorted(CONTROLLERS))
            reader.refuse("workloads", f"{name} is not a workload that has a policy", f"Known: {known}")
    if len(set(names)) < len(names):
        reader.refuse("workloads", "names one twice", "Name each once")
    zones = _zones(reader, names)
    prefixes = _prefixes(reader, names) or (f"{cluster.name}/",)
    # Without zones external-dns would have nothing to write, or all zones of the account.
    needless = {*(() if zones else ("external-dns",)), *(auto_mode.BUILT_IN if cluster.auto_mode else ())}
    with_role = [addon.name for addon in addons.installed(cluster.auto_mode) if addon.service_account]
    used = tuple(name for name in names if name not in needless)
    return Identity(used, tuple(with_role), Reach(zones, prefixes))


def _zones(reader: Reader, names: tuple[str, ...]) -> tuple[str, ...]:
    zones = reader.texts("hostedZoneIds")
    for zone in zones:
        if not _ZONE.fullmatch(zone):
            reader.refuse(
                "hostedZoneIds", f"{zone} is not the id of a hosted zone", "Use e.g. Z0123456789ABC"
            )
    if zones and "external-dns" not in names:
        reader.refuse(
            "hostedZoneIds", "is for external-dns, which workloads leaves out", "Add it, or remove them"
        )
    return zones


def _prefixes(reader: Reader, names: tuple[str, ...]) -> tuple[str, ...]:
    prefixes = reader.texts("secretPrefixes")
    for prefix in prefixes:
        # A wildcard, or nothing at all, would open secrets of others.
        if not _PREFIX.fullmatch(prefix):
            cause = f"{prefix!r} is not the beginning of a secret's name"
            reader.refuse("secretPrefixes", cause, "Use letters, digits and /_+=.@-, e.g. shop/")
    if prefixes and "external-secrets" not in names:
        reader.refuse(
            "secretPrefixes", "is for external-secrets, which workloads leaves out", "Add it, or remove them"
        )
    return prefixes
