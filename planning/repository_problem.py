"""What Argo CD's words say about its repository: which setting is wrong, why, and what to do.

The words are those of Argo CD 3.6 (conditions of an Application), of go-git, by which it lists the branches,
and of git and kustomize, which it runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROOT_FOLDER = "/argocd"
"""Where the root Application looks, below the folder of the setting repositoryPath."""

LONGEST_WORDS = 400
"""Characters of Argo CD's own words that are repeated; a build's output has no end."""

_WRAPPING = re.compile(
    r"Failed to load target state: |failed to generate manifest for source \d+ of \d+: |"
    r"rpc error: code = \w+ desc = |Manifest generation error \(cached\): "
)
_PAGE = re.compile(r"\s*<(!DOCTYPE|html|head|body)\b.*", re.IGNORECASE | re.DOTALL)
_USER = re.compile(r"(?<=://)[^/@\s]+@(?<!//git@)")
"""The user of a URL: with many hosts a token."""


@dataclass(frozen=True)
class Source:
    """What an Application follows."""

    url: str
    revision: str
    path: str


@dataclass(frozen=True)
class RepositoryProblem:
    """Why Argo CD cannot use a source."""

    wrong: str
    """What is wrong: the repository, revision, path, credential or kustomization."""
    key: str
    """The setting that leads there, for the root Application."""
    value: str
    """What the setting says."""
    cause: str
    remedy: str


@dataclass(frozen=True)
class _Rule:
    words: str
    """A regular expression for what Argo CD says."""
    wrong: str
    key: str
    cause: str
    """With the fields of a Source in braces, as the remedy."""
    remedy: str


_ANSWER = re.compile(r"Failed to load target state: .*?rpc error: code = (?P<code>\w+) desc = ")
"""How the repo server's answer is reported; other errors are about the cluster."""

_NO_ANSWER = ("Unavailable", "DeadlineExceeded", "Canceled", "ResourceExhausted")
"""gRPC's codes for a repo server that is not there or too busy, which tell nothing of the repository."""

_RULES = (
    # The order counts: what a build says may name a host, and a page that a host sends may say anything.
    _Rule(
        "kustomize build|[Ff]ailed to unmarshal",
        "kustomization",
        "repositoryPath",
        "{path} of {url} at {revision} does not build",
        "run `kustomize build {path}` in the repository, mend what it names and commit (and push) that",
    ),
    _Rule(
        r"list refs: repository not found|repository '.*' not found|not appear to be a git repository|"
        r"list refs: (invalid pkt-len|unexpected requesting|unsupported protocol)",
        "repository",
        "repositoryUrl",
        "there is no Git repository at {url}",
        "mend the URL: `git ls-remote {url}` shows whether it is right",
    ),
    _Rule(
        "remote repository is empty",
        "repository",
        "repositoryUrl",
        "the repository {url} has no commit",
        "commit (and push) the GitOps tree to it",
    ),
    _Rule(
        # GitHub and others ask for a credential also where there is no such repository.
        r"authentication required|authorization failed|invalid auth method|could not read Username|"
        r"Authentication failed|Access denied|unable to authenticate|Permission denied|Repository not found|"
        r"returned error: 40[13]",
        "credential",
        "repositoryUrl",
        "{url} refuses Argo CD: it has no credential for it, a wrong one, or there is no such repository",
        "mend the URL, or give Argo CD a credential that may read the repository: a Secret in namespace "
        "argocd with the label argocd.argoproj.io/secret-type=repository",
    ),
    _Rule(
        r"x509: |certificate problem|knownhosts: |[Hh]ost key",
        "repository",
        "repositoryUrl",
        "Argo CD does not trust the certificate or the SSH key of the host of {url}",
        "add it to Argo CD's ConfigMap argocd-tls-certs-cm or argocd-ssh-known-hosts-cm",
    ),
    _Rule(
        r"no such host|[Cc]ould not resolve host|server misbehaving|connection refused|no route to host|"
        r"network is unreachable|i/o timeout|Client\.Timeout|context deadline exceeded|timed out|"
        r"[Ff]ailed to connect|connection reset|EOF",
        "repository",
        "repositoryUrl",
        "nobody answers at {url}",
        "mend the URL, or let Argo CD's repo server reach the host (DNS, proxy, firewall)",
    ),
    _Rule(
        r"unable to resolve '.*' to a commit SHA|revision not found|not a tree|unable to read tree|"
        r"couldn't find remote ref|did not match any file|not our ref",
        "revision",
        "repositoryRevision",
        "there is no branch, tag or commit {revision} in {url}",
        "name one that exists: `git ls-remote {url}` lists them; or push it",
    ),
    _Rule(
        "app path (does not exist|is not a directory|outside root|is absolute)",
        "path",
        "repositoryPath",
        "there is no folder {path} in {url} at {revision}",
        "name the folder that holds the GitOps tree, or commit (and push) that folder",
    ),
)


def explain(message: str, source: Source) -> RepositoryProblem | None:
    """What a condition of an Application that follows `source` says about the repository, if it does."""
    answer = _ANSWER.match(message)
    if answer is None or answer["code"] in _NO_ANSWER:
        return None
    said = message[answer.end() :]
    rule = next((rule for rule in _RULES if re.search(rule.words, said)), None)
    if rule is None:
        return None
    fields = {"url": _USER.sub("", source.url), "revision": source.revision, "path": source.path}
    values = {
        "repositoryUrl": fields["url"],
        "repositoryRevision": source.revision,
        "repositoryPath": source.path.removesuffix(ROOT_FOLDER),
    }
    cause, remedy = rule.cause.format(**fields), rule.remedy.format(**fields)
    return RepositoryProblem(rule.wrong, rule.key, values[rule.key], cause, remedy)


def shorten(message: str) -> str:
    """Argo CD's words in one line, without what wraps them, a page that a host sent, and users of URLs."""
    bare = _USER.sub("", _PAGE.sub("", _WRAPPING.sub("", message)))
    line = " ".join(bare.split()).rstrip(": ")
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1]}…"
