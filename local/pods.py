"""What a kubelet makes of a pod template before it starts a container: its variables and its files."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from local.kube import Object

Lookup = Callable[[str, str], Mapping[str, str] | None]
"""The data of an object in the pod's namespace, by kind (`ConfigMap`, `Secret`) and name; None if missing."""


class NotReadyError(Exception):
    """The pod refers to something that does not exist yet; a kubelet would wait for it, too."""


def environment(container: Object, namespace: str, lookup: Lookup) -> dict[str, str]:
    """The container's variables, as its template sets them or takes them from ConfigMaps and Secrets.

    Raises NotReadyError when a reference that is not optional cannot be followed.
    """
    variables: dict[str, str] = {}
    for variable in container.get("env", []):
        value = _value(variable, namespace, lookup)
        if value is not None:
            variables[variable["name"]] = expand(value, variables)
    return variables


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replace each `$(NAME)` of a known variable."""
    return re.sub(r"\$\((\w+)\)", lambda match: variables.get(match[1], match[0]), text)


def write_files(folder: Path, data: Mapping[str, str]) -> None:
    """Make the folder hold the entries of a ConfigMap or Secret, one file each, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in data:
            path.unlink()
    for name, content in data.items():
        if not (folder / name).exists() or (folder / name).read_text() != content:
            partial = folder.parent / f"{folder.name}.{name}.partial"
            partial.touch(mode=0o600)
            partial.write_text(content)
            partial.replace(folder / name)


def _value(variable: Object, namespace: str, lookup: Lookup) -> str | None:
    source = variable.get("valueFrom", {})
    if "fieldRef" in source:
        field = source["fieldRef"]["fieldPath"]
        if field != "metadata.namespace":
            raise NotReadyError(f"{variable['name']} asks for {field}, which is not supported here")
        return namespace
    for member, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if reference := source.get(member):
            data = lookup(kind, reference["name"]) or {}
            if reference["key"] not in data and not reference.get("optional"):
                raise NotReadyError(f"{kind} {reference['name']} has no {reference['key']}")
            return data.get(reference["key"])
    value: str | None = variable.get("value")
    return value
