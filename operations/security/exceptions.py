"""The exceptions from the rules: one file, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from operations.security.findings import Finding

FILE = Path(__file__).with_name("exceptions.yaml")
KEYS = {"rule", "resource", "reason"}


class ExceptionsError(Exception):
    """The file does not say what it should."""


@dataclass(frozen=True)
class SecurityException:
    """What is let pass, and why."""

    rule: str
    resource: str
    """Pattern of Terraform addresses as a shell's, e.g. aws_kms_key.*"""
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether this is what the finding complains of."""
        return self.rule == finding.rule and fnmatchcase(finding.resource, self.resource)


def load(file: Path = FILE) -> list[SecurityException]:
    """Read the file. Raises ExceptionsError for an entry without exactly rule, resource and reason."""
    entries = yaml.safe_load(file.read_text()) or []
    for entry in entries:
        if not isinstance(entry, dict) or entry.keys() != KEYS or not all(map(_is_text, entry.values())):
            raise ExceptionsError(f"{file.name}: {entry!r} is not an entry with rule, resource and reason")
    return [SecurityException(**entry) for entry in entries]


def unused(exceptions: Iterable[SecurityException], findings: Iterable[Finding]) -> list[SecurityException]:
    """Those that no failing finding needs."""
    failed = [finding for finding in findings if not finding.passed]
    return [exception for exception in exceptions if not any(map(exception.covers, failed))]


def markdown(file: Path = FILE) -> str:
    """The exceptions as a table for docs/security.md."""
    lines = ["| Rule | Resources | Why it is let pass |", "|---|---|---|"]
    lines += [f"| {each.rule} | `{each.resource}` | {' '.join(each.reason.split())} |" for each in load(file)]
    return "\n".join(lines)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
