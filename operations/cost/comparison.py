"""The estimates of a stack with each NAT profile, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.cost.estimate import LEFT_OUT, Line


@dataclass(frozen=True)
class Comparison:
    """What a stack costs a month."""

    stack: str
    region: str
    chosen: str
    """The stack's own NAT profile."""
    estimates: Mapping[str, Sequence[Line]]
    """NAT profile -> lines."""
    sources: Sequence[str]

    def total(self, profile: str) -> float:
        """US dollars a month."""
        return sum(line.month for line in self.estimates[profile])


def table(comparison: Comparison) -> Iterator[str]:
    """For a person."""
    profiles = list(comparison.estimates)
    rows = {(line.resource, line.what): None for lines in comparison.estimates.values() for line in lines}
    width = max(len(f"{resource}  {what}") for resource, what in rows) + 2
    yield f"Stack {comparison.stack} in {comparison.region}: US dollars a month, before anything uses it\n"
    heads = [f"{profile}{' *' if profile == comparison.chosen else ''}" for profile in profiles]
    yield f"{'NAT GATEWAYS':<{width}}" + "".join(f"{head:>12}" for head in heads)
    for row in sorted(rows):
        cells = [_cell(comparison.estimates[profile], row) for profile in profiles]
        yield f"{'  '.join(row):<{width}}" + "".join(f"{cell:>12}" for cell in cells)
    yield f"{'TOTAL':<{width}}" + "".join(f"{comparison.total(profile):>12.2f}" for profile in profiles)
    yield "\n* as the stack is configured\n\nLeft out:"
    yield from (f"  - {each}" for each in LEFT_OUT)
    yield "\nPrices (operations/cost/prices.yaml):"
    yield from (f"  - {each}" for each in comparison.sources)


def _cell(lines: Sequence[Line], row: tuple[str, str]) -> str:
    found = [line.month for line in lines if (line.resource, line.what) == row]
    return f"{sum(found):.2f}" if found else "-"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """For programs."""
    return {
        "stack": comparison.stack,
        "region": comparison.region,
        "currency": "USD",
        "natGateways": comparison.chosen,
        "profiles": {
            profile: {
                "month": round(comparison.total(profile), 2),
                "lines": [
                    {"resource": line.resource, "what": line.what, "month": round(line.month, 2)}
                    for line in lines
                ],
            }
            for profile, lines in comparison.estimates.items()
        },
        "leftOut": list(LEFT_OUT),
        "sources": list(comparison.sources),
    }
