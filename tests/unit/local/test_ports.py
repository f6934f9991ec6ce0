"""Ports are chosen once, and anew only when somebody else has taken them."""

import socket
import sys

from local import paths, ports, processes
from local.processes import Process


def test_a_port_is_remembered_and_differs_by_name() -> None:
    first = ports.port("aws")
    assert ports.port("aws") == first
    assert ports.port("git") != first
    assert ports.is_free(first)


def test_a_port_that_somebody_took_is_chosen_anew() -> None:
    first = ports.port("aws")
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        other.listen()
        second = ports.port("aws")
    assert second != first
    assert ports.port("aws") == second


def test_a_port_that_our_own_process_uses_is_kept() -> None:
    number = ports.port("web")
    argv = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(number))
    processes.start(Process("web", argv, health=f"tcp://127.0.0.1:{number}", cwd=str(paths.LOCAL)))
    assert not ports.is_free(number)
    assert ports.port("web") == number
