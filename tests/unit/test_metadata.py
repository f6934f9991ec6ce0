import re

import pytest

from planning import metadata
from planning.metadata import ARGO_CD_LABELS, CONTRACT, ContractError

FACTS = {entry.name: entry.example for entry in CONTRACT}


def test_names_are_unique_and_readable_by_a_template():
    """Incident: a name with a hyphen ended Go's field syntax, and the template did not parse."""
    names = [entry.name for entry in CONTRACT]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_every_fact_is_written_once():
    labels, annotations = metadata.cluster_labels(FACTS), metadata.cluster_annotations(FACTS)
    assert {**labels, **annotations} == {**ARGO_CD_LABELS, **FACTS}
    assert labels.keys().isdisjoint(annotations)


@pytest.mark.parametrize("write", [metadata.cluster_labels, metadata.cluster_annotations])
def test_neither_less_nor_more_is_written(write):
    with pytest.raises(ContractError, match=r"environment is missing"):
        write({name: value for name, value in FACTS.items() if name != "environment"})
    with pytest.raises(ContractError, match=r"other is not in the contract"):
        write({**FACTS, "other": "value"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("environment", "Prod"),
        ("environment", "p" * 64),
        ("environment", ""),
        ("gitops_repository_url", "repository"),
        ("gitops_revision", "two words"),
        ("gitops_path", "/gitops"),
    ],
)
def test_a_value_of_another_type_is_refused(name, value):
    """Incident: the API server refused a label of 64 characters half-way through the deployment."""
    with pytest.raises(ContractError, match=f"{name} = {value} is no "):
        {
            **metadata.cluster_labels({**FACTS, name: value}),
            **metadata.cluster_annotations({**FACTS, name: value}),
        }
