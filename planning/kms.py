"""KMS keys: of the Kubernetes Secrets of a cluster, and of log groups."""

from __future__ import annotations

import json
from collections.abc import Sequence

DELETION_DAYS = 30
"""How long a deleted key can be taken back, in days; the longest that KMS offers (AWS KMS Developer Guide,
"Delete an AWS KMS key"). Without the key the Secrets are lost."""
#: Domain of AWS services by partition.
DOMAINS = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


def secrets_key_policy(partition: str, account: str) -> str:
    """Return a key policy that leaves every decision to the IAM policies of the `account`.

    EKS itself needs no statement: whoever creates the cluster gives it a grant
    (Amazon EKS User Guide, "Encrypt Kubernetes secrets with KMS").
    """
    statement = {
        "Sid": "IamOfThisAccountDecides",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def log_key_policy(partition: str, account: str, region: str, log_group_names: Sequence[str]) -> str:
    """Return the policy of the key that CloudWatch Logs encrypts the named log groups with.

    Nothing but these log groups can use the key; the account administers it by IAM, as without that a key
    can be locked for ever (CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS";
    AWS KMS Developer Guide, "Default key policy").
    """
    groups = [f"arn:{partition}:logs:{region}:{account}:log-group:{name}" for name in log_group_names]
    statements = [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "CloudWatchLogs",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.{DOMAINS[partition]}"},
            "Action": [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ],
            # In a key's policy: this key.
            "Resource": "*",
            "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": groups}},
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
