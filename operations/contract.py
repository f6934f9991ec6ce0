"""`python -m operations.contract`: compares what the GitOps tree reads of a cluster's labels and annotations
with the contract in `planning/metadata.py`; exit code 1 if they differ."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from operations.reads import Read, Unreadable, reads
from planning.metadata import ARGO_CD_LABELS, CONTRACT, Entry

ROOT = Path(__file__).parents[1]
TREE = ROOT / "gitops"
METADATA = ROOT / "planning/metadata.py"

DIFFERENT = 1
"""Exit code besides 0."""


@dataclass(frozen=True)
class Difference:
    """One place where tree and contract do not meet."""

    place: str
    """FILE:LINE, from the project's folder."""
    name: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.name}: {self.cause}. {self.remedy}."


def differences(tree: Path, contract: Iterable[Entry] = CONTRACT) -> Iterator[Difference]:
    """Compare the files in `tree`, a folder of the project's, with the contract."""
    entries = {entry.name: entry for entry in contract}
    used = set()
    for file in sorted(path for ending in ("yaml", "yml", "json") for path in tree.rglob(f"*.{ending}")):
        for found in reads(file.read_text()):
            place = f"{file.relative_to(tree.parent)}:{found.line}"
            if isinstance(found, Unreadable):
                yield Difference(place, found.text, found.cause, found.remedy)
            elif difference := _read(place, found, entries):
                yield difference
            else:
                used.add(found.name)
    remedy = "Read it in an ApplicationSet, or take it out of the contract"
    for name in entries:
        if name not in used:
            yield Difference(_place(name), name, f"nothing in {tree.name} reads it", remedy)


def _read(place: str, found: Read, entries: dict[str, Entry]) -> Difference | None:
    if found.kind == "label" and found.name in ARGO_CD_LABELS:
        return None
    entry = entries.get(found.name)
    if entry is None:
        remedy = f"Use one of {', '.join(entries)}, or add an entry to planning/metadata.py"
        return Difference(place, found.name, f"the contract has no such {found.kind}", remedy)
    if entry.kind != found.kind:
        cause = f"is read as {_article(found.kind)}"
        return Difference(place, found.name, cause, f"It is {_article(entry.kind)} of the cluster: read that")
    return None


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _place(name: str) -> str:
    """Where the contract has the entry."""
    lines = METADATA.read_text().splitlines()
    line = next((number for number, line in enumerate(lines, 1) if f'name="{name}"' in line), 1)
    return f"{METADATA.relative_to(ROOT)}:{line}"


def main(tree: Path = TREE) -> int:
    """Tell every difference; returns the exit code."""
    found = list(differences(tree))
    for difference in found:
        print(difference, file=sys.stderr)
    return DIFFERENT if found else 0


if __name__ == "__main__":
    sys.exit(main())
