"""Keys and roles of logs can be used for these logs, and for nothing else."""

import json

import pytest

from planning import flow_logs, kms
from planning.iam import Scope

PLACE = ("aws", "111122223333", "eu-west-1")


def statements(text):
    return json.loads(text)["Statement"]


def test_the_key_serves_the_named_log_groups_only():
    """Incident: any log group of the account could be read back with the key of one."""
    account, logs = statements(kms.log_key_policy(*PLACE, ["/aws/a", "/aws/b"]))
    assert account["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert "kms:*" not in logs["Action"]
    assert logs["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": [
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/a",
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/b",
            ]
        }
    }


@pytest.mark.parametrize(
    ("partition", "region", "service"),
    [
        ("aws-cn", "cn-north-1", "logs.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "logs.us-gov-west-1.amazonaws.com"),
    ],
)
def test_the_key_knows_the_service_of_every_partition(partition, region, service):
    account, logs = statements(kms.log_key_policy(partition, "111122223333", region, ["/aws/a"]))
    assert logs["Principal"] == {"Service": service}
    assert account["Principal"]["AWS"].startswith(f"arn:{partition}:iam::")


def test_the_role_writes_one_log_group():
    write, look = flow_logs.statements(Scope("aws", "eu-west-1", "111122223333", "demo", {}))
    group = f"arn:aws:logs:eu-west-1:111122223333:log-group:{flow_logs.log_group_name('demo')}:*"
    assert write.resources == (group,)
    assert look.actions == ("logs:DescribeLogGroups",)
    assert not any("*" in action for action in (*write.actions, *look.actions))
    assert look.resources != ("*",)
