"""The whole program in a VPC that others have made, looked up by the real engine and AWS provider.

The tests change one VPC, in their order: from one with NAT gateways to one without, and then to a broken one.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from planning import subnet_tags, vpc_endpoints
from tests.local.aws.emulator import Emulator

CLUSTER = "gitops-platform-dev"
ANYWHERE = "0.0.0.0/0"
REFUSED = 1
"""Exit code of `local preview` when the engine refuses the program."""


@dataclass
class Network:
    """A VPC with a private and a public subnet in each of two zones."""

    ec2: Any
    vpc: str = ""
    private: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    """Of the private subnets."""
    main: str = ""
    """The VPC's main table, which the public subnets have, as they have none of their own."""
    endpoints: dict[str, str] = field(default_factory=dict)

    def make(self) -> None:
        """Make all of it, with a NAT gateway."""
        self.vpc = self.ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
        for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{attribute: {"Value": True}})
        for number, zone in enumerate("ab"):
            self.private.append(self.subnet(number, zone, subnet_tags.private(CLUSTER)))
            self.public.append(self.subnet(number + 10, zone, subnet_tags.public(CLUSTER)))
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}]
        self.main = self.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"]
        self.ec2.create_route(RouteTableId=self.main, DestinationCidrBlock=ANYWHERE, GatewayId=gateway)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.public[0], AllocationId=address)["NatGateway"]
        for subnet in self.private:
            table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
            self.ec2.create_route(
                RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=nat["NatGatewayId"]
            )
            self.tables.append(table)

    def subnet(self, number: int, zone: str, tags: dict[str, str], size: int = 24) -> str:
        """A new subnet; returns its id."""
        made = self.ec2.create_subnet(
            VpcId=self.vpc, CidrBlock=f"10.60.{number}.0/{size}", AvailabilityZone=f"us-east-1{zone}"
        )["Subnet"]["SubnetId"]
        self.ec2.create_tags(
            Resources=[made], Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
        return str(made)

    def close(self) -> None:
        """Replace the way out by the endpoints."""
        for table in self.tables:
            self.ec2.delete_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE)
        for service in vpc_endpoints.INTERFACES:
            self.endpoint(service, "Interface", SubnetIds=self.private, PrivateDnsEnabled=True)
        self.endpoint(vpc_endpoints.GATEWAY, "Gateway", RouteTableIds=self.tables)

    def endpoint(self, service: str, kind: str, **settings: Any) -> None:
        """A new endpoint."""
        name = vpc_endpoints.service_name(service, "aws", "us-east-1")
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc, ServiceName=name, VpcEndpointType=kind, **settings
        )
        self.endpoints[service] = made["VpcEndpoint"]["VpcEndpointId"]


@pytest.fixture(scope="module")
def network(aws: Emulator) -> Network:
    made = Network(aws.client("ec2"))
    made.make()
    return made


def preview(aws: Emulator, network: Network, code: int = 0, **changes: object) -> str:
    """What `make preview STACK=dev` says with the VPC in the stack's file."""
    file = aws.clone.folder / "Pulumi.dev.yaml"
    content = yaml.safe_load(file.read_text())
    own = {
        "existingVpcId": network.vpc,
        "existingPrivateSubnetIds": network.private,
        "existingPublicSubnetIds": network.public,
        **changes,
    }
    content["config"] |= {
        "aws:region": "us-east-1",
        **{f"gitops-platform:{key}": value for key, value in own.items()},
    }
    file.write_text(yaml.safe_dump(content))
    return aws.clone.local("preview", "dev", code=code)


def test_a_sound_vpc_is_used_and_none_is_made(aws: Emulator, network: Network) -> None:
    plan = preview(aws, network)
    assert "eks:index:Cluster" in plan
    assert "aws:ec2:Vpc " not in plan
    assert "aws:ec2:Subnet" not in plan


def test_endpoints_are_enough(aws: Emulator, network: Network) -> None:
    network.close()
    assert "eks:index:Cluster" in preview(aws, network)


def test_what_is_missing_of_the_endpoints_is_told(aws: Emulator, network: Network) -> None:
    """Incident: nodes that got no image, because their zone's route table did not lead to S3."""
    network.ec2.modify_vpc_endpoint(
        VpcEndpointId=network.endpoints["s3"], RemoveRouteTableIds=[network.tables[1]]
    )
    text = preview(aws, network, REFUSED)
    assert "1 problem in the stack's configuration" in text
    first, second = network.private
    assert f"existingPrivateSubnetIds = {second}: has no default route, and its route table" in text
    network.ec2.delete_vpc_endpoints(VpcEndpointIds=[network.endpoints["ecr.dkr"]])
    network.ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoints["sts"], PrivateDnsEnabled=False)
    cause = "has no default route, and the VPC no endpoint of ecr.dkr, sts. Have a NAT gateway or the"
    text = preview(aws, network, REFUSED)
    assert f"existingPrivateSubnetIds = {first}: {cause}" in text
    assert f"existingPrivateSubnetIds = {second}: {cause}" in text


def test_everything_that_is_wrong_is_told_at_once(aws: Emulator, network: Network) -> None:
    """Incident: each preview told one more reason why the cluster would not work there."""
    tags = subnet_tags.private(CLUSTER)
    bare, open_one = network.subnet(20, "a", {}, 28), network.subnet(21, "a", tags, 28)
    # Of 16 addresses AWS keeps 5.
    for subnet, taken in ((bare, 7), (open_one, 8)):
        for _ in range(taken):
            network.ec2.create_network_interface(SubnetId=subnet)
    network.ec2.modify_subnet_attribute(SubnetId=open_one, MapPublicIpOnLaunch={"Value": True})
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        network.ec2.modify_vpc_attribute(VpcId=network.vpc, **{attribute: {"Value": False}})
    text = preview(
        aws,
        network,
        REFUSED,
        existingPrivateSubnetIds=[open_one, bare, "subnet-00000000000000000"],
        existingPublicSubnetIds=network.private,
        serviceCidr="10.60.0.0/20",
    )
    said = " ".join(text.split())
    for expected in (
        f"existingVpcId = {network.vpc}: has enableDnsSupport off",
        f"existingVpcId = {network.vpc}: has enableDnsHostnames off",
        f"serviceCidr = 10.60.0.0/20: overlaps 10.60.0.0/16 of {network.vpc}. Choose networks",
        "existingPrivateSubnetIds = subnet-00000000000000000: does not exist in this account and region",
        "existingPrivateSubnetIds: all subnets are in us-east-1a. Name one in another zone, too.",
        "existingPrivateSubnetIds: has at most 4 free addresses in a subnet of us-east-1a; EKS needs 6. Add",
        f"existingPrivateSubnetIds = {open_one}: is public: nodes there could be reached",
        f"existingPrivateSubnetIds = {bare}: lacks the tag kubernetes.io/role/internal-elb = 1",
        f"existingPrivateSubnetIds = {bare}: lacks the tag kubernetes.io/cluster/{CLUSTER} = shared",
        f"existingPublicSubnetIds = {network.private[0]}: has no route to an internet gateway",
        f"existingPublicSubnetIds = {network.private[0]}: lacks the tag kubernetes.io/role/elb = 1",
    ):
        assert expected in said
