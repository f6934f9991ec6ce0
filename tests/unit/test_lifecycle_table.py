"""The table of the lifecycle test (`tests/local/aws/lifecycle`) is complete."""

import re

from local import paths
from tests.local.aws.lifecycle.row import Phase
from tests.local.aws.lifecycle.table import ROWS


def mapped() -> set[str]:
    """The types that the local AWS provider has."""
    source = (paths.ROOT / "toolchain/pulumi/aws/resources.go").read_text()
    found = re.findall(r'resource\("(\w+)", "(\w+)"', source)
    return {f"aws:{module}/{name[0].lower()}{name[1:]}:{name}" for module, name in found}


def test_every_type_has_a_row() -> None:
    assert len(mapped()) > 30
    assert {row.type for row in ROWS.values()} == mapped()


def test_every_row_changes() -> None:
    for name, row in ROWS.items():
        phases = [row.at(phase) for phase in Phase]
        assert row.update or row.replace, name
        assert (phases[Phase.UPDATE] != phases[Phase.CREATE]) == bool(row.update), name


def test_every_reference_is_to_a_row() -> None:
    text = repr([row.at(phase) for row in ROWS.values() for phase in Phase])
    assert set(re.findall(r"\$\{([\w-]+)\.", text)) <= ROWS.keys()
