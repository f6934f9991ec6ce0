"""Every permission policy of the platform, by name."""

from __future__ import annotations

from collections.abc import Sequence

from planning.iam import Scope, Statement, reads, writes
from planning.iam.workloads import ADDONS, CONTROLLERS, Reach, workload


def policies(scope: Scope, reach: Reach) -> dict[str, Sequence[Statement]]:
    """What roles may do; boundaries, which grant nothing, are not among them."""
    workloads = {name: workload(name, scope, reach).statements for name in (*CONTROLLERS, *ADDONS)}
    github = {f"github {name}": found for name, found in writes.policies(scope).items()}
    return {**workloads, "github read": reads.statements(scope), **github}
