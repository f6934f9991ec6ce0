"""Brings back into the stack what an engine that was killed had begun and could not write down."""

from local.progress import Step


def recover(step: Step) -> None:
    """Nothing yet."""
