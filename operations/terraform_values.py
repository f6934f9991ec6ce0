"""Inputs of a Pulumi resource as Terraform's plan has them: values, what is unknown, and expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operations.plan import UNKNOWN
from operations.terraform_schema import LIST, MAP, SET, Attribute, Block

INTERNAL = "__"
"""How the bridge's own notes among the inputs begin."""

Value = Any
"""An input as JSON has it."""

OF_ITSELF = {"id", "ids", "arn", "arns", "name", "names", "aws"}
"""Words of names that do not tell what a reference leads to."""


@dataclass
class View:
    """One block of a plan."""

    values: dict[str, Any] = field(default_factory=dict)
    """What is known."""
    unknown: dict[str, Any] = field(default_factory=dict)
    """True in place of each value that is known only after the update."""
    expressions: dict[str, Any] = field(default_factory=dict)
    """The references in place of each value that comes from other resources."""


def view(block: Block, inputs: Mapping[str, Any], references: Mapping[str, Sequence[str]]) -> View:
    """Translate the inputs; `references` are the addresses that the value of each input comes from.

    Raises terraform_schema.MappingError for a property that Terraform lacks.
    """
    result = View()
    for key, value in inputs.items():
        if not key.startswith(INTERNAL) and value is not None:
            _add(result, block.attribute(key), value, references.get(key, ()))
    return result


def _add(to: View, attribute: Attribute, value: Value, references: Sequence[str]) -> None:
    if value == UNKNOWN:
        to.unknown[attribute.name] = True
        _refer(to, attribute.name, references)
    elif attribute.block is not None and attribute.kind in (LIST, SET):
        _add_blocks(to, attribute, attribute.block, [value] if attribute.single else value, references)
    elif attribute.block is not None:
        _add_object(to, attribute, attribute.block, value, references)
    elif attribute.kind in (LIST, SET):
        elements = [value] if attribute.single else value
        to.values[attribute.name] = [element for element in elements if element != UNKNOWN]
        to.unknown[attribute.name] = [element == UNKNOWN for element in elements]
        _refer(to, attribute.name, references)
    elif attribute.kind == MAP:
        to.values[attribute.name] = {
            key: element
            for key, element in value.items()
            if element != UNKNOWN and not key.startswith(INTERNAL)
        }
        to.unknown[attribute.name] = {key: True for key, element in value.items() if element == UNKNOWN}
    else:
        to.values[attribute.name] = value
        _refer(to, attribute.name, references)


def _add_blocks(
    to: View, attribute: Attribute, block: Block, elements: Sequence[Any], references: Sequence[str]
) -> None:
    parts = [
        # The plan tells the references of an input, not of what is nested in it: each value gets them.
        View() if element == UNKNOWN else view(block, element, dict.fromkeys(element, references))
        for element in elements
    ]
    to.values[attribute.name] = [part.values for part in parts]
    to.unknown[attribute.name] = [part.unknown for part in parts]
    to.expressions[attribute.name] = [part.expressions for part in parts]


def _add_object(
    to: View, attribute: Attribute, block: Block, value: Value, references: Sequence[str]
) -> None:
    part = view(block, value, dict.fromkeys(value, references))
    to.values[attribute.name] = part.values
    to.unknown[attribute.name] = part.unknown
    to.expressions[attribute.name] = part.expressions


def _refer(to: View, name: str, references: Sequence[str]) -> None:
    if not references:
        return
    addresses = sorted(references, key=lambda address: _distance(name, address))
    output = "arn" if name.endswith("arn") else "id"
    # Terraform lists the value and, after it, the resource that has it.
    to.expressions[name] = {
        "references": [text for address in addresses for text in (f"{address}.{output}", address)]
    }


def _distance(name: str, address: str) -> tuple[int, int, str]:
    """Order of likelihood: an input depends on more than the one resource whose value it holds.

    A role's ARN that is given out once its policies are attached depends on the attachments, too; the
    resource meant is the one whose type shares the most words with the input, of these the plainest.
    """
    words = set(address.partition(".")[0].split("_")) - OF_ITSELF
    return -len(words & (set(name.rstrip("s").split("_")) - OF_ITSELF)), len(words), address
