"""Authorization as AWS does it: the caller's policies must allow a call for everything that it concerns."""

import json
import logging
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator
from ministack.services import sts, tagging

from local.aws.checks import Call, Check, checks, ec2_tags

log = logging.getLogger("local.authorization")

_checks: ContextVar[list[Check]] = ContextVar("checks", default=[])  # noqa: B039 - never changed in place
"""Of the request that is being authorized."""


def install() -> None:
    """Put these questions in the place of ministack's one; the answers are its evaluator's."""
    _questions()
    _answers()
    _claims()
    tagging._RESOURCE_TAG_COLLECTORS["ec2"] = ec2_tags


def _questions() -> None:
    known = iam_actions.extract_resource_arn

    def extract(service: str, method: str, path: str, *given: object) -> str:
        request = cast("tuple[dict[str, str], bytes, dict[str, list[str]], str, str]", given)
        headers, body, query, region, account = request
        action = iam_actions.extract_iam_action(service, method, path, headers, body, query)
        call = Call(service, action or "", path, {**_body(body), **query}, region, account)
        _checks.set(checks(call))
        return str(known(service, method, path, *given))

    iam_actions.extract_resource_arn = extract


def _answers() -> None:
    known = iam_evaluator.enforce

    def enforce(access_key: str, action: str, service: str, region: str, **given: object) -> object:
        context = cast("dict[str, object]", given.get("service_context") or {})
        asked = [check for check in _checks.get() if _checks.get()[0].action == action]
        for check in asked:
            more = {"resource_arn": check.resource, "service_context": {**context, **check.keys}}
            if denied := known(access_key, check.action, service, region, **more):
                log.info("%s on %s with %s is denied", check.action, check.resource, check.keys)
                return denied
        return None if asked else known(access_key, action, service, region, **given)

    iam_evaluator.enforce = enforce


def _claims() -> None:
    """Claims of GitHub's tokens are condition keys, beside those that every issuer's have
    (IAM User Guide, "Available keys for AWS OIDC federation")."""
    known = sts._web_identity_principal

    def principal(token: str, provider: str, role_arn: str) -> tuple[str, dict[str, Any]]:
        from ministack.services.cognito import _decode_id_token_unverified  # noqa: PLC0415

        found, keys = known(token, provider, role_arn)
        claims = _decode_id_token_unverified(token)
        if str(claims.get("iss", "")).endswith("token.actions.githubusercontent.com"):
            more = ("environment", "ref", "repository", "job_workflow_ref")
            keys |= {
                f"token.actions.githubusercontent.com:{key}": claims[key] for key in more if key in claims
            }
        return found, keys

    sts._web_identity_principal = principal


def _body(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    return parsed if isinstance(parsed, dict) else {}
