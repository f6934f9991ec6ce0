import json

import pulumi

from components.flow_logs import FlowLogs, FlowLogsArgs
from components.log_key import LogKey, LogKeyArgs
from planning.iam import Scope

BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
TAGS = {"Project": "p"}


def build():
    key = LogKey(
        "platform", LogKeyArgs("aws", "111122223333", "eu-west-1", ["/aws/vpc/demo/flow-logs"], TAGS)
    )
    args = FlowLogsArgs(
        vpc_id="vpc-1",
        retention_days=365,
        key_arn=key.arn,
        scope=Scope("aws", "eu-west-1", "111122223333", "demo", TAGS),
        boundary_arn=BOUNDARY,
        tags=TAGS,
    )
    return pulumi.Output.all(FlowLogs("platform", args).log_group_name, key.arn)


def of(resources, kind):
    (found,) = [resource for resource in resources if resource.type.endswith(f":{kind}")]
    return found.inputs


def test_all_traffic_is_logged(record):
    """Incident: only accepted traffic was logged, and a scan of the network was not seen (CKV2_AWS_11)."""
    log = of(record(build), "FlowLog")
    assert log["vpcId"] == "vpc-1"
    assert log["trafficType"] == "ALL"
    assert log["logDestination"] == "arn:aws:logs:eu-west-1:111122223333:log-group:made"
    assert log["iamRoleArn"] == "arn:aws:iam::111122223333:role/made"


def test_records_are_kept_and_encrypted(record):
    """Incidents: logs kept for ever, and paid for; logs readable without the key's say (CKV_AWS_158, 338)."""
    resources = record(build)
    group = of(resources, "LogGroup")
    assert group["retentionInDays"] == 365
    assert group["kmsKeyId"] == "arn:aws:kms:eu-west-1:111122223333:key/made"
    (allowed,) = json.loads(of(resources, "Key")["policy"])["Statement"][1]["Condition"]["ArnEquals"].values()
    assert allowed == [f"arn:aws:logs:eu-west-1:111122223333:log-group:{group['name']}"]


def test_the_key_is_rotated_and_tells_what_it_is_for(record):
    key = of(record(build), "Key")
    assert key["enableKeyRotation"] is True
    assert "/aws/vpc/demo/flow-logs" in key["description"]


def test_the_role_is_bounded(record):
    assert of(record(build), "Role")["permissionsBoundary"] == BOUNDARY


def test_every_resource_that_can_be_tagged_is(record):
    for resource in record(build):
        if not resource.type.endswith(":RolePolicy"):
            assert resource.inputs["tags"].items() >= TAGS.items()
