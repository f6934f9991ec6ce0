"""Starts Python policy packs for the Pulumi engine: the local stack's `pulumi-analyzer-policy-python`.

The official one comes with the engine's downloads. Like it, this only finds the pack's own interpreter,
which PulumiPolicy.yaml names as option `virtualenv`; the rest is a module of the Python SDK.
It is run as a file: the engine starts it in the pack's folder, which must stay the working directory.
"""

import os
import sys
from pathlib import Path

OPTION = "-virtualenv="
"""How the engine passes the option on."""


def command(arguments: list[str]) -> list[str]:
    """The command that serves the pack in the working directory.

    Raises FileNotFoundError if its interpreter is not there.
    """
    folder = next((text.removeprefix(OPTION) for text in arguments if text.startswith(OPTION)), None)
    python = Path(folder, "bin", "python").absolute() if folder else Path(sys.executable)
    if not python.exists():
        raise FileNotFoundError(
            f"There is no {python}; PulumiPolicy.yaml names it. Run `make policy/.venv/stamp`."
        )
    kept = [text for text in arguments if not text.startswith(OPTION)]
    return [str(python), "-u", "-m", "pulumi.policy", *kept]


def main() -> None:
    """Become that command."""
    try:
        chosen = command(sys.argv[1:])
    except FileNotFoundError as missing:
        sys.exit(str(missing))
    os.execv(chosen[0], chosen)  # noqa: S606  # no shell is what is wanted


if __name__ == "__main__":
    main()
