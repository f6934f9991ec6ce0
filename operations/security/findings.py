"""What a rule says of a resource."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One rule's word on one resource of one stack."""

    rule: str
    """checkov's id, or that of a rule of our own."""
    text: str
    """What the rule says, as its author puts it."""
    stack: str
    resource: str
    """Terraform address, e.g. aws_vpc.platform_vpc."""
    passed: bool
