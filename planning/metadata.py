"""The contract between the two halves: the labels and annotations of Argo CD's cluster Secret.

Pulumi writes them, ApplicationSets in the GitOps tree read them; `operations.contract` compares the two.
A new fact is an entry here, a value where the root Application is made, and a reader in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["label", "annotation"]
"""ApplicationSets can select clusters by a label; an annotation takes any text, like a URL."""

#: How Argo CD knows the Secrets that are clusters, and nothing that the contract gives
#: (Argo CD Operator Manual, "Declarative Setup", Clusters).
ARGO_CD_LABELS = {"argocd.argoproj.io/secret-type": "cluster"}


@dataclass(frozen=True)
class Type:
    """What a value may be."""

    name: str
    pattern: str
    """Regular expression of the whole value."""


#: As long as the value of a label may be (Kubernetes, "Labels and Selectors", Syntax and character set).
NAME = Type("lower-case name", r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
REPOSITORY = Type("URL of a Git repository", r"(https?|ssh)://\S+|\S+@\S+:\S+")
REVISION = Type("branch, tag or commit", r"\S+")
FOLDER = Type("folder, relative", r"[^/].*")


@dataclass(frozen=True)
class Entry:
    """One label or annotation."""

    name: str
    kind: Kind
    type: Type
    meaning: str
    source: str
    """Where the value comes from: a key of the stack's configuration, or a component's output."""
    example: str


CONTRACT = (
    Entry(
        name="environment",
        kind="label",
        type=NAME,
        meaning="Overlay of the tree that the cluster runs; clusters without it get nothing",
        source="setting `environment`",
        example="prod",
    ),
    Entry(
        name="gitops_repository_url",
        kind="annotation",
        type=REPOSITORY,
        meaning="Repository that the cluster follows",
        source="setting `repositoryUrl`",
        example="https://github.com/owner/repository.git",
    ),
    Entry(
        name="gitops_revision",
        kind="annotation",
        type=REVISION,
        meaning="Revision of the repository",
        source="setting `repositoryRevision`",
        example="main",
    ),
    Entry(
        name="gitops_path",
        kind="annotation",
        type=FOLDER,
        meaning="Folder of the tree in the repository",
        source="setting `repositoryPath`",
        example="gitops",
    ),
)


class ContractError(ValueError):
    """Facts that are not those of the contract."""


def check_names(names: Iterable[str], contract: Iterable[Entry] = CONTRACT) -> None:
    """Raise ContractError unless there is a fact for each entry of the contract, and no other."""
    expected, given = {entry.name for entry in contract}, set(names)
    problems = [f"{name} is missing" for name in sorted(expected - given)]
    problems += [f"{name} is not in the contract" for name in sorted(given - expected)]
    if problems:
        raise ContractError(f"cluster metadata: {', '.join(problems)}; see planning/metadata.py")


def cluster_labels(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of the cluster Secret. Raises ContractError."""
    return {**ARGO_CD_LABELS, **_values("label", facts)}


def cluster_annotations(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the annotations of the cluster Secret. Raises ContractError."""
    return _values("annotation", facts)


def _values(kind: Kind, facts: Mapping[str, str]) -> dict[str, str]:
    check_names(facts)
    entries = [entry for entry in CONTRACT if entry.kind == kind]
    for entry in entries:
        if not re.fullmatch(entry.type.pattern, facts[entry.name]):
            raise ContractError(
                f"cluster metadata: {entry.name} = {facts[entry.name]} is no {entry.type.name}"
            )
    return {entry.name: facts[entry.name] for entry in entries}
