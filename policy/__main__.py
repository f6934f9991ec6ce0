"""The policy pack: every rule of `rules.py`, all mandatory."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from rules import RULES, STACK_RULES, Planned, Rule

EVERY_VPC = "-every-vpc"
"""Ends the names of policies on the whole stack, since a rule may have one on single resources, too."""


def _policy_name(rule: str) -> str:
    return rule.lower().replace("_", "-")


def _of_resource(rule: Rule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        if args.resource_type in rule.types:
            for complaint in rule.judge(args.props):
                report_violation(f"{rule.id}: {complaint}", None)

    return ResourceValidationPolicy(_policy_name(rule.id), rule.text, validate)


def _of_stack(rule: str) -> StackValidationPolicy:
    text, judge = STACK_RULES[rule]

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        resources = [
            Planned(
                each.urn,
                each.resource_type,
                each.props,
                {
                    key: [source.urn for source in sources]
                    for key, sources in each.property_dependencies.items()
                },
            )
            for each in args.resources
        ]
        for urn, complaint in judge(resources):
            report_violation(f"{rule}: {complaint}", urn)

    return StackValidationPolicy(_policy_name(rule) + EVERY_VPC, text, validate)


PolicyPack(
    "gitops-platform",
    [*map(_of_resource, RULES), *map(_of_stack, STACK_RULES)],
    EnforcementLevel.MANDATORY,
)
