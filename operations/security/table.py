"""The report for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from operations.security.report import Report, Row

WIDTH = 78
"""Columns of what a rule says; the whole line is then about as wide as a wide terminal."""


def lines(report: Report) -> Iterator[str]:
    """The table rule by rule, then what is to be mended, then what is let pass and why."""
    widths = [max(len(plan), 6) + 2 for plan in report.plans]
    heads = "".join(f"{plan:>{width}}" for plan, width in zip(report.plans, widths, strict=True))
    yield f"{'RULE':<18}{'WHAT IT SAYS':<{WIDTH}}{heads}  (resources that pass)"
    for row in report.rows:
        counts = "".join(
            f"{_count(row, plan):>{width}}" for plan, width in zip(report.plans, widths, strict=True)
        )
        text = textwrap.shorten(row.text, WIDTH - 2, placeholder=" …")
        yield f"{row.rule:<18}{text:<{WIDTH}}{counts}  {_state(row)}"
    yield from _failures(report)
    yield from _exceptions(report)
    passed = sum(len(row.passed) for row in report.rows)
    rules = sum(bool(row.passed or row.failed or row.excepted) for row in report.rows)
    failed = sum(len(row.failed) + row.missing for row in report.rows) + len(report.unused)
    excepted = sum(len(row.excepted) for row in report.rows)
    counts = f"{passed} passed, {failed} failed, {excepted} excepted"
    yield f"\n{rules} rules looked at plans {', '.join(report.plans)}: {counts}"


def _count(row: Row, plan: str) -> str:
    return str(sum(finding.plan == plan for finding in row.passed) or "-")


def _state(row: Row) -> str:
    if row.missing:
        return "NOTHING TO JUDGE"
    if row.failed:
        return f"{len(row.failed)} FAILED"
    return f"{len(row.excepted)} excepted" if row.excepted else "ok"


def _failures(report: Report) -> Iterator[str]:
    if not report.good:
        yield "\nTO MEND (or an entry in operations/security/exceptions.yaml, with its reason)"
    for row in report.rows:
        if row.missing:
            yield f"  {row.rule}  no resource of these plans is of a type that it judges: {row.text}"
        for finding in row.failed:
            yield f"  {row.rule}  {finding.plan}: {finding.resource}  {row.text}"
    for exception in report.unused:
        yield f"  {exception.rule}  nothing needs the exception for {exception.resource}: take it out"


def _exceptions(report: Report) -> Iterator[str]:
    reasons = {exception: None for row in report.rows for _, exception in row.excepted}
    if reasons:
        yield "\nLET PASS"
    for exception in reasons:
        yield f"  {exception.rule}  {exception.resource}: {' '.join(exception.reason.split())}"
