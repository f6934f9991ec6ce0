"""Every type that the local provider has, what it is created from, and how it changes."""

from tests.local.aws.lifecycle import accounts, cluster, network
from tests.local.aws.lifecycle.row import Row

ROWS: dict[str, Row] = {row.name: row for row in (*accounts.ROWS, *network.ROWS, *cluster.ROWS)}
"""By name; a row is after those that it refers to, unless it changes to refer to them."""
