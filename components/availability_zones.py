"""The availability zones that a new VPC is spread over."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws


def availability_zones(count: int) -> list[str]:
    """Return the names of the region's first `count` availability zones, local and wavelength zones left out.

    Raises `pulumi.RunError` if the region has fewer.
    """
    found = aws.get_availability_zones(
        state="available",
        filters=[aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])],
    )
    zones = sorted(found.names)
    if len(zones) < count:
        raise pulumi.RunError(
            f"availabilityZones = {count}: region {found.region} has {len(zones)} ({', '.join(zones)}). "
            f"Use {len(zones)} or another region."
        )
    return zones[:count]
