import json

import pulumi
import pytest

from components.identity import Identity, IdentityArgs
from planning import iam


def resources(record, partition="aws"):
    def build():
        identity = Identity("platform", IdentityArgs(partition, {"Project": "p"}))
        return pulumi.Output.all(identity.cluster_role, identity.node_role_arn)

    return record(build)


def test_each_role_is_assumed_by_its_service_only(record):
    trusted = {
        resource.name: json.loads(resource.inputs["assumeRolePolicy"])["Statement"]
        for resource in resources(record)
        if resource.type == "aws:iam/role:Role"
    }
    principals = {name: [s["Principal"] for s in statements] for name, statements in trusted.items()}
    assert principals == {
        "platform-cluster": [{"Service": "eks.amazonaws.com"}],
        "platform-node": [{"Service": "ec2.amazonaws.com"}],
    }


def test_policies_are_of_the_partition(record):
    """Incident: arn:aws in the code, and nothing could be attached in China."""
    attached = [r.inputs["policyArn"] for r in resources(record, "aws-cn") if "policyArn" in r.inputs]
    assert attached
    assert all(arn.startswith("arn:aws-cn:iam::aws:policy/") for arn in attached)


def test_no_role_may_administer_the_account(record):
    attached = {
        r.inputs["policyArn"].rpartition("/")[2] for r in resources(record) if "policyArn" in r.inputs
    }
    assert not any("FullAccess" in policy or "Administrator" in policy for policy in attached)


@pytest.mark.parametrize("role", ["cluster", "node"])
def test_a_role_is_exposed_only_once_its_policies_are_attached(evaluate, role):
    """Incident: a cluster made a moment before its role had rights stayed without load balancers."""

    def build():
        identity = Identity("platform", IdentityArgs("aws", {}))
        exposed = {"cluster": identity.cluster_role, "node": identity.node_role_arn}[role]

        async def names():
            return sorted(resource._name for resource in await exposed.resources())

        return names()

    policies = {"cluster": iam.CLUSTER_POLICIES, "node": iam.NODE_POLICIES}[role]
    assert set(evaluate(build)) >= {f"platform-{role}-{policy}" for policy in policies}
