"""external-secrets: reads secrets of AWS Secrets Manager whose names begin with one of the prefixes.

Source: External Secrets Operator, provider "AWS Secrets Manager", IAM policy. Left out are
secretsmanager:ListSecrets and BatchGetSecretValue, which would tell the names of all secrets of the account:
an ExternalSecret names its secret, and `dataFrom.find` is not served. Secrets under a key of one's own need
kms:Decrypt on it, in the key's policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from planning.iam.documents import Scope, Statement


def statements(scope: Scope, prefixes: Sequence[str]) -> tuple[Statement, ...]:
    """Return what it may do with secrets under the prefixes, of which there must be one."""
    return (
        Statement(
            "ReadSecrets",
            (
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:GetSecretValue",
                "secretsmanager:ListSecretVersionIds",
            ),
            [scope.arn("secretsmanager", f"secret:{prefix}*") for prefix in prefixes],
        ),
    )
