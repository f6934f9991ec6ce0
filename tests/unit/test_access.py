import pytest

from planning import access


def test_a_scope_in_namespaces_is_never_the_clusters_administrator():
    """Incident: a team's entry, limited to its namespace, was given the policy of the whole cluster."""
    policies = {scope: access.policy_arn("aws-cn", scope, namespaced=True) for scope in access.SCOPES}
    assert policies["admin"] == "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"
    assert not any("ClusterAdmin" in policy for policy in policies.values())


@pytest.mark.parametrize(
    "other",
    [
        "arn:aws:iam::444455556666:role/team/admin",
        "arn:aws:iam::111122223333:user/team/admin",
        "arn:aws:iam::111122223333:role/team-admin",
        "arn:aws:iam::111122223333:role/admin",
    ],
)
def test_entries_of_two_principals_are_told_apart(other):
    """Incident: roles of the same name in two accounts became one entry, and one of them was locked out."""
    assert access.entry_name("arn:aws:iam::111122223333:role/team/admin") != access.entry_name(other)
