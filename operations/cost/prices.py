"""The price table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("prices.yaml")

HOURS = 730
"""Hours of a month, as the AWS Pricing Calculator counts them."""

SIZES = {"medium": 0.5, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8, "8xlarge": 16}
"""What an instance size costs, in units of size large of the same family."""


class CostError(Exception):
    """Something of the plan has no price; says what and what to do."""


@dataclass(frozen=True)
class Prices:
    """The prices of one region."""

    region: str
    table: Mapping[str, Mapping[str, Any]]
    instances: Mapping[str, Mapping[str, Any]]

    def month(self, name: str) -> float:
        """Dollars a month for one of `name`, around the clock. Raises CostError."""
        entry = self.table[name]
        price = self._in_region(entry, name)
        return price * HOURS if entry["unit"].endswith(" hour") else price

    def instance_month(self, instance_type: str) -> float:
        """Dollars a month for an instance of the type, on demand, around the clock. Raises CostError."""
        family, _, size = instance_type.partition(".")
        if family not in self.instances or size not in SIZES:
            raise CostError(_remedy(f"There is no price for instance type {instance_type}"))
        return self._in_region(self.instances[family], family) * SIZES[size] * HOURS

    def _in_region(self, entry: Mapping[str, Any], name: str) -> float:
        if self.region not in entry:
            raise CostError(_remedy(f"There is no price of {name} in region {self.region}"))
        return float(entry[self.region])


def load(region: str, file: Path = FILE) -> Prices:
    """Read the table for a region, which `Prices` refuses only where it has no price."""
    content = yaml.safe_load(file.read_text())
    return Prices(region, content["prices"], content["instances"])


def sources(prices: Prices) -> list[str]:
    """Where the prices come from, and of when they are."""
    entries = [*prices.table.values(), *prices.instances.values()]
    return sorted({f"{entry['source']}, read {entry['read']}" for entry in entries})


def _remedy(cause: str) -> str:
    remedy = f"add it to operations/cost/{FILE.name}, from the price list of AWS, with source and date"
    return f"{cause}.\nWhat to do: {remedy}."
