from collections.abc import Iterator

import pytest

from tests.unit.local.pulumi_eks.engine import ROLE_ARN, Engine


@pytest.fixture(scope="session")
def plugin() -> Iterator[Engine]:
    """The stand-in's process; it knows an IAM role `control-plane`, made by the program."""
    with Engine() as engine:
        engine.states["urn:pulumi:test::project::aws:iam/role:Role::control-plane"] = {"arn": ROLE_ARN}
        yield engine


@pytest.fixture(autouse=True)
def environment() -> None:
    """Not the one of the other tests of `local`: nothing is started here."""
