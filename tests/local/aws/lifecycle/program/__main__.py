"""Makes the rows of the table, as they are in the phase that LIFECYCLE_PHASE names."""

import importlib
import os
import re
from functools import reduce
from typing import Any

import pulumi

from tests.local.aws.lifecycle.row import Phase
from tests.local.aws.lifecycle.table import ROWS

PHASE = Phase[os.environ["LIFECYCLE_PHASE"]]

made: dict[str, pulumi.Resource] = {}


def resource(name: str) -> pulumi.Resource:
    """The resource of a row."""
    if name not in made:
        row = ROWS[name]
        module, kind = re.fullmatch(r"aws:(\w+)/\w+:(\w+)", row.type).groups()  # type: ignore[union-attr]
        cls = getattr(importlib.import_module(f"pulumi_aws.{module}"), kind)
        made[name] = cls(name, **value(row.at(PHASE)), opts=pulumi.ResourceOptions(**row.options))
    return made[name]


def value(given: Any) -> Any:
    """An argument with its references resolved."""
    if isinstance(given, dict):
        return {name: value(item) for name, item in given.items()}
    if isinstance(given, list):
        return [value(item) for item in given]
    if isinstance(given, str) and (found := re.fullmatch(r"\$\{([\w-]+)\.([\w.]+)\}", given)):
        return reduce(getattr, found[2].split("."), resource(found[1]))
    return given


for row_name in ROWS:
    resource(row_name)
