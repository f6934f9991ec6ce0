"""`python -m settings STACK`: checks a stack's files; exit code 0, or 2 with the list of problems.

Warnings are told, too, and change nothing.
"""

import sys
from pathlib import Path

import settings


def main(arguments: list[str]) -> int:
    """Check the stack that `arguments` name."""
    if len(arguments) != 1:
        print("usage: python -m settings STACK", file=sys.stderr)
        return settings.INVALID
    try:
        checked = settings.check(arguments[0], Path(), {})
    except settings.ConfigError as error:
        print(error, file=sys.stderr)
        return settings.INVALID
    for warning in checked.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
