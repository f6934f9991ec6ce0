"""What goes wrong with the local environment, said so that a person can do something about it."""

from pathlib import Path


class LocalError(Exception):
    """A step cannot be done: the cause as far as it is known, the log that tells more, and the remedy."""

    def __init__(self, cause: str, *, log: Path | None = None, remedy: str | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.log = log
        self.remedy = remedy

    def __str__(self) -> str:
        """All of it, with the last lines of the log."""
        lines = [self.cause]
        if self.log and self.log.exists():
            end = self.log.read_text(errors="replace").splitlines()[-LINES:]
            lines += [f"The last lines of {self.log}:", *(f"  | {line}" for line in end)]
        if self.remedy:
            lines.append(f"What to do: {self.remedy}")
        return "\n".join(lines)


LINES = 20
"""How much of a log is shown."""
