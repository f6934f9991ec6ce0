"""Keys that hold secrets: a stack's file has them encrypted or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from planning.config_reader import Reader


@dataclass(frozen=True)
class Secrets:
    """Reads the secrets of one stack."""

    reader: Reader
    stack: str
    plain: Collection[str]
    """Keys that stand in the stack's file in plain text, if they do."""

    def read(self, key: str) -> str:
        """Read a secret; empty if it is not set."""
        text = self.reader.text(key)
        return text if not text or self.check(key, text) else ""

    def check(self, key: str, text: str) -> bool:
        """Refuse the secret `text` of `key` if the file shows it; returns whether it may be used."""
        if text and key in self.plain:
            self.reader.refuse(key, "stands in the file in plain text", self.remedy(key), secret=True)
            return False
        return True

    def remedy(self, key: str) -> str:
        """Return how to set `key`."""
        return f"Run: pulumi config set --stack {self.stack} --secret {key}"
