"""The Git server, with a real repository and the real git as its client."""

import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from local import git, paths, processes
from local.errors import LocalError

IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")


def run(*arguments: str, at: Path, text: str = "") -> str:
    command = ["git", *IDENTITY, "-C", str(at), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout.strip()


def commit(at: Path, text: str) -> str:
    (at / "file").write_text(text)
    run("add", "file", at=at)
    run("commit", "-m", text, at=at)
    return run("rev-parse", "HEAD", at=at)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    run("init", at=root)
    commit(root, "first")
    return root


def serve(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    project = paths.ROOT
    monkeypatch.setattr(paths, "ROOT", root)
    server = git.process()
    monkeypatch.setattr(paths, "ROOT", project)
    processes.start(server)
    return git.url()


def test_a_commit_is_served_at_once_and_other_changes_are_not(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serve(repository, monkeypatch)
    clone = tmp_path / "clone"
    run("clone", url, str(clone), at=tmp_path)
    assert (clone / "file").read_text() == "first"
    second = commit(repository, "second")
    (repository / "file").write_text("not committed")
    assert run("ls-remote", url, "HEAD", at=tmp_path).split() == [second, "HEAD"]
    run("pull", at=clone)
    assert (clone / "file").read_text() == "second"


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_version_of_the_protocol_is_served(
    version: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serve(repository, monkeypatch)
    run("-c", f"protocol.version={version}", "clone", url, str(tmp_path / "clone"), at=tmp_path)
    assert (tmp_path / "clone" / "file").read_text() == "first"


def test_a_large_request_in_chunks_is_understood(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches = "".join(
        f"commit refs/heads/b{number}\ncommitter T <t@example.org> {number} +0000\ndata 0\n\n"
        for number in range(2000)
    )
    run("fast-import", at=repository, text=branches)
    url = serve(repository, monkeypatch)
    run("-c", "http.postBuffer=65536", "clone", "--mirror", url, str(tmp_path / "clone"), at=tmp_path)
    assert len(run("branch", at=tmp_path / "clone").splitlines()) == 2001


def test_the_head_of_a_worktree_is_its_own(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worktree = tmp_path / "worktree"
    run("worktree", "add", "-b", "feature", str(worktree), at=repository)
    head = commit(worktree, "feature")
    url = serve(worktree, monkeypatch)
    assert run("ls-remote", url, "HEAD", at=tmp_path).split() == [head, "HEAD"]


def test_a_shallow_clone_is_refused(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, "second")
    run("clone", "--depth=1", repository.as_uri(), "shallow", at=tmp_path)
    with pytest.raises(LocalError, match="git fetch --unshallow"):
        serve(tmp_path / "shallow", monkeypatch)


def test_a_folder_without_commits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LocalError, match="no Git repository"):
        serve(tmp_path, monkeypatch)


def test_uncommitted_changes_are_noticed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", repository)
    assert not git.uncommitted("gitops")
    (repository / "gitops").mkdir()
    (repository / "gitops" / "new").touch()
    assert git.uncommitted("gitops")


def test_nothing_can_be_pushed(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(repository, monkeypatch)
    head = run("rev-parse", "HEAD", at=repository)
    clone = tmp_path / "clone"
    run("clone", url, str(clone), at=tmp_path)
    commit(clone, "pushed")
    with pytest.raises(subprocess.CalledProcessError):
        run("push", at=clone)
    assert run("rev-parse", "HEAD", at=repository) == head


@pytest.mark.parametrize(
    "path", ["/", "/platform.git/config", "/platform.git/../file", "/other.git/info/refs"]
)
def test_nothing_else_is_served(path: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(repository, monkeypatch)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(url.removesuffix(git.LOCATION) + path)
