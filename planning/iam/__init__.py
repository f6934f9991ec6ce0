"""IAM documents of the platform, as data, for every AWS partition."""

from planning.iam.documents import Scope, Statement, document
from planning.iam.managed import (
    CLUSTER_POLICIES,
    NODE_POLICIES,
    managed_policy_arn,
)
from planning.iam.trust import service_trust

__all__ = [
    "CLUSTER_POLICIES",
    "NODE_POLICIES",
    "Scope",
    "Statement",
    "document",
    "managed_policy_arn",
    "service_trust",
]
