"""checkov and the rules of our own on true plans, and on ones in which every rule is broken."""

import json
from collections.abc import Sequence

import pytest

from operations.plan import Resource
from operations.preview import Planner
from operations.security import __main__ as command
from operations.security import checkov, own_rules
from operations.security.findings import Finding
from operations.security.required import REQUIRED
from operations.terraform_plan import addresses, translate
from tests.operations.samples import broken, complete


@pytest.fixture(scope="module")
def good(planner: Planner) -> list[Resource]:
    return complete(planner.resources("dev"))


@pytest.fixture(scope="module")
def resources(good: Sequence[Resource]) -> list[Resource]:
    """Right and wrong ones in one plan, each once, so that checkov starts once."""
    wrong = {each.urn: each for every in broken(good).values() for each in every}
    return [*good, *wrong.values()]


@pytest.fixture(scope="module")
def findings(planner: Planner, resources: Sequence[Resource]) -> list[Finding]:
    document = translate(resources, planner.schema)
    return [*checkov.findings(document, "dev"), *own_rules.findings(document, "dev")]


@pytest.mark.parametrize("rule", REQUIRED)
def test_what_breaks_a_rule_fails_it(
    rule: str,
    planner: Planner,
    good: Sequence[Resource],
    resources: Sequence[Resource],
    findings: Sequence[Finding],
):
    """Incident: a property is translated under a wrong name, and its rule judges a default for ever."""
    address = addresses(resources, planner.schema)[broken(good)[rule][0].urn]
    of_it = [finding.passed for finding in findings if (finding.rule, finding.resource) == (rule, address)]
    assert of_it == [False]


@pytest.mark.parametrize("rule", REQUIRED)
def test_what_is_right_passes_it(
    rule: str,
    planner: Planner,
    good: Sequence[Resource],
    resources: Sequence[Resource],
    findings: Sequence[Finding],
):
    """Incident: a rule that fails whatever it sees gets an exception, which lets the real thing pass."""
    known = addresses(resources, planner.schema)
    right = {known[each.urn] for each in good}
    judged = [finding for finding in findings if finding.rule == rule and finding.resource in right]
    assert judged
    assert all(finding.passed for finding in judged)


@pytest.fixture(scope="module")
def careless(planner: Planner) -> set[str]:
    """The rules that fail on a stack with careless settings."""
    overrides = {"publicAccessCidrs": ["192.0.2.0/24"], "logRetentionDays": 7}
    document = translate(planner.resources("dev", overrides), planner.schema)
    return {finding.rule for finding in checkov.findings(document, "dev") if not finding.passed}


def test_careless_settings_fail(careless: set[str]):
    """A public endpoint, even of few networks, and logs that are gone before an audit."""
    assert {"CKV_AWS_39", "CKV_AWS_338"} <= careless
    assert "CKV_AWS_38" not in careless


def test_every_plan_passes(capsys: pytest.CaptureFixture[str]):
    code = command.main(["--json"])
    told = json.loads(capsys.readouterr().out)
    bad = [rule for rule in told["rules"] if not rule["good"]]
    assert (code, told["good"], bad, told["unusedExceptions"]) == (0, True, [], [])
    assert told["plans"] == ["dev", "staging", "prod", "options"]
