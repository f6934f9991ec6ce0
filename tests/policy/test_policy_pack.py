"""The pack as `pulumi up --policy-pack policy` uses it: one run of the engine on a program that is wrong in
every way, and one on the real plan of a stack."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from local import preview as local_preview
from operations.preview import Planner
from operations.security.required import REQUIRED
from planning import eks_versions
from policy import rules
from tests.policy.conftest import Preview

PROGRAM = Path(__file__).with_name("program")

VIOLATION = re.compile(r"\[mandatory\]\s+(\S+)\s+\(\S+: (\S+)\)")
"""How the engine prints what a policy complains of: the policy, and the resource's type and name."""

Violations = dict[str, set[str]]
"""Resource -> the policies that it breaks."""

NOT_OF_THE_PACK = {"CKV_AWS_339", "PLATFORM_POLICIES"}
"""Checks on the means of proof, not on resources: checkov's own list of versions, and what it could read."""


@pytest.fixture(scope="module")
def violations(preview: Preview) -> Violations:
    done = preview(PROGRAM)
    assert done.returncode != 0, done.stdout
    found = defaultdict(set)
    for policy, resource in VIOLATION.findall(done.stdout):
        found[resource].add(policy.removesuffix("-every-vpc"))
    assert found, done.stdout + done.stderr
    return found


def test_each_rule_finds_what_breaks_it_and_nothing_else(violations: Violations):
    """Incident: a rule that reads a property under a wrong name never complains."""
    named = {resource: set(resource.split("_")) for resource in violations}
    assert violations == named


def test_every_rule_of_the_check_is_in_the_pack(violations: Violations):
    ids = {rule.id for rule in rules.RULES} | set(rules.STACK_RULES)
    assert ids == REQUIRED.keys() - NOT_OF_THE_PACK
    broken = {policy for policies in violations.values() for policy in policies}
    assert broken == {rule.lower().replace("_", "-") for rule in ids}


def test_versions_are_those_of_the_platform():
    """The pack stands alone, and so has a list of its own. Incident: it stops the upgrade to a version that
    the platform supports."""
    assert set(rules.EKS_VERSIONS) == set(eks_versions.VERSIONS)


def test_the_plan_of_a_stack_passes(planner: Planner, pack: Path):
    shown = local_preview.text("dev", options=["--policy-pack", str(pack)])
    assert "aws:eks:Cluster" in shown
    assert "gitops-platform@v" in shown
    assert "[mandatory]" not in shown
