"""Typed reading of a configuration that collects every problem instead of stopping at the first."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a configuration."""

    key: str
    value: str
    """The value as written; never a secret's."""
    cause: str
    remedy: str

    def __str__(self) -> str:
        shown = f" = {self.value}" if self.value else ""
        return f"{self.key}{shown}: {self.cause}. {self.remedy}."


class Reader:
    """Reads keys by type. A wrong value is recorded in `problems`, and reading goes on with a stand-in of
    the type; nobody sees the stand-in, because a configuration with problems is refused as a whole.

    Values may be native or, as Pulumi hands them to a program, strings that hold JSON.
    """

    def __init__(
        self, values: Mapping[str, object], prefix: str = "", problems: list[Problem] | None = None
    ) -> None:
        self._values = values
        self._prefix = prefix
        self._known: list[str] = []
        self.problems: list[Problem] = [] if problems is None else problems
        self.warnings: list[Problem] = []
        """What is right today and will not be for long; of the top level, where all of it is found."""

    def refuse(self, key: str, cause: str, remedy: str, *, secret: bool = False) -> None:
        """Record a problem with `key`; the value of a `secret` is not shown."""
        value = "" if secret or key not in self._values else _shown(self._values[key])
        self.problems.append(Problem(self._prefix + key, value, cause, remedy))

    def warn(self, key: str, cause: str, remedy: str) -> None:
        """Record what is to be told about `key` although it is accepted."""
        self.warnings.append(Problem(self._prefix + key, _shown(self._values[key]), cause, remedy))

    def text(self, key: str, default: str | None = None) -> str:
        """Read a string; without a `default` the key must be there."""
        self._known.append(key)
        value = self._values.get(key, default)
        if isinstance(value, str):
            return value
        if value is None:
            self.refuse(key, "is missing", "Set it")
        else:
            self.refuse(key, "must be a string", "Quote it")
        return ""

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """Read one of `options`."""
        value = self.text(key, default)
        if value not in options:
            self.refuse(key, "is not one of the possible values", f"Use {_listed(options)}")
            return options[0]
        return value

    def boolean(self, key: str) -> bool:
        """Read true or false."""
        self._known.append(key)
        value = self._values.get(key)
        if isinstance(value, str):
            value = _parsed(value)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false", "Use one of them, without quotes")
            return False
        return value

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Read a whole number from `low` to `high`."""
        value = self._native(key, int, "a whole number", default)
        if value is None:
            return low
        if not low <= value <= high:
            self.refuse(key, "is out of range", f"Use a number from {low} to {high}")
            return low
        return value

    def objects(self, key: str) -> dict[str, dict[str, object]]:
        """Read a mapping of objects whose keys are not this program's to know."""
        found = {}
        for name, value in self.mapping(key).items():
            if isinstance(value, dict):
                found[name] = value
            else:
                self.refuse(key, f"{name} must be an object", "Give its keys and values")
        return found

    def mapping(self, key: str) -> dict[str, object]:
        """Read a mapping of anything."""
        return self._native(key, dict, "a mapping", None) or {}

    def network(self, key: str) -> IPv4Network | None:
        """Read an IPv4 network in CIDR notation."""
        return self._as_network(key, self.text(key))

    def networks(self, key: str) -> tuple[IPv4Network, ...]:
        """Read a list of IPv4 networks in CIDR notation."""
        found = (self._as_network(key, text) for text in self.texts(key))
        return tuple(network for network in found if network is not None)

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """Read a list of strings."""
        value = self._native(key, list, "a list", default) or []
        if not all(isinstance(item, str) for item in value):
            self.refuse(key, "must be a list of strings", "Quote each item")
            return ()
        return tuple(value)

    def text_map(self, key: str, default: dict[str, str] | None = None) -> dict[str, str]:
        """Read a mapping of strings to strings."""
        value = self._native(key, dict, "a mapping", default) or {}
        if not all(isinstance(item, str) for pair in value.items() for item in pair):
            self.refuse(key, "must map strings to strings", "Quote each value")
            return {}
        return value

    def children(self, key: str, default: list[object] | None = None) -> Iterator[tuple[str, Reader]]:
        """Read a list or a mapping of objects: each one's index or name, and a reader of its keys, which
        is finished when the next one is asked for."""
        value = self._native(key, (list, dict), "a list or mapping of objects", default)
        pairs = value.items() if isinstance(value, dict) else enumerate(value or [])
        for name, item in pairs:
            if not isinstance(item, dict):
                self.refuse(key, f"{name} must be an object", "Give its keys and values")
                continue
            child = Reader(item, f"{self._prefix}{key}.{name}.", self.problems)
            yield str(name), child
            child.finish()

    def finish(self) -> None:
        """Refuse every key that nobody has read, naming the nearest one that exists."""
        for key in sorted(self._values.keys() - set(self._known)):
            near = difflib.get_close_matches(key, self._known, 1)
            remedy = f"Did you mean {near[0]}" if near else f"Known keys: {', '.join(sorted(self._known))}"
            self.refuse(key, "is not a known key", remedy, secret=True)

    def _as_network(self, key: str, text: str) -> IPv4Network | None:
        try:
            return IPv4Network(text)
        except ValueError as error:
            self.refuse(key, f"is not an IPv4 network ({error})", "Use CIDR notation, e.g. 10.0.0.0/16")
            return None

    def _native(
        self, key: str, kind: type[T] | tuple[type[T], ...], noun: str, default: T | None
    ) -> T | None:
        self._known.append(key)
        value = self._values.get(key, default)
        if isinstance(value, str):
            value = _parsed(value)
        # In Python a boolean is an integer; in a configuration it is not.
        if value is None or isinstance(value, bool) or not isinstance(value, kind):
            self.refuse(key, f"must be {noun}" if key in self._values else "is missing", f"Set it to {noun}")
            return None
        return value


def _parsed(text: str) -> object:
    try:
        return cast(object, json.loads(text))
    except json.JSONDecodeError:
        return text


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _listed(options: Sequence[str]) -> str:
    return ", ".join(options[:-1]) + f" or {options[-1]}" if len(options) > 1 else options[0]
