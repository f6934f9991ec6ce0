"""The AWS services that a cluster needs and reaches privately, and why.

Sources: Amazon EKS User Guide, "Deploy private clusters with limited internet access"; AWS Systems Manager
User Guide, "Improve the security of EC2 instances by using VPC endpoints for Systems Manager".

Left out on purpose: ec2messages (agents since 3.3.40 use ssmmessages instead), kms (the services that hold
encrypted data call it themselves), route53 (one endpoint for all regions, in another one; external-dns, which
alone needs it, is not served).
"""

from __future__ import annotations

#: Interface endpoints, for a VPC without NAT gateways: service -> what would not work without it.
INTERFACES: dict[str, str] = {
    "autoscaling": "cluster-autoscaler sizes the node groups",
    "ec2": "nodes name themselves; vpc-cni attaches network interfaces, the EBS CSI driver volumes",
    "ecr.api": "nodes get a token to pull images",
    "ecr.dkr": "nodes pull image manifests; the layers come from S3",
    "eks": "programs inside the VPC look the cluster up, for a kubeconfig for example",
    "eks-auth": "the Pod Identity agent gets credentials for pods",
    "elasticloadbalancing": "the AWS load balancer controller makes load balancers",
    "logs": "nodes and pods send their logs to CloudWatch",
    "secretsmanager": "external-secrets reads secrets",
    "ssm": "the agent on a node registers; external-secrets reads parameters",
    "ssmmessages": "Session Manager opens a shell on a node",
    "sts": "pods assume roles of service accounts and of other accounts",
}

#: The gateway endpoint, which costs nothing, and so is there beside NAT gateways, too.
GATEWAY = "s3"
GATEWAY_REASON = "nodes pull the layers of images, ECR's and AWS's own packages"

#: Services whose interface endpoint in China has a reversed domain of its own (what
#: `aws ec2 describe-vpc-endpoint-services` lists there; AWS CDK keeps the same table).
CHINESE = frozenset({"autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"})


def service_name(service: str, partition: str, region: str) -> str:
    """Return the name of a service's endpoint in `region` of `partition` (aws, aws-cn or aws-us-gov)."""
    prefix = "cn.com.amazonaws" if partition == "aws-cn" and service in CHINESE else "com.amazonaws"
    return f"{prefix}.{region}.{service}"
