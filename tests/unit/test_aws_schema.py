"""The local pulumi-aws provider and the installed Python SDK name the same properties.

It is bridged from a Terraform provider older than the SDK's, under names that `toolchain/pulumi/aws`
gives. One of the two would ignore a wrong name silently, so all mapped resources and functions are compared,
nested objects included, and whether a value is a list. `aws_schema_newer.toml` lists what only the SDK knows.
"""

import importlib
import inspect
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

NEWER = Path(__file__).with_name("aws_schema_newer.toml")
Spec = Mapping[str, Any]
Properties = dict[str, bool]
"""Name in the schema -> whether it is a list."""


@pytest.fixture(scope="module")
def plugin(binaries: Path) -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """The local provider, running; nothing that is asked of it here needs an engine at that address."""
    command = [str(binaries / "pulumi-resource-aws"), "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = f"127.0.0.1:{int(process.stdout.readline())}"
            with grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)]) as channel:
                yield provider_pb2_grpc.ResourceProviderStub(channel)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def schema(plugin: provider_pb2_grpc.ResourceProviderStub) -> Spec:
    """The schema as the provider tells it to the engine."""
    answer = plugin.GetSchema(provider_pb2.GetSchemaRequest(version=0), timeout=60)
    spec: Spec = json.loads(answer.schema)
    return spec


def module_of(token: str) -> ModuleType:
    """The SDK module of `aws:ec2/vpc:Vpc` is `pulumi_aws.ec2`; the package itself for `aws:index/…`."""
    name = token.split(":")[1].split("/", maxsplit=1)[0]
    return importlib.import_module("pulumi_aws" if name == "index" else f"pulumi_aws.{name}")


def from_python(cls: type) -> Properties:
    """Properties of a class of the SDK, named as the engine names them."""
    return {
        getattr(value.fget, "_pulumi_name", None) or name: "Sequence["
        in str(value.fget.__annotations__["return"])
        for base in cls.__mro__
        for name, value in vars(base).items()
        if isinstance(value, property) and base.__module__.startswith("pulumi_aws") and value.fget
    }


def from_schema(properties: Spec) -> Properties:
    return {name: spec.get("type") == "array" for name, spec in properties.items()}


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def arguments(function: Any) -> Properties:
    """What a function of the SDK sends, read in its source: it has no class for its arguments."""
    names = re.findall(r"__args__\['(\w+)'\]", inspect.getsource(function))
    hints = function.__annotations__
    return {name: "Sequence[" in str(hints[snake(name)]) for name in names}


def objects(
    spec: Spec, properties: Spec, suffix: str, module: str
) -> Iterator[tuple[str, Properties, Properties]]:
    """Each object type reached from `properties`: its title, its properties in the schema and in the SDK."""
    pending, seen = list(properties.values()), set()
    while pending:
        part = pending.pop()
        pending += [part[key] for key in ("items", "additionalProperties") if isinstance(part.get(key), dict)]
        reference = part.get("$ref", "").removeprefix("#/types/")
        if (
            not reference.startswith("aws:")
            or reference in seen
            or "properties" not in spec["types"][reference]
        ):
            continue
        seen.add(reference)
        nested = spec["types"][reference]["properties"]
        pending += nested.values()
        name = reference.split(":")[-1]
        name = name[0].upper() + name[1:] + suffix
        home = importlib.import_module(f"{module_of(reference).__name__}.{module}")
        yield f"{reference} ({module})", from_schema(nested), from_python(getattr(home, name))


def resource_pairs(spec: Spec, token: str) -> Iterator[tuple[str, Properties, Properties]]:
    resource, module = spec["resources"][token], module_of(token)
    name = token.rsplit(":", maxsplit=1)[-1]
    yield (
        f"{token} (inputs)",
        from_schema(resource["inputProperties"]),
        from_python(getattr(module, f"{name}Args")),
    )
    yield f"{token} (outputs)", from_schema(resource["properties"]), from_python(getattr(module, name))
    yield from objects(spec, resource["inputProperties"], "Args", "_inputs")
    yield from objects(spec, resource["properties"], "", "outputs")


def function_pairs(spec: Spec, token: str) -> Iterator[tuple[str, Properties, Properties]]:
    function = getattr(module_of(token), snake(token.rsplit(":", maxsplit=1)[-1]))
    inputs = spec["functions"][token].get("inputs", {}).get("properties", {})
    outputs = spec["functions"][token]["outputs"]["properties"]
    yield f"{token} (inputs)", from_schema(inputs), arguments(function)
    result = function.__annotations__["return"].__mro__[1]
    yield f"{token} (outputs)", from_schema(outputs), from_python(result)
    yield from objects(spec, inputs, "Args", "_inputs")
    yield from objects(spec, outputs, "Result", "outputs")


def newer() -> dict[str, set[str]]:
    """What only the SDK can know, by type."""
    found: dict[str, set[str]] = {}
    for entry in tomllib.loads(NEWER.read_text())["newer"]:
        assert entry.pop("reason")
        for token, names in entry.items():
            found.setdefault(token, set()).update(names)
    return found


def provider_pairs(spec: Spec) -> Iterator[tuple[str, Properties, Properties]]:
    """The settings of the provider itself."""
    inputs = spec["provider"]["inputProperties"]
    yield (
        "pulumi:providers:aws (inputs)",
        from_schema(inputs),
        from_python(module_of("aws:index/").ProviderArgs),
    )
    yield from objects(spec, inputs, "Args", "_inputs")


def differences(spec: Spec) -> dict[str, set[str]]:
    """What the two do not share, by type: names that only the SDK has; others with what is wrong."""
    found: dict[str, set[str]] = {}
    pairs = [
        provider_pairs(spec),
        *(resource_pairs(spec, token) for token in spec["resources"]),
        *(function_pairs(spec, token) for token in spec["functions"] if token.startswith("aws:")),
    ]
    for title, ours, theirs in chain.from_iterable(pairs):
        token, place = title.split(" ")
        names = theirs.keys() - ours.keys()
        names |= {f"{name} {place}: unknown to the SDK" for name in ours.keys() - theirs.keys()}
        names |= {
            f"{name} {place}: one of them has a list"
            for name in ours.keys() & theirs.keys()
            if ours[name] != theirs[name]
        }
        if names:
            found.setdefault(token, set()).update(names)
    return found


def test_names_are_those_of_the_sdk(schema: Spec) -> None:
    assert {"aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:iam/role:Role"} <= schema["resources"].keys()
    assert differences(schema) == newer()


def test_version_is_the_one_that_the_sdk_asks_for(plugin: provider_pb2_grpc.ResourceProviderStub) -> None:
    assert plugin.GetPluginInfo(Empty(), timeout=60).version == version("pulumi-aws")
