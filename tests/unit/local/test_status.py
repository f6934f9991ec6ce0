"""What `status` says to people and to programs."""

import json
from typing import Any

import pytest

from local import clusters, paths, processes, status
from local.kube import KubeError
from tests.unit.local.argocd_answers import NO_REVISION, FakeKube, item

REASON = "unable to resolve 'HEAD' to a commit SHA: revision not found"


@pytest.fixture(autouse=True)
def answer(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The Applications of the one cluster, while every process runs."""
    items: list[dict[str, Any]] = []
    one = processes.Status("git", "running", 1, 2**20, paths.ROOT / "git.log")
    monkeypatch.setattr(processes, "statuses", lambda: [one])
    monkeypatch.setattr(clusters, "names", lambda: ["one"])
    monkeypatch.setattr(status, "Kube", lambda cluster: FakeKube(items))
    return items


def test_why_an_application_is_not_healthy_is_a_whole_line(
    answer: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    answer.append(item(sync="Unknown", error=NO_REVISION))
    assert not status.status(as_json=False)
    assert f"web: {REASON}; Caused by apps/Deployment:shop/web\n" in capsys.readouterr().out


def test_programs_read_the_same(answer: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    answer.append(item(sync="Unknown", error=NO_REVISION))
    assert not status.status(as_json=True)
    [told] = json.loads(capsys.readouterr().out)["applications"]
    assert told["problem"].startswith(REASON)
    assert (told["repository"]["wrong"], told["reasons"]) == ("revision", [])


def test_all_is_well_when_everything_is_ready(
    answer: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    answer.append(item())
    assert status.status(as_json=False)
    assert "web:" not in capsys.readouterr().out


def test_a_cluster_that_does_not_answer_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(kube: FakeKube, path: str) -> dict[str, Any]:
        raise KubeError(0, "no answer")

    monkeypatch.setattr(FakeKube, "find", find)
    assert not status.status(as_json=False)
