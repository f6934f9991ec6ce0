"""`python -m operations.documentation`: writes the tables of the documentation, see `operations.tables`.

With `--check` it writes nothing; exit code 1 if a table is not as it would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from operations.tables import ROOT, TABLES, Rows, Table

STALE, MISUSED = 1, 2
"""Exit codes besides 0."""


class MarkerError(Exception):
    """A page lacks the place of its table."""


def markdown(rows: Rows) -> str:
    """Return the rows, the first of them the heading, as a table of Markdown."""
    heading, *lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    ruled = [heading, ["---"] * len(heading), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def written(page: str, table: Table) -> str:
    """Return the text of a page with the table in its place. Raises MarkerError."""
    begin, end = f"<!-- table:{table.marker} -->", f"<!-- /table:{table.marker} -->"
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise MarkerError(f"{table.file} must hold one {begin} and, after it, one {end}")
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{markdown(table.rows())}\n{end}{rest.partition(end)[2]}"


def stale(folder: Path, tables: Iterable[Table]) -> dict[Path, str]:
    """Return the pages in `folder` that are not as they would be written, with what would be. Raises
    MarkerError."""
    now: dict[Path, str] = {}
    for table in tables:
        page = folder / table.file
        now[page] = written(now.get(page, page.read_text()), table)
    return {page: text for page, text in now.items() if page.read_text() != text}


def main(arguments: list[str]) -> int:
    """Write, or with `--check` only compare; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m operations.documentation [--check]", file=sys.stderr)
        return MISUSED
    found = stale(ROOT, TABLES)
    for page, text in found.items():
        if arguments:
            print(f"{page.relative_to(ROOT)} has a stale table. Run `make docs`.", file=sys.stderr)
        else:
            page.write_text(text)
    return STALE if arguments and found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
