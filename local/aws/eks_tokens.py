"""Kubernetes tokens of `aws eks get-token`: with AWS_ENDPOINT_URL they are signed for the emulator's STS."""

import base64
import binascii
import os
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

from ministack.services import eks

PREFIX = "k8s-aws-v1."

Decoded = tuple[SplitResult, dict[str, list[str]]]
"""The presigned URL in a token, and its query."""


class OwnSts(SplitResult):
    """A URL of the emulator's STS, which is the regional STS of whatever region a caller signs for."""

    @property
    def hostname(self) -> str:
        """The name that ministack expects; the signature is still checked with the signed address."""
        scope = parse_qs(self.query).get("X-Amz-Credential", [""])[0].split("/")
        return f"sts.{scope[2]}.amazonaws.com" if len(scope) == 5 else ""


def install() -> None:
    """The webhook takes tokens signed for this emulator like those signed for sts.<region>.amazonaws.com.

    All else (key, signature, age, cluster, access entry) is ministack's own check.
    """
    known: Callable[[str], Decoded | None] = eks._decode_aws_iam_token
    own = f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"

    def decode(token: str) -> Decoded | None:
        url = _url(token)
        if url is None or (url.scheme, url.netloc, url.path) != ("http", own, "/"):
            return known(token)
        query = parse_qs(url.query, keep_blank_values=True)
        return (OwnSts(*url), query) if all(len(values) == 1 for values in query.values()) else None

    eks._decode_aws_iam_token = decode


def _url(token: str) -> SplitResult | None:
    try:
        return urlsplit(base64.urlsafe_b64decode(f"{token.removeprefix(PREFIX)}==").decode())
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
