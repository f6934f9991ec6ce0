"""Progress that a person can follow: a live line on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

PLAIN_INTERVAL = 10.0
"""Seconds between two lines that say how far a step is, where there is no live line."""


@dataclass
class Step:
    """One step of a command, for as long as it runs."""

    title: str
    console: Console
    live: bool
    started: float = field(default_factory=time.monotonic)
    result: str = ""
    """What came of it, said when the step ends."""
    _status: str = ""
    _said: float = field(default_factory=time.monotonic)
    _spinner: Spinner = field(default_factory=lambda: Spinner("dots"))

    @property
    def elapsed(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self.started

    def status(self, text: str) -> None:
        """How far the step is; the next status replaces it."""
        changed, self._status = text != self._status, text
        if not self.live and changed and time.monotonic() - self._said >= PLAIN_INTERVAL:
            self._said = time.monotonic()
            self.note(text)

    def note(self, text: str) -> None:
        """A line that stays."""
        self.console.print(Text(f"  {duration(self.elapsed):>6}  {text}"), soft_wrap=True)

    def __rich__(self) -> RenderableType:
        """The live line."""
        self._spinner.update(text=Text(f"{self.title}  {duration(self.elapsed)}  {self._status}"))
        return self._spinner


class Progress:
    """The steps of one command, on the console: standard error unless another is given."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.live = self.console.is_terminal and not self.console.is_dumb_terminal

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Announce a step, and say how long it took once it is over."""
        step = Step(title, self.console, self.live)
        if not self.live:
            self.console.print(Text(f"{title} ..."), soft_wrap=True)
        live = (
            Live(step, console=self.console, transient=True, refresh_per_second=8)
            if self.live
            else nullcontext()
        )
        try:
            with live:
                yield step
        except BaseException:
            self._end("failed", "red", step)
            raise
        self._end("done", "green", step)

    def _end(self, outcome: str, colour: str, step: Step) -> None:
        result = f": {step.result}" if step.result else ""
        line = Text.assemble((f"{outcome:<6}", colour), f" {duration(step.elapsed):>6}  {step.title}{result}")
        self.console.print(line, soft_wrap=True)


def duration(seconds: float) -> str:
    """`8.2s` or `3m05s`."""
    if seconds < 60:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02}s"
