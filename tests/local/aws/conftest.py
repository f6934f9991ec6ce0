"""One emulator, and one cluster in it, for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.local.aws.emulator import Emulator, running


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A running emulator with state of its own."""
    with running(tmp_path_factory.mktemp("aws")) as emulator:
        yield emulator


@pytest.fixture(scope="package")
def cluster(aws: Emulator) -> str:
    """Name of an ACTIVE cluster that the operator administers."""
    aws.cluster("shared")
    return "shared"
