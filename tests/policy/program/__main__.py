"""Each resource breaks the rules that its name lists (`ckv-aws-7_ckv-aws-33`); `right-…` breaks none."""

import json

import pulumi_aws as aws

EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
ACCOUNT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "sts:AssumeRole",
}


def document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


aws.kms.Key("ckv-aws-7_ckv-aws-33", enable_key_rotation=False, policy=document(**EVERYBODY))
aws.ec2.LaunchTemplate(
    "platform-8_ckv-aws-79_ckv-aws-341",
    metadata_options={"http_tokens": "optional", "http_put_response_hop_limit": 2},
    block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"volume_size": 20}}],
)
vpc = aws.ec2.Vpc("ckv2-aws-11_ckv2-aws-12", cidr_block="10.0.0.0/16")
watched = aws.ec2.Vpc("right-vpc", cidr_block="10.1.0.0/16")
aws.ec2.DefaultSecurityGroup(
    "ckv2-aws-12",
    vpc_id=watched.id,
    ingress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}],
)
aws.ec2.SecurityGroupRule(
    "ckv-aws-23_ckv-aws-24",
    type="ingress",
    protocol="tcp",
    from_port=20,
    to_port=30,
    cidr_blocks=["0.0.0.0/0"],
    security_group_id="sg-11112222",
)
aws.eks.Cluster(
    "ckv-aws-37_ckv-aws-38_ckv-aws-39_ckv-aws-58_platform-339",
    role_arn="arn:aws:iam::111122223333:role/cluster",
    version="1.27",
    enabled_cluster_log_types=["api"],
    vpc_config={"subnet_ids": ["subnet-1111", "subnet-2222"], "public_access_cidrs": ["0.0.0.0/0"]},
)
aws.iam.Role("ckv-aws-60", assume_role_policy=document(**{**ACCOUNT, "Principal": {"AWS": "*"}}))
aws.iam.Role("ckv-aws-61", assume_role_policy=document(**ACCOUNT))
aws.iam.Policy("ckv-aws-62_ckv-aws-63", policy=document(Effect="Allow", Action="*", Resource="*"))
aws.cloudwatch.LogGroup("ckv-aws-66_ckv-aws-158")
aws.eks.NodeGroup(
    "ckv-aws-100",
    cluster_name="cluster",
    node_role_arn="arn:aws:iam::111122223333:role/node",
    subnet_ids=["subnet-1111"],
    scaling_config={"min_size": 1, "max_size": 1, "desired_size": 1},
    remote_access={"ec2_ssh_key": "admin"},
)
aws.ec2.Subnet("ckv-aws-130", vpc_id=vpc.id, cidr_block="10.0.0.0/24", map_public_ip_on_launch=True)
aws.iam.RolePolicyAttachment(
    "ckv-aws-274", role="node", policy_arn="arn:aws:iam::aws:policy/AdministratorAccess"
)

logs = aws.cloudwatch.LogGroup(
    "right-logs", retention_in_days=30, kms_key_id="arn:aws:kms:eu-west-1:111122223333:key/1"
)
aws.ec2.FlowLog(
    "right-flow-log",
    vpc_id=watched.id,
    traffic_type="ALL",
    log_destination=logs.arn,
    iam_role_arn="arn:aws:iam::111122223333:role/flow-logs",
)
aws.ec2.DefaultSecurityGroup("right-default-group", vpc_id=watched.id)
