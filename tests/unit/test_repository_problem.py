"""Argo CD's words about a repository, and what is made of them."""

import pytest

from planning.repository_problem import LONGEST_WORDS, Source, explain, shorten

SOURCE = Source("https://git.example.org/platform.git", "main", "gitops/argocd")
GENERATE = "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = "
LIST = f"{GENERATE}Unknown desc = failed to list refs: "
FETCH = (
    f"{GENERATE}Internal desc = Failed to fetch default: `git fetch origin --tags --force --prune` failed "
    "exit status 128: "
)
PAGE = (
    "<!DOCTYPE HTML>\n<html><body><p>404: authentication required, app path does not exist</p></body></html>"
)

SAID = [
    # go-git, which lists the branches
    (f"{LIST}repository not found: {PAGE}", "repository", "no Git repository at https://git.example.org"),
    (f"{LIST}repository not found", "repository", "no Git repository"),
    (f"{LIST}remote repository is empty", "repository", "has no commit"),
    (
        f'{LIST}unexpected requesting "https://x/info/refs" status code: 502',
        "repository",
        "no Git repository",
    ),
    (f"{LIST}authentication required: Repository not found.", "credential", "refuses Argo CD"),
    (f"{LIST}authorization failed: ", "credential", "refuses Argo CD"),
    (
        f"{LIST}ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no "
        "supported methods remain",
        "credential",
        "refuses Argo CD",
    ),
    (f"{LIST}ssh: handshake failed: knownhosts: key is unknown", "repository", "does not trust"),
    (
        f'{LIST}Get "https://git.example.org/platform.git/info/refs?service=git-upload-pack": tls: failed to '
        "verify certificate: x509: certificate signed by unknown authority",
        "repository",
        "does not trust",
    ),
    (
        f'{LIST}Get "https://x": dial tcp: lookup x on 10.0.0.10:53: no such host',
        "repository",
        "nobody answers",
    ),
    (
        f'{LIST}Get "http://x": dial tcp 127.0.0.1:1: connect: connection refused',
        "repository",
        "nobody answers",
    ),
    (
        f'{LIST}Get "http://x": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        "repository",
        "nobody answers",
    ),
    (
        f"{GENERATE}Unknown desc = unable to resolve 'main' to a commit SHA: revision not found",
        "revision",
        "no branch, tag or commit main in https://git.example.org/platform.git",
    ),
    # git, which fetches
    (f"{FETCH}fatal: repository 'https://x/' not found", "repository", "no Git repository"),
    (
        f"{FETCH}fatal: could not read Username for 'https://x': terminal prompts disabled",
        "credential",
        "refuses",
    ),
    (f"{FETCH}fatal: Authentication failed for 'https://x/'", "credential", "refuses"),
    (
        f"{FETCH}fatal: unable to access 'https://x/': Could not resolve host: x",
        "repository",
        "nobody answers",
    ),
    (
        f"{GENERATE}Internal desc = Failed to checkout FETCH_HEAD: `git checkout --force 0123abc` failed "
        "exit status 128: fatal: unable to read tree (0123abc)",
        "revision",
        "no branch, tag or commit",
    ),
    # what is in the repository
    (
        f"{GENERATE}Unknown desc = gitops/argocd: app path does not exist",
        "path",
        "no folder gitops/argocd in https://git.example.org/platform.git at main",
    ),
    (
        f"{GENERATE}Unknown desc = Manifest generation error (cached): gitops/argocd: app path does not "
        "exist",
        "path",
        "no folder",
    ),
    (
        f"{GENERATE}Unknown desc = Manifest generation error (cached): `kustomize build <path to cached "
        "source>/gitops/argocd` failed exit status 1: Error: accumulating resources: accumulation err="
        "'accumulating resources from 'a.yaml': open a.yaml: no such file or directory'",
        "kustomization",
        "gitops/argocd of https://git.example.org/platform.git at main does not build",
    ),
    (
        f"{GENERATE}Unknown desc = `kustomize build x` failed exit status 1: Error: lookup y: no such host",
        "kustomization",
        "does not build",
    ),
]


@pytest.mark.parametrize(("message", "wrong", "cause"), SAID)
def test_the_cause_is_told_in_the_words_of_the_settings(message: str, wrong: str, cause: str) -> None:
    problem = explain(message, SOURCE)
    assert problem is not None
    assert problem.wrong == wrong
    assert cause in problem.cause
    assert problem.remedy


@pytest.mark.parametrize(
    "message",
    [
        # Incident: a repo server that was still starting was taken for a repository out of reach.
        f'{GENERATE}Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp '
        '127.0.0.1:8081: connect: connection refused"',
        f"{GENERATE}DeadlineExceeded desc = context deadline exceeded",
        "Failed to load live state: Get https://127.0.0.1:6443/version: dial tcp: connection refused",
        "Failed to load target state: failed to get cluster version for x: dial tcp: connection refused",
        f"{GENERATE}Unknown desc = something that nobody has seen yet",
        "application destination server 'x' and namespace 'y' do not match any of the allowed destinations",
    ],
)
def test_what_is_not_about_the_repository_is_not_taken_for_it(message: str) -> None:
    assert explain(message, SOURCE) is None


@pytest.mark.parametrize(
    ("message", "key", "value"),
    [
        (f"{LIST}repository not found", "repositoryUrl", SOURCE.url),
        (f"{GENERATE}Unknown desc = unable to resolve 'main' to a commit SHA", "repositoryRevision", "main"),
        (f"{GENERATE}Unknown desc = gitops/argocd: app path does not exist", "repositoryPath", "gitops"),
    ],
)
def test_the_setting_is_named_with_its_own_value(message: str, key: str, value: str) -> None:
    problem = explain(message, SOURCE)
    assert problem is not None
    assert (problem.key, problem.value) == (key, value)


def test_argo_cds_words_are_one_line_without_wrapping_and_pages() -> None:
    assert shorten(f"{LIST}repository not found: {PAGE}") == "failed to list refs: repository not found"
    assert len(shorten("x y\n" * 1000)) == LONGEST_WORDS


def test_a_token_in_a_url_is_not_repeated() -> None:
    """Incident: a condition with a token in it was pasted into a ticket."""
    token = "https://x-token:s3cret@git.example.org/platform.git"
    problem = explain(f"{LIST}repository not found", Source(token, "main", "gitops/argocd"))
    assert problem is not None
    shown = f"{problem}{shorten(f'{FETCH}fatal: repository {token} not found')}"
    assert "s3cret" not in shown
    assert "git@git.example.org" in shorten("ssh://git@git.example.org/platform.git")
