"""Plain lines where there is no terminal."""

from io import StringIO

import pytest
from rich.console import Console

from local import progress
from local.progress import Progress, duration


def plain() -> tuple[Progress, StringIO]:
    text = StringIO()
    return Progress(Console(file=text, width=40)), text


def test_a_step_is_announced_and_closed_with_its_time_and_result() -> None:
    told, text = plain()
    with told.step("Build") as step:
        step.note("one thing")
        step.result = "two things"
    assert text.getvalue().splitlines() == [
        "Build ...",
        "    0.0s  one thing",
        "done     0.0s  Build: two things",
    ]


def test_a_failed_step_says_so() -> None:
    told, text = plain()
    with pytest.raises(ValueError, match="broken"), told.step("Build"):
        raise ValueError("broken")
    assert text.getvalue().splitlines()[-1] == "failed   0.0s  Build"


def test_a_status_is_told_from_time_to_time_and_only_if_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    told, text = plain()
    with told.step("Build") as step:
        step.status("1 of 3")
        monkeypatch.setattr(progress, "PLAIN_INTERVAL", 0.0)
        step.status("1 of 3")
        step.status("2 of 3")
    assert "1 of 3" not in text.getvalue()
    assert text.getvalue().count("2 of 3") == 1


def test_long_lines_are_not_broken_and_brackets_are_text() -> None:
    told, text = plain()
    with told.step("Build") as step:
        step.note(f"[red]{'x' * 100}")
    assert f"[red]{'x' * 100}" in text.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0s"), (59.9, "59.9s"), (60, "1m00s"), (754.6, "12m35s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
