"""How a policy pack is started."""

import sys
from pathlib import Path

import pytest

from local import policy_host


def test_the_pack_runs_in_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Incident: the pack's SDK pins an older protobuf, and fails to import beside the program's."""
    monkeypatch.chdir(tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    started = policy_host.command(["127.0.0.1:1", ".", "-virtualenv=.venv"])
    assert started == [str(python), "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."]


def test_without_the_option_it_runs_in_this_one():
    assert policy_host.command(["127.0.0.1:1", "."])[0] == sys.executable


def test_a_missing_environment_says_how_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"make policy/\.venv/stamp"):
        policy_host.command(["127.0.0.1:1", ".", "-virtualenv=.venv"])
