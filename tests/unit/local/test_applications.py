"""What Argo CD's answers mean."""

from typing import Any

from local import applications
from tests.unit.local.argocd_answers import NO_REVISION, SOURCE, FakeKube, item


def read(answer: dict[str, Any]) -> applications.Application:
    [application] = applications.read_all(FakeKube([answer]))  # type: ignore[arg-type]
    return application


def moved(answer: dict[str, Any]) -> dict[str, Any]:
    """The Application, after its source has changed and before Argo CD has looked at it."""
    return {**answer, "spec": {"source": {**SOURCE, "targetRevision": "main"}}}


def test_ready_is_synced_healthy_and_looked_at() -> None:
    assert read(item()).ready
    assert not read(item(sync="OutOfSync")).ready
    assert not read(item(health="Progressing")).ready
    assert not read(item(annotations={applications.REFRESH: "normal"})).ready


def test_what_was_said_of_an_earlier_source_counts_for_nothing() -> None:
    """Incident: the Git server's port had moved, and the complaint about the old one was believed."""
    assert not read(moved(item())).ready
    assert read(item(sync="Unknown", error=NO_REVISION)).repository is not None
    assert read(moved(item(sync="Unknown", error=NO_REVISION))).repository is None
    refreshing = {applications.REFRESH: "normal"}
    assert read(item(sync="Unknown", error=NO_REVISION, annotations=refreshing)).repository is None


def test_an_application_without_a_status_is_not_ready() -> None:
    application = read({"metadata": {"name": "web"}})
    assert (application.sync, application.health, application.ready) == ("Unknown", "Unknown", False)


def test_several_sources_are_compared_each() -> None:
    answer = item()
    both = [SOURCE, {**SOURCE, "path": "more"}]
    answer["spec"] = {"sources": both}
    assert not read(answer).ready
    answer["status"]["sync"]["comparedTo"] = {"source": {"repoURL": ""}, "sources": both}
    assert read(answer).ready


def test_argo_cd_has_given_up_when_the_sync_failed_and_no_other_is_under_way() -> None:
    assert read(item(phase="Failed")).given_up
    assert not read(item(phase="Failed", operation={"sync": {}})).given_up
    assert not read(item(phase="Running")).given_up


def test_the_problem_is_what_the_conditions_and_the_last_sync_say() -> None:
    assert read(item(sync="OutOfSync", phase="Failed", error=NO_REVISION)).problem == (
        "unable to resolve 'HEAD' to a commit SHA: revision not found; Caused by apps/Deployment:shop/web; "
        "last sync failed: one or more objects failed to apply"
    )
    # A commit that takes a failed one back leaves the failed sync as the last one.
    assert read(item(phase="Failed")).problem == ""
    assert read(item(health="Degraded")).problem == "Caused by apps/Deployment:shop/web"


def test_only_an_application_that_is_current_is_asked_to_look_again() -> None:
    kube = FakeKube([moved(item(name="root")), item()])
    applications.refresh(kube)  # type: ignore[arg-type]
    assert [body["metadata"]["name"] for body in kube.applied] == ["web"]
