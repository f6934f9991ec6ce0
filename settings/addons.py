"""Settings of the EKS add-ons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planning import addons
from planning.addons import Configuration
from planning.config_reader import Reader

KEY = "addonConfiguration"


def read(reader: Reader, *, auto_mode: bool) -> dict[str, Configuration]:
    """Read what differs from the add-ons' default configuration values, by add-on."""
    found: dict[str, Configuration] = {}
    for name, values in reader.objects(KEY).items():
        if name not in addons.NAMES:
            reader.refuse(
                KEY, f"{name} is no add-on of this platform", f"Known are {', '.join(addons.NAMES)}"
            )
        elif name not in {addon.name for addon in addons.installed(auto_mode)}:
            reader.refuse(KEY, f"{name} is part of EKS Auto Mode, which takes no values", f"Remove {name}")
        else:
            found[name] = values
            for path in _no_text(values, name):
                reader.refuse(KEY, f"{path} is an environment variable and no string", "Quote it")
    return found


def _no_text(values: Configuration, path: str) -> Iterator[str]:
    """Where environment variables are no strings: `env` maps names to values in every add-on's schema."""
    for key, value in values.items():
        if not isinstance(value, Mapping):
            continue
        if key == "env":
            yield from (f"{path}.env.{name}" for name, each in value.items() if not isinstance(each, str))
        else:
            yield from _no_text(value, f"{path}.{key}")
