"""`python -m operations.security [PLAN …] [--json]`: exit code 0, 1 if a rule fails, 2 for wrong input."""

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

PLANS: dict[str, tuple[str, dict[str, object]]] = {
    "dev": ("dev", {}),
    "staging": ("staging", {}),
    "prod": ("prod", {}),
    # What no stack's file turns on, so that the rules judge its resources, too.
    "options": (
        "prod",
        {
            "natGateways": "none",
            "podCidr": "100.64.0.0/16",
            "hostedZoneIds": ["Z0123456789ABC"],
            "githubRepository": "OWNER/gitops-platform",
            # One that exists: the ARN of a new one, and with it the roles' trust, is known only afterwards.
            "githubOidcProviderArn": (
                "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
            ),
        },
    ),
}
"""Name -> the stack and what is set differently; any other name is a stack as it is."""

FAILED, INVALID = 1, 2
"""Exit codes besides 0."""

AT_ONCE = 2
"""Plans made and judged side by side: each takes an engine, a program and a checkov of about a core."""


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations.security", description=__doc__)
    parser.add_argument("plans", nargs="*", default=list(PLANS), help=f"default: {' '.join(PLANS)}")
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args(arguments)
    try:
        found = judge(chosen.plans, Progress())
    except settings.ConfigError as error:
        print(error, file=sys.stderr)
        return INVALID
    except (LocalError, MappingError, checkov.CheckovError, exceptions.ExceptionsError) as error:
        print(error, file=sys.stderr)
        return FAILED
    print(json.dumps(report.as_json(found), indent=2) if chosen.json else "\n".join(table.lines(found)))
    return 0 if found.good else FAILED


def judge(names: Sequence[str], progress: Progress) -> report.Report:
    """Make the plans and hold every rule against them."""
    known = exceptions.load()
    with (
        planner(progress) as plans,
        progress.step(f"Rules on the plans {', '.join(names)}"),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        each = list(pool.map(lambda name: _findings(plans, name), names))
    return report.build(names, [finding for found in each for finding in found], known)


def _findings(plans: Planner, name: str) -> list[Finding]:
    stack, overrides = PLANS.get(name, (name, {}))
    document = translate(plans.resources(stack, overrides), plans.schema)
    return [*checkov.findings(document, name), *own_rules.findings(document, name)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
