"""argocdValues: merged as Helm does it, and each replaced value is known."""

from hypothesis import given
from hypothesis import strategies as st

from planning.argocd_overrides import merge, replaced

KEYS = st.sampled_from("abc")
LEAVES = st.one_of(st.integers(), st.lists(st.integers(), max_size=2), st.none())
VALUES = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3),
    lambda inner: st.dictionaries(KEYS, LEAVES | inner, max_size=3),
    max_leaves=8,
)


def at(values, path):
    for key in path.split("."):
        values = values[key]
    return values


def test_mappings_join_and_all_else_is_replaced():
    ours = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(ours, {"a": {"c": [3]}, "e": {"f": 2}}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": {"f": 2}}
    assert ours == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_it_is_told_what_is_replaced_and_what_is_new():
    ours = {"a": {"b": 1, "c": 2}, "d": {"e": 1}}
    found = dict(replaced(ours, {"a": {"b": 9, "c": 2, "new": 3}, "d": 4, "x": {"y": 1}}))
    assert found == {"a.b": True, "a.new": False, "d": True, "x.y": False}


@given(VALUES)
def test_nothing_over_something_is_that(values):
    assert merge(values, {}) == merge({}, values) == values
    assert list(replaced(values, {})) == list(replaced(values, values)) == []


@given(VALUES, VALUES)
def test_the_last_word_is_the_overrides(values, overrides):
    merged = merge(values, overrides)
    assert merge(merged, overrides) == merged
    assert list(replaced(merged, overrides)) == []


@given(VALUES, VALUES)
def test_every_change_is_told(values, overrides):
    """Incident: a value that nobody remembered won over a setting that everybody looked at."""
    merged, told = merge(values, overrides), dict(replaced(values, overrides))
    assert (merged != values) == bool(told)
    for path, ours in told.items():
        assert at(merged, path) == at(overrides, path)
        if ours:
            assert at(values, path) != at(merged, path)
