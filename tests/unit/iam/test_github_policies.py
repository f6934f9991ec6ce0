"""GitHub's two roles: preview reads, deploy changes what the stack consists of and nothing else."""

import importlib
import re
from pathlib import Path

import pytest

from planning.iam import boundary, reads, writes
from tests.unit.iam.simulator import ACCOUNT, TAGS, Role, scope

ROOT = Path(__file__).parents[3]
THEIRS = {**TAGS, "Stack": "dev"}
UNUSED = {
    "aws:iam/instanceProfile:InstanceProfile": "managed node groups bring their own",
    "aws:ssm/parameter:Parameter": "the emulator's images of nodes are looked up, none is made",
}
"""Types that the local provider maps and the program does not make."""

preview = Role(reads.statements(scope()), boundary.github(scope()))
deploy = Role(
    [*reads.statements(scope()), *(s for p in writes.policies(scope()).values() for s in p)],
    boundary.github(scope()),
)


def ec2(resource):
    return f"arn:aws:ec2:eu-west-1:{ACCOUNT}:{resource}"


def types():
    """Every resource type that the program can have, from the map of the local AWS provider."""
    text = (ROOT / "toolchain/pulumi/aws/resources.go").read_text()
    pairs = re.findall(r'^\s*"aws_\w+":\s+resource\("(\w+)", "(\w+)"', text, re.MULTILINE)
    assert pairs
    return {f"aws:{module}/{name[0].lower()}{name[1:]}:{name}" for module, name in pairs}


def test_reads_name_every_resource_type():
    """Incident: a new kind of resource, and every pull request's preview failed until somebody with more
    rights had changed the role."""
    known = {*reads.EC2, *reads.EKS, *reads.IAM, *reads.KMS, *reads.LOGS}
    assert types() - known - UNUSED.keys() == set()


def test_preview_changes_nothing_and_reads_no_data():
    """Incident: a pull request from a fork ran with a role that could write."""
    verbs = {action.split(":")[1] for s in reads.statements(scope()) for action in s.actions}
    assert all(re.match(r"(Describe|Get|List)[A-Z]", verb) for verb in verbs)
    assert not any(preview.may(a, r) for a, r in [("ssm:GetParameter", "*"), ("logs:GetLogEvents", "*")])


def test_preview_makes_no_change_that_deploy_makes():
    for statements in writes.policies(scope()).values():
        for statement in statements:
            for action in statement.actions:
                assert not preview.may(action, statement.resources[0], request_tags=TAGS, resource_tags=TAGS)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ec2:DeleteVpc", ec2("vpc/vpc-1")),
        ("ec2:DeleteSubnet", ec2("subnet/subnet-1")),
        ("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1")),
        ("ec2:CreateRoute", ec2("route-table/rtb-1")),
        ("ec2:DeleteNatGateway", ec2("natgateway/nat-1")),
        ("ec2:ModifyLaunchTemplate", ec2("launch-template/lt-1")),
        ("kms:ScheduleKeyDeletion", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"),
        ("kms:PutKeyPolicy", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"),
    ],
)
def test_deploy_changes_what_has_the_tags_of_the_stack(action, resource):
    """Incident: a test stack's pipeline, with one wrong id in its state, deleted a route of production."""
    assert deploy.may(action, resource, resource_tags=TAGS)
    assert not deploy.may(action, resource, resource_tags=THEIRS)
    assert not deploy.may(action, resource)


@pytest.mark.parametrize("action", ["ec2:CreateSubnet", "ec2:CreateSecurityGroup", "ec2:CreateRouteTable"])
def test_deploy_makes_things_in_its_own_vpc_only(action):
    vpc = ec2("vpc/vpc-1")
    assert deploy.may(action, vpc, request_tags=TAGS, resource_tags=TAGS)
    assert not deploy.may(action, vpc, request_tags=TAGS, resource_tags=THEIRS)


@pytest.mark.parametrize("kind", ["subnet/subnet-1", "elastic-ip/eipalloc-1"])
def test_deploy_makes_no_gateway_in_what_belongs_to_others(kind):
    """Incident: tags asked for with a request were taken for tags of what it is made in."""
    assert deploy.may("ec2:CreateNatGateway", ec2(kind), request_tags=TAGS, resource_tags=TAGS)
    assert not deploy.may("ec2:CreateNatGateway", ec2(kind), request_tags=TAGS, resource_tags=THEIRS)


def test_deploy_makes_nothing_without_the_tags():
    """Incident: a resource without tags was nobody's, and nobody could delete it."""
    assert deploy.may("ec2:CreateVpc", ec2("vpc/*"), request_tags=TAGS)
    assert not deploy.may("ec2:CreateVpc", ec2("vpc/*"), request_tags=THEIRS)
    assert not deploy.may("kms:CreateKey")
    assert not deploy.may("eks:CreateCluster", request_tags=THEIRS)


def test_deploy_takes_nothing_of_others_by_tagging_it():
    """Incident: whoever may write the tag that a policy asks for may do everything."""
    assert not deploy.may("ec2:CreateTags", ec2("vpc/vpc-1"), request_tags=TAGS)
    assert not deploy.may("ec2:CreateTags", ec2("subnet/s-1"), request_tags=TAGS, resource_tags=THEIRS)
    assert not deploy.may(
        "ec2:CreateTags", ec2("security-group/sg-1"), request_tags=TAGS, resource_tags=THEIRS
    )
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
    assert not deploy.may("kms:TagResource", key, request_tags=TAGS, resource_tags=THEIRS)
    assert deploy.may("ec2:CreateTags", ec2("vpc/vpc-1"), keys={"ec2:CreateAction": "CreateVpc"})


def test_deploy_closes_the_default_security_group():
    """It has no tags when the VPC is made."""
    assert deploy.may("ec2:CreateTags", ec2("security-group/sg-1"), request_tags=TAGS)


def test_deploy_manages_its_cluster_only():
    eks = f"arn:aws:eks:eu-west-1:{ACCOUNT}"
    for resource in (
        "cluster/prod",
        "nodegroup/prod/default/1",
        "addon/prod/coredns/1",
        "access-entry/prod/x",
    ):
        assert any(deploy.may(f"eks:{a}", f"{eks}:{resource}") for a in ("DeleteCluster", "UpdateAddon"))
    assert not deploy.may("eks:DeleteCluster", f"{eks}:cluster/production")
    assert not deploy.may("eks:DeleteNodegroup", f"{eks}:nodegroup/dev/default/1")


def test_deploy_attaches_policies_for_eks_only():
    """Incident: AdministratorAccess on the node role, "for a moment"."""
    role = f"arn:aws:iam::{ACCOUNT}:role/prod/platform/node-1"
    bound = {"iam:PermissionsBoundary": boundary.arn(scope())}
    policy = "arn:aws:iam::aws:policy/{}".format
    keys = {**bound, "iam:PolicyARN": policy("AmazonEKSWorkerNodePolicy")}
    assert deploy.may("iam:AttachRolePolicy", role, keys=keys)
    keys["iam:PolicyARN"] = policy("AdministratorAccess")
    assert not deploy.may("iam:AttachRolePolicy", role, keys=keys)
    assert not deploy.may("iam:PutRolePolicy", role)  # a role that lost its boundary


def test_everything_that_the_identity_component_attaches_may_be_attached():
    managed = importlib.import_module("planning.iam.managed")
    for policy in (*managed.CLUSTER_POLICIES, *managed.NODE_POLICIES):
        assert any(re.fullmatch(known.replace("*", ".*"), policy) for known in writes.ATTACHABLE)


def test_deploy_passes_roles_of_the_platform_to_their_services_only():
    role = f"arn:aws:iam::{ACCOUNT}:role/prod/platform/node-1"
    for service in ("ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com"):
        assert deploy.may("iam:PassRole", role, keys={"iam:PassedToService": service})
    assert not deploy.may("iam:PassRole", role, keys={"iam:PassedToService": "lambda.amazonaws.com"})
    admin = f"arn:aws:iam::{ACCOUNT}:role/admin"
    assert not deploy.may("iam:PassRole", admin, keys={"iam:PassedToService": "eks.amazonaws.com"})
