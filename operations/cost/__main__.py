"""`python -m operations.cost STACK [--json]`: exit code 0, 1 if there is no estimate, 2 for wrong input."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import settings
from local import preview as local_preview
from local.errors import LocalError
from local.progress import Progress
from operations.cost import prices
from operations.cost.comparison import Comparison, as_json, table
from operations.cost.estimate import estimate
from operations.cost.prices import CostError
from operations.preview import planner, region

PROFILES = ("none", "single", "per-zone")
"""Values of the key natGateways."""

FAILED, INVALID = 1, 2
"""Exit codes besides 0."""


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations.cost", description=__doc__)
    parser.add_argument("stack")
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args(arguments)
    try:
        found = compare(chosen.stack, Progress())
    except settings.ConfigError as error:
        print(error, file=sys.stderr)
        return INVALID
    except (LocalError, CostError) as error:
        print(error, file=sys.stderr)
        return FAILED
    print(json.dumps(as_json(found), indent=2) if chosen.json else "\n".join(table(found)))
    return 0


def compare(stack: str, progress: Progress) -> Comparison:
    """Plan the stack with each NAT profile, and price the plans."""
    own = local_preview.check(stack).network.nat_gateways
    table_of_region = prices.load(region(stack))
    with (
        planner(progress) as plans,
        progress.step("Plans of the NAT profiles"),
        ThreadPoolExecutor(2) as pool,
    ):
        found = pool.map(lambda profile: plans.resources(stack, {"natGateways": profile}), PROFILES)
        estimates = {
            profile: estimate(resources, table_of_region)
            for profile, resources in zip(PROFILES, found, strict=True)
        }
    return Comparison(stack, table_of_region.region, own, estimates, prices.sources(table_of_region))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
