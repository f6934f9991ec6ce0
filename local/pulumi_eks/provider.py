"""The plugin: its components by their tokens."""

from importlib.metadata import version

from pulumi import Inputs, ResourceOptions
from pulumi.provider import CallResult, ConstructResult, Provider

from local.pulumi_eks.cluster import Cluster
from local.pulumi_eks.inputs import Value
from local.pulumi_eks.kubeconfig import as_json, kubeconfig
from local.pulumi_eks.node_group import ManagedNodeGroup

COMPONENTS: dict[str, type[Cluster | ManagedNodeGroup]] = {
    "eks:index:Cluster": Cluster,
    "eks:index:ManagedNodeGroup": ManagedNodeGroup,
}

GET_KUBECONFIG = "eks:index:Cluster/getKubeconfig"


class EksProvider(Provider):
    """Says that it is the version of the original that the program's SDK belongs to."""

    def __init__(self) -> None:
        super().__init__(version("pulumi-eks"))

    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        """Make the component; raises ValueError if the stand-in does not have it."""
        if resource_type not in COMPONENTS:
            raise ValueError(f"the local stand-in for pulumi-eks has no {resource_type}")
        component = COMPONENTS[resource_type](name, inputs, options or ResourceOptions())
        return ConstructResult(component.urn, component.state)

    def call(self, token: str, args: Inputs) -> CallResult:
        """The kubeconfig for other credentials, which is the one method of the components."""
        if token != GET_KUBECONFIG:
            raise ValueError(f"the local stand-in for pulumi-eks has no {token}")
        cluster: Value = args["__self__"]
        config = kubeconfig(cluster.eksCluster, args.get("roleArn"), args.get("profileName"))
        return CallResult({"result": as_json(config)})
