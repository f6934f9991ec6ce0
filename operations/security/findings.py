"""What a rule says of a resource."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One rule's word on one resource of one plan."""

    rule: str
    """checkov's id, or that of a rule of our own."""
    text: str
    """What the rule says, as its author puts it."""
    plan: str
    """Which plan: a stack, or one with other settings."""
    resource: str
    """Terraform address, e.g. aws_vpc.platform_vpc."""
    passed: bool
