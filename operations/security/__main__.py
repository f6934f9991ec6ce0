"""`python -m operations.security [STACK …] [--json]`: exit code 0, 1 if a rule fails, 2 for wrong input."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import settings
from local.errors import LocalError
from local.progress import Progress
from operations.preview import Planner, planner
from operations.security import checkov, exceptions, own_rules, report, table
from operations.security.findings import Finding
from operations.terraform_plan import translate
from operations.terraform_schema import MappingError

STACKS = ("dev", "staging", "prod")
FAILED, INVALID = 1, 2
"""Exit codes besides 0."""

AT_ONCE = 2
"""Stacks judged side by side: each takes an engine, a program and a checkov of about a core."""


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations.security", description=__doc__)
    parser.add_argument("stacks", nargs="*", default=STACKS, help=f"default: {' '.join(STACKS)}")
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args(arguments)
    try:
        found = judge(chosen.stacks, Progress())
    except settings.ConfigError as error:
        print(error, file=sys.stderr)
        return INVALID
    except (LocalError, MappingError, checkov.CheckovError, exceptions.ExceptionsError) as error:
        print(error, file=sys.stderr)
        return FAILED
    print(json.dumps(report.as_json(found), indent=2) if chosen.json else "\n".join(table.lines(found)))
    return 0 if found.good else FAILED


def judge(stacks: Sequence[str], progress: Progress) -> report.Report:
    """Plan the stacks and hold every rule against them."""
    known = exceptions.load()
    with (
        planner(progress) as plans,
        progress.step(f"Rules on the plans of {', '.join(stacks)}"),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        each = list(pool.map(lambda stack: _findings(plans, stack), stacks))
    return report.build(stacks, [finding for found in each for finding in found], known)


def _findings(plans: Planner, stack: str) -> list[Finding]:
    document = translate(plans.resources(stack), plans.schema)
    return [*checkov.findings(document, stack), *own_rules.findings(document, stack)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
