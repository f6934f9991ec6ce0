import pytest

from planning import vpc_endpoints
from planning.vpc_endpoints import service_name


def test_what_a_private_cluster_needs_is_there():
    """Amazon EKS User Guide, "Deploy private clusters with limited internet access". Incident: nodes of a
    cluster without NAT joined, and pods of Pod Identity got no credentials."""
    needed = {"ec2", "ecr.api", "ecr.dkr", "elasticloadbalancing", "ssm", "logs", "sts", "eks-auth", "eks"}
    assert needed | {"autoscaling"} <= vpc_endpoints.INTERFACES.keys()
    assert vpc_endpoints.GATEWAY == "s3"
    assert all(vpc_endpoints.INTERFACES.values())


@pytest.mark.parametrize(
    ("service", "partition", "region", "name"),
    [
        ("ecr.api", "aws", "eu-west-1", "com.amazonaws.eu-west-1.ecr.api"),
        ("ecr.api", "aws-us-gov", "us-gov-west-1", "com.amazonaws.us-gov-west-1.ecr.api"),
        ("ecr.api", "aws-cn", "cn-north-1", "cn.com.amazonaws.cn-north-1.ecr.api"),
        ("logs", "aws-cn", "cn-north-1", "com.amazonaws.cn-north-1.logs"),
        ("s3", "aws-cn", "cn-north-1", "com.amazonaws.cn-north-1.s3"),
    ],
)
def test_names_are_those_of_the_partition(service, partition, region, name):
    assert service_name(service, partition, region) == name


def test_chinese_exceptions_are_services_of_the_list():
    assert vpc_endpoints.INTERFACES.keys() > vpc_endpoints.CHINESE
