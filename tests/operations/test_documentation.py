import subprocess
import sys

import pytest

from operations.documentation import MarkerError, markdown, stale, written
from operations.tables import ROOT, TABLES, Table

TABLE = Table("page.md", "things", lambda: [["Key", "Value"], ["a", "1|2"]])
PAGE = "Before\n\n<!-- table:things -->\nold\n<!-- /table:things -->\n\nAfter\n"


def test_a_table_is_written_between_its_markers_only():
    text = written(PAGE, TABLE)
    assert text.startswith("Before\n\n<!-- table:things -->\n| Key | Value |\n| --- | --- |\n")
    assert text.endswith("<!-- /table:things -->\n\nAfter\n")
    assert "old" not in text
    assert written(text, TABLE) == text


def test_a_cell_cannot_break_the_table():
    assert markdown([["Key"], ["1|2"]]).splitlines()[-1] == "| 1\\|2 |"


@pytest.mark.parametrize("page", ["", PAGE + PAGE, "<!-- /table:things --><!-- table:things -->"])
def test_a_page_without_the_place_is_an_error(page):
    with pytest.raises(MarkerError, match=r"page\.md must hold one <!-- table:things -->"):
        written(page, TABLE)


def test_a_stale_page_is_found_whole(tmp_path):
    """Incident: of two tables on a page only the last was written."""
    second = Table("page.md", "more", lambda: [["Other"]])
    (tmp_path / "page.md").write_text(PAGE + PAGE.replace("things", "more"))
    ((page, text),) = stale(tmp_path, [TABLE, second]).items()
    assert "| a |" in text
    assert "| Other |" in text
    page.write_text(text)
    assert stale(tmp_path, [TABLE, second]) == {}


def test_the_documentation_is_as_the_code_says():
    assert stale(ROOT, TABLES) == {}


def test_the_command_tells_a_wrong_argument():
    run = subprocess.run(
        [sys.executable, "-m", "operations.documentation", "--chek"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "usage" in run.stderr
