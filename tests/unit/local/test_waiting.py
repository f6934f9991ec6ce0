"""How `up` waits for the Applications."""

import time
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from local import applications, git, waiting
from local.errors import LocalError
from local.kube import KubeError
from local.progress import Progress
from tests.unit.local.argocd_answers import NO_REVISION, SOURCE, URL, FakeKube, item

WRONG = item(name="root", sync="Unknown", error=NO_REVISION)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "uncommitted", lambda folder: False)
    monkeypatch.setattr(waiting, "INTERVAL", 0.02)
    monkeypatch.setattr(waiting, "WRONG", 0.1)


def wait(*answers: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """What is said, and what is asked of Argo CD."""
    text, kube = StringIO(), FakeKube(*answers)
    with Progress(Console(file=text, width=200)).step("Applications") as step:
        waiting.wait(kube, step)  # type: ignore[arg-type]
    return text.getvalue(), kube.applied


def test_waiting_asks_for_a_look_and_tells_what_turns_well() -> None:
    said, applied = wait([item()], [item(sync="OutOfSync")], [item()])
    assert [body["metadata"]["annotations"] for body in applied] == [{applications.REFRESH: "normal"}]
    assert "web is Synced and Healthy at abcdef0" in said
    assert "1 Synced and Healthy" in said


def test_a_sync_that_argo_cd_has_given_up_is_asked_for_once() -> None:
    failed = item(sync="OutOfSync", phase="Failed")
    said, applied = wait([failed], [failed], [failed], [item()])
    assert "web failed to sync: once more" in said
    assert said.count("last sync failed: one or more objects failed to apply") == 1
    assert [body["operation"]["sync"] for body in applied if "operation" in body] == [{"prune": True}]


def test_giving_up_names_the_applications_and_their_complaints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "STALLED", 0.1)
    with pytest.raises(
        LocalError, match=r"web: OutOfSync, Healthy\. .*last sync failed: one or more objects"
    ):
        wait([item(sync="OutOfSync", phase="Failed")])


def test_applications_that_change_for_ever_are_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONGEST", 0.2)
    flapping = [[item(health=health)] for health in ("Progressing", "Degraded")] * 100
    with pytest.raises(LocalError, match="do not become Synced and Healthy"):
        wait(*flapping)


def test_a_wrong_repository_that_stands_ends_the_wait_and_names_setting_value_cause_and_remedy() -> None:
    with pytest.raises(LocalError) as ended:
        wait([WRONG])
    said = str(ended.value)
    assert (
        f"wrong revision:\n  repositoryRevision = HEAD: there is no branch, tag or commit HEAD in {URL}"
        in said
    )
    assert "of Application root: unable to resolve 'HEAD' to a commit SHA" in said
    assert "What to do: name one that exists" in said


def test_a_hiccup_of_the_repository_ends_nothing() -> None:
    """Incident: while the repo server started again, `up` ended for what passed by itself."""
    well = item(name="root", sync="OutOfSync")
    said, _ = wait(*[[WRONG], [WRONG], [well], [WRONG], [WRONG], [well]] * 3, [item(name="root")])
    assert "1 Synced and Healthy" in said


def test_what_the_root_has_made_is_not_blamed_while_the_root_is_behind() -> None:
    child = item(sync="Unknown", error=NO_REVISION)
    said, _ = wait(*[[child, item(name="root", sync="OutOfSync")]] * 15, [item(), item(name="root")])
    assert "2 Synced and Healthy" in said


def test_what_still_follows_the_repository_of_before_is_not_blamed() -> None:
    """Incident: the Git server's port had moved, and the ApplicationSet controller was slow to start."""
    child = item(sync="Unknown", error=NO_REVISION)
    old = {**SOURCE, "repoURL": "http://127.0.0.1:2/platform.git"}
    child["spec"] = child["status"]["sync"]["comparedTo"] = {"source": old}
    said, _ = wait(*[[child, item(name="root")]] * 15, [item(), item(name="root")])
    assert "2 Synced and Healthy" in said


def test_an_api_server_that_restarts_makes_no_problem_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WRONG", 0.3)
    answers, ended = [[WRONG]] * 3 + [None] + [[WRONG]] * 3 + [[item(name="root")]], time.monotonic() + 0.4

    class Restarting(FakeKube):
        def find(self, path: str) -> dict[str, Any]:
            if (answer := answers.pop(0)) is None:
                time.sleep(max(0.0, ended - time.monotonic()))
                raise KubeError(0, "connection refused")
            return {"items": answer}

    with Progress(Console(file=StringIO())).step("Applications") as step:
        waiting.wait(Restarting(), step)  # type: ignore[arg-type]
    assert answers == []


def test_an_application_of_the_tree_is_blamed_without_a_setting() -> None:
    with pytest.raises(LocalError) as ended:
        wait([item(sync="Unknown", error=NO_REVISION), item(name="root")])
    assert "of Application web: unable to resolve" in str(ended.value)
    assert "repositoryRevision" not in str(ended.value)
