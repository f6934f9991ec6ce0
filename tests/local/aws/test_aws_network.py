"""Look-ups of a network's parts find what AWS would find."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def ec2(aws):
    return aws.client("ec2")


@pytest.fixture(scope="module")
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]


def found(ec2, **filters):
    named = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
    return [e["ServiceName"] for e in ec2.describe_vpc_endpoints(Filters=named)["VpcEndpoints"]]


def test_endpoints_are_found_by_vpc_service_type_and_state(ec2, vpc):
    """Incident: the check of an existing VPC took another service's endpoint for the one that it needs."""
    other = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
    s3, sts = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.sts"
    for where, service, kind in ((vpc, s3, "Gateway"), (vpc, sts, "Interface"), (other, sts, "Interface")):
        ec2.create_vpc_endpoint(VpcId=where, ServiceName=service, VpcEndpointType=kind)
    assert sorted(found(ec2, vpc_id=vpc)) == [s3, sts]
    assert found(ec2, vpc_id=vpc, service_name=sts) == [sts]
    assert found(ec2, vpc_id=vpc, vpc_endpoint_type="Gateway") == [s3]
    assert found(ec2, vpc_id=other, service_name=s3) == []
    assert found(ec2, vpc_id=vpc, vpc_endpoint_state="deleted") == []


def test_a_deleted_endpoint_does_not_exist(ec2, vpc):
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.dynamodb")["VpcEndpoint"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    with pytest.raises(ClientError, match=r"InvalidVpcEndpointId\.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
