import json

import pulumi
import pytest

from components.identity import Identity, IdentityArgs
from planning import auto_mode as auto
from planning import iam
from planning.iam import boundary
from tests.components.roles import TAGS, roles, scope, trust


def resources(record, partition="aws", *, auto_mode=False):
    def build():
        identity = Identity("platform", IdentityArgs(scope(partition), auto_mode, TAGS))
        return pulumi.Output.all(identity.cluster_role, identity.node_role_arn)

    return record(build)


def test_each_role_is_assumed_by_its_service_only(record):
    principals = {name: trust(role)["Principal"] for name, role in roles(resources(record)).items()}
    assert principals == {
        "platform-cluster": {"Service": "eks.amazonaws.com"},
        "platform-node": {"Service": "ec2.amazonaws.com"},
    }


def test_policies_are_of_the_partition(record):
    """Incident: arn:aws in the code, and nothing could be attached in China."""
    attached = [r.inputs["policyArn"] for r in resources(record, "aws-cn") if "policyArn" in r.inputs]
    assert attached
    assert all(arn.startswith("arn:aws-cn:iam::aws:policy/") for arn in attached)


def test_nodes_in_china_have_their_own_principal(record):
    """Incident: EC2 in China is another principal, and no node came up."""
    node = roles(resources(record, "aws-cn"))["platform-node"]
    assert trust(node)["Principal"] == {"Service": "ec2.amazonaws.com.cn"}


def test_the_node_role_holds_nothing_that_a_pod_could_abuse(record):
    """Incident: a pod on the host's network took the node's role, and with it every network interface."""
    attached = {
        r.inputs["policyArn"].rpartition("/")[2]
        for r in resources(record)
        if r.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
        and r.name.startswith("platform-node")
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }


def test_every_role_has_the_boundary(record):
    """Incident: one role was made without it, and that one was taken."""
    made = roles(resources(record))
    assert {role["permissionsBoundary"] for role in made.values()} == {
        "arn:aws:iam::111122223333:policy/made"
    }
    assert {role["path"] for role in made.values()} == {"/prod/platform/"}


def test_the_boundary_is_out_of_the_roles_reach(record):
    """Its path is not the roles', and its name is the one that GitHub's deploy role has to give."""
    (limit,) = [r.inputs for r in resources(record) if r.type == "aws:iam/policy:Policy"]
    assert (limit["path"], limit["name"]) == ("/prod/guard/", "prod-boundary")
    assert iam.document(boundary.platform(scope())) == limit["policy"]
    assert json.loads(limit["policy"])["Version"] == "2012-10-17"


def test_everything_has_the_tags(record):
    taggable = [r.inputs for r in resources(record) if "policyArn" not in r.inputs]
    assert len(taggable) == 3
    assert all(inputs["tags"] == TAGS for inputs in taggable)


@pytest.mark.parametrize("role", ["cluster", "node"])
def test_a_role_is_exposed_only_once_its_policies_are_attached(evaluate, role):
    """Incident: a cluster made a moment before its role had rights stayed without load balancers."""

    def build():
        identity = Identity("platform", IdentityArgs(scope(), auto_mode=False, tags={}))
        exposed = {"cluster": identity.cluster_role, "node": identity.node_role_arn}[role]

        async def names():
            return sorted(resource._name for resource in await exposed.resources())

        return names()

    policies = {"cluster": iam.CLUSTER_POLICIES, "node": iam.NODE_POLICIES}[role]
    assert set(evaluate(build)) >= {f"platform-{role}-{policy}" for policy in policies}


def test_in_auto_mode_nobody_logs_in_to_a_node_and_eks_runs_them(record):
    """Incident: Auto Mode without its policies of the cluster's role starts no node, and says nothing."""
    found = resources(record, auto_mode=True)
    attached = {
        kind: {
            r.inputs["policyArn"].rpartition("/")[2] for r in found if r.name.startswith(f"platform-{kind}-A")
        }
        for kind in ("cluster", "node")
    }
    assert attached == {
        "cluster": {*iam.CLUSTER_POLICIES, *auto.CLUSTER_POLICIES},
        "node": set(auto.NODE_POLICIES),
    }
