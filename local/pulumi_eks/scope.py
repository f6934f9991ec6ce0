"""What every resource of a component shares."""

from dataclasses import dataclass

from pulumi import ComponentResource, ResourceOptions

from local.pulumi_eks.inputs import Value


@dataclass(frozen=True)
class Scope:
    """The component that the resources belong to."""

    parent: ComponentResource
    name: str
    """The component's name, with which the names of its resources begin."""
    tags: Value
    """The tags of every resource that has some."""

    @property
    def opts(self) -> ResourceOptions:
        """The options of a resource of the component."""
        return ResourceOptions(parent=self.parent)
