"""Every document passes parliament, the linter of IAM policies, in every partition."""

import importlib
import string
import warnings

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from planning.iam import Scope, boundary, document
from planning.iam.workloads import ADDONS, CONTROLLERS, Reach
from tests.unit.iam.documents import policies
from tests.unit.iam.simulator import TAGS

with warnings.catch_warnings():
    # It leaves its two data files to the garbage collector, and reads them by what setuptools deprecates.
    warnings.simplefilter("ignore")
    parliament = importlib.import_module("parliament")

NEWER = {
    "elasticloadbalancing:CreateAction": "AWS Load Balancer Controller, iam_policy.json, has it since v2.5",
}
"""Condition keys that the linter does not know, and where they stand."""

# A document takes a while to lint; smaller names would tell no more of a mistake.
lightly = settings(max_examples=25, deadline=None, phases=[Phase.generate])
REGIONS = {"aws": "ap-southeast-3", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
names = st.from_regex(r"[a-z][a-z0-9-]{0,98}[a-z0-9]", fullmatch=True)
scopes = st.builds(
    lambda partition, account, cluster, stack: Scope(
        partition, REGIONS[partition], account, cluster, {**TAGS, "Stack": stack}
    ),
    st.sampled_from(sorted(REGIONS)),
    st.text(string.digits, min_size=12, max_size=12),
    names,
    names,
)
reaches = st.builds(
    Reach,
    st.lists(st.from_regex(r"Z[0-9A-Z]{3,20}", fullmatch=True), min_size=1, max_size=5),
    st.lists(st.from_regex(r"[\w/+=.@-]{1,20}", fullmatch=True), min_size=1, max_size=5),
)


def findings(statements):
    """What the linter finds, less what another statement of the same document settles.

    It looks at statements one by one, and so misses that an action on two kinds of resources is allowed
    on each by a statement of its own, with conditions of its own.
    """
    found = []
    for finding in parliament.analyze_policy_string(
        document(statements), ignore_private_auditors=True
    ).findings:
        if finding.issue == "RESOURCE_MISMATCH":
            found += [f"{lack}" for lack in finding.detail if not covered(statements, lack)]
        elif not any(key in str(finding.detail) for key in NEWER):
            found.append(f"{finding.issue}: {finding.detail}")
    return found


def covered(statements, lack):
    return any(
        lack["action"] in statement.actions and parliament.is_arn_match("any", lack["required_format"], arn)
        for statement in statements
        for arn in statement.resources
        if arn != "*"
    )


@lightly
@given(scopes, reaches)
def test_every_policy_is_sound(scope, reach):
    """No unknown action, no condition that the action ignores, no resource that it does not take, and none
    left open that it does take. Incident: a condition on a key that the action does not know never matched,
    and the controller could delete nothing."""
    found = {name: findings(statements) for name, statements in policies(scope, reach).items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


@lightly
@given(scopes, reaches)
def test_no_policy_has_a_wildcard_for_actions(scope, reach):
    """Incident: ec2:Describe* had grown a call that returns user data with a password in it."""
    for statements in policies(scope, reach).values():
        assert not any("*" in action or "?" in action for s in statements for action in s.actions)


@lightly
@given(scopes, reaches)
def test_documents_fit_into_what_iam_takes(scope, reach):
    """IAM User Guide, "IAM and AWS STS quotas": 6,144 characters a managed policy, 10,240 all inline policies
    of a role, 10 managed policies a role."""
    for name, statements in policies(scope, reach).items():
        limit = 10_240 if name in {**CONTROLLERS, **ADDONS} else 6_144
        assert len(document(statements)) <= limit, name
    for statements in (boundary.platform(scope), boundary.github(scope)):
        assert len(document(statements)) <= 6_144


@lightly
@given(scopes, reaches)
def test_every_arn_is_of_the_partition(scope, reach):
    """Incident: arn:aws in one statement of twenty; in China the volumes could not be deleted."""
    documents = [*policies(scope, reach).values(), boundary.platform(scope), boundary.github(scope)]
    arns = [arn for statements in documents for s in statements for arn in s.resources if arn != "*"]
    assert all(arn.startswith(f"arn:{scope.partition}:") for arn in arns)
    other = {"aws", "aws-cn", "aws-us-gov"} - {scope.partition}
    assert not any(f"arn:{name}:" in document(s) for s in documents for name in other)


@pytest.mark.parametrize("make", [boundary.platform, boundary.github])
@lightly
@given(scopes)
def test_boundaries_are_sound_though_they_name_whole_services(make, scope):
    """A boundary allows nothing by itself, hence its wildcards; all else must be right in it, too."""
    ours = [line for line in findings(make(scope)) if not line.startswith("RESOURCE_STAR")]
    assert ours == []


def test_statements_have_names_of_their_own():
    scope = Scope("aws", "eu-west-1", "111122223333", "prod", TAGS)
    documents = [*policies(scope, Reach(["Z1234"], ["prod/"])).values(), boundary.platform(scope)]
    for statements in documents:
        sids = [statement.sid for statement in statements]
        assert len(set(sids)) == len(sids)
        assert all(sid.isalnum() for sid in sids)


def test_the_longest_names_still_fit():
    """EKS takes 100 characters for a cluster's name; regions have the longest names in GovCloud and Asia."""
    longest = "c" * 100
    for partition, region in {"aws-us-gov": "us-gov-west-1", "aws": "ap-southeast-3"}.items():
        scope = Scope(partition, region, "1" * 12, longest, {**TAGS, "Stack": longest})
        for name, statements in policies(scope, Reach(["Z" * 20], ["prod/"])).items():
            limit = 10_240 if name in {**CONTROLLERS, **ADDONS} else 6_144
            assert len(document(statements)) <= limit, name
        for statements in (boundary.platform(scope), boundary.github(scope)):
            assert len(document(statements)) <= 6_144
