"""Runs checkov on one translated plan, without a network."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from operations.security.findings import Finding
from operations.terraform_plan import Document

PROGRAM = Path(__file__).parents[2] / ".venv-checkov" / "bin" / "checkov"
"""In a virtual environment of its own: checkov pins boto3 versions that the project has left behind."""

NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody is (the discard port): whatever would ask the network fails at once."""

FAILED = (0, 1)
"""Exit codes with which checkov has done its work: all passed, something failed."""


class CheckovError(Exception):
    """checkov did not judge the plan."""


def findings(document: Document, plan: str) -> list[Finding]:
    """What every rule of checkov says of the plan. Raises CheckovError if it cannot read all of it."""
    if not PROGRAM.exists():
        raise CheckovError(f"There is no {PROGRAM}: run `make check-security`, which installs it.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "plan.json")
        file.write_text(json.dumps(document))
        report = _run(file)
    results = report["results"]
    if results["parsing_errors"] or report["summary"]["resource_count"] != _count(document):
        raise CheckovError(
            f"checkov read {report['summary']['resource_count']} of {_count(document)} resources."
        )
    return [
        Finding(found["check_id"], found["check_name"], plan, found["resource"], passed)
        for key, passed in (("passed_checks", True), ("failed_checks", False))
        for found in results[key]
    ]


def _count(document: Document) -> int:
    return len(document["planned_values"]["root_module"]["resources"])


def _run(file: Path) -> dict[str, Any]:
    command = [str(PROGRAM), "--file", str(file), "--framework", "terraform_plan"]
    command += ["--skip-download", "--compact", "--output", "json"]
    # Neither the user's settings nor their accounts; the folder holds no .checkov.yaml.
    env = {"PATH": os.defpath, "HOME": str(file.parent), "LOG_LEVEL": "ERROR"}
    env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
    done = subprocess.run(command, cwd=file.parent, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in FAILED:
        raise CheckovError(f"checkov ended with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise CheckovError(
            f"checkov printed no report:\n{done.stdout[-500:]}{done.stderr[-2000:]}"
        ) from error
    return report
