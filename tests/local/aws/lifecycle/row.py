"""One resource of the program, and what happens to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Values = Mapping[str, Any]
"""Arguments by the names of the Python SDK; `${vpc.id}` is an output of the row of that name."""


class Phase(IntEnum):
    """What the program has come to."""

    CREATE = 0
    UPDATE = 1
    REPLACE = 2
    """Rows are replaced one by one, in what holds them."""
    ROOTS = 3
    """What holds others is replaced, and they with it."""


@dataclass(frozen=True)
class Row:
    """A resource."""

    type: str
    """The token of its type."""
    name: str
    inputs: Values
    update: Values = field(default_factory=dict)
    """What changes in place; empty for a type of which nothing does."""
    replace: Values = field(default_factory=dict)
    """What cannot change in place; empty for a type of which everything does."""
    held: bool = False
    """Replaced in ROOTS: it holds other rows, or all that replaces it is what it refers to."""
    options: Values = field(default_factory=dict)
    """Options of the resource that its type needs."""

    @property
    def replaced_in(self) -> Phase:
        """The phase in which `replace` applies."""
        return Phase.ROOTS if self.held else Phase.REPLACE

    def at(self, phase: Phase) -> Values:
        """The arguments in a phase; None takes one away."""
        values = {**self.inputs}
        if phase >= Phase.UPDATE:
            values |= self.update
        if phase >= self.replaced_in:
            values |= self.replace
        return {name: value for name, value in values.items() if value is not None}
