"""What is a pass and what is not, and the file of exceptions."""

from pathlib import Path

import pytest

from operations.security import exceptions, report, required, table
from operations.security.exceptions import ExceptionsError, SecurityException
from operations.security.findings import Finding
from operations.security.required import REQUIRED

PASSED = [Finding(rule, text, "dev", "aws_x.y", True) for rule, text in REQUIRED.items()]
FAILED = Finding("CKV2_AWS_64", "Ensure KMS key Policy is defined", "dev", "aws_kms_key.logs", False)


def written(folder: Path, text: str) -> Path:
    file = folder / "exceptions.yaml"
    file.write_text(text)
    return file


def test_all_passed_is_good():
    found = report.build(["dev"], PASSED, [])
    assert found.good
    assert "25 rules looked at plans dev: 25 passed, 0 failed, 0 excepted" in "\n".join(table.lines(found))


@pytest.mark.parametrize("rule", REQUIRED)
def test_a_required_rule_that_judged_nothing_fails(rule: str):
    """Incident: a renamed type is no longer recognised, no rule sees it, and the check stays green."""
    found = report.build(["dev"], [finding for finding in PASSED if finding.rule != rule], [])
    assert not found.good
    assert [row.rule for row in found.rows if row.missing] == [rule]
    assert "NOTHING TO JUDGE" in "\n".join(table.lines(found))


def test_a_finding_fails_unless_an_exception_names_rule_and_resource():
    other = SecurityException("CKV2_AWS_64", "aws_kms_key.secrets", "Another key.")
    pattern = SecurityException("CKV2_AWS_64", "aws_kms_key.*", "The default policy is meant.")
    assert not report.build(["dev"], [*PASSED, FAILED], []).good
    elsewhere = SecurityException("CKV2_AWS_64", "aws_kms_key.*", "Only in production.", plan="prod")
    for useless in (other, elsewhere):
        assert not report.build(["dev"], [*PASSED, FAILED], [useless]).good
    found = report.build(["dev"], [*PASSED, FAILED], [pattern])
    assert found.good
    assert "The default policy is meant." in "\n".join(table.lines(found))
    assert report.as_json(found)["rules"][0].keys() >= {"rule", "text", "passed", "failed", "excepted"}


def test_an_exception_that_nothing_needs_fails():
    """Incident: what an exception was made for is mended, and the exception lets the next mistake pass."""
    stale = SecurityException("CKV2_AWS_64", "aws_kms_key.*", "Not needed any more.")
    found = report.build(["dev"], PASSED, [stale])
    assert not found.good
    assert "take it out" in "\n".join(table.lines(found))


@pytest.mark.parametrize(
    "text",
    [
        "- {rule: CKV_AWS_7, resource: aws_kms_key.x}",
        "- {rule: CKV_AWS_7, resource: aws_kms_key.x, reason: ''}",
        "- {rule: CKV_AWS_7, resource: aws_kms_key.x, reason: why, until: 2027}",
        "- CKV_AWS_7",
    ],
)
def test_an_exception_says_rule_resource_and_reason(tmp_path: Path, text: str):
    with pytest.raises(ExceptionsError, match="rule, resource and reason"):
        exceptions.load(written(tmp_path, text))


def test_the_exceptions_are_a_table_of_the_documentation(tmp_path: Path):
    file = written(tmp_path, "- {rule: CKV_AWS_7, resource: aws_kms_key.x, reason: Because\n    of this.}")
    assert exceptions.table(file)[1:] == [["CKV_AWS_7", "`aws_kms_key.x`", "all", "Because of this."]]


def test_the_required_rules_are_a_table_of_the_documentation():
    assert len(required.table()) == 1 + len(REQUIRED)


def test_the_file_of_the_project_is_right():
    assert all(exception.reason.endswith(".") for exception in exceptions.load())
