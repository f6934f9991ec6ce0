"""The Pulumi stack `local`: its configuration, and where it is kept.

The configuration is what is known only on this machine (`facts`), and `Pulumi.local.yaml`, whose keys win. It
is written to `.local/state`, so that the committed file never changes by itself.
"""

import json
import secrets
from pathlib import Path
from typing import Any

import yaml

import settings
from local import chart, engine, environment, git, launchers, paths, pki, ports

PROJECT = settings.PROJECT
CLUSTER = f"{PROJECT}-{environment.STACK}"

PASSWORD = f"{PROJECT}:argocdAdminPassword"

OWN = (PASSWORD, f"{PROJECT}:argocdAdminPasswordHash", f"{PROJECT}:argocdAdminPasswordMtime")
"""Keys that live in the written configuration only: a rotated password stays rotated."""

HEADER = "# Written by `make up` from Pulumi.local.yaml, which is the file to edit.\n"


def facts() -> dict[str, str]:
    """What only this machine knows, by key of the configuration."""
    return {
        "repositoryUrl": git.url(),
        "repositoryRevision": "HEAD",
        "argocdUrl": f"https://127.0.0.1:{ports.port('argocd-server')}",
        "argocdChart": str(chart.CHART),
        "argocdChartRepository": "",
    }


def check() -> settings.Settings:
    """The configuration, checked; nothing runs yet. Raises settings.ConfigError with every problem."""
    known = {key: value for key, value in facts().items() if f"{PROJECT}:{key}" not in _committed()["config"]}
    return settings.check(
        environment.STACK, paths.ROOT, {**known, "argocdAdminPassword": "(made by `make up`)"}
    )


def prepare() -> None:
    """Write the stack's configuration, and make the stack, with a random password, unless it exists.

    Raises LocalError.
    """
    chart.assemble()
    launchers.write_launchers(paths.BIN)
    write_config()
    environment.backend().mkdir(parents=True, exist_ok=True)
    if not checkpoint().exists():
        engine.run("stack", "init", environment.STACK, "--non-interactive")
    if PASSWORD not in _written().get("config", {}) and OWN[1] not in _written().get("config", {}):
        engine.run("config", "set", "--secret", PASSWORD, text=secrets.token_urlsafe(18))


def outputs() -> dict[str, Any]:
    """The outputs of the stack, secrets in plain text."""
    found: dict[str, Any] = json.loads(engine.run("stack", "output", "--json", "--show-secrets"))
    return found


def checkpoint() -> Path:
    """Where the engine keeps the stack's state."""
    return environment.backend() / ".pulumi" / "stacks" / PROJECT / f"{environment.STACK}.json"


def write_config() -> None:
    """Write the configuration; see the module."""
    committed, written = _committed(), _written()
    kept = {key: value for key, value in written.get("config", {}).items() if key in OWN}
    known = {f"{PROJECT}:{key}": value for key, value in facts().items()}
    content = {**written, **committed, "config": {**known, **committed["config"], **kept}}
    pki.write_private(environment.config_file(), (HEADER + yaml.safe_dump(content, sort_keys=False)).encode())


def _committed() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((paths.ROOT / f"Pulumi.{environment.STACK}.yaml").read_text())
    return content


def _written() -> dict[str, Any]:
    file = environment.config_file()
    return (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}
