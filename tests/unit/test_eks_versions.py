from datetime import date

import pytest

from planning import eks_versions


@pytest.mark.parametrize("version", eks_versions.VERSIONS)
def test_extended_support_is_a_year(version):
    """Extended support lasts twelve months (Amazon EKS User Guide, release calendar). Incident: a typing
    error in a year hid the end of a version."""
    each = eks_versions.VERSIONS[version]
    standard, extended = each.end_of_standard_support, each.end_of_extended_support
    assert (extended.year, extended.month, extended.day) == (standard.year + 1, standard.month, standard.day)


def test_versions_are_consecutive_and_end_in_their_order():
    minors = [int(version.removeprefix("1.")) for version in eks_versions.VERSIONS]
    assert minors == list(range(minors[0], minors[0] + len(minors)))
    ends = [each.end_of_standard_support for each in eks_versions.VERSIONS.values()]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("day", "is_over", "ends_soon"),
    [
        (date(2026, 12, 26), False, False),
        (date(2026, 12, 27), False, True),
        (date(2027, 3, 26), False, True),
        (date(2027, 3, 27), True, False),
    ],
)
def test_the_end_is_told_90_days_ahead_and_is_the_start_of_its_day(day, is_over, ends_soon):
    support = eks_versions.support("1.35", "STANDARD", day)
    assert (support.is_over, support.ends_soon) == (is_over, ends_soon)
    assert not eks_versions.support("1.35", "EXTENDED", day).ends_soon
