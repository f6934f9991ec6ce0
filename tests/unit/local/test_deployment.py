"""How an update is told."""

from io import StringIO

import pytest
from rich.console import Console

from local.deployment import Narrator
from local.progress import Progress

VPC = "urn:pulumi:local::gitops-platform::gitops-platform:network:Network$aws:ec2/vpc:Vpc::platform"
STACK = "urn:pulumi:local::gitops-platform::pulumi:pulumi:Stack::gitops-platform-local"


def told(*events: tuple[str, str, str]) -> tuple[str, str]:
    text = StringIO()
    with Progress(Console(file=text, width=200)).step("Update") as step:
        narrator = Narrator(step)
        for name, op, urn in events:
            kind = urn.split("::")[2].rpartition("$")[2]
            narrator.tell({name: {"metadata": {"op": op, "urn": urn, "type": kind}}})
    return text.getvalue(), narrator.summary()


def test_a_created_resource_is_a_line_with_its_type_and_name() -> None:
    text, summary = told(("resourcePreEvent", "create", VPC), ("resOutputsEvent", "create", VPC))
    assert "created aws:ec2/vpc:Vpc platform (0.0s)" in text
    assert summary == "1 created"


@pytest.mark.parametrize(
    ("op", "word"), [("update", "updated"), ("delete", "deleted"), ("replace", "replaced")]
)
def test_every_change_is_told(op: str, word: str) -> None:
    text, summary = told(("resOutputsEvent", op, VPC))
    assert f"{word} aws:ec2/vpc:Vpc platform" in text
    assert summary == f"1 {word}"


def test_what_does_not_change_is_only_counted() -> None:
    text, summary = told(("resOutputsEvent", "same", VPC))
    assert "platform" not in text
    assert summary == "1 unchanged"


def test_the_stack_itself_and_reads_are_not_counted() -> None:
    assert told(("resOutputsEvent", "create", STACK), ("resOutputsEvent", "read", VPC))[1] == ""
