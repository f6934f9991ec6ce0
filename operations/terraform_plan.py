"""A Pulumi plan in the format of `terraform show -json`, for tools that judge Terraform plans.

Format: Terraform documentation, "JSON Output Format". All that checkov reads is there: `planned_values`,
`resource_changes` with what is unknown, and `configuration` with the references between resources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from operations.plan import Resource
from operations.terraform_schema import Schema
from operations.terraform_values import View, view

FORMAT_VERSION = "1.2"
PROVIDER = "registry.terraform.io/hashicorp/aws"

Document = dict[str, Any]


def translate(resources: Sequence[Resource], schema: Schema) -> Document:
    """The Terraform plan that creates these resources.

    Raises terraform_schema.MappingError for a type or property that Terraform lacks.
    """
    known = addresses(resources, schema)
    parts = [(known[resource.urn], _view(resource, schema, known)) for resource in resources]
    return {
        "format_version": FORMAT_VERSION,
        # checkov takes a file for a plan because of this key; no rule reads the value.
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [_planned(*part) for part in parts]}},
        "resource_changes": [_change(*part) for part in parts],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": PROVIDER}},
            "root_module": {"resources": [_configured(*part) for part in parts]},
        },
    }


def addresses(resources: Sequence[Resource], schema: Schema) -> dict[str, str]:
    """URN -> Terraform address, e.g. aws_vpc.platform_vpc."""
    found: dict[str, str] = {}
    for resource in resources:
        # A dash would read as minus in an expression.
        base = f"{schema.block(resource.type).name}.{re.sub(r'[^A-Za-z0-9_]', '_', resource.name)}"
        address, number = base, 1
        while address in found.values():
            number += 1
            address = f"{base}_{number}"
        found[resource.urn] = address
    return found


def _view(resource: Resource, schema: Schema, known: dict[str, str]) -> View:
    references = {
        key: [known[urn] for urn in urns if urn in known] for key, urns in resource.depends_on.items()
    }
    return view(schema.block(resource.type), resource.inputs, references)


def _identity(address: str) -> Document:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name}


def _planned(address: str, part: View) -> Document:
    return {**_identity(address), "provider_name": PROVIDER, "schema_version": 0, "values": part.values}


def _change(address: str, part: View) -> Document:
    change = {
        "actions": ["create"],
        "before": None,
        "after": part.values,
        "after_unknown": {**part.unknown, "id": True},
    }
    return {**_identity(address), "provider_name": PROVIDER, "change": change}


def _configured(address: str, part: View) -> Document:
    return {**_identity(address), "provider_config_key": "aws", "expressions": part.expressions}
