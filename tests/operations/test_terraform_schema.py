"""The AWS provider's own mapping: every input of every type leads to one Terraform attribute."""

from pathlib import Path

import pytest

from operations.cost.estimate import FREE, PRICED
from operations.terraform_schema import LIST, SET, Block, Schema, load
from tests.unit.test_aws_schema import plugin, schema  # noqa: F401  # fixtures


@pytest.fixture(scope="module")
def mapping(binaries: Path) -> Schema:
    return load(binaries / "pulumi-resource-aws")


def check(block: Block, properties, types) -> None:
    """Each property has an attribute of its own, a list where the property is one; nested ones, too."""
    attributes = {name: block.attribute(name) for name in properties}
    names = [attribute.name for attribute in attributes.values()]
    assert len(names) == len(set(names)), block.name
    for name, spec in properties.items():
        attribute = attributes[name]
        is_list = attribute.kind in (LIST, SET) and not attribute.single
        assert (spec.get("type") == "array") == is_list, f"{block.name}: {name}"
        reference = (spec.get("items") or spec).get("$ref", "").removeprefix("#/types/")
        if attribute.block and "properties" in types.get(reference, {}):
            check(attribute.block, types[reference]["properties"], types)


def test_every_input_has_its_attribute(mapping: Schema, schema):  # noqa: F811
    assert mapping.blocks.keys() == schema["resources"].keys()
    for token, block in mapping.blocks.items():
        check(block, schema["resources"][token]["inputProperties"], schema["types"])


def test_every_type_has_a_price_rule(mapping: Schema):
    """Incident: a new kind of resource is forgotten, and the estimate is too low."""
    assert FREE | PRICED.keys() == mapping.blocks.keys()
    assert not FREE & PRICED.keys()
