from collections.abc import Iterator

import pytest

from tests.local.clone import Clone


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone in which nothing has been started yet; whatever a test starts in it is ended with it."""
    made = Clone(tmp_path_factory.mktemp("clone"))
    try:
        yield made
    finally:
        made.local("clean")
        assert made.processes() == []
