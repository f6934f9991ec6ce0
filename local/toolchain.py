"""Builds what the local environment runs, once per user: clones with the same `toolchain/` share the result.

The result is a folder of the cache, named after a hash of all that shapes it. It is made beside its place and
renamed at the end, so that what is there is whole. An interrupted build goes on where it was, because Go's
build cache keeps every package that was compiled.
"""

import hashlib
import platform
import shutil
import tomllib
from pathlib import Path
from typing import Any

from local import golang, paths, plugins, slim
from local.build import Build
from local.golang import Go
from local.lock import LockedError, lock
from local.progress import Step

SOURCES = paths.ROOT / "toolchain"


def ensure(step: Step) -> None:
    """Build the toolchain unless the cache has it, and link it into `.local`.

    A build that another process has begun is waited for. Raises LocalError.
    """
    built = paths.CACHE / "toolchain" / content_hash()
    if not built.exists():
        _build_alone(built, step)
    step.result = step.result or "nothing to build"
    link(built)


def content_hash() -> str:
    """Hash of the sources, of Go's version, of how Go is called and of the kind of machine."""
    digest = hashlib.sha256()
    for fact in (golang.go_version(), *golang.FLAGS, platform.system(), platform.machine()):
        digest.update(f"{fact}\0".encode())
    for file in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(SOURCES)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def link(built: Path) -> None:
    """Point the links in `.local` to this toolchain; other files there stay."""
    paths.BIN.mkdir(parents=True, exist_ok=True)
    for file in (built / "bin").iterdir():
        _link(paths.BIN / file.name, file)
    _link(paths.SHARE, built / "share")
    plugins.link()


def _link(name: Path, target: Path) -> None:
    if name.is_symlink() and name.readlink() == target:
        return
    fresh = name.with_name(f"{name.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(name)


def _build_alone(built: Path, step: Step) -> None:
    file = built.with_suffix(".lock")
    try:
        with lock(file, wait=False):
            _build(built, step)
    except LockedError:
        step.note("Another build of this toolchain is running: waiting for it")
        with lock(file):
            if not built.exists():
                _build(built, step)


def _build(built: Path, step: Step) -> None:
    work = built.with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    modules: dict[str, Any] = tomllib.loads((SOURCES / "toolchain.toml").read_text())
    result = work / "result"
    for folder in ("bin", "share"):
        (result / folder).mkdir(parents=True)
    go = Go()
    for name, module in modules.items():
        _prepare(go, name, module, work, step)
    Build(go, work, result / "bin", step).run(modules)
    for name, module in modules.items():
        _add_files(go, work / name, module, result)
    result.rename(built)
    shutil.rmtree(work)


def _prepare(go: Go, name: str, module: dict[str, Any], work: Path, step: Step) -> None:
    shutil.copytree(SOURCES / name, work / name)
    for source in module.get("sources", ()):
        step.status(f"copying the needed parts of {source['module']}")
        slim.copy(go, source, work / name / "slim" / source["name"], work / f"{name}.log")


def _add_files(go: Go, folder: Path, module: dict[str, Any], result: Path) -> None:
    for name, target in module.get("links", {}).items():
        (result / "bin" / name).symlink_to(target)
    for file in module.get("files", ()):
        found = go.run(["list", "-m", "-f", "{{.Dir}}", file["module"]], folder, folder.with_suffix(".log"))
        source, target = Path(found.strip()) / file["path"], result / file["to"]
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, target)
            target.chmod(0o755)
