"""Kinds of text that configuration keys hold. Each function reads a key and records what is wrong with it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from planning.config_reader import Reader

_NAME = re.compile(r"[a-z][a-z0-9-]{0,98}[a-z0-9]")
_REVISION = re.compile(r"[^\s~^:?*\[\\]+")
_SCP_URL = re.compile(r"[\w.-]+@[\w.-]+:[^\s]+")
_PRINCIPAL = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:(role|user)/(?!/)([\w+=,.@-]+/)*[\w+=,.@-]+", re.ASCII
)
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CERTIFICATE = re.compile(r"arn:(aws|aws-cn|aws-us-gov):acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def name(reader: Reader, key: str, noun: str, default: str) -> str:
    """Read a name that EKS and Kubernetes labels accept; `default` if it is empty."""
    value = reader.text(key) or default
    if not _NAME.fullmatch(value):
        reader.refuse(key, f"is not {noun}", "Use 2 to 100 of a-z, 0-9 and -, a letter first")
    return value


def check_node_group_name(reader: Reader, value: str) -> None:
    """Check the name of a node group (Amazon EKS API Reference, CreateNodegroup)."""
    if not _NAME.fullmatch(value) or len(value) > 63:
        reader.refuse("name", "is not the name of a node group", "Use 2 to 63 of a-z, 0-9 and -")


def url(reader: Reader, key: str, *schemes: str) -> str | None:
    """Read a URL of one of `schemes`; None if it is empty."""
    text = reader.text(key)
    parts = urlsplit(text)
    if text and (parts.scheme not in schemes or not parts.hostname):
        reader.refuse(key, "is not a URL", f"Use {' or '.join(schemes)}://HOST, or leave it empty")
    return text or None


def repository_url(reader: Reader, key: str) -> str:
    """Read the URL of a Git repository, by HTTP or SSH; a password in it is refused and not repeated."""
    text = reader.text(key)
    parts = urlsplit(text)
    if not _SCP_URL.fullmatch(text) and (
        parts.scheme not in ("https", "http", "ssh") or not parts.hostname or not parts.path.strip("/")
    ):
        reader.refuse(
            key,
            "is not the URL of a Git repository",
            "Use e.g. https://github.com/OWNER/REPOSITORY.git or git@github.com:OWNER/REPOSITORY.git",
            secret=bool(parts.password),
        )
    if parts.password:
        reader.refuse(key, "holds a password", "Leave it out of the URL", secret=True)
    return text


def revision(reader: Reader, key: str) -> str:
    """Read a branch, tag or commit (git-check-ref-format)."""
    text = reader.text(key)
    if not _REVISION.fullmatch(text) or ".." in text:
        reader.refuse(key, "is not a branch, tag or commit", "Use e.g. main")
    return text


def folder(reader: Reader, key: str) -> str:
    """Read a folder inside a repository."""
    text = reader.text(key)
    if not text or "\\" in text or any(part in ("", ".", "..") for part in text.split("/")):
        reader.refuse(key, "is not a folder inside the repository", "Use e.g. gitops")
    return text


def principal_arn(reader: Reader, key: str) -> str:
    """Read the ARN of one IAM role or user, with its path if it has one."""
    text = reader.text(key)
    remedy = "Use e.g. arn:aws:iam::111122223333:role/platform-admin"
    if "*" in text or "?" in text:
        reader.refuse(key, "names more than one principal", remedy)
    elif ":assumed-role/" in text:
        # Amazon EKS User Guide, "Create access entries": a session is no lasting identity.
        reader.refuse(key, "is a session of a role", f"Name the role itself. {remedy}")
    elif not _PRINCIPAL.fullmatch(text):
        reader.refuse(key, "is not the ARN of an IAM role or user", remedy)
    return text


def namespaces(reader: Reader, key: str) -> tuple[str, ...]:
    """Read a list of namespaces; empty if the key is missing. EKS would take patterns, which are refused."""
    names = reader.texts(key, [])
    if wrong := [name for name in names if not _NAMESPACE.fullmatch(name)]:
        remedy = "Use the names of single namespaces, without *"
        reader.refuse(key, f"holds what is not the name of a namespace: {', '.join(wrong)}", remedy)
    if len(set(names)) < len(names):
        reader.refuse(key, "names a namespace twice", "Keep one of them")
    return names


def time(reader: Reader, key: str) -> str:
    """Read a time as RFC 3339, in UTC."""
    text = reader.text(key)
    if not _RFC3339.fullmatch(text):
        reader.refuse(key, "is not a time", "Use e.g. 2026-01-31T12:00:00Z (UTC)")
    return text


def certificate_arn(reader: Reader, key: str) -> str | None:
    """Read the ARN of a certificate in ACM; None if it is empty."""
    text = reader.text(key)
    if text and not _CERTIFICATE.fullmatch(text):
        remedy = "Use e.g. arn:aws:acm:eu-west-1:111122223333:certificate/ID"
        reader.refuse(key, "is not the ARN of a certificate", remedy)
    return text or None


def address(reader: Reader, key: str, default_port: int) -> tuple[str, int]:
    """Read HOST or HOST:PORT; an empty host if it is empty."""
    text = reader.text(key)
    host, _, port = text.partition(":")
    number = int(port) if port.isascii() and port.isdigit() else (0 if ":" in text else default_port)
    if text and (not _HOST.fullmatch(host) or not 0 < number < 65536):
        reader.refuse(key, "is not an address", "Use HOST or HOST:PORT, or leave it empty")
    return host, number
