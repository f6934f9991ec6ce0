"""The table of what each workload's role may do: actions in short, by what they are limited to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from planning.iam.documents import ANYTHING, Conditions, Scope, Statement
from planning.iam.workloads import ADDONS, CONTROLLERS, Reach, workload

#: Names in capitals stand for what each stack has.
SCOPE = Scope("aws", "REGION", "ACCOUNT", "CLUSTER", {})
REACH = Reach(("ZONE",), ("PREFIX",))

#: Conditions by operator and key.
WORDS = {
    ("StringEquals", "aws:ResourceTag"): "tagged `{tag}` = {values}",
    ("StringEqualsIfExists", "aws:ResourceTag"): "tagged `{tag}` = {values}, or without this tag",
    ("StringEquals", "aws:RequestTag"): "with the new tag `{tag}` = {values}",
    ("Null", "aws:RequestTag"): "the tag `{tag}` stays",
    ("ForAllValues:StringNotEquals", "aws:TagKeys"): "no tag is {values}",
    # Beside the one before: a request without tags is no way around it.
    ("Null", "aws:TagKeys"): "",
    ("StringEquals", "ec2:CreateAction"): "part of {values}",
    ("StringEquals", "elasticloadbalancing:CreateAction"): "part of {values}",
    ("StringEquals", "iam:AWSServiceName"): "for {values}",
}


def rows() -> Sequence[Sequence[str]]:
    """Return the heading and the lines of the table, for every workload that may have a role."""
    lines = []
    for name in (*ADDONS, *CONTROLLERS):
        pods = workload(name, SCOPE, REACH)
        who = [f"{name}, as `{pods.namespace}/{pods.service_account}`"]
        for (limit, _), statements in _by_limit(pods.statements).items():
            lines.append([*who, _actions(statements), _resources(statements), limit])
            who = [""]
    return [["Workload", "May", "On", "Limit"], *lines]


def limits(conditions: Conditions) -> str:
    """Return the conditions of a statement in words. Raises ValueError for one that has none yet."""
    found = (
        _limit(operator, key, values) for operator, keys in conditions.items() for key, values in keys.items()
    )
    return "; ".join(filter(None, found))


def _by_limit(statements: Iterable[Statement]) -> Mapping[tuple[str, bool], list[Statement]]:
    """By conditions, and by whether it is about anything."""
    found: dict[tuple[str, bool], list[Statement]] = defaultdict(list)
    for statement in statements:
        found[limits(statement.conditions), statement.resources == ANYTHING].append(statement)
    return found


def _limit(operator: str, key: str, values: str | Sequence[str]) -> str:
    kind, _, tag = key.partition("/")
    words = WORDS.get((operator, kind))
    if words is None:
        raise ValueError(f"no words for the condition {operator} {key}")
    return words.format(tag=tag, values=values if isinstance(values, str) else " or ".join(values))


def _actions(statements: Iterable[Statement]) -> str:
    """Verbs and names by service; a verb alone where there are several names."""
    services: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for action in sorted({action for statement in statements for action in statement.actions}):
        service, _, name = action.partition(":")
        verb = re.match("[A-Z]+[a-z]*", name)
        services[service][verb[0] if verb else name].add(name)
    return "; ".join(
        f"{service}: {', '.join(_short(verb, names) for verb, names in verbs.items())}"
        for service, verbs in services.items()
    )


def _short(verb: str, names: set[str]) -> str:
    return f"{verb}…" if len(names) > 1 else next(iter(names))


def _resources(statements: Iterable[Statement]) -> str:
    """What the ARNs end with, up to what may be anything."""
    found = dict.fromkeys(resource for statement in statements for resource in statement.resources)
    kinds = dict.fromkeys(
        "anything" if (arn,) == ANYTHING else arn.split(":", 5)[5].partition("*")[0].rstrip("/:")
        for arn in found
    )
    return ", ".join(kinds)
