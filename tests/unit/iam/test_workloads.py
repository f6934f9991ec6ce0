"""Each workload reaches what is its cluster's, and nothing else of the account."""

import pytest

from planning.iam import boundary
from planning.iam.workloads import ADDONS, CONTROLLERS, Reach, workload
from tests.unit.iam.simulator import ACCOUNT, Role, scope

REACH = Reach(["Z1111"], ["prod/"])
OWNED = {"kubernetes.io/cluster/prod": "owned"}
OTHERS = {"kubernetes.io/cluster/dev": "owned"}


def role(name):
    return Role(workload(name, scope(), REACH).statements, boundary.platform(scope()))


def ec2(resource):
    return f"arn:aws:ec2:eu-west-1:{ACCOUNT}:{resource}"


@pytest.mark.parametrize("name", [*CONTROLLERS, *ADDONS])
def test_the_boundary_takes_away_nothing_that_a_workload_needs(name):
    """Incident: a boundary without route53, and records that were never written."""
    limit = Role(boundary.platform(scope()))
    for statement in workload(name, scope(), REACH).statements:
        for action in statement.actions:
            # `Role` stands for the boundary here: does it allow the action as such?
            assert limit.may(action, statement.resources[0]), action


def test_the_autoscaler_resizes_its_cluster_only():
    """Incident: the autoscaler of a test cluster emptied production's node group."""
    group = f"arn:aws:autoscaling:eu-west-1:{ACCOUNT}:autoScalingGroup:id:autoScalingGroupName/eks-1"
    for action in ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"):
        allowed = role("cluster-autoscaler").may
        assert allowed(action, group, resource_tags={"k8s.io/cluster-autoscaler/prod": "owned"})
        assert not allowed(action, group, resource_tags={"k8s.io/cluster-autoscaler/dev": "owned"})
        assert not allowed(action, group)


def test_external_dns_writes_into_the_named_zones_only():
    """Incident: a preview environment's Ingress took over the company's www record."""
    may = role("external-dns").may
    assert may("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1111")
    assert not may("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z2222")


def test_external_secrets_reads_under_its_prefix_only():
    """Incident: any team that could write an ExternalSecret could read every team's passwords."""
    may = role("external-secrets").may
    secrets = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
    assert may("secretsmanager:GetSecretValue", f"{secrets}prod/database-AbCdEf")
    assert not may("secretsmanager:GetSecretValue", f"{secrets}production/database-AbCdEf")
    assert not may("secretsmanager:PutSecretValue", f"{secrets}prod/database-AbCdEf")
    assert not may("secretsmanager:ListSecrets")


def test_the_load_balancer_controller_touches_load_balancers_of_its_cluster_only():
    may = role("aws-load-balancer-controller").may
    balancer = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/shop/50dc6c495c0c9188"
    ours, theirs = {"elbv2.k8s.aws/cluster": "prod"}, {"elbv2.k8s.aws/cluster": "dev"}
    for action in ("DeleteLoadBalancer", "CreateListener", "SetSubnets"):
        assert may(f"elasticloadbalancing:{action}", balancer, resource_tags=ours)
        assert not may(f"elasticloadbalancing:{action}", balancer, resource_tags=theirs)
        assert not may(f"elasticloadbalancing:{action}", balancer)
    assert may("elasticloadbalancing:CreateLoadBalancer", balancer, request_tags=ours)
    assert not may("elasticloadbalancing:CreateLoadBalancer", balancer, request_tags=theirs)


def test_the_load_balancer_controller_makes_nothing_of_others_its_own():
    """Incident: whoever may write the tag that a policy asks for may do everything."""
    may = role("aws-load-balancer-controller").may
    ours = {"elbv2.k8s.aws/cluster": "prod"}
    balancer = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/shop/50dc6c495c0c9188"
    assert not may("elasticloadbalancing:AddTags", balancer, request_tags=ours)
    assert not may("ec2:CreateTags", ec2("security-group/sg-1"), request_tags=ours)
    new = {"elasticloadbalancing:CreateAction": "CreateLoadBalancer"}
    assert may("elasticloadbalancing:AddTags", balancer, request_tags=ours, keys=new)


def test_the_load_balancer_controller_opens_the_nodes_and_its_own_groups_only():
    """Incident: the controller's role could open the database's security group."""
    may = role("aws-load-balancer-controller").may
    action, group = "ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-1")
    assert may(action, group, resource_tags=OWNED)
    assert may(action, group, resource_tags={"elbv2.k8s.aws/cluster": "prod"})
    assert not may(action, group, resource_tags=OTHERS)
    assert not may(action, group)


def test_vpc_cni_manages_interfaces_of_its_nodes_only():
    """Incident: with the managed policy on the node role, any node could unplug any other of the account."""
    may = role("vpc-cni").may
    interface, name = ec2("network-interface/eni-1"), "cluster.k8s.amazonaws.com/name"
    for action in ("ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses"):
        assert may(action, interface, resource_tags={name: "prod"})
        assert not may(action, interface, resource_tags={name: "dev"})
        assert not may(action, interface)
    assert may("ec2:AttachNetworkInterface", ec2("instance/i-1"), resource_tags=OWNED)
    assert not may("ec2:AttachNetworkInterface", ec2("instance/i-1"), resource_tags=OTHERS)


def test_vpc_cni_takes_no_interface_of_another_cluster():
    may = role("vpc-cni").may
    interface, name = ec2("network-interface/eni-1"), "cluster.k8s.amazonaws.com/name"
    assert may("ec2:CreateTags", interface, request_tags={name: "prod"})  # a node's first one
    assert not may("ec2:CreateTags", interface, request_tags={name: "prod"}, resource_tags={name: "dev"})


def test_vpc_cni_makes_interfaces_in_subnets_of_the_cluster_only():
    may = role("vpc-cni").may
    subnet = ec2("subnet/subnet-1")
    assert may("ec2:CreateNetworkInterface", subnet, resource_tags={"kubernetes.io/cluster/prod": "shared"})
    pods = "cni.networking.k8s.aws/cluster/{}".format
    assert may("ec2:CreateNetworkInterface", subnet, resource_tags={pods("prod"): "shared"})
    assert not may("ec2:CreateNetworkInterface", subnet, resource_tags={pods("dev"): "shared"})
    assert not may("ec2:CreateNetworkInterface", subnet, resource_tags={"Name": "database"})


def test_the_ebs_driver_touches_volumes_of_its_cluster_only():
    """Incident: the driver's tag is the same on every cluster's volumes, and one deleted another's."""
    may = role("aws-ebs-csi-driver").may
    volume, driver = ec2("volume/vol-1"), {"ebs.csi.aws.com/cluster": "true"}
    for action in ("ec2:DeleteVolume", "ec2:AttachVolume", "ec2:ModifyVolume"):
        assert may(action, volume, resource_tags={**driver, **OWNED})
        assert not may(action, volume, resource_tags={**driver, **OTHERS})
        assert not may(action, volume, resource_tags=driver)
    assert may("ec2:CreateVolume", volume, request_tags={**driver, **OWNED})
    assert not may("ec2:CreateVolume", volume, request_tags=driver)


def test_the_ebs_driver_gets_the_tags_that_its_policy_asks_for():
    from planning.iam.workloads import ebs_csi  # noqa: PLC0415

    assert ebs_csi.configuration("prod")["controller"] == {"extraVolumeTags": OWNED}


def test_the_ebs_driver_cannot_hand_a_volume_to_another_cluster():
    may = role("aws-ebs-csi-driver").may
    ours = {"ebs.csi.aws.com/cluster": "true", **OWNED}
    volume = ec2("volume/vol-1")
    assert may("ec2:CreateTags", volume, request_tags={"team": "shop"}, resource_tags=ours)
    assert not may("ec2:CreateTags", volume, request_tags=OWNED, resource_tags=ours)
    assert not may("ec2:CreateTags", volume, request_tags=ours)
