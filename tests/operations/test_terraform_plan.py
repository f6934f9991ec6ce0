"""The translation into Terraform's plan format, on a schema as small as can be."""

import pytest

from operations import plan
from operations.plan import UNKNOWN
from operations.terraform_plan import translate
from operations.terraform_schema import MappingError, parse
from tests.operations.samples import resource

LIST, STRING, BOOL, MAP, INT = 5, 4, 1, 6, 2

ROLE = {"name": {"type": STRING}, "policy": {"type": STRING}}
CLUSTER = {
    "role_arn": {"type": STRING},
    "enable_dns_a_record": {"type": BOOL},
    "log_types": {"type": LIST, "element": {"schema": {"type": STRING}}},
    "tags": {"type": MAP, "element": {"schema": {"type": STRING}}},
    "ingress": {"type": LIST, "element": {"resource": {"port": {"type": INT}}}},
    "encryption_config": {
        "type": LIST,
        "maxItems": 1,
        "element": {"resource": {"resources": {"type": LIST}, "key_arn": {"type": STRING}}},
    },
    "authority": {"type": LIST, "element": {"resource": {"data": {"type": STRING}}}},
}
SCHEMA = parse(
    {
        "provider": {"resources": {"aws_role": ROLE, "aws_role_attachment": ROLE, "aws_cluster": CLUSTER}},
        "resources": {
            "aws_role": {"tok": "aws:x:Role"},
            "aws_role_attachment": {"tok": "aws:x:Attachment"},
            "aws_cluster": {
                "tok": "aws:x:Cluster",
                "fields": {"ingress": {"name": "ingress"}, "authority": {"maxItemsOne": True}},
            },
        },
    }
)
ROLE_URN, ATTACHMENT_URN = (resource(kind, "my-role", {}).urn for kind in ("aws:x:Role", "aws:x:Attachment"))


def translated(inputs, depends_on=None):
    """Value, unknown and expression of a cluster with these inputs."""
    roles = [resource(kind, "my-role", {}) for kind in ("aws:x:Attachment", "aws:x:Role")]
    document = translate([*roles, resource("aws:x:Cluster", "my-cluster", inputs, depends_on)], SCHEMA)
    change = document["resource_changes"][-1]["change"]
    assert document["planned_values"]["root_module"]["resources"][-1]["values"] == change["after"]
    expressions = document["configuration"]["root_module"]["resources"][-1]["expressions"]
    return change["after"], change["after_unknown"], expressions


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"enableDnsARecord": True}, {"enable_dns_a_record": True}),
        ({"logTypes": ["api"]}, {"log_types": ["api"]}),
        ({"tags": {"camelCase": "kept", "__defaults": []}}, {"tags": {"camelCase": "kept"}}),
        ({"ingress": [{"port": 1}, {"port": 2}]}, {"ingress": [{"port": 1}, {"port": 2}]}),
        ({"authority": {"data": "x"}}, {"authority": [{"data": "x"}]}),
        (
            {"encryptionConfig": {"resources": ["secrets"], "__defaults": []}, "__defaults": ["x"]},
            {"encryption_config": [{"resources": ["secrets"]}]},
        ),
    ],
)
def test_values(given, expected):
    assert translated(given)[0] == expected


def test_what_is_unknown_is_left_out_and_said():
    values, unknown, _ = translated(
        {"roleArn": UNKNOWN, "logTypes": ["api", UNKNOWN], "tags": {"a": UNKNOWN}}
    )
    assert values == {"log_types": ["api"], "tags": {}}
    assert unknown == {"role_arn": True, "log_types": [False, True], "tags": {"a": True}, "id": True}


def test_a_reference_names_first_the_resource_whose_value_it_is():
    """Incident: an ARN depends on attachments, too; a graph rule follows the first reference only."""
    _, _, expressions = translated({"roleArn": UNKNOWN}, {"roleArn": (ATTACHMENT_URN, ROLE_URN)})
    assert expressions["role_arn"]["references"][:2] == ["aws_role.my_role.arn", "aws_role.my_role"]


def test_references_of_nested_values_are_where_the_values_are():
    given = {"encryptionConfig": {"resources": ["secrets"], "keyArn": UNKNOWN}}
    values, unknown, expressions = translated(given, {"encryptionConfig": (ROLE_URN,)})
    assert values == {"encryption_config": [{"resources": ["secrets"]}]}
    assert unknown["encryption_config"][0]["key_arn"] is True
    assert expressions["encryption_config"][0]["key_arn"]["references"][0] == "aws_role.my_role.arn"


def test_two_resources_of_one_name_have_two_addresses():
    twins = [resource("aws:x:Role", name, {}) for name in ("my-role", "my.role")]
    planned = translate(twins, SCHEMA)["planned_values"]["root_module"]["resources"]
    assert [each["address"] for each in planned] == ["aws_role.my_role", "aws_role.my_role_2"]


def test_nothing_is_dropped_in_silence():
    with pytest.raises(MappingError, match="no attribute for the property colour"):
        translated({"colour": "red"})
    with pytest.raises(MappingError, match=r"aws:x:Bucket has no Terraform type"):
        translate([resource("aws:x:Bucket", "b", {})], SCHEMA)


def test_only_creations_of_aws_resources_are_read():
    def step(op, kind):
        state = {"urn": f"urn::{kind}::name", "type": kind, "propertyDependencies": {"a": ["u"], "b": []}}
        return {"op": op, "urn": state["urn"], "newState": state}

    steps = [step("create", "aws:x:Role"), step("create", "kubernetes:core/v1:Secret")]
    (found,) = plan.read({"steps": steps})
    assert (found.type, found.name, found.depends_on) == ("aws:x:Role", "name", {"a": ("u",)})
    with pytest.raises(ValueError, match="not that of an empty account: update"):
        plan.read({"steps": [step("update", "aws:x:Role")]})
