"""The exceptions from the rules: one file, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from operations.security.findings import Finding

FILE = Path(__file__).with_name("exceptions.yaml")
REQUIRED_KEYS, KEYS = {"rule", "resource", "reason"}, {"rule", "resource", "plan", "reason"}


class ExceptionsError(Exception):
    """The file does not say what it should."""


@dataclass(frozen=True)
class SecurityException:
    """What is let pass, and why."""

    rule: str
    resource: str
    """Pattern of Terraform addresses as a shell's, e.g. aws_kms_key.*"""
    reason: str
    plan: str = "*"
    """Pattern of plans."""

    def covers(self, finding: Finding) -> bool:
        """Whether this is what the finding complains of."""
        return (
            self.rule == finding.rule
            and fnmatchcase(finding.resource, self.resource)
            and fnmatchcase(finding.plan, self.plan)
        )


def load(file: Path = FILE) -> list[SecurityException]:
    """Read the file. Raises ExceptionsError for an entry without rule, resource and reason."""
    entries = yaml.safe_load(file.read_text()) or []
    for entry in entries:
        if not _is_entry(entry):
            raise ExceptionsError(f"{file.name}: {entry!r} is not an entry with rule, resource and reason")
    return [SecurityException(**entry) for entry in entries]


def unused(exceptions: Iterable[SecurityException], findings: Iterable[Finding]) -> list[SecurityException]:
    """Those that no failing finding needs."""
    failed = [finding for finding in findings if not finding.passed]
    return [exception for exception in exceptions if not any(map(exception.covers, failed))]


def table(file: Path = FILE) -> list[list[str]]:
    """The exceptions as a table of the documentation, its heading first."""
    lines = [
        [
            each.rule,
            f"`{each.resource}`",
            "all" if each.plan == "*" else each.plan,
            " ".join(each.reason.split()),
        ]
        for each in load(file)
    ]
    return [["Rule", "Resources", "Plans", "Why it is let pass"], *lines]


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and REQUIRED_KEYS <= entry.keys() <= KEYS
        and all(isinstance(value, str) and value.strip() for value in entry.values())
    )
