"""What dev, staging and prod differ in, for a reviewer to read in one place."""

import yaml

from operations.tables import ENVIRONMENTS, ROOT, differences

ALLOWED = {
    "logRetentionDays": "only production is audited a year later",
    "vpcCidr": "networks that may one day be peered do not overlap",
    "availabilityZones": "a development cluster may fail with one zone",
    "natGateways": "only production pays for a way out of its own in each zone",
    "deletionProtection": "production is not deleted by one command",
    "nodeGroups.default.instanceTypes": "size",
    "nodeGroups.default.minSize": "size",
    "nodeGroups.default.desiredSize": "size",
    "nodeGroups.default.maxSize": "size",
    "argocdProfile": "only production's Argo CD outlives a node",
}
"""The settings that differ, and why."""


def test_the_environments_differ_in_this_and_in_nothing_else():
    """Incident: an add-on that staging did not have failed in production for the first time."""
    assert differences().keys() == ALLOWED.keys()


def test_what_is_not_the_programs_own_is_the_same():
    """Regions and other keys of the providers."""
    files = [yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"] for stack in ENVIRONMENTS]
    foreign = [{k: v for k, v in file.items() if not k.startswith("gitops-platform:")} for file in files]
    assert foreign[0] == foreign[1] == foreign[2]


def test_production_is_protected():
    found = differences()
    assert found["deletionProtection"] == {"dev": "false", "staging": "false", "prod": "true"}
    assert found["natGateways"]["prod"] == "per-zone"
    assert found["logRetentionDays"]["prod"] == "365"
