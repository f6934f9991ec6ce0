from contextlib import nullcontext
from io import StringIO
from types import SimpleNamespace

from rich.console import Console

from local import processes, stack, up
from local.progress import Progress


def test_warnings_about_the_configuration_are_seen(monkeypatch):
    """Incident: a version's support ended, and the warnings of half a year had gone to a log."""
    monkeypatch.setattr(up, "alone", lambda _: nullcontext())
    monkeypatch.setattr(processes, "living", dict)
    monkeypatch.setattr(stack, "check", lambda: SimpleNamespace(warnings=["support ends soon"]))
    monkeypatch.setattr(up, "_steps", lambda _: ["done"])
    seen = StringIO()
    assert up.up(Progress(Console(file=seen))) == ["done"]
    assert seen.getvalue() == "Warning: support ends soon\n"
