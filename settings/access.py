"""Settings of who may enter the cluster, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from planning import access, config_values
from planning.config_reader import Reader


@dataclass(frozen=True)
class AccessEntry:
    """What an IAM principal may do in the cluster."""

    principal_arn: str
    scope: str
    """admin, operator or viewer, see `planning.access.SCOPES`."""
    namespaces: tuple[str, ...]
    """Where; in the whole cluster if empty."""


def entries(reader: Reader) -> tuple[AccessEntry, ...]:
    """Read the access entries; without an administrator nobody, Pulumi included, could enter."""
    found = tuple(_access_entry(child) for _, child in reader.children("accessEntries"))
    if not any(entry.scope == "admin" and not entry.namespaces for entry in found):
        # The cluster's creator gets no access of its own, so that nobody has it unseen.
        reader.refuse(
            "accessEntries",
            "has no entry of scope admin for the whole cluster, so that nobody, Pulumi included, could enter",
            "Add the IAM role that runs Pulumi",
        )
    principals = [entry.principal_arn for entry in found]
    for principal in sorted({each for each in principals if principals.count(each) > 1}):
        # EKS has one entry per principal; the second would fail, or its rights would join the first's.
        reader.refuse("accessEntries", f"names {principal} more than once", "Keep one entry per principal")
    return found


def public_networks(reader: Reader) -> tuple[IPv4Network, ...]:
    """Read the networks that reach the API from the internet; everybody is refused."""
    found = reader.networks("publicAccessCidrs")
    if any(network.prefixlen == 0 for network in found):
        reader.refuse("publicAccessCidrs", "opens the API to everybody", "List the networks that need it")
    for index, network in enumerate(found):
        for other in found[:index]:
            if network.overlaps(other):
                reader.refuse("publicAccessCidrs", f"{network} overlaps {other}", "Keep the wider one")
    return found


def _access_entry(reader: Reader) -> AccessEntry:
    return AccessEntry(
        principal_arn=config_values.principal_arn(reader, "principalArn"),
        scope=reader.choice("scope", list(access.SCOPES)),
        namespaces=config_values.namespaces(reader, "namespaces"),
    )
