import pytest

from operations import rights
from planning.iam.workloads import ADDONS, CONTROLLERS


def test_every_workload_has_lines_of_its_own():
    names = [row[0].partition(",")[0] for row in rights.rows()[1:] if row[0]]
    assert names == [*ADDONS, *CONTROLLERS]


def test_what_is_limited_is_not_told_as_a_right_on_anything():
    """Incident: an auditor read that a role may delete on anything, because a look at anything stood beside
    it."""
    for _, actions, resources, limit in rights.rows()[1:]:
        assert ("anything" in resources) <= (resources == "anything")
        assert not (resources == "anything" and limit)
        assert not (resources == "anything" and "Delete" in actions)


def test_limits_are_told_in_words():
    tag = {"aws:ResourceTag/kubernetes.io/cluster/demo": ["owned", "shared"]}
    told = rights.limits({"StringEquals": {**tag, "ec2:CreateAction": "CreateVolume"}})
    assert told == "tagged `kubernetes.io/cluster/demo` = owned or shared; part of CreateVolume"


def test_a_limit_without_words_is_not_left_out():
    """Incident: a condition that the table did not know was not in it, and nobody saw it."""
    with pytest.raises(ValueError, match="IpAddress aws:SourceIp"):
        rights.limits({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
