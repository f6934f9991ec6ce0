"""VPC endpoints: AWS services that are reached without the internet.

Not managed here: endpoint policies (docs/decisions/0008-network.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning import vpc_endpoints


@dataclass(frozen=True)
class VpcEndpointsArgs:
    """Arguments of `VpcEndpoints`."""

    vpc_id: pulumi.Input[str]
    """The VPC of the rest."""
    route_table_ids: Sequence[pulumi.Input[str]]
    """Tables from which S3 is reached by the gateway endpoint."""
    interfaces: bool
    """Whether to make the interface endpoints: each costs by the hour and zone, and only a VPC without NAT
    gateways needs them."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """One subnet per zone, for the interface endpoints."""
    clients: Mapping[str, str]
    """CIDRs from which the interface endpoints are reached, by a short name of each."""
    partition: str
    """aws, aws-cn or aws-us-gov."""
    region: str
    """Where the services are, e.g. eu-west-1."""
    cluster_name: str
    """The EKS cluster that names the endpoints."""
    tags: Mapping[str, str]
    """Tags of every resource."""


class VpcEndpoints(pulumi.ComponentResource):
    """The gateway endpoint of S3, and interface endpoints for every service that a cluster needs."""

    ids: pulumi.Output[list[str]]
    """Known once all of them can be used."""

    def __init__(self, name: str, args: VpcEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:vpc_endpoints:VpcEndpoints", name, None, opts)
        self._name, self._args = name, args
        endpoints = [self._gateway()]
        ready: list[pulumi.Output[str]] = []
        if args.interfaces:
            group, ready = self._security_group()
            endpoints += [self._interface(service, group) for service in vpc_endpoints.INTERFACES]
        made = [endpoint.id for endpoint in endpoints]
        self.ids = pulumi.Output.all(*made, *ready).apply(lambda known: list(known[: len(made)]))
        self.register_outputs({"ids": self.ids})

    def _gateway(self) -> aws.ec2.VpcEndpoint:
        return aws.ec2.VpcEndpoint(
            f"{self._name}-{vpc_endpoints.GATEWAY}",
            vpc_id=self._args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=self._service_name(vpc_endpoints.GATEWAY),
            route_table_ids=list(self._args.route_table_ids),
            tags=self._tags(vpc_endpoints.GATEWAY),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _interface(self, service: str, group: aws.ec2.SecurityGroup) -> aws.ec2.VpcEndpoint:
        return aws.ec2.VpcEndpoint(
            f"{self._name}-{service}",
            vpc_id=self._args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=self._service_name(service),
            # The services' usual names lead to the endpoints, so that no client needs to know of them.
            private_dns_enabled=True,
            subnet_ids=list(self._args.subnet_ids),
            security_group_ids=[group.id],
            tags=self._tags(service),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _security_group(self) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Output[str]]]:
        group = aws.ec2.SecurityGroup(
            f"{self._name}-group",
            vpc_id=self._args.vpc_id,
            description=f"VPC endpoints of EKS cluster {self._args.cluster_name}: HTTPS from inside the VPC",
            tags=self._tags("group"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        rules = [
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-https-{client}",
                security_group_id=group.id,
                description=f"HTTPS from {client}",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=cidr,
                tags=self._tags(f"https-{client}"),
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for client, cidr in self._args.clients.items()
        ]
        return group, rules

    def _service_name(self, service: str) -> str:
        return vpc_endpoints.service_name(service, self._args.partition, self._args.region)

    def _tags(self, suffix: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._args.cluster_name}-endpoint-{suffix}"}
