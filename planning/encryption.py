"""Key policy of the KMS key that encrypts the Kubernetes Secrets of a cluster."""

from __future__ import annotations

import json

DELETION_DAYS = 30
"""How long a deleted key can be taken back, in days; the longest that KMS offers (AWS KMS Developer Guide,
"Delete an AWS KMS key"). Without the key the Secrets are lost."""


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
