"""Closes the gaps of ministack that the program meets: each entry restores one documented behaviour of AWS.

An entry is a function for one API operation of one service, registered with `restores`. It gets the request
and a function that has ministack answer it; it may change the answer, complete the record behind it, or
answer itself.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from ministack import app

from local.aws import persistence

Response = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""

Forward = Callable[[], Awaitable[Response]]
"""Has ministack answer the request."""

Call = tuple[str, str, dict[str, str], bytes, dict[str, list[str]]]
"""Method, path, headers, body, query."""

Handler = Callable[[*Call], Awaitable[Response]]
"""A service of ministack."""


@dataclass(frozen=True)
class Request:
    """One API call."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, list[str]]
    labels: Mapping[str, str]
    """Values of the `{…}` parts of the entry's route."""

    def json(self) -> dict[str, Any]:
        """The body of a REST or JSON call; empty when it is no JSON object, which ministack then refuses."""
        try:
            body = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def form(self) -> dict[str, str]:
        """The parameters of a query call."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


Entry = Callable[[Request, Forward], Awaitable[Response]]

_entries: dict[str, list[tuple[re.Pattern[str], Entry]]] = {}


def restores(service: str, operation: str) -> Callable[[Entry], Entry]:
    """Register an entry for an operation: `"POST /clusters/{cluster}"` in a REST service, else its name.

    `{name}` matches one part of the path, `{name+}` any number of them.
    """
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", operation))

    def register(entry: Entry) -> Entry:
        _entries.setdefault(service, []).append((re.compile(pattern), entry))
        return entry

    return register


def install() -> None:
    """Put the entries, and saving after each change, before ministack's services."""
    for service, handler in app.SERVICE_HANDLERS.items():
        app.SERVICE_HANDLERS[service] = _adapted(handler, _entries.get(service, []))


async def call(service: str, action: str, **parameters: str) -> str:
    """Call a query-protocol operation of another service as the account and region of the current request.

    Returns the XML of the answer; raises RuntimeError with it when the service refuses.
    """
    query = {"Action": [action], **{name.replace("_", "."): [value] for name, value in parameters.items()}}
    handler: Handler = app.SERVICE_HANDLERS[service]
    status, _, body = await handler("POST", "/", {}, b"", query)
    if status != 200:
        raise RuntimeError(f"{service} {action}: {body.decode()}")
    return body.decode()


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def refuse(status: int, code: str, message: str) -> Response:
    """An error answer of a REST or JSON service; `code` is the name of the exception in its API reference."""
    _, headers, body = answer({"__type": code, "message": message})
    return status, {**headers, "x-amzn-errortype": code}, body


def _adapted(handler: Handler, entries: Sequence[tuple[re.Pattern[str], Entry]]) -> Handler:
    async def handle(*given: *Call) -> Response:
        operation = _operation(*given)
        for pattern, entry in entries:
            if match := pattern.fullmatch(operation):
                response = await entry(Request(*given, match.groupdict()), lambda: handler(*given))
                break
        else:
            response = await handler(*given)
        if not re.match(r"(GET|HEAD) |Describe|Get|List", operation):
            persistence.changed()
        return response

    return handle


def _operation(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, list[str]]
) -> str:
    """What `restores` calls an operation."""
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    if "Action" in query:
        return query["Action"][0]
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        return parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    return f"{method} {path}"
