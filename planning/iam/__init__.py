"""IAM documents of the platform, as data, for every AWS partition."""

from planning.iam.documents import Scope, Statement, document
from planning.iam.managed import (
    ACCESS_POLICIES,
    CLUSTER_POLICIES,
    NODE_POLICIES,
    access_policy_arn,
    managed_policy_arn,
)
from planning.iam.trust import service_trust

__all__ = [
    "ACCESS_POLICIES",
    "CLUSTER_POLICIES",
    "NODE_POLICIES",
    "Scope",
    "Statement",
    "access_policy_arn",
    "document",
    "managed_policy_arn",
    "service_trust",
]
