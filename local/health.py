"""Whether a server on loopback answers."""

import socket
import ssl
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT = 2.0
"""Seconds that one probe may take."""

CLOSING = 2.0
"""Seconds in which the kernel may still be closing the sockets of a process that was killed."""


def healthy(address: str, ca: str | None = None) -> bool:
    """Whether an `http(s)` address answers 2xx, or a `tcp` address accepts a connection.

    `ca` is the file with the certificate that an `https` answer is checked against.
    """
    if address.startswith("tcp://"):
        return answers(address)
    # Loopback is never behind a proxy, whatever the environment says.
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    try:
        if address.startswith("https://"):
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
        with urllib.request.build_opener(*handlers).open(address, timeout=TIMEOUT) as response:
            return 200 <= int(response.status) < 300
    except (OSError, urllib.error.URLError, ValueError):
        return False


def answers(address: str) -> bool:
    """Whether anything accepts connections at the address's host and port."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT):
            return True
    except OSError:
        return False


def falls_silent(address: str) -> bool:
    """Whether nobody answers at the address, at the latest after CLOSING."""
    deadline = time.monotonic() + CLOSING
    while answers(address):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
