"""Reading the inputs of a component strictly."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from pulumi import Output
from pulumi.errors import InputPropertiesError, InputPropertyErrorDetails

Value: TypeAlias = Any
"""An input as the engine hands it over: plain, a resource, an Output, or a collection that holds some."""

Inputs: TypeAlias = Mapping[str, Value]
"""The inputs of a component, or of an object among them, by their camelCase names."""


class Problems:
    """What is wrong with the inputs of one component; all of it is reported at once."""

    def __init__(self) -> None:
        self._details: list[InputPropertyErrorDetails] = []

    def add(self, path: str, reason: str) -> None:
        """Note that the input at `path` is wrong."""
        self._details.append({"property_path": path, "reason": reason})

    def add_unsupported(self, inputs: Inputs, supported: Collection[str], path: str = "") -> None:
        """Note every input that is not among the supported ones; `path` is where they are, with a dot."""
        for key in sorted(set(inputs) - set(supported)):
            self.add(f"{path}{key}", "the local stand-in for pulumi-eks does not support this input")

    def plain(self, inputs: Inputs, key: str) -> Value:
        """The value of an input that shapes the resources; a problem, and None, if it is an Output."""
        value = inputs.get(key)
        if isinstance(value, Output):
            self.add(key, "must be a plain value, not an output")
            return None
        return value

    def options(self, inputs: Inputs, key: str, supported: Collection[str]) -> Inputs:
        """An object of options, empty if absent."""
        value: Inputs = self.plain(inputs, key) or {}
        self.add_unsupported(value, supported, f"{key}.")
        return value

    def raise_if_any(self) -> None:
        """Raise InputPropertiesError if a problem was noted."""
        if self._details:
            raise InputPropertiesError("The inputs cannot be used:", self._details)


def joined(*lists: Value) -> Output[list[Any]]:
    """The elements of all lists that are given, in order; a list may be None."""
    known = [Output.from_input(each) for each in lists if each is not None]
    return Output.all(*known).apply(lambda given: [element for each in given for element in each])


def merged(*mappings: Value) -> Output[dict[str, Any]]:
    """The entries of all mappings that are given, later ones winning; a mapping may be None."""
    known = [Output.from_input(each) for each in mappings if each is not None]
    return Output.all(*known).apply(lambda given: {key: each[key] for each in given for key in each})


def present(**values: Value) -> dict[str, Any]:
    """The values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


def whole(value: Value) -> Value:
    """The value with 2 instead of 2.0: the protocol has no integers."""
    if isinstance(value, Mapping):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
