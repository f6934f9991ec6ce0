"""Where the local environment keeps its files."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""

LOCAL = ROOT / ".local"
"""Everything that the local environment makes inside the project; git ignores it."""

BIN = LOCAL / "bin"
"""Links and wrappers, first on the PATH of every process of the environment."""

SHARE = LOCAL / "share"
"""Link to the data files that the toolchain took out of its modules."""

LOGS = LOCAL / "logs"
"""One `<process>.log` per process, and `<process>.previous.log` from the start before."""

STATE = LOCAL / "state"
"""State of AWS, Kubernetes and Pulumi; survives `make down`."""

RUN = LOCAL / "run"
"""One record per process, see `local.processes`."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gitops-platform"
"""Binaries and Go packages, shared by all clones of this user."""
