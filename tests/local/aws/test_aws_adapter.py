"""Each entry of the adapter, through boto3: what AWS documents and ministack alone does not do."""

import json

import pytest
from botocore.exceptions import ClientError

from local.aws.ssm import release_version

VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture
def eks(aws):
    return aws.client("eks")


@pytest.fixture
def ec2(aws):
    return aws.client("ec2")


@pytest.fixture
def group(aws, eks, cluster, request):
    """A node group of the shared cluster, named after the test."""
    name = request.node.originalname[:60]
    subnets = eks.describe_cluster(name=cluster)["cluster"]["resourcesVpcConfig"]["subnetIds"]
    made = []

    def make(**settings):
        scaling = {"minSize": 0, "maxSize": 3, "desiredSize": 0}
        settings = {"scalingConfig": scaling, "nodeRole": aws.role("ec2.amazonaws.com"), **settings}
        made.append(
            eks.create_nodegroup(clusterName=cluster, nodegroupName=name, subnets=subnets, **settings)
        )
        return eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]

    yield make
    if made:
        eks.delete_nodegroup(clusterName=cluster, nodegroupName=name)


def refused(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]["Code"]


class TestClusters:
    def test_defaults_and_network(self, eks, ec2, cluster):
        found = eks.describe_cluster(name=cluster)["cluster"]
        network = found["resourcesVpcConfig"]
        assert found["accessConfig"] == {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": True,
        }
        assert found["upgradePolicy"] == {"supportType": "EXTENDED"}
        assert found["deletionProtection"] is False
        assert found["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": False}
        assert network["publicAccessCidrs"] == []
        subnet = ec2.describe_subnets(SubnetIds=network["subnetIds"][:1])["Subnets"][0]
        assert network["vpcId"] == subnet["VpcId"]

    def test_a_security_group_of_its_own(self, eks, ec2, cluster):
        network = eks.describe_cluster(name=cluster)["cluster"]["resourcesVpcConfig"]
        groups = ec2.describe_security_groups(GroupIds=[network["clusterSecurityGroupId"]])
        (group,) = groups["SecurityGroups"]
        assert group["VpcId"] == network["vpcId"]
        assert {"Key": "aws:eks:cluster-name", "Value": cluster} in group["Tags"]

    @pytest.mark.parametrize("name", ["", "-x", "a/b", "a" * 101])
    def test_a_name_that_cannot_be_one(self, aws, eks, name):
        with pytest.raises(Exception, match=r"not valid|Invalid (length|type)|404|No route"):
            eks.create_cluster(name=name, roleArn=aws.role(), resourcesVpcConfig={"subnetIds": []})

    def test_subnets_of_one_zone(self, aws, eks):
        network = {"subnetIds": aws.subnets()[:1]}
        code = refused(eks.create_cluster, name="one-zone", roleArn=aws.role(), resourcesVpcConfig=network)
        assert code == "InvalidParameterException"
        assert "one-zone" not in eks.list_clusters()["clusters"]

    def test_deletion_waits_for_node_groups_and_takes_everything_along(self, aws, eks, ec2):
        made = aws.cluster("short-lived", deletionProtection=True)
        network = made["resourcesVpcConfig"]
        eks.create_addon(clusterName="short-lived", addonName="vpc-cni")
        eks.create_nodegroup(
            clusterName="short-lived", nodegroupName="n", subnets=network["subnetIds"], nodeRole=aws.role()
        )
        assert refused(eks.delete_cluster, name="short-lived") == "InvalidRequestException"
        eks.update_cluster_config(name="short-lived", deletionProtection=False)
        assert refused(eks.delete_cluster, name="short-lived") == "ResourceInUseException"
        eks.delete_nodegroup(clusterName="short-lived", nodegroupName="n")
        eks.delete_cluster(name="short-lived")
        assert refused(eks.describe_cluster, name="short-lived") == "ResourceNotFoundException"
        assert refused(ec2.describe_security_groups, GroupIds=[network["clusterSecurityGroupId"]]).startswith(
            "InvalidGroup"
        )
        assert not [name for name in aws.names() if name.startswith("short-lived")]
        assert not (aws.clone.folder / ".local/state/clusters/short-lived").exists()
        aws.cluster("short-lived")
        assert eks.list_addons(clusterName="short-lived")["addons"] == []
        eks.delete_cluster(name="short-lived")


class TestUpdates:
    def test_log_types(self, eks, cluster):
        change = {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}
        assert self.update(eks, cluster, logging=change)["type"] == "LoggingUpdate"
        self.update(eks, cluster, logging={"clusterLogging": [{"types": ["api"], "enabled": False}]})
        found = eks.describe_cluster(name=cluster)["cluster"]["logging"]["clusterLogging"]
        assert {"types": ["audit"], "enabled": True} in found
        assert {
            "types": ["api", "authenticator", "controllerManager", "scheduler"],
            "enabled": False,
        } in found

    def test_endpoint_access(self, eks, cluster):
        change = {"endpointPublicAccess": True, "publicAccessCidrs": ["192.0.2.1/32"]}
        assert self.update(eks, cluster, resourcesVpcConfig=change)["type"] == "EndpointAccessUpdate"
        found = eks.describe_cluster(name=cluster)["cluster"]["resourcesVpcConfig"]
        assert found["publicAccessCidrs"] == ["192.0.2.1/32"]
        assert len(found["subnetIds"]) == 2

    def test_nothing_to_change(self, eks, cluster):
        assert refused(eks.update_cluster_config, name=cluster) == "InvalidParameterException"

    def test_one_minor_version_at_a_time(self, aws, eks):
        aws.cluster("aging")
        assert (
            refused(eks.update_cluster_version, name="aging", version="1.35") == "InvalidParameterException"
        )
        update = eks.update_cluster_version(name="aging", version="1.34")["update"]
        found = eks.describe_update(name="aging", updateId=update["id"])["update"]
        assert (found["status"], found["type"]) == ("Successful", "VersionUpdate")
        assert eks.describe_cluster(name="aging")["cluster"]["version"] == "1.34"
        eks.delete_cluster(name="aging")

    def test_an_unknown_update(self, eks, cluster):
        assert refused(eks.describe_update, name=cluster, updateId="none") == "ResourceNotFoundException"

    @staticmethod
    def update(eks, cluster, **change):
        update = eks.update_cluster_config(name=cluster, **change)["update"]
        return eks.describe_update(name=cluster, updateId=update["id"])["update"]


class TestNodeGroups:
    def test_the_launch_template_stays_with_the_number_of_its_version(self, ec2, group):
        """Incident: it was dropped, and every preview replaced the node group."""
        made = ec2.create_launch_template(
            LaunchTemplateName="kept", LaunchTemplateData={"InstanceType": "m7i.large"}
        )["LaunchTemplate"]
        ec2.create_launch_template_version(
            LaunchTemplateName="kept", LaunchTemplateData={"InstanceType": "m7i.xlarge"}
        )
        found = group(launchTemplate={"name": "kept", "version": "$Latest"})
        assert found["launchTemplate"] == {"id": made["LaunchTemplateId"], "name": "kept", "version": "2"}
        assert "instanceTypes" not in found
        assert "diskSize" not in found

    def test_a_template_that_does_not_exist(self, group):
        template = {"name": "none", "version": "1"}
        assert refused(group, launchTemplate=template) == "InvalidParameterException"

    def test_an_image_of_the_template_makes_it_custom(self, ec2, group):
        ec2.create_launch_template(LaunchTemplateName="own", LaunchTemplateData={"ImageId": "ami-12345678"})
        found = group(launchTemplate={"name": "own"})
        assert (found["amiType"], found["releaseVersion"]) == ("CUSTOM", "ami-12345678")

    def test_defaults(self, group):
        found = group()
        assert found["amiType"] == "AL2023_x86_64_STANDARD"
        assert found["releaseVersion"] == release_version(found["version"])
        assert found["updateConfig"] == {"maxUnavailable": 1}
        assert "remoteAccessSecurityGroup" not in found["resources"]

    def test_configuration(self, eks, cluster, group):
        old = {"key": "old", "value": "1", "effect": "NO_SCHEDULE"}
        new = {"key": "new", "value": "2", "effect": "NO_EXECUTE"}
        name = group(labels={"a": "1", "b": "1"}, taints=[old])["nodegroupName"]
        update = eks.update_nodegroup_config(
            clusterName=cluster,
            nodegroupName=name,
            labels={"addOrUpdateLabels": {"b": "2"}, "removeLabels": ["a"]},
            taints={"addOrUpdateTaints": [new], "removeTaints": [old]},
            scalingConfig={"maxSize": 5},
            updateConfig={"maxUnavailablePercentage": 50},
            nodeRepairConfig={"enabled": True},
        )["update"]
        assert eks.describe_update(name=cluster, nodegroupName=name, updateId=update["id"])
        found = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        assert found["labels"] == {"b": "2"}
        assert found["taints"] == [new]
        assert found["scalingConfig"] == {"minSize": 0, "maxSize": 5, "desiredSize": 0}
        assert found["updateConfig"] == {"maxUnavailablePercentage": 50}
        assert found["nodeRepairConfig"] == {"enabled": True}

    def test_version(self, eks, cluster, group):
        name = group()["nodegroupName"]
        eks.update_nodegroup_version(clusterName=cluster, nodegroupName=name, version="1.34")
        found = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        assert (found["version"], found["releaseVersion"]) == ("1.34", release_version("1.34"))

    def test_updates_of_a_group_that_does_not_exist(self, eks, cluster):
        for call in (eks.update_nodegroup_config, eks.update_nodegroup_version):
            assert refused(call, clusterName=cluster, nodegroupName="none") == "ResourceNotFoundException"

    def test_the_recommended_image_is_a_public_parameter(self, aws):
        folder = "/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended"
        ssm = aws.client("ssm")
        release = ssm.get_parameter(Name=f"{folder}/release_version")["Parameter"]["Value"]
        assert release == release_version("1.33")
        assert ssm.get_parameter(Name=f"{folder}/image_id")["Parameter"]["Value"].startswith("ami-")


class TestAddons:
    def test_versions(self, eks):
        (addon,) = eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.33")["addons"]
        newest = addon["addonVersions"][0]
        assert newest["compatibilities"] == [
            {"clusterVersion": "1.33", "platformVersions": ["*"], "defaultVersion": True}
        ]
        assert len(eks.describe_addon_versions()["addons"]) > 1
        assert refused(eks.describe_addon_versions, addonName="none") == "ResourceNotFoundException"

    def test_without_a_version_the_default_one(self, eks, cluster):
        (addon,) = eks.describe_addon_versions(addonName="kube-proxy")["addons"]
        eks.create_addon(clusterName=cluster, addonName="kube-proxy")
        found = eks.describe_addon(clusterName=cluster, addonName="kube-proxy")["addon"]
        assert found["addonVersion"] == addon["addonVersions"][0]["addonVersion"]

    def test_an_update_can_be_followed(self, eks, cluster):
        values = json.dumps({"replicaCount": 3})
        eks.create_addon(clusterName=cluster, addonName="coredns")
        update = eks.update_addon(clusterName=cluster, addonName="coredns", configurationValues=values)[
            "update"
        ]
        assert eks.describe_update(name=cluster, addonName="coredns", updateId=update["id"])["update"]
        found = eks.describe_addon(clusterName=cluster, addonName="coredns")["addon"]
        assert found["configurationValues"] == values

    def test_pod_identities_come_change_and_go_with_their_addon(self, aws, eks, cluster):
        """Incident: an add-on that described its role as asked for, not by the association's ARN."""

        def identities():
            found = eks.list_pod_identity_associations(clusterName=cluster, serviceAccount="aws-node")
            return [
                eks.describe_pod_identity_association(
                    clusterName=cluster, associationId=each["associationId"]
                )["association"]
                for each in found["associations"]
            ]

        addon = {"clusterName": cluster, "addonName": "vpc-cni"}
        first, second = aws.role("pods.eks.amazonaws.com"), aws.role("pods.eks.amazonaws.com")
        eks.create_addon(**addon, podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": first}])
        found = eks.describe_addon(**addon)["addon"]
        (identity,) = identities()
        assert found["podIdentityAssociations"] == [identity["associationArn"]]
        assert (identity["roleArn"], identity["namespace"]) == (first, "kube-system")
        assert identity["ownerArn"] == found["addonArn"]
        changed = [{"serviceAccount": "aws-node", "roleArn": second}]
        eks.update_addon(**addon, podIdentityAssociations=changed)
        (identity,) = identities()
        assert identity["roleArn"] == second
        taken = {"clusterName": cluster, "addonName": "aws-ebs-csi-driver"}
        assert refused(eks.create_addon, **taken, podIdentityAssociations=changed) == "ResourceInUseException"
        eks.update_addon(**addon, configurationValues="{}")
        assert eks.describe_addon(**addon)["addon"]["podIdentityAssociations"]
        eks.delete_addon(**addon)
        assert identities() == []


class TestTags:
    def test_changes_show_wherever_tags_are_answered(self, aws, eks, cluster, group):
        role = aws.role()
        associated = eks.create_pod_identity_association(
            clusterName=cluster, namespace="default", serviceAccount="tagged", roleArn=role
        )["association"]
        eks.create_addon(clusterName=cluster, addonName="eks-pod-identity-agent")
        eks.create_access_entry(clusterName=cluster, principalArn=role)
        name = group()["nodegroupName"]
        pod_identity = {"clusterName": cluster, "associationId": associated["associationId"]}
        addon = {"clusterName": cluster, "addonName": "eks-pod-identity-agent"}
        for describe, arn in (
            (lambda: eks.describe_cluster(name=cluster)["cluster"], "arn"),
            (
                lambda: eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"],
                "nodegroupArn",
            ),
            (lambda: eks.describe_addon(**addon)["addon"], "addonArn"),
            (
                lambda: eks.describe_access_entry(clusterName=cluster, principalArn=role)["accessEntry"],
                "accessEntryArn",
            ),
            (lambda: eks.describe_pod_identity_association(**pod_identity)["association"], "associationArn"),
        ):
            resource = describe()[arn]
            eks.tag_resource(resourceArn=resource, tags={"a": "1", "b": "2", "c": "3"})
            eks.untag_resource(resourceArn=resource, tagKeys=["a", "b"])
            assert describe()["tags"] == {"c": "3"}
            assert eks.list_tags_for_resource(resourceArn=resource)["tags"] == {"c": "3"}

    def test_an_unknown_resource(self, eks):
        arn = "arn:aws:eks:us-east-1:000000000000:cluster/none"
        assert refused(eks.list_tags_for_resource, resourceArn=arn) == "NotFoundException"
        assert refused(eks.tag_resource, resourceArn=arn, tags={"a": "1"}) == "NotFoundException"
        assert refused(eks.untag_resource, resourceArn=arn, tagKeys=["a"]) == "NotFoundException"


class TestAccessPolicies:
    def test_they_hold_when_the_call_has_answered(self, aws, eks, cluster):
        """Incident: the first Kubernetes resource after the association was forbidden."""
        viewer = aws.user("viewer-of-one")
        principal = "arn:aws:iam::000000000000:user/viewer-of-one"
        eks.create_access_entry(clusterName=cluster, principalArn=principal)
        scope = {"type": "namespace", "namespaces": ["kube-system"]}
        eks.associate_access_policy(
            clusterName=cluster, principalArn=principal, policyArn=VIEW, accessScope=scope
        )
        assert self.may_view(aws, cluster, viewer, "kube-system")
        assert not self.may_view(aws, cluster, viewer, "default")
        eks.disassociate_access_policy(clusterName=cluster, principalArn=principal, policyArn=VIEW)
        assert not self.may_view(aws, cluster, viewer, "kube-system")

    @staticmethod
    def may_view(aws, cluster, user, namespace):
        arguments = ("auth", "can-i", "list", "pods", "--namespace", namespace)
        return aws.kubectl(cluster, *arguments, key=user).stdout == "yes\n"


class TestEc2:
    def test_flow_logs_keep_role_interval_and_tags(self, aws, ec2):
        vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
        role, tag = aws.role("vpc-flow-logs.amazonaws.com"), {"Key": "a", "Value": "1"}
        made = ec2.create_flow_logs(
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogGroupName="flow",
            DeliverLogsPermissionArn=role,
            MaxAggregationInterval=60,
            TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": [tag]}],
        )["FlowLogIds"]
        (found,) = ec2.describe_flow_logs(FlowLogIds=made)["FlowLogs"]
        assert (found["DeliverLogsPermissionArn"], found["MaxAggregationInterval"]) == (role, 60)
        assert found["Tags"] == [tag]

    def test_tags_of_a_launch_template_can_change(self, ec2):
        template = ec2.create_launch_template(
            LaunchTemplateName="tagged",
            LaunchTemplateData={"EbsOptimized": True},
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "1"}]}],
        )["LaunchTemplate"]["LaunchTemplateId"]
        ec2.create_tags(Resources=[template], Tags=[{"Key": "a", "Value": "2"}])
        (found,) = ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"]
        assert found["Tags"] == [{"Key": "a", "Value": "2"}]
