"""Kubernetes versions that the platform supports on EKS, and how long EKS supports each.

They are those that addons.yaml pins add-ons for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SUPPORT_TYPES = ("STANDARD", "EXTENDED")
"""What EKS does when standard support ends: raise the version by itself, or charge for extended support."""

NOTICE = timedelta(days=90)
"""How long before its end a version's support is warned of: time for one minor in each environment."""


@dataclass(frozen=True)
class Lifecycle:
    """How long EKS supports a Kubernetes version; at the start of each day (UTC) that support is over."""

    end_of_standard_support: date
    end_of_extended_support: date

    def end_of_support(self, support_type: str) -> date:
        """Until when a cluster with this `support_type`, one of `SUPPORT_TYPES`, may stay on the version."""
        return self.end_of_extended_support if support_type == "EXTENDED" else self.end_of_standard_support


#: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS", release calendar, read in
#: November 2026. The same versions as in addons.yaml.
VERSIONS: dict[str, Lifecycle] = {
    "1.34": Lifecycle(date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": Lifecycle(date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": Lifecycle(date(2027, 8, 2), date(2028, 8, 2)),
}


@dataclass(frozen=True)
class Support:
    """Whether a cluster may stay on its Kubernetes version."""

    end: date
    """First day without the support that the cluster has."""
    is_over: bool
    ends_soon: bool
    """The end is nearer than `NOTICE`, and not over."""


def support(version: str, support_type: str, today: date) -> Support:
    """Return how a key of `VERSIONS` stands with EKS on the day `today` (UTC)."""
    end = VERSIONS[version].end_of_support(support_type)
    return Support(end, is_over=today >= end, ends_soon=end - NOTICE <= today < end)
