"""What a role may do, by the evaluator that the local AWS emulator enforces policies with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from ministack.core.iam_evaluator import (
    EvalContext,
    evaluate,
    evaluate_trust_policy,
    parse_policy_document,
)

from planning.iam import Scope, Statement, document

ACCOUNT = "111122223333"
TAGS = {"Project": "gitops-platform", "Stack": "prod"}


def scope(partition: str = "aws", cluster: str = "prod") -> Scope:
    """Where the tests are."""
    region = {"aws": "eu-west-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}[partition]
    return Scope(partition, region, ACCOUNT, cluster, TAGS)


class Role:
    """A role with its statements and, unless left out, its boundary."""

    def __init__(self, statements: Iterable[Statement], boundary: Iterable[Statement] | None = None) -> None:
        self._policies = [parse_policy_document(document(statements))]
        self._limits = [] if boundary is None else [[parse_policy_document(document(boundary))]]

    def may(self, action: str, resource: str = "*", **context: object) -> bool:
        """Whether an action on a resource is allowed; `request_tags`, `resource_tags` and, by its full name
        in `keys`, any other key of the request."""
        request = _mapping(context.get("request_tags"))
        keys = {**_mapping(context.get("keys"))}
        keys |= {
            f"aws:ResourceTag/{key}": value for key, value in _mapping(context.get("resource_tags")).items()
        }
        asked = EvalContext(
            principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/role/session",
            principal_type="AssumedRole",
            principal_account=ACCOUNT,
            action=action,
            resource_arn=resource,
            region="eu-west-1",
            request_tags={**request},
            service_context={"aws:tagkeys": list(request) or None}
            | {key.lower(): value for key, value in keys.items()},
        )
        return bool(evaluate(asked, self._policies, *self._limits).decision == "Allow")


def assumes(trust: str, action: str, caller: str, **keys: object) -> bool:
    """Whether a trust policy lets a service, or a federated provider, assume the role."""
    (statement,) = json.loads(trust)["Statement"]
    federated = "Federated" in statement["Principal"]
    if not federated and statement["Principal"]["Service"] != caller:
        return False
    # The evaluator knows who calls by ARN; a service has none.
    document = json.loads(trust)
    document["Statement"][0]["Principal"] = {"Federated": caller} if federated else "*"
    asked = EvalContext(
        principal_arn=caller,
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn="*",
        region="eu-west-1",
        service_context={key.lower(): value for key, value in keys.items()},
    )
    if federated and statement["Principal"]["Federated"] != caller:
        return False
    return bool(evaluate_trust_policy(document, caller, asked))


def _mapping(value: object) -> Mapping[str, str]:
    assert value is None or isinstance(value, Mapping)
    return value or {}
