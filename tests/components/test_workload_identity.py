import pulumi
import pytest

from components.workload_identity import (
    PodIdentity,
    PodIdentityArgs,
    WorkloadIdentity,
    WorkloadIdentityArgs,
)
from planning.iam import document
from planning.iam.workloads import ADDONS, CONTROLLERS, Reach, workload
from settings.identity import Identity
from tests.components.roles import TAGS, roles, scope, trust

REACH = Reach(("Z1111",), ("prod/",))
EVERYTHING = Identity(tuple(CONTROLLERS), tuple(ADDONS), REACH)
BOUNDARY = "arn:aws:iam::111122223333:policy/prod/guard/prod-boundary"


def workload_identity(identity=EVERYTHING):
    return WorkloadIdentity("platform", WorkloadIdentityArgs(scope(), identity, BOUNDARY, TAGS))


def resources(record, identity=EVERYTHING):
    def build():
        made = workload_identity(identity)
        return pulumi.Output.all(made.role_arns, made.addon_role_arns)

    return record(build)


def test_each_workload_has_a_role_of_its_own(record):
    """Incident: five controllers on the node role, and the DNS controller could delete volumes."""
    made = resources(record)
    names = {f"platform-{name}" for name in (*CONTROLLERS, *ADDONS)}
    assert roles(made).keys() == names
    policies = {r.name: r.inputs["policy"] for r in made if r.type == "aws:iam/rolePolicy:RolePolicy"}
    assert policies == {
        f"platform-{name}": document(workload(name, scope(), REACH).statements)
        for name in (*CONTROLLERS, *ADDONS)
    }


def test_no_workload_has_a_managed_policy(record):
    """AWS's own for vpc-cni and the EBS driver reach the whole account."""
    assert not [r for r in resources(record) if r.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"]


def test_every_role_has_the_boundary_and_the_path_of_the_platform(record):
    """Incident: one role was made without it, and that one was taken."""
    for role in roles(resources(record)).values():
        assert role["permissionsBoundary"] == BOUNDARY
        assert role["path"] == "/prod/platform/"
        assert role["tags"] == TAGS


def test_only_pods_of_the_service_account_assume_a_role(record):
    """Incident: an association of another cluster's used the role."""
    for name, role in roles(resources(record)).items():
        namespace, service_account = {**CONTROLLERS, **ADDONS}[name.removeprefix("platform-")]
        statement = trust(role)
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {
            "aws:SourceAccount": "111122223333",
            "aws:RequestTag/eks-cluster-name": "prod",
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": service_account,
        }


def test_what_is_left_out_has_no_role(record):
    identity = Identity(("cluster-autoscaler",), ("vpc-cni",), REACH)
    assert roles(resources(record, identity)).keys() == {"platform-cluster-autoscaler", "platform-vpc-cni"}


@pytest.mark.parametrize("name", [*CONTROLLERS, *ADDONS])
def test_a_role_is_exposed_only_once_it_has_its_policy(evaluate, name):
    """Incident: vpc-cni started before its role had rights, and its first node gave up."""

    def build():
        made = workload_identity()
        exposed = {**made.role_arns, **made.addon_role_arns}[name]

        async def types():
            return sorted(type(resource).__name__ for resource in await exposed.resources())

        return types()

    assert "RolePolicy" in evaluate(build)


def test_pods_get_their_roles_by_association(record):
    """No annotation on a service account names a role; forks of the GitOps tree change nothing."""
    arns = {name: f"arn:aws:iam::111122223333:role/{name}" for name in CONTROLLERS}

    def build():
        made = PodIdentity("platform", PodIdentityArgs("prod", arns, TAGS))
        return pulumi.Output.all(*[association.id for association in made.associations])

    associations = {
        (r.inputs["namespace"], r.inputs["serviceAccount"]): r.inputs
        for r in record(build)
        if r.type == "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    }
    assert associations.keys() == set(CONTROLLERS.values())
    for name, pods in CONTROLLERS.items():
        assert associations[pods]["roleArn"] == arns[name]
        assert associations[pods]["clusterName"] == "prod"
        assert associations[pods]["tags"] == TAGS
