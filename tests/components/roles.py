"""What tests of components that make IAM roles share."""

import json

from planning.iam import Scope

ACCOUNT = "111122223333"
TAGS = {"Project": "gitops-platform", "Stack": "prod"}


def scope(partition="aws"):
    """Where the components are."""
    return Scope(partition, "eu-west-1", ACCOUNT, "prod", TAGS)


def roles(resources):
    """The roles by name, as they were asked for."""
    return {r.name: r.inputs for r in resources if r.type == "aws:iam/role:Role"}


def trust(role):
    """The one statement of a role's trust policy."""
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    return statement
