"""Smaller copies of upstream modules, made by the rules of `toolchain/toolchain.toml`."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from local.errors import LocalError
from local.golang import Go


def copy(go: Go, source: dict[str, Any], target: Path, log: Path) -> None:
    """Make a smaller copy of the module at `target`, from the whole module whose checksum is verified.

    Raises LocalError when the checksum differs or an edit matches nothing.
    """
    origin = _download(go, source, log)
    kept = {Path(folder): set(names) for folder, names in source.get("keep", {}).items()}
    removed = {path for pattern in source.get("remove", ()) for path in origin.glob(pattern)}

    def left_out(folder: str, names: list[str]) -> set[str]:
        here = Path(folder)
        keep = kept.get(here.relative_to(origin))
        return {
            name
            for name in names
            if name.endswith("_test.go")
            or here / name in removed
            or (keep is not None and name not in keep and (here / name).is_dir())
        }

    # Contents only: the files of Go's module cache are read-only.
    shutil.copytree(origin, target, ignore=left_out, copy_function=shutil.copyfile, dirs_exist_ok=True)
    for folder, _, _ in os.walk(target):
        Path(folder).chmod(0o755)
    for edit in source.get("edits", ()):
        _edit(target / edit["file"], edit["pattern"], edit["replacement"])


def _download(go: Go, source: dict[str, Any], log: Path) -> Path:
    module = f"{source['module']}@{source['version']}"
    # The checksum below is ours to verify; the public database does not know all of these modules.
    arguments = ["mod", "download", "-x", "-json", module]
    found = json.loads(go.run(arguments, log.parent, log, GONOSUMDB=source["module"]))
    if found["Sum"] != source["sum"]:
        raise LocalError(
            f"The Go module {module} is not the one in toolchain.toml: its checksum is {found['Sum']}."
        )
    return Path(found["Dir"])


def _edit(file: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, lambda _: replacement, file.read_text(), flags=re.MULTILINE)
    if not count:
        raise LocalError(f"toolchain.toml edits {file.name}, but nothing in it matches {pattern!r}.")
    file.write_text(text)
