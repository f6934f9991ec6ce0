"""Settings of what is logged."""

from __future__ import annotations

from planning.config_reader import Reader

#: Amazon CloudWatch Logs API Reference, PutRetentionPolicy.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288),
    3653,
)


def retention_days(reader: Reader) -> int:
    """Read for how many days the logs of the network and of the control plane are kept."""
    days = reader.integer("logRetentionDays", RETENTION_DAYS[0], RETENTION_DAYS[-1])
    if days not in RETENTION_DAYS:
        listed = ", ".join(map(str, RETENTION_DAYS[:-1]))
        remedy = f"Use {listed} or {RETENTION_DAYS[-1]}"
        reader.refuse("logRetentionDays", "is not a period that CloudWatch Logs knows", remedy)
    return days
