"""Entries of the adapter besides EKS's, through boto3: what AWS documents and ministack alone does not do."""

import json

import pytest
from botocore.exceptions import ClientError

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
ISSUER = "https://token.actions.githubusercontent.com"


@pytest.fixture(scope="module")
def ec2(aws):
    return aws.client("ec2")


@pytest.fixture(scope="module")
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture(scope="module")
def subnets(ec2, vpc):
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(2)
    ]


@pytest.fixture
def group(ec2, vpc, request):
    made = ec2.create_security_group(GroupName=request.node.name, Description="Test", VpcId=vpc)["GroupId"]
    yield made
    ec2.delete_security_group(GroupId=made)


def refused(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]["Code"]


class TestCidrBlocks:
    def blocks(self, ec2, **arguments):
        (found,) = ec2.describe_vpcs(**arguments)["Vpcs"]
        return {item["CidrBlock"]: item["AssociationId"] for item in found["CidrBlockAssociationSet"]}

    def test_one_comes_and_goes(self, ec2, vpc):
        made = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="100.64.0.0/16")["CidrBlockAssociation"]
        name, expected = "cidr-block-association.association-id", {"10.9.0.0/16", "100.64.0.0/16"}
        by_block = [{"Name": name, "Values": [made["AssociationId"]]}]
        assert self.blocks(ec2, VpcIds=[vpc]).keys() == expected
        assert self.blocks(ec2, Filters=by_block).keys() == expected
        ec2.disassociate_vpc_cidr_block(AssociationId=made["AssociationId"])
        assert self.blocks(ec2, VpcIds=[vpc]).keys() == {"10.9.0.0/16"}
        assert ec2.describe_vpcs(Filters=by_block)["Vpcs"] == []

    def test_the_first_one_stays(self, ec2, vpc):
        (first,) = self.blocks(ec2, VpcIds=[vpc]).values()
        assert refused(ec2.disassociate_vpc_cidr_block, AssociationId=first) == "OperationNotPermitted"

    def test_one_of_nothing_is_refused(self, ec2):
        missing = {"VpcId": "vpc-0", "CidrBlock": "100.64.0.0/16"}
        assert refused(ec2.associate_vpc_cidr_block, **missing) == "InvalidVpcID.NotFound"
        missing = {"AssociationId": "vpc-cidr-assoc-0"}
        code = "InvalidVpcCidrBlockAssociationID.NotFound"
        assert refused(ec2.disassociate_vpc_cidr_block, **missing) == code


class TestEndpoints:
    @pytest.fixture
    def make(self, ec2, vpc):
        made = []

        def make(**arguments):
            made.append(ec2.create_vpc_endpoint(VpcId=vpc, **arguments)["VpcEndpoint"]["VpcEndpointId"])
            return made[-1]

        yield make
        ec2.delete_vpc_endpoints(VpcEndpointIds=made)

    def described(self, ec2, endpoint):
        (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
        return found

    def test_an_interface_has_groups_and_private_names(self, ec2, make, group, subnets):
        service = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.sts"}
        endpoint = make(SubnetIds=subnets[:1], SecurityGroupIds=[group], **service)
        found = self.described(ec2, endpoint)
        assert [item["GroupId"] for item in found["Groups"]] == [group]
        assert found["PrivateDnsEnabled"] is True
        assert json.loads(found["PolicyDocument"])["Statement"][0]["Action"] == "*"
        default = self.described(ec2, make(SubnetIds=subnets[:1], **service))["Groups"][0]["GroupId"]
        change = {"AddSecurityGroupIds": [default], "RemoveSecurityGroupIds": [group]}
        ec2.modify_vpc_endpoint(
            VpcEndpointId=endpoint, AddSubnetIds=subnets[1:], PrivateDnsEnabled=False, **change
        )
        found = self.described(ec2, endpoint)
        assert [item["GroupId"] for item in found["Groups"]] == [default]
        assert found["SubnetIds"] == subnets
        assert found["PrivateDnsEnabled"] is False

    def test_a_policy_is_kept_and_reset(self, ec2, make):
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        endpoint = make(ServiceName="com.amazonaws.us-east-1.s3", PolicyDocument=policy)
        assert self.described(ec2, endpoint)["PolicyDocument"] == policy
        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)
        assert '"Action": "*"' in self.described(ec2, endpoint)["PolicyDocument"]


class TestSecurityGroups:
    @pytest.mark.parametrize("direction", ["ingress", "egress"])
    def test_the_description_of_a_rule_changes(self, ec2, group, direction):
        peer = {"CidrIp": "10.0.0.0/8", "Description": "new"}
        rules = [{**HTTPS, "IpRanges": [{**peer, "Description": "old"}]}]
        getattr(ec2, f"authorize_security_group_{direction}")(GroupId=group, IpPermissions=rules)
        call = getattr(ec2, f"update_security_group_rule_descriptions_{direction}")
        call(GroupId=group, IpPermissions=[{**HTTPS, "IpRanges": [peer]}])
        (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        key = "IpPermissions" if direction == "ingress" else "IpPermissionsEgress"
        assert [rule["IpRanges"] for rule in found[key] if rule.get("ToPort") == 443] == [[peer]]

    def test_tags_end_with_it(self, ec2, vpc):
        """Incident: a deleted group was found by its tag, and taken over."""
        tags = [{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "short-lived"}]}]
        made = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc, TagSpecifications=tags)
        ec2.delete_security_group(GroupId=made["GroupId"])
        assert ec2.describe_tags(Filters=[{"Name": "value", "Values": ["short-lived"]}])["Tags"] == []


class TestOidcProviders:
    @pytest.fixture
    def iam(self, aws):
        return aws.client("iam")

    @pytest.fixture
    def provider(self, iam):
        made = iam.create_open_id_connect_provider(
            Url=ISSUER, ClientIDList=["one"], ThumbprintList=["a" * 40]
        )
        yield {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
        iam.delete_open_id_connect_provider(**{"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]})

    def test_clients_and_thumbprints_change(self, iam, provider):
        iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="two")
        iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="two")
        iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID="one")
        iam.update_open_id_connect_provider_thumbprint(**provider, ThumbprintList=["b" * 40])
        found = iam.get_open_id_connect_provider(**provider)
        assert (found["ClientIDList"], found["ThumbprintList"]) == (["two"], ["b" * 40])

    def test_tags_change(self, iam, provider):
        tags = [{"Key": "Stack", "Value": "old"}, {"Key": "Owner", "Value": "team"}]
        iam.tag_open_id_connect_provider(**provider, Tags=tags)
        iam.tag_open_id_connect_provider(**provider, Tags=[{"Key": "Stack", "Value": "new"}])
        iam.untag_open_id_connect_provider(**provider, TagKeys=["Owner"])
        found = iam.get_open_id_connect_provider(**provider)
        assert found["Tags"] == [{"Key": "Stack", "Value": "new"}]

    def test_one_that_is_not_there_is_refused(self, iam):
        missing = {"OpenIDConnectProviderArn": "arn:aws:iam::000000000000:oidc-provider/example.org"}
        assert refused(iam.tag_open_id_connect_provider, **missing, Tags=[]) == "NoSuchEntity"


def test_an_address_has_its_border_group(ec2):
    made = ec2.allocate_address(Domain="vpc", NetworkBorderGroup="us-east-1-bos-1")["AllocationId"]
    other = ec2.allocate_address(Domain="vpc")["AllocationId"]
    found = ec2.describe_addresses(AllocationIds=[made, other])["Addresses"]
    assert [item["NetworkBorderGroup"] for item in found] == ["us-east-1-bos-1", "us-east-1"]
    for address in (made, other):
        ec2.release_address(AllocationId=address)


def test_a_nat_gateway_has_its_address(ec2, subnets):
    address = ec2.allocate_address(Domain="vpc")
    made = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address["AllocationId"])["NatGateway"]
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"]
    (own,) = found["NatGatewayAddresses"]
    assert found["AvailabilityMode"] == "zonal"
    assert (own["AllocationId"], own["PublicIp"]) == (address["AllocationId"], address["PublicIp"])
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])


def test_the_key_of_a_log_group_changes(aws):
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/keys")
    logs.associate_kms_key(logGroupName="/keys", kmsKeyId="arn:aws:kms:us-east-1:000000000000:key/1")
    assert logs.describe_log_groups(logGroupNamePrefix="/keys")["logGroups"][0]["kmsKeyId"].endswith("/1")
    logs.disassociate_kms_key(logGroupName="/keys")
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix="/keys")["logGroups"][0]
    logs.delete_log_group(logGroupName="/keys")
    missing = {"logGroupName": "/keys", "kmsKeyId": "arn"}
    assert refused(logs.associate_kms_key, **missing) == "ResourceNotFoundException"
