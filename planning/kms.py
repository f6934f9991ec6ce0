"""Policies of KMS keys."""

from __future__ import annotations

import json
from collections.abc import Sequence

#: Domain of AWS services by partition.
DOMAINS = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


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
