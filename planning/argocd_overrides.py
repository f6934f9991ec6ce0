"""Values of the user's own on top of those that the settings make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def merge(values: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with `overrides` over them, as Helm does it: mappings join, all else is replaced."""
    merged = dict(values)
    for key, value in overrides.items():
        ours = merged.get(key)
        both = isinstance(ours, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(ours or {}, value) if both else value
    return merged


def replaced(
    values: Mapping[str, Any], overrides: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, bool]]:
    """Yield each path that `overrides` sets, and whether `values` had something else there."""
    for key, value in overrides.items():
        path = f"{prefix}{key}"
        ours = values.get(key)
        if isinstance(value, Mapping) and (isinstance(ours, Mapping) or (value and key not in values)):
            yield from replaced(ours or {}, value, f"{path}.")
        elif key not in values or ours != value:
            yield path, key in values
