import pulumi_aws as aws
import pytest

from components.access import Access, AccessArgs
from settings.access import AccessEntry

ADMIN = AccessEntry("arn:aws:iam::111122223333:role/admin", "admin", ())
TEAM = AccessEntry("arn:aws:iam::111122223333:role/teams/a", "operator", ("team-b", "team-a"))
TEAM_ADMIN = AccessEntry("arn:aws:iam::444455556666:role/admin", "admin", ("team-a",))
POLICIES = "arn:aws:eks::aws:cluster-access-policy"


@pytest.fixture
def made(record):
    args = AccessArgs("demo", [ADMIN, TEAM, TEAM_ADMIN], "aws", {"Project": "p"})
    return record(lambda: Access("platform", args))


def of(made, kind):
    return {each.inputs["principalArn"]: each.inputs for each in made if each.type == kind}


def test_every_principal_has_one_entry_and_one_policy(made):
    entries = of(made, "aws:eks/accessEntry:AccessEntry")
    policies = of(made, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    principals = {each.principal_arn for each in (ADMIN, TEAM, TEAM_ADMIN)}
    assert entries.keys() == policies.keys() == principals
    assert len(made) == 2 * len(principals)
    assert len({each.name for each in made}) == 3
    assert {entry["type"] for entry in entries.values()} == {"STANDARD"}


def test_namespaces_limit_the_scope(made):
    """Incident: namespaces were written into the entry, and the policy was still the whole cluster's."""
    policies = of(made, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    scopes = {principal: policy["accessScope"] for principal, policy in policies.items()}
    assert scopes[ADMIN.principal_arn] == {"type": "cluster"}
    assert scopes[TEAM.principal_arn] == {"type": "namespace", "namespaces": ["team-a", "team-b"]}
    assert policies[ADMIN.principal_arn]["policyArn"] == f"{POLICIES}/AmazonEKSClusterAdminPolicy"
    assert policies[TEAM_ADMIN.principal_arn]["policyArn"] == f"{POLICIES}/AmazonEKSAdminPolicy"


def test_an_association_is_deleted_before_its_replacement_is_made(evaluate, monkeypatch):
    """Incident: other namespaces for a team; the old association's deletion took the new one away."""
    make, options = aws.eks.AccessPolicyAssociation, []

    def spy(name, *, opts, **inputs):
        options.append(opts.delete_before_replace)
        return make(name, opts=opts, **inputs)

    monkeypatch.setattr(aws.eks, "AccessPolicyAssociation", spy)

    def build():
        Access("platform", AccessArgs("demo", [ADMIN, TEAM], "aws", {}))
        return options

    assert evaluate(build) == [True, True]
