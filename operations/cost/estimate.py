"""What the resources of a plan cost a month, without anything that depends on use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.cost.prices import CostError, Prices
from operations.plan import Resource

DEFAULT_DISK = 20
"""GiB of a node without a launch template (Amazon EKS API Reference, CreateNodegroup, diskSize)."""

SUBNET = "aws:ec2/subnet:Subnet"

#: Types that cost nothing by being there.
FREE = {
    "aws:cloudwatch/logGroup:LogGroup",  # what is written and kept costs, see LEFT_OUT
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/flowLog:FlowLog",  # as for log groups
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/launchTemplate:LaunchTemplate",  # its volumes count with the node group
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/tag:Tag",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "aws:eks/accessEntry:AccessEntry",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:eks/addon:Addon",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "aws:iam/instanceProfile:InstanceProfile",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/alias:Alias",
    "aws:ssm/parameter:Parameter",  # standard tier
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
}

LEFT_OUT = (
    "data: through NAT gateways and endpoints, between zones, to the internet",
    "CloudWatch: log events taken in and kept, flow logs, metrics",
    "KMS requests, and the yearly copies that rotation keeps (1 $ a month each, two at most)",
    "nodes beyond the desired size, and everything that workloads make: load balancers, volumes, addresses",
    "spot prices: such nodes are counted on demand; discounts, savings plans, tax and support",
    "burst credits of t3 and t4g nodes",
    "extended support of an old Kubernetes version (0.60 $ an hour instead of 0.10)",
    "nodes that EKS Auto Mode starts, and its fee on them",
)
"""What an estimate does not have."""


@dataclass(frozen=True)
class Line:
    """What one resource costs for one reason."""

    resource: str
    what: str
    """How many of what, e.g. 2 x t3.large."""
    month: float
    """US dollars."""


def estimate(resources: Sequence[Resource], prices: Prices) -> list[Line]:
    """The lines of a plan. Raises CostError for a type without a rule or an instance type without a price."""
    by_urn = {resource.urn: resource for resource in resources}
    lines = []
    for resource in resources:
        if resource.type in FREE:
            continue
        if resource.type not in PRICED:
            raise CostError(
                f"There is no price rule for resources of type {resource.type} ({resource.name}).\n"
                "What to do: add the type to FREE or PRICED in operations/cost/estimate.py."
            )
        lines += [
            Line(resource.name, what, month)
            for what, month in PRICED[resource.type](resource, by_urn, prices)
        ]
    return lines


Parts = Iterator[tuple[str, float]]
"""What, and its dollars a month."""
ByUrn = Mapping[str, Resource]


def _one_of(name: str) -> Callable[[Resource, ByUrn, Prices], Parts]:
    def price(_: Resource, __: ByUrn, prices: Prices) -> Parts:
        yield name, prices.month(name)

    return price


def _endpoint(endpoint: Resource, by_urn: ByUrn, prices: Prices) -> Parts:
    # The provider's default is Gateway, which is free.
    if endpoint.inputs.get("vpcEndpointType", "Gateway") != "Interface":
        return
    given = endpoint.inputs.get("subnetIds")
    from_plan = [urn for urn in endpoint.depends_on.get("subnetIds", ()) if by_urn[urn].type == SUBNET]
    zones = len(given) if isinstance(given, list) else len(from_plan)
    if not zones:
        raise CostError(f"Nothing in the plan says in how many zones interface endpoint {endpoint.name} is.")
    yield f"interface-endpoint in {zones} zones", zones * prices.month("interface-endpoint")


def _node_group(group: Resource, by_urn: ByUrn, prices: Prices) -> Parts:
    nodes = int(group.inputs["scalingConfig"]["desiredSize"])
    # On demand, EKS starts the first type of the list that is to be had.
    instance_type = (group.inputs.get("instanceTypes") or ["t3.medium"])[0]
    yield f"{nodes} x {instance_type}", nodes * prices.instance_month(instance_type)
    templates = [by_urn[urn] for urn in group.depends_on.get("launchTemplate", ())]
    volumes = [volume for template in templates for volume in _volumes(template)]
    gib = sum(volumes) if volumes else int(group.inputs.get("diskSize") or DEFAULT_DISK)
    yield f"{nodes} x {gib} GiB gp3", nodes * gib * prices.month("gp3")


def _volumes(template: Resource) -> list[int]:
    mappings: list[Any] = template.inputs.get("blockDeviceMappings") or []
    return [
        int(mapping["ebs"]["volumeSize"]) for mapping in mappings if "volumeSize" in mapping.get("ebs", {})
    ]


PRICED: dict[str, Callable[[Resource, ByUrn, Prices], Parts]] = {
    "aws:ec2/eip:Eip": _one_of("public-ipv4"),
    "aws:ec2/natGateway:NatGateway": _one_of("nat-gateway"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:eks/cluster:Cluster": _one_of("eks-cluster"),
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:kms/key:Key": _one_of("kms-key"),
}
"""Type -> its price rule."""
