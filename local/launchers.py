"""Commands of the local environment that are Python: written into `.local/bin`, beside the built ones."""

import shlex
import sys
from pathlib import Path

from local import paths

MODULES = {
    "pulumi-language-python": "local.language_host",
    "pulumi-resource-eks": "local.pulumi_eks",
}
"""Plugins of the Pulumi engine, which finds them by name on the PATH."""

POLICY_HOST = "pulumi-analyzer-policy-python"
"""The plugin that runs policy packs; it stays in the folder where it is started."""


def write_launchers(bin: Path) -> None:  # noqa: A002
    """Make the plugins and `aws` executable in the folder `bin`, replacing what is there."""
    bin.mkdir(parents=True, exist_ok=True)
    for name, module in MODULES.items():
        _write(bin / name, _script(module))
    host, python = shlex.quote(str(paths.ROOT / "local" / "policy_host.py")), shlex.quote(sys.executable)
    _write(bin / POLICY_HOST, f'#!/bin/sh\nexec {python} -I {host} "$@"\n')
    link = bin / "aws"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(sys.executable).parent / "aws")


def _script(module: str) -> str:
    root, python = shlex.quote(str(paths.ROOT)), shlex.quote(sys.executable)
    return f'#!/bin/sh\ncd {root} && exec {python} -m {module} "$@"\n'


def _write(file: Path, text: str) -> None:
    # Not in place: the engine may be executing it.
    new = file.with_name(f".{file.name}.new")
    new.write_text(text)
    new.chmod(0o755)
    new.replace(file)
