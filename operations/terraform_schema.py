"""Which Terraform type and attribute stands behind each type and property of the AWS package.

The AWS provider tells it itself, by the call with which Pulumi's own converters ask for it
(`ResourceProvider.GetMapping`, key "terraform"), so there is no second table beside the provider's.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

LIST, MAP, SET = 5, 6, 7
"""The kinds of values that hold others (`shim.ValueType` of pulumi-terraform-bridge)."""

PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
"""How the bridge's plural names of lists end, and what the Terraform name has instead."""

TIMEOUT = 60.0
"""Seconds for the provider's answer, which is 400 kB and takes one."""


class MappingError(Exception):
    """A type or property has no counterpart in Terraform."""


@dataclass(frozen=True)
class Attribute:
    """One attribute or nested block of Terraform."""

    name: str
    kind: int
    block: Block | None
    """Attributes of each element of a list, set or map of objects; None where elements are plain values."""
    single: bool
    """A list that never has more than one element, which Pulumi gives without the list."""


@dataclass(frozen=True)
class Block:
    """The attributes of a resource or of a nested block, as the provider tells them."""

    name: str
    """Terraform's name, e.g. aws_vpc."""
    attributes: Mapping[str, Any]
    overrides: Mapping[str, Any]
    """Names and list sizes that differ from the bridge's rules."""

    def attribute(self, pulumi_name: str) -> Attribute:
        """The attribute behind a Pulumi property. Raises MappingError if there is none."""
        for name in self.attributes:
            if (self.overrides.get(name) or {}).get("name") == pulumi_name:
                return self._attribute(name)
        # Compared as one word: enableDnsARecord is enable_dns_a_record.
        by_word = {name.replace("_", ""): name for name in self.attributes}
        for word in _candidates(pulumi_name.lower()):
            if word in by_word:
                return self._attribute(by_word[word])
        raise MappingError(f"{self.name} has no attribute for the property {pulumi_name}")

    def _attribute(self, name: str) -> Attribute:
        schema, override = self.attributes[name], self.overrides.get(name) or {}
        element = schema.get("element") or {}
        nested = element.get("resource")
        further = (override.get("element") or {}).get("fields") or override.get("fields") or {}
        limit = override.get("maxItemsOne")
        return Attribute(
            name=name,
            kind=schema["type"],
            block=None if nested is None else Block(f"{self.name}.{name}", nested, further),
            single=schema["type"] in (LIST, SET)
            and (schema.get("maxItems") == 1 if limit is None else bool(limit)),
        )


@dataclass(frozen=True)
class Schema:
    """The types of the AWS package."""

    blocks: Mapping[str, Block]
    """Pulumi's type token -> the Terraform resource."""

    def block(self, token: str) -> Block:
        """The Terraform resource behind a type. Raises MappingError if there is none."""
        if token not in self.blocks:
            raise MappingError(
                f"{token} has no Terraform type in the local AWS provider (toolchain/pulumi/aws/resources.go)"
            )
        return self.blocks[token]


def parse(mapping: Mapping[str, Any]) -> Schema:
    """The schema in a provider's answer."""
    attributes = mapping["provider"]["resources"]
    return Schema(
        {
            resource["tok"]: Block(name, attributes[name], resource.get("fields") or {})
            for name, resource in mapping["resources"].items()
        }
    )


def load(plugin: Path) -> Schema:
    """Ask the AWS provider, which is started for that and ended."""
    # Nothing that is asked of it here needs an engine at that address.
    with subprocess.Popen([str(plugin), "127.0.0.1:1"], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            options = [("grpc.max_receive_message_length", -1)]
            with grpc.insecure_channel(f"127.0.0.1:{int(line)}", options=options) as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                answer = stub.GetMapping(provider_pb2.GetMappingRequest(key="terraform"), timeout=TIMEOUT)
        finally:
            process.kill()
    return parse(json.loads(answer.data))


def _candidates(word: str) -> Iterator[str]:
    """The word, then what it may be the plural of."""
    yield word
    for plural, singular in PLURALS:
        if word.endswith(plural):
            yield word.removesuffix(plural) + singular
