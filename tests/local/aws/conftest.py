"""One emulator, and one cluster in it, for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.local.aws.emulator import Emulator


@pytest.fixture(scope="package")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A running emulator with state of its own."""
    emulator = Emulator(tmp_path_factory.mktemp("aws"))
    emulator.clone.local("build")
    try:
        emulator.start()
        yield emulator
    finally:
        emulator.clone.local("clean")
        assert emulator.clone.processes() == []


@pytest.fixture(scope="package")
def cluster(aws: Emulator) -> str:
    """Name of an ACTIVE cluster that the operator administers."""
    aws.cluster("shared")
    return "shared"
