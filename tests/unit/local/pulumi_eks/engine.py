"""The Pulumi engine as a plugin sees it: over the real protocol, with computed outputs instead of a cloud."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.proto import (
    engine_pb2_grpc,
    errors_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

from local import paths
from tests.local.clone import PATIENCE

# ruff: noqa: N802  # the methods have the protocol's names

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key of the special values (pulumi/pulumi, sdk/python rpc.py)."""

RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"

FEATURES = {"secrets", "resourceReferences", "outputValues", "deletedWith", "aliasSpecs"}

CLUSTER = {
    "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/demo",
    "name": "demo",
    "version": "1.33",
    "endpoint": "https://abc.gr7.eu-west-1.eks.amazonaws.com",
    "certificateAuthority": {"data": "Q0E="},
    "identities": [{"oidcs": [{"issuer": "https://oidc.example.org/id/1"}]}],
}
OWN_GROUP = "sg-made-by-eks"
ROLE_ARN = "arn:aws:iam::111122223333:role/made"


@dataclass
class Registered:
    """A resource that the plugin asked for."""

    type: str
    name: str
    parent: str
    """Name of its parent."""
    inputs: dict[str, Any]
    ignore_changes: list[str]
    depends_on: set[str]
    """Names of the resources that it waits for."""


@dataclass
class Made:
    """What came of a component."""

    resources: list[Registered]
    outputs: dict[str, Any]

    def only(self, type_: str, name: str) -> Registered:
        """The one resource of this type and name."""
        (found,) = [made for made in self.resources if (made.type, made.name) == (type_, name)]
        return found


class RefusedError(Exception):
    """The plugin refused inputs: why, by path."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__(str(reasons))
        self.reasons = reasons


@dataclass
class Engine(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """One engine with one plugin process."""

    registered: list[Registered] = field(default_factory=list)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __enter__(self) -> "Engine":
        self._server = grpc.server(ThreadPoolExecutor())
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        self._plugin = subprocess.Popen(
            [sys.executable, "-m", "local.pulumi_eks", self._address], cwd=paths.ROOT, stdout=subprocess.PIPE
        )
        assert self._plugin.stdout
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(self._plugin.stdout.readline())}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._plugin.terminate()
        self._plugin.communicate()
        self._server.stop(grace=None)

    def construct(self, type_: str, name: str, inputs: dict[str, Any]) -> Made:
        """Make a component as if a program had asked for it. Raises RefusedError."""
        self.registered.clear()
        request = provider_pb2.ConstructRequest(
            type=type_,
            name=name,
            inputs=_struct(inputs),
            project="project",
            stack="test",
            parallel=4,
            monitorEndpoint=self._address,
        )
        try:
            response = self._stub.Construct(request, timeout=PATIENCE)
        except grpc.RpcError as error:
            raise _refusal(error) from None
        return Made(list(self.registered), MessageToDict(response.state))

    def call(self, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method of a component."""
        request = provider_pb2.CallRequest(
            tok=token, args=_struct(arguments), project="project", stack="test", monitorEndpoint=self._address
        )
        result: dict[str, Any] = MessageToDict(getattr(self._stub.Call(request, timeout=PATIENCE), "return"))
        return result

    def SupportsFeature(
        self, request: resource_pb2.SupportsFeatureRequest, context: object
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in FEATURES)

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: object
    ) -> resource_pb2.RegisterResourceResponse:
        inputs = MessageToDict(request.object)
        depends_on = {_name(urn) for urn in request.dependencies}
        parent = _name(request.parent) if request.parent else ""
        ignored = list(request.ignoreChanges)
        self.registered.append(Registered(request.type, request.name, parent, inputs, ignored, depends_on))
        urn = f"urn:pulumi:test::project::{request.type}::{request.name}"
        self.states[urn] = _computed(request.type, request.name, inputs)
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=f"{request.name}-id" if request.custom else "", object=_struct(self.states[urn])
        )

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest, context: object
    ) -> Empty:
        self.states[request.urn] = MessageToDict(request.outputs)
        return Empty()

    def Invoke(
        self, request: resource_pb2.ResourceInvokeRequest, context: object
    ) -> provider_pb2.InvokeResponse:
        assert request.tok == "pulumi:pulumi:getResource"
        urn = request.args["urn"]
        answer = {"urn": urn, "id": f"{_name(urn)}-id", "state": self.states[urn]}
        return provider_pb2.InvokeResponse(**{"return": _struct(answer)})

    def Log(self, request: object, context: object) -> Empty:
        return Empty()


def reference(type_: str, name: str) -> dict[str, str]:
    """A reference to a resource, as it stands among inputs."""
    urn = f"urn:pulumi:test::project::{type_}::{name}"
    custom = {} if type_.startswith("eks:") else {"id": f"{name}-id"}
    return {SIGNATURE: RESOURCE, "urn": urn, **custom}


def _computed(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs and what AWS adds to them."""
    if type_ == "aws:eks/cluster:Cluster":
        network = {**inputs["vpcConfig"], "clusterSecurityGroupId": OWN_GROUP}
        return {**inputs, **CLUSTER, "vpcConfig": network}
    added: dict[str, dict[str, Any]] = {
        "aws:iam/role:Role": {"arn": ROLE_ARN, "name": name},
        "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 7},
        "aws:ec2/securityGroupRule:SecurityGroupRule": {"securityGroupRuleId": f"sgr-{name}"},
    }
    return {**inputs, **added.get(type_, {})}


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _struct(values: dict[str, Any]) -> Struct:
    struct = Struct()
    struct.update(json.loads(json.dumps(values)))
    return struct


def _refusal(error: Any) -> Exception:
    """The problems with single inputs, if the error tells of such."""
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            details = errors_pb2.InputPropertiesError()
            status_pb2.Status.FromString(value).details[0].Unpack(details)
            return RefusedError({each.property_path: each.reason for each in details.errors})
    return RuntimeError(error.details())
