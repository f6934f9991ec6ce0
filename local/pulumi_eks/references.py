"""Clusters that a program hands to another component."""

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi.runtime.rpc import ResourceModule, register_resource_module

from local.pulumi_eks.inputs import Value


class ClusterReference(ComponentResource):
    """A cluster that was made before, with the outputs that others need."""

    core: Output[Value]
    eksCluster: Output[Value]  # noqa: N815  # the output's name

    def __init__(self, name: str, urn: str) -> None:
        outputs = {"core": None, "eksCluster": None}
        super().__init__("eks:index:Cluster", name, outputs, ResourceOptions(urn=urn))


class _Eks(ResourceModule):
    def version(self) -> None:
        return None

    def construct(self, name: str, typ: str, urn: str) -> Resource:
        if typ == "eks:index:Cluster":
            return ClusterReference(name, urn)
        # The cluster's vpc-cni, which is among its outputs; nobody asks for what it knows.
        return ComponentResource(typ, name, {}, ResourceOptions(urn=urn))


def register() -> None:
    """Make the SDK turn references to components into resources."""
    register_resource_module("eks", "index", _Eks())
