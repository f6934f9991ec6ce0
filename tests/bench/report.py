"""What was measured, beside what it may be."""

import os
import platform
import sys
import time
from collections.abc import Callable
from statistics import median

from rich.console import Console
from rich.table import Table


class Report:
    """The rows of the table."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, list[float], float, str]] = []

    def row(self, name: str, values: list[float], limit: float, unit: str) -> None:
        """Keep a row: what was measured, and what its median may be at most."""
        print(f"{name}: {', '.join(f'{value:.1f}' for value in values)} {unit}", file=sys.stderr)
        self._rows.append((name, values, limit, unit))

    def show(self) -> bool:
        """Print the table; returns whether every median keeps its limit."""
        table = Table(title=f"{os.cpu_count()} cores, {platform.machine()}", title_justify="left")
        for heading in ("", "median", "at most", "of that"):
            table.add_column(heading, justify="left" if not heading else "right")
        for name, values, limit, unit in self._rows:
            share = f"{median(values) / limit:.0%}"
            table.add_row(name, f"{median(values):.1f} {unit}", f"{limit:g} {unit}", share)
        Console().print(table)
        return all(median(values) <= limit for _, values, limit, _ in self._rows)


def seconds(action: Callable[[], object]) -> float:
    """How long the action takes."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun
