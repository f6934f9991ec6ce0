"""What Argo CD's answers mean, and how `up` waits for them."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from local import applications, git, up
from local.errors import LocalError
from local.progress import Progress


def item(
    sync: str = "Synced", health: str = "Healthy", phase: str = "Succeeded", **more: Any
) -> dict[str, Any]:
    status = {
        "sync": {"status": sync, "revision": "abcdef0123"},
        "health": {"status": health},
        "operationState": {"phase": phase},
        "conditions": [{"message": "cannot reach the repository"}] if sync == "Unknown" else [],
    }
    return {"metadata": {"name": "web", "annotations": more.pop("annotations", {})}, "status": status, **more}


class FakeKube:
    """Answers with one list of Applications after the other; the last one stays."""

    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.applied: list[dict[str, Any]] = []

    def find(self, path: str) -> dict[str, Any]:
        assert path == "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
        return {"items": self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]}

    def apply(self, path: str, body: dict[str, Any]) -> None:
        assert path.endswith("/applications/web")
        self.applied.append(body)


def read(answer: dict[str, Any]) -> applications.Application:
    [application] = applications.read_all(FakeKube([answer]))  # type: ignore[arg-type]
    return application


def wait(kube: FakeKube, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(git, "uncommitted", lambda folder: False)
    text = StringIO()
    with Progress(Console(file=text, width=200)).step("Applications") as step:
        up.wait(kube, step)  # type: ignore[arg-type]
    return text.getvalue()


def test_ready_is_synced_healthy_and_looked_at() -> None:
    assert read(item()).ready
    assert not read(item(sync="OutOfSync")).ready
    assert not read(item(health="Progressing")).ready
    assert not read(item(annotations={applications.REFRESH: "normal"})).ready


def test_an_application_without_a_status_is_not_ready() -> None:
    application = read({"metadata": {"name": "web"}})
    assert (application.sync, application.health, application.ready) == ("Unknown", "Unknown", False)


def test_argo_cd_has_given_up_when_the_sync_failed_and_no_other_is_under_way() -> None:
    assert read(item(phase="Failed")).given_up
    assert not read(item(phase="Failed", operation={"sync": {}})).given_up
    assert not read(item(phase="Running")).given_up


def test_waiting_asks_for_a_look_and_tells_what_turns_well(monkeypatch: pytest.MonkeyPatch) -> None:
    kube = FakeKube([item()], [item(sync="OutOfSync")], [item()])
    said = wait(kube, monkeypatch)
    assert [body["metadata"]["annotations"] for body in kube.applied] == [{applications.REFRESH: "normal"}]
    assert "web is Synced and Healthy at abcdef0" in said
    assert "1 Synced and Healthy" in said


def test_a_sync_that_argo_cd_has_given_up_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = item(sync="OutOfSync", phase="Failed")
    kube = FakeKube([failed], [failed], [failed], [item()])
    assert "web failed to sync: once more" in wait(kube, monkeypatch)
    assert [body["operation"]["sync"] for body in kube.applied if "operation" in body] == [{"prune": True}]


def test_giving_up_names_the_applications_and_their_complaints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "STALLED", 0.1)
    with pytest.raises(LocalError, match=r"web: Unknown, Healthy\. cannot reach the repository"):
        wait(FakeKube([item(sync="Unknown")]), monkeypatch)
