import subprocess
import sys
from dataclasses import replace

import pytest

from operations.contract import ROOT, TREE, differences, main
from planning.metadata import CONTRACT

READERS = """\
kind: ApplicationSet
spec:
  generators:
    - clusters:
        selector:
          matchLabels: {environment: prod, argocd.argoproj.io/secret-type: cluster}
  template:
    spec:
      source:
        repoURL: "{{ .metadata.annotations.gitops_repository_url }}"
        targetRevision: '{{ index .metadata.annotations "gitops_revision" }}'
        path: "{{.metadata.annotations.gitops_path}}/{{ $.metadata.labels.environment | lower }}"
"""


@pytest.fixture
def told(tmp_path):
    """What is told of a tree with one more file."""

    def run(text, **options):
        (tmp_path / "gitops").mkdir(exist_ok=True)
        (tmp_path / "gitops/readers.yaml").write_text(READERS)
        (tmp_path / "gitops/more.yaml").write_text(text)
        return [str(each) for each in differences(tmp_path / "gitops", **options)]

    return run


def test_the_tree_reads_what_the_contract_has():
    assert list(differences(TREE)) == []


def test_every_way_of_reading_counts(told):
    assert told("") == []


READINGS = {
    "field": 'a: "{{ .metadata.annotations.aws_vpc }}"',
    "field without spaces": 'a: "{{.metadata.annotations.aws_vpc}}"',
    "in a pipeline": "a: '{{ default \"x\" .metadata.annotations.aws_vpc | quote }}'",
    "second of two": 'a: "{{ .metadata.annotations.gitops_path }}/{{ .metadata.annotations.aws_vpc }}"',
    "of the root": 'a: "{{ range .x }}{{ $.metadata.annotations.aws_vpc }}{{ end }}"',
    "index": "a: '{{ index .metadata.annotations \"aws_vpc\" }}'",
    "condition": "a: '{{ if hasKey .metadata.annotations \"aws_vpc\" }}x{{ end }}'",
    "braces alone": 'a: "{{metadata.annotations.aws_vpc}}"',
    "key": '"{{ .metadata.annotations.aws_vpc }}": a',
    "merge key": "kind: ApplicationSet\nspec: {mergeKeys: [metadata.annotations.aws_vpc]}",
    "patch of kustomize": "patches: [{patch: 'x: {{ .metadata.annotations.aws_vpc }}'}]",
    "second document": 'a: b\n---\nc: "{{ .metadata.annotations.aws_vpc }}"',
}


@pytest.mark.parametrize("text", READINGS.values(), ids=READINGS.keys())
def test_an_annotation_that_the_contract_lacks_is_found(told, text):
    """Incident: an annotation was misspelt, and with missingkey=error the set made no Application at all."""
    (difference,) = told(text)
    assert difference.startswith("gitops/more.yaml:")
    assert "aws_vpc: the contract has no such annotation. Use one of environment, gitops" in difference
    assert "or add an entry to planning/metadata.py" in difference


SELECTIONS = {
    "labels": "[{clusters: {selector: {matchLabels: {zone: a}}}}]",
    "expressions": "[{clusters: {selector: {matchExpressions: [{key: zone, operator: Exists}]}}}]",
    "in a matrix": "[{matrix: {generators: [{clusters: {selector: {matchLabels: {zone: a}}}}]}}]",
    "behind a generator": "[{clusters: {}, selector: {matchLabels: {metadata.labels.zone: a}}}]",
}


@pytest.mark.parametrize("generators", SELECTIONS.values(), ids=SELECTIONS.keys())
def test_a_label_that_the_contract_lacks_is_found(told, generators):
    """Incident: clusters were selected by a label that none of them had, and nothing was deployed."""
    (difference,) = told(f"kind: ApplicationSet\nspec:\n  generators: {generators}\n")
    assert difference.startswith("gitops/more.yaml:3: zone: the contract has no such label")


def test_the_line_is_that_of_the_reading(told):
    text = "a: b\nc: |\n  first\n  {{ .metadata.labels.zone }}\n"
    (difference,) = told(text)
    assert difference.startswith("gitops/more.yaml:4: zone:")


def test_a_label_is_not_an_annotation(told):
    (difference,) = told('a: "{{ .metadata.labels.gitops_path }}"')
    assert "gitops_path: is read as a label. It is an annotation of the cluster: read that" in difference


@pytest.mark.parametrize(
    "action", ["range .metadata.labels", "$a := .metadata.annotations", "with .metadata"]
)
def test_what_names_nothing_cannot_be_compared(told, action):
    """Incident: a set read all annotations in a loop, and nobody knew which it needed."""
    (difference,) = told(f'a: "{{{{ {action} }}}}"')
    assert (
        "reads metadata in a way that names no label or annotation. Write .metadata.labels.NAME" in difference
    )


@pytest.mark.parametrize(
    "text",
    [
        '# path: "{{ .metadata.annotations.aws_vpc }}"',
        'a: "{{ .app.metadata.annotations.aws_vpc }}"',
        "kind: Deployment\nspec: {selector: {matchLabels: {zone: a}}}",
        "kind: Kustomization\nreplacements: [{source: {fieldPath: metadata.annotations.aws_vpc}}]",
        "kind: ApplicationSet\nspec: {template: {metadata: {labels: {zone: a}}}}",
    ],
    ids=["comment", "of something else", "selector of pods", "kustomize", "labels of the Application"],
)
def test_what_reads_no_cluster_is_left_alone(told, text):
    assert told(text) == []


def test_a_file_that_is_not_yaml_is_told(told):
    (difference,) = told("a: b\nc: [")
    assert difference.startswith("gitops/more.yaml:2: the file: is not YAML")


def test_what_nothing_reads_is_found(told):
    """Incident: facts piled up on the Secret, each a diff when it changed, and nobody dared to remove any."""
    (difference,) = told("", contract=[*CONTRACT, replace(CONTRACT[0], name="unread")])
    assert "unread: nothing in gitops reads it. Read it in an ApplicationSet, or take it out" in difference


@pytest.mark.parametrize("entry", CONTRACT, ids=lambda entry: entry.name)
def test_it_is_told_where_the_contract_has_it(tmp_path, entry):
    (difference,) = differences(tmp_path, [entry])
    file, _, line = difference.place.partition(":")
    assert file == "planning/metadata.py"
    assert f'name="{entry.name}"' in (ROOT / file).read_text().splitlines()[int(line) - 1]


def test_the_command_agrees():
    command = [sys.executable, "-m", "operations.contract"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_difference_is_exit_code_1(tmp_path, capsys):
    (tmp_path / "wrong.yaml").write_text(READERS + '        chart: "{{ .metadata.labels.zone }}"\n')
    assert main(tmp_path) == 1
    assert "wrong.yaml:13: zone: the contract has no such label" in capsys.readouterr().err
