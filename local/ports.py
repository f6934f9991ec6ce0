"""Loopback ports: free ones are chosen once, by name, and remembered."""

import json
import random
import re
import socket

from local import liveness, paths, records
from local.lock import lock

# Below the ranges from which Linux (32768 up) and macOS (49152 up) take the ports of outgoing connections,
# so that a remembered port is not lost to one of them while the environment is down.
CANDIDATES = range(20000, 30000)


def port(name: str) -> int:
    """The port of `name` on 127.0.0.1: the remembered one, unless another program has taken it meanwhile."""
    file = paths.STATE / "ports.json"
    with lock(paths.RUN / "ports.lock"):
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        known = ports.get(name)
        if known is None or not (is_free(known) or _is_ours(known)):
            ports[name] = _choose(set(ports.values()))
            paths.STATE.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".partial")
            partial.write_text(json.dumps(ports, indent=2, sort_keys=True) + "\n")
            partial.replace(file)
        return ports[name]


def is_free(number: int) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        # Connections of an earlier listener that are still closing do not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def _choose(taken: set[int]) -> int:
    while True:
        number = random.choice(CANDIDATES)  # noqa: S311 - a port is no secret
        if number not in taken and is_free(number):
            return number


def _is_ours(number: int) -> bool:
    """Whether a living process of this environment was given this port."""
    given = (record.process.words() for record in records.read_all() if liveness.find(record))
    return any(re.search(rf"\b{number}\b", words) for words in given)
