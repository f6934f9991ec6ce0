"""Node groups, add-ons and Auto Mode: what EKS or a node would refuse later is refused here."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from planning import addons, nodes
from settings import parse
from settings.node_groups import DEFAULT
from tests.unit.test_settings import ROOT, VALID, node_group, refused

TAINT = {"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}
GRAVITON = ["m7g.large", "c7gn.2xlarge", "t4g.small", "x2gd.metal", "im4gn.large", "g5g.xlarge", "a1.large"]
X86 = [
    "m7i.large",
    "m7i-flex.large",
    "g4dn.xlarge",
    "gr6.4xlarge",
    "c5.9xlarge",
    "u-6tb1.112xlarge",
    "p5en.48xlarge",
]


def groups(**values):
    return {"nodeGroups": {**node_group(), **{"other": {**node_group()["main"], **values}}}}


def cluster(**values):
    return parse({**VALID, **values}, "dev").cluster


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            groups(instanceTypes=["m7g.large"]),
            "m7g.large is arm64, but amiType AL2023_x86_64_STANDARD is x86_64",
        ),
        (
            groups(amiType="BOTTLEROCKET_ARM_64"),
            "m7i.large is x86_64, but amiType BOTTLEROCKET_ARM_64 is arm64",
        ),
        (groups(instanceTypes=["large"]), "large is no instance type"),
        (groups(capacityType="SPOT"), "is a single type of spot instances"),
        (
            groups(labels={"node-role.kubernetes.io/worker": ""}),
            "has a prefix that nodes may not give themselves",
        ),
        (groups(labels={"eks.amazonaws.com/x": "y"}), "has a prefix that nodes may not give themselves"),
        (groups(labels={"team": "a b"}), "team has a value that is no label value"),
        (groups(labels={"-team": "a"}), "-team is no label key"),
        (groups(taints=[{**TAINT, "effect": "NoSchedule"}]), "taints.0.effect = NoSchedule: is not one of"),
        (
            groups(taints=[{**TAINT, "key": "node.kubernetes.io/not-ready"}]),
            "a prefix that is Kubernetes's own",
        ),
        (groups(taints=[{**TAINT, "value": "a b"}]), "spot has a value that is no label value"),
        (groups(taints=[{"effect": "NO_SCHEDULE"}]), "taints.0.key: is missing"),
        (groups(maxUnavailablePercentage=0), "is out of range. Use a number from 1 to 100"),
        (groups(releaseVersion="latest"), "is no release of AL2023_x86_64_STANDARD"),
        (groups(releaseVersion="1.34.0-20251112"), "is a release for Kubernetes 1.34, not 1.35"),
        ({"nodeGroups": {}}, "has no node that takes pods without tolerations"),
        ({"nodeGroups": node_group(taints=[TAINT])}, "has no node that takes pods without tolerations"),
        ({"nodeGroups": node_group(minSize=0, desiredSize=0)}, "has no node that takes pods"),
        ({"addonConfiguration": {"cni": {}}}, "cni is no add-on of this platform"),
        ({"addonConfiguration": {"coredns": 3}}, "coredns must be an object"),
        ({"addonConfiguration": ["coredns"]}, "must be a mapping"),
        (
            {"addonConfiguration": {"vpc-cni": {"env": {"WARM_PREFIX_TARGET": 1}}}},
            "vpc-cni.env.WARM_PREFIX_TARGET is an environment variable and no string",
        ),
        (
            {"addonConfiguration": {"vpc-cni": {"init": {"env": {"A": True}}}}},
            "vpc-cni.init.env.A is an environment variable and no string",
        ),
        ({"autoMode": "on"}, "autoMode = on: must be true or false"),
        ({"autoMode": True, "nodeGroups": node_group()}, "is set beside autoMode. Keep one of the two"),
        (
            {"autoMode": True, "addonConfiguration": {"coredns": {}}},
            "coredns is part of EKS Auto Mode, which takes no values",
        ),
    ],
)
def test_a_mistake_is_named_with_its_cause(values, message):
    """Incidents: nodes that never joined (label, architecture), an add-on that waited 20 minutes (taints)."""
    assert message in refused(**values)


def test_everything_that_a_group_may_have():
    given = {
        "instanceTypes": ["m7g.large", "m8g.large"],
        "amiType": "AL2023_ARM_64_STANDARD",
        "capacityType": "SPOT",
        "releaseVersion": "1.35.0-20251112",
        "labels": {"example.com/pool": "spot", "node.kubernetes.io/pool": "spot", "empty": ""},
        "taints": [TAINT, {"key": "example.com/slow", "effect": "PREFER_NO_SCHEDULE"}],
        "maxUnavailablePercentage": 50,
    }
    _, group = cluster(**groups(**given)).node_groups
    assert [(taint.key, taint.value) for taint in group.taints] == [
        ("spot", "true"),
        ("example.com/slow", ""),
    ]
    assert group.release_version == "1.35.0-20251112"
    assert group.max_unavailable_percentage == 50


def test_a_preference_does_not_keep_pods_away():
    assert cluster(nodeGroups=node_group(taints=[{**TAINT, "effect": "PREFER_NO_SCHEDULE"}])).node_groups


@pytest.mark.parametrize(
    ("kinds", "wanted"), [(GRAVITON, "arm64"), (X86, "x86_64"), (["m7g", "7.large"], None)]
)
def test_graviton_is_told_from_gpus(kinds, wanted):
    """Incident: the rule was "a g in the name", and every GPU was taken for an Arm."""
    assert {kind: nodes.architecture(kind) for kind in kinds} == dict.fromkeys(kinds, wanted)


def test_auto_mode_leaves_the_default_group_unset():
    default = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]["nodeGroups"]["default"]
    assert default == {"default": DEFAULT}
    assert cluster(autoMode=True, nodeGroups=default).node_groups == ()
    assert cluster(autoMode=True, nodeGroups={}).node_groups == ()


KEYS = st.sampled_from("abc")
LEAVES = st.integers() | st.booleans()
OBJECTS = st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES | st.dictionaries(KEYS, LEAVES)))


@given(OBJECTS, OBJECTS)
def test_what_is_set_wins_and_what_is_not_stays(below, above):
    def lookup(values, path):
        for key in path:
            values = values[key]
        return values

    def leaves(values, path=()):
        for key, value in values.items():
            yield from leaves(value, (*path, key)) if isinstance(value, dict) else [(*path, key)]

    text = addons.configuration_values(addons.Addon("x", configuration=below), above)
    merged = yaml.safe_load(text) if text else {}
    for path in leaves(above):
        assert lookup(merged, path) == lookup(above, path)
    for key in below.keys() - above.keys():
        assert merged[key] == below[key]
    assert merged.keys() == below.keys() | above.keys()
