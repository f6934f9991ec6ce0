"""Which labels and annotations of clusters a file of the GitOps tree reads, and where.

ApplicationSets read them in templates, by Go's syntax or the older one of braces alone, and select clusters
by labels (Argo CD Operator Manual, ApplicationSet: Cluster Generator, Post Selector, Go Template).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from planning.metadata import Kind

KINDS: dict[str, Kind] = {"labels": "label", "annotations": "annotation"}

_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
#: A cluster's metadata: not a field of something else, like .app.metadata, which notifications have.
_METADATA = r"(?<![\w)\].])\$?\.metadata\b"
_FIELD = re.compile(_METADATA + r"\.(labels|annotations)\.([A-Za-z_]\w*)")
_CALL = re.compile(r"\b(?:index|get|hasKey)\s+" + _METADATA + r"\.(labels|annotations)\s+[\"`]([^\"`]+)[\"`]")
_ANY = re.compile(_METADATA)
#: Also a path of parameters outside of a template: in the selector behind a generator, in merge keys.
_PLAIN = re.compile(r"\s*metadata\.(labels|annotations)\.(\S+)\s*")


@dataclass(frozen=True)
class Read:
    """One use of a label or annotation."""

    line: int
    kind: Kind
    name: str


@dataclass(frozen=True)
class Unreadable:
    """What cannot be compared with the contract."""

    line: int
    text: str
    cause: str
    remedy: str


def reads(text: str) -> Iterator[Read | Unreadable]:
    """Find what the documents of a YAML or JSON file read."""
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield Unreadable(line, "the file", f"is not YAML ({error.problem})", "Mend it")
        return
    for document in documents:
        kind = _get(document, "kind")
        own = kind is not None and kind.value == "ApplicationSet"
        for scalar in _scalars(document):
            # A patch of kustomize holds templates, too; its other fields may be paths of any object.
            yield from _templates(scalar)
            if own and (plain := _PLAIN.fullmatch(scalar.value)):
                yield Read(_first_line(scalar), KINDS[plain[1]], plain[2])
        if own:
            yield from _selections(document)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every text of a document, keys included."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key)
            yield from _scalars(value)


def _first_line(node: yaml.ScalarNode) -> int:
    # The text of a block begins in the line below its mark.
    return int(node.start_mark.line) + (2 if node.style in ("|", ">") else 1)


def _templates(node: yaml.ScalarNode) -> Iterator[Read | Unreadable]:
    first = _first_line(node)
    for action in _ACTION.finditer(node.value):
        line = first + (node.value.count("\n", 0, action.start()) if node.style == "|" else 0)
        if plain := _PLAIN.fullmatch(action[1]):
            yield Read(line, KINDS[plain[1]], plain[2])
        else:
            yield from _action(line, action[1])


def _action(line: int, text: str) -> Iterator[Read | Unreadable]:
    """What stands between the braces of Go's syntax."""
    for form in (_FIELD, _CALL):
        for found in form.finditer(text):
            yield Read(line, KINDS[found[1]], found[2])
        text = form.sub("", text)
    if _ANY.search(text):
        cause = "reads metadata in a way that names no label or annotation"
        yield Unreadable(line, text.strip(" -"), cause, 'Write .metadata.labels.NAME or index … "NAME"')


def _selections(node: yaml.Node | None) -> Iterator[Read]:
    """Labels by which generators of an ApplicationSet select clusters, however deep they are nested."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _selections(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "clusters" and isinstance(value, yaml.MappingNode):
                yield from _selector(_get(value, "selector"))
            yield from _selections(value)


def _selector(selector: yaml.Node | None) -> Iterator[Read]:
    labels, expressions = _get(selector, "matchLabels"), _get(selector, "matchExpressions")
    if isinstance(labels, yaml.MappingNode):
        for key, _ in labels.value:
            yield Read(key.start_mark.line + 1, "label", key.value)
    if isinstance(expressions, yaml.SequenceNode):
        for expression in expressions.value:
            if (key := _get(expression, "key")) is not None:
                yield Read(key.start_mark.line + 1, "label", key.value)


def _get(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)
