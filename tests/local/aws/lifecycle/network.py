"""Rows of EC2."""

from tests.local.aws.lifecycle.row import Row

VPC, TABLE, GROUP = "${vpc.id}", "${table.id}", "${group.id}"
HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


def tags(name: str, **more: str) -> dict[str, dict[str, str]]:
    """The argument `tags`."""
    return {"tags": {"Name": f"lifecycle-{name}", **more}}


def changed(name: str) -> dict[str, dict[str, str]]:
    """The same with one changed."""
    return tags(name, Phase="later")


ROWS = (
    Row(
        "aws:ec2/vpc:Vpc",
        "vpc",
        {"cidr_block": "10.20.0.0/16", **tags("vpc")},
        {"enable_dns_hostnames": True, **changed("vpc")},
        {"cidr_block": "10.30.0.0/16"},
        held=True,
    ),
    Row(
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        "more-addresses",
        {"vpc_id": VPC, "cidr_block": "100.64.0.0/16"},
        {},
        {"cidr_block": "100.65.0.0/16"},
    ),
    *(
        Row(
            "aws:ec2/subnet:Subnet",
            f"subnet-{zone}",
            {
                "vpc_id": VPC,
                "cidr_block": f"10.20.{number}.0/24",
                "availability_zone": f"us-east-1{zone}",
                **tags(f"subnet-{zone}"),
            },
            {"map_public_ip_on_launch": True, **changed(f"subnet-{zone}")},
            {"cidr_block": f"10.30.{number}.0/24"},
            held=True,
        )
        for number, zone in enumerate("ab")
    ),
    Row(
        "aws:ec2/internetGateway:InternetGateway",
        "internet",
        {"vpc_id": VPC, **tags("internet")},
        changed("internet"),
    ),
    Row(
        "aws:ec2/eip:Eip",
        "address",
        {"domain": "vpc", **tags("address")},
        changed("address"),
        {"network_border_group": "us-east-1-bos-1"},
        held=True,
    ),
    Row(
        "aws:ec2/natGateway:NatGateway",
        "nat",
        {"allocation_id": "${address.id}", "subnet_id": "${subnet-a.id}", **tags("nat")},
        changed("nat"),
        {"subnet_id": "${subnet-b.id}", "allocation_id": "${address.id}"},
        held=True,
        # One address serves one gateway.
        options={"delete_before_replace": True},
    ),
    *(
        Row(
            "aws:ec2/routeTable:RouteTable",
            name,
            {"vpc_id": VPC, **tags(name)},
            changed(name),
            {"vpc_id": VPC},
            held=True,
        )
        for name in ("table", "other-table")
    ),
    Row(
        "aws:ec2/route:Route",
        "route",
        {"route_table_id": TABLE, "destination_cidr_block": "0.0.0.0/0", "gateway_id": "${internet.id}"},
        {"gateway_id": None, "nat_gateway_id": "${nat.id}"},
        {"destination_cidr_block": "192.0.2.0/24"},
    ),
    Row(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "association",
        {"subnet_id": "${subnet-a.id}", "route_table_id": TABLE},
        {"route_table_id": "${other-table.id}"},
        {"subnet_id": "${subnet-b.id}"},
    ),
    Row(
        "aws:ec2/tag:Tag",
        "tag",
        {"resource_id": "${vpc.main_route_table_id}", "key": "Kind", "value": "main"},
        {"value": "unused"},
        {"key": "Use"},
    ),
    *(
        Row(
            "aws:ec2/securityGroup:SecurityGroup",
            name,
            {"vpc_id": VPC, "description": "Its rules are rows", **tags(name)},
            changed(name),
            {"description": "Its rules are other rows"},
            held=True,
        )
        for name in ("group", "rules-group")
    ),
    Row(
        "aws:ec2/securityGroup:SecurityGroup",
        "whole-group",
        {
            "vpc_id": VPC,
            "description": "With its rules",
            "ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}],
            **tags("whole-group"),
        },
        {"ingress": [{"protocol": "tcp", "from_port": 8443, "to_port": 8443, "cidr_blocks": ["10.0.0.0/8"]}]},
        {"name": "lifecycle-whole-group"},
    ),
    Row(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "default-group",
        {"vpc_id": VPC, **tags("default-group")},
        {"ingress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}]},
        {"vpc_id": VPC},
        held=True,
    ),
    Row(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "rule",
        {
            "security_group_id": "${rules-group.id}",
            "type": "ingress",
            "protocol": "tcp",
            "from_port": 80,
            "to_port": 80,
            "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"],
        },
        {"description": "HTTP"},
        {"to_port": 81},
    ),
    Row(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "ingress",
        {"security_group_id": GROUP, "cidr_ipv4": "10.0.0.0/8", **HTTPS, **tags("ingress")},
        {"cidr_ipv4": "10.0.0.0/9", "description": "HTTPS", **changed("ingress")},
        {"security_group_id": GROUP},
        held=True,
    ),
    Row(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "egress",
        {"security_group_id": GROUP, "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"},
        {"description": "Everywhere"},
        # The provider cannot make one kind of peer another.
        {"cidr_ipv4": None, "referenced_security_group_id": "${rules-group.id}"},
    ),
    Row(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "gateway-endpoint",
        {
            "vpc_id": VPC,
            "service_name": "com.amazonaws.us-east-1.s3",
            "route_table_ids": [TABLE],
            **tags("gateway-endpoint"),
        },
        {"route_table_ids": [TABLE, "${other-table.id}"], **changed("gateway-endpoint")},
        {"service_name": "com.amazonaws.us-east-1.dynamodb"},
    ),
    Row(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "interface-endpoint",
        {
            "vpc_id": VPC,
            "vpc_endpoint_type": "Interface",
            "service_name": "com.amazonaws.us-east-1.ecr.api",
            "subnet_ids": ["${subnet-a.id}"],
            "security_group_ids": [GROUP],
            "private_dns_enabled": True,
            **tags("interface-endpoint"),
        },
        {"subnet_ids": ["${subnet-a.id}", "${subnet-b.id}"]},
        {"service_name": "com.amazonaws.us-east-1.ecr.dkr"},
    ),
    Row(
        "aws:ec2/flowLog:FlowLog",
        "flow-log",
        {
            "vpc_id": VPC,
            "traffic_type": "ALL",
            "log_destination": "${logs.arn}",
            "iam_role_arn": "${role.arn}",
            **tags("flow-log"),
        },
        changed("flow-log"),
        {"traffic_type": "REJECT"},
    ),
    Row(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "template",
        {
            "metadata_options": {"http_tokens": "required", "http_put_response_hop_limit": 1},
            "block_device_mappings": [
                {
                    "device_name": "/dev/xvda",
                    "ebs": {"volume_size": 20, "volume_type": "gp3", "encrypted": "true"},
                }
            ],
            "tag_specifications": [{"resource_type": "instance", "tags": {"Name": "lifecycle"}}],
            "update_default_version": True,
            **tags("template"),
        },
        {
            "block_device_mappings": [
                {
                    "device_name": "/dev/xvda",
                    "ebs": {"volume_size": 30, "volume_type": "gp3", "encrypted": "true"},
                }
            ],
            **changed("template"),
        },
        {"name": "lifecycle-template"},
        held=True,
    ),
)
