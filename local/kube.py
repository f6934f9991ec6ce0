"""A client of one cluster's API server: JSON over HTTPS, nothing else."""

import json
import ssl
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from typing import Any

from local import clusters

TIMEOUT = 10.0
"""Seconds that one call may take."""

JSON = "application/json"

Object = dict[str, Any]
"""A Kubernetes object, as JSON."""


class KubeError(Exception):
    """The API server refused or could not be reached."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status; 0 when there was no answer."""


class Kube:
    """Calls with all rights on a cluster, or with those of a bearer token; for one thread."""

    def __init__(self, cluster: str, token: str | None = None) -> None:
        home = clusters.folder(cluster)
        tls = ssl.create_default_context(cafile=clusters.certificate_authority(cluster))
        self._headers = {"Accept": JSON}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        else:
            tls.load_cert_chain(home / "administrator.crt", home / "administrator.key")
        port = clusters.api_port(cluster)
        self._connection = HTTPSConnection("127.0.0.1", port, timeout=TIMEOUT, context=tls)

    def get(self, path: str) -> Object:
        """Read an object or a list."""
        return self._call("GET", path)

    def find(self, path: str) -> Object | None:
        """Read an object that may not exist."""
        try:
            return self.get(path)
        except KubeError as error:
            if error.status == 404:
                return None
            raise

    def items(self, path: str) -> list[Object]:
        """Read the objects of a list."""
        items: list[Object] = self.get(path)["items"]
        return items

    def create(self, path: str, body: Object) -> Object:
        """Create an object in the collection at `path`."""
        return self._call("POST", path, body)

    def apply(self, path: str, body: Object) -> Object:
        """Make an object what `body` says and keep what others say about it (server-side apply)."""
        query = "fieldManager=gitops-platform&force=true"
        return self._call("PATCH", f"{path}?{query}", body, "application/apply-patch+yaml")

    def delete(self, path: str, body: Object | None = None) -> None:
        """Delete an object, if it exists; `body` may be DeleteOptions."""
        try:
            self._call("DELETE", path, body)
        except KubeError as error:
            if error.status != 404:
                raise

    def _call(self, method: str, path: str, body: Object | None = None, kind: str = JSON) -> Object:
        content = None if body is None else json.dumps(body)
        headers = self._headers | ({"Content-Type": kind} if content else {})
        try:
            try:
                response = self._send(method, path, content, headers)
            except (ConnectionError, HTTPException):
                # The server had closed an idle connection.
                response = self._send(method, path, content, headers)
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise KubeError(0, f"{method} {path}: {error}") from error
        if response.status >= 300:
            raise KubeError(response.status, f"{method} {path}: {response.status} {text}")
        answer: Object = json.loads(text)
        return answer

    def _send(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> HTTPResponse:
        try:
            self._connection.request(method, path, content, headers)
            return self._connection.getresponse()
        except (ConnectionError, HTTPException):
            self._connection.close()
            raise
