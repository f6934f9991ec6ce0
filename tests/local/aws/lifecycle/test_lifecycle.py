"""Every type against the real AWS provider, from create to destroy. The tests go in this order."""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.local.aws.emulator import Emulator, running
from tests.local.aws.lifecycle.inventory import inventory
from tests.local.aws.lifecycle.row import Phase, Values
from tests.local.aws.lifecycle.stack import Change, Stack
from tests.local.aws.lifecycle.table import ROWS

READ_OTHERWISE = {"nat"}
"""Rows of which the provider reads more than it knows after it has created them."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator that holds nothing yet."""
    with running(tmp_path_factory.mktemp("lifecycle")) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def before(own: Emulator) -> Mapping[str, set[str]]:
    return inventory(own.client)


@pytest.fixture(scope="module")
def stack(own: Emulator, before: Mapping[str, set[str]]) -> Stack:
    return Stack(own)


def replaced(changes: Mapping[str, Change]) -> set[str]:
    return {name for name, change in changes.items() if "replace" in change.steps}


def properties(values: Values) -> set[str]:
    """The arguments as the engine names them."""
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in values}


def check_replaced(changes: Mapping[str, Change], phase: Phase) -> None:
    """The rows of this phase were replaced because of the property that the table says."""
    expected = {name for name, row in ROWS.items() if row.replace and row.replaced_in == phase}
    assert expected <= replaced(changes)
    for name in expected:
        assert changes[name].replaced_by & properties(ROWS[name].replace), name


def test_create(stack: Stack) -> None:
    changes = stack.up(Phase.CREATE)
    assert {name: change.steps for name, change in changes.items()} == {name: {"create"} for name in ROWS}


def test_nothing_changes_by_itself(stack: Stack) -> None:
    """Incident: the emulator dropped a launch template, and every `up` replaced the nodes."""
    stack.expect_no_changes(Phase.CREATE)


def test_what_an_interrupted_update_has_created_is_found_again(stack: Stack) -> None:
    """Incident: after a kill, a VPC was there twice, and a role that was there could not be created."""
    found = stack.take_over()
    assert [urn for urn, identity in found.items() if identity is None] == []
    changes = stack.up(Phase.CREATE)
    expected = {name: {"update"} if name in READ_OTHERWISE else {"same"} for name in ROWS}
    assert {name: change.steps for name, change in changes.items()} == expected
    stack.expect_no_changes(Phase.CREATE)


def test_change_in_place(stack: Stack) -> None:
    changes = stack.up(Phase.UPDATE)
    expected = {name: {"update"} if row.update else {"same"} for name, row in ROWS.items()}
    assert {name: change.steps for name, change in changes.items()} == expected
    stack.expect_no_changes(Phase.UPDATE)


def test_replace_one_by_one(stack: Stack) -> None:
    changes = stack.up(Phase.REPLACE)
    check_replaced(changes, Phase.REPLACE)
    assert not replaced(changes) & {name for name, row in ROWS.items() if row.held}
    stack.expect_no_changes(Phase.REPLACE)


def test_replace_what_holds_others(stack: Stack) -> None:
    check_replaced(stack.up(Phase.ROOTS), Phase.ROOTS)
    stack.expect_no_changes(Phase.ROOTS)


def test_destroy_leaves_nothing(own: Emulator, stack: Stack, before: Mapping[str, set[str]]) -> None:
    """Incident: addresses and log groups that nobody knew of were paid for a year."""
    changes = stack.destroy()
    assert {name: change.steps for name, change in changes.items()} == {name: {"delete"} for name in ROWS}
    assert inventory(own.client) == before
    assert own.names() == ["aws"]
