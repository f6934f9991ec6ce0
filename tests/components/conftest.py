"""Strict mocks: a resource or call that is not listed here fails the test that made it."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
import pytest
from pulumi.runtime import mocks, settings
from pulumi.runtime.proto import callback_pb2, resource_pb2
from pulumi.runtime.sync_await import _sync_await

#: Outputs that AWS or Kubernetes would compute, by type; a type that is missing is unknown.
OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "aws:eks/accessEntry:AccessEntry": {},
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {},
    "aws:ec2/vpc:Vpc": {},
    "aws:ec2/internetGateway:InternetGateway": {},
    "aws:ec2/subnet:Subnet": {},
    "aws:ec2/eip:Eip": {},
    "aws:ec2/natGateway:NatGateway": {},
    "aws:ec2/routeTable:RouteTable": {},
    "aws:ec2/route:Route": {},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {},
    "aws:ec2/flowLog:FlowLog": {},
    "aws:ec2/securityGroup:SecurityGroup": {},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {},
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": {},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {},
    "aws:cloudwatch/logGroup:LogGroup": {"arn": "arn:aws:logs:eu-west-1:111122223333:log-group:made"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        "arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    },
    "aws:iam/policy:Policy": {"arn": "arn:aws:iam::111122223333:policy/made"},
    "aws:iam/role:Role": {"arn": "arn:aws:iam::111122223333:role/made"},
    "aws:iam/rolePolicy:RolePolicy": {},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {},
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {},
    "aws:kms/key:Key": {"arn": "arn:aws:kms:eu-west-1:111122223333:key/made"},
    "aws:kms/alias:Alias": {},
    "eks:index:ManagedNodeGroup": {},
    "aws:eks/addon:Addon": {},
    "pulumi:providers:kubernetes": {},
    "kubernetes:core/v1:Namespace": {},
    "kubernetes:core/v1:Secret": {},
    "kubernetes:helm.sh/v3:Release": {"status": {"status": "deployed"}},
    "kubernetes:argoproj.io/v1alpha1:AppProject": {},
    "kubernetes:argoproj.io/v1alpha1:Application": {},
    "eks:index:Cluster": {},
}
#: Look-ups by token: what answers the arguments. A test may set more.
CALLS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": lambda _: {
        "names": ["eu-west-1b", "eu-west-1a", "eu-west-1c"],
        "region": "eu-west-1",
    },
}
#: The SDK loads its modules at their first use: here, once, rather than in each program's process.
LOADED = (
    aws.cloudwatch,
    aws.ec2,
    aws.eks,
    aws.iam,
    aws.kms,
    aws.vpc,
    kubernetes.core.v1,
    kubernetes.helm.v3,
    kubernetes.apiextensions,
)
for module in LOADED:
    dir(module)
EKS_CLUSTER = {
    "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/demo",
    "name": "demo",
    "endpoint": "https://abc.gr7.eu-west-1.eks.amazonaws.com",
    "certificate_authority": SimpleNamespace(data="Q0E="),
}


@dataclass(frozen=True)
class Recorded:
    """One resource that a component asked for."""

    type: str
    name: str
    inputs: dict[str, Any]
    depends_on: set[str]
    """Names of the resources that it waits for."""
    protected: bool
    """Whether Pulumi refuses to delete it."""


class _Recorder(pulumi.runtime.Mocks):
    def __init__(self) -> None:
        self.resources: list[Recorded] = []
        self.dependencies: dict[tuple[str, str], set[str]] = {}
        self.protected: set[tuple[str, str]] = set()

    def watch(self, monitor: Any) -> None:
        """Note what each resource waits for and whether it is protected, which mocks are not told."""
        register = monitor.RegisterResource

        def noting(request: resource_pb2.RegisterResourceRequest) -> Any:
            names = {urn.rpartition("::")[2] for urn in request.dependencies}
            self.dependencies[request.type, request.name] = names
            if request.protect:
                self.protected.add((request.type, request.name))
            return register(request)

        monitor.RegisterResource = noting

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ.startswith("gitops-platform:"):
            return None, {}
        if args.typ not in OUTPUTS:
            raise AssertionError(f"no mock for {args.typ}")
        # References to other resources cannot leave the process.
        inputs = {k: v for k, v in args.inputs.items() if not isinstance(v, pulumi.Resource)}
        key = (args.typ, args.name)
        made = Recorded(args.typ, args.name, inputs, self.dependencies[key], key in self.protected)
        self.resources.append(made)
        return f"{args.name}-id", {**args.inputs, **OUTPUTS[args.typ]}

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token not in CALLS:
            raise AssertionError(f"no mock for the call {args.token}")
        return CALLS[args.token](args.args)


class _Callbacks:
    """Stands where an engine would call transforms back; mocks have no engine, so they are not called."""

    def register_transform(self, transform: pulumi.ResourceTransform) -> callback_pb2.Callback:
        return callback_pb2.Callback(token=transform.__name__)

    async def shutdown(self) -> None:
        pass


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[Recorded]]:
    """Run a function that makes components and return the resources they asked for, in order."""
    # Mocks cannot hand out references to resources, and this output is one.
    described = SimpleNamespace(**EKS_CLUSTER)
    monkeypatch.setattr(eks.Cluster, "eks_cluster", property(lambda _: pulumi.Output.from_input(described)))
    return lambda build: _in_a_process_of_its_own(build, wanted="resources").resources


@pytest.fixture
def evaluate() -> Callable[[Callable[[], object]], Any]:
    """Run a function that makes components and return what the output that it returns becomes."""
    return lambda build: _in_a_process_of_its_own(build, wanted="value").value


@dataclass
class _Outcome:
    resources: list[Recorded]
    value: object = None
    error: BaseException | None = None


def _in_a_process_of_its_own(build: Callable[[], object], wanted: str) -> _Outcome:
    """The SDK serves one program a process: state that it keeps in threads would reach the next one."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_run, args=(build, wanted, theirs))
    process.start()
    theirs.close()
    outcome = ours.recv()
    process.join()
    ours.close()
    assert isinstance(outcome, _Outcome)
    if outcome.error is not None:
        raise outcome.error
    return outcome


def _run(build: Callable[[], object], wanted: str, pipe: Connection) -> None:
    recorder = _Recorder()
    pulumi.runtime.set_mocks(recorder, project="gitops-platform", stack="test", preview=False)
    # The SDK asks once, when a program starts, what its engine can do; here no program starts.
    _sync_await(settings.monitor_supports_feature("transforms"))
    settings.SETTINGS.callbacks = _Callbacks()
    recorder.watch(settings.SETTINGS.monitor)
    outcome = _Outcome(recorder.resources)

    def keep(value: object) -> None:
        if wanted == "value":
            outcome.value = value

    try:
        pulumi.runtime.test(lambda: pulumi.Output.from_input(build()).apply(keep))()
    except BaseException as error:
        outcome.error = error
    pipe.send(outcome)
    # Without the clean-up at exit, which would warn of what the SDK's threads leave open.
    os._exit(0)
