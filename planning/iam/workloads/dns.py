"""external-dns: writes records into the named hosted zones, and into no other.

Source: ExternalDNS, tutorial "AWS", IAM policy, narrowed to explicit hosted zones.
"""

from __future__ import annotations

from collections.abc import Sequence

from planning.iam.documents import ANYTHING, Scope, Statement


def statements(scope: Scope, hosted_zone_ids: Sequence[str]) -> tuple[Statement, ...]:
    """Return what it may do with the zones, of which there must be one."""
    zones = [f"arn:{scope.partition}:route53:::hostedzone/{zone}" for zone in hosted_zone_ids]
    return (
        Statement("FindZones", ("route53:ListHostedZones",), ANYTHING),
        Statement(
            "WriteRecords",
            (
                "route53:ChangeResourceRecordSets",
                "route53:ListResourceRecordSets",
                "route53:ListTagsForResources",
            ),
            zones,
        ),
    )
