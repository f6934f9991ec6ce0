"""All findings, rule by rule: what passed, what failed, what is let pass, and what was not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from operations.security.exceptions import SecurityException, unused
from operations.security.findings import Finding
from operations.security.required import REQUIRED


@dataclass(frozen=True)
class Row:
    """One rule."""

    rule: str
    text: str
    passed: tuple[Finding, ...]
    failed: tuple[Finding, ...]
    excepted: tuple[tuple[Finding, SecurityException], ...]
    missing: bool
    """A required rule that found nothing to judge in any of the plans."""

    @property
    def good(self) -> bool:
        """Nothing to mend."""
        return not self.failed and not self.missing


@dataclass(frozen=True)
class Report:
    """The outcome for some plans."""

    plans: tuple[str, ...]
    rows: tuple[Row, ...]
    unused: tuple[SecurityException, ...]

    @property
    def good(self) -> bool:
        """Every rule passes or has its exception, and every exception is needed."""
        return all(row.good for row in self.rows) and not self.unused


def build(
    plans: Sequence[str], findings: Sequence[Finding], exceptions: Sequence[SecurityException]
) -> Report:
    """Sort the findings by rule, the required rules always among them."""
    texts = {finding.rule: finding.text for finding in findings} | REQUIRED
    rows = [
        _row(rule, texts[rule], [finding for finding in findings if finding.rule == rule], exceptions)
        for rule in sorted(texts, key=_order)
    ]
    return Report(tuple(plans), tuple(rows), tuple(unused(exceptions, findings)))


def _row(rule: str, text: str, findings: Sequence[Finding], exceptions: Iterable[SecurityException]) -> Row:
    failed, excepted = [], []
    for finding in findings:
        if finding.passed:
            continue
        reason = next((each for each in exceptions if each.covers(finding)), None)
        if reason:
            excepted.append((finding, reason))
        else:
            failed.append(finding)
    passed = tuple(finding for finding in findings if finding.passed)
    return Row(rule, text, passed, tuple(failed), tuple(excepted), rule in REQUIRED and not findings)


def _order(rule: str) -> tuple[str, int, str]:
    number = re.search(r"\d+$", rule)
    return rule.rstrip("0123456789"), int(number[0]) if number else 0, rule


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "good": report.good,
        "plans": list(report.plans),
        "rules": [
            {
                "rule": row.rule,
                "text": row.text,
                "required": row.rule in REQUIRED,
                "good": row.good,
                "passed": [_named(finding) for finding in row.passed],
                "failed": [_named(finding) for finding in row.failed],
                "excepted": [
                    {**_named(finding), "reason": exception.reason} for finding, exception in row.excepted
                ],
            }
            for row in report.rows
        ],
        "unusedExceptions": [{"rule": each.rule, "resource": each.resource} for each in report.unused],
    }


def _named(finding: Finding) -> dict[str, str]:
    return {"plan": finding.plan, "resource": finding.resource}
