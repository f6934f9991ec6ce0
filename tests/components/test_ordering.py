"""Incident: a preview that added one route announced that the cluster and its nodes would be replaced."""

import pulumi
import pulumi_aws as aws

from components.ordering import once_made


async def now(value):
    return value


def unknown():
    """What a preview knows of a resource that is yet to be made."""
    return pulumi.Output(set(), now(None), now(False))


def test_it_stays_known_while_others_are_not(evaluate):
    waiting = lambda: once_made(pulumi.Output.from_input("subnet-1"), unknown())  # noqa: E731
    assert evaluate(waiting) == "subnet-1"


def test_what_is_unknown_itself_stays_so(evaluate):
    assert evaluate(lambda: once_made(unknown(), pulumi.Output.from_input("id")).is_known()) is False


def test_it_depends_on_what_is_to_be_made_first(evaluate):
    async def names(waiting):
        return [resource.pulumi_resource_name for resource in await waiting.resources()]

    def build():
        first = aws.ec2.Vpc("first", cidr_block="10.0.0.0/16")
        return names(once_made(pulumi.Output.from_input("subnet-1"), first.id))

    assert evaluate(build) == ["first"]
