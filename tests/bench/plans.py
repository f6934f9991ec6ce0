"""What a plan costs by the number of its resources: time, and the memory of all that makes it.

The program is `tests/bench/program`; it plans SSM parameters, all to be created. The sizes are planned in
turns, so that a machine that gets slower meanwhile does so for all of them.
"""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from tests.bench.report import Report
from tests.local.clone import Clone

SIZES = (0, 100, 1000)
RUNS = 3
INTERVAL = 0.05
"""Seconds between two looks at the memory."""
MIB = 1024**2


@dataclass
class Plans:
    """The plans of one size."""

    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """Most of the resident MiB of engine, provider, language host and program together."""


def plans(clone: Clone, report: Report) -> None:
    """Measure, in the environment of a clone whose emulator runs."""
    folder = clone.folder / "tests/bench/program"
    config = clone.folder / "Pulumi.bench.yaml"
    config.touch()
    env = dict(line.split("=", 1) for line in clone.shell("env -0").split("\0") if "=" in line)
    env |= {"PULUMI_STACK": "bench", "PULUMI_OPTION_CONFIG_FILE": str(config)}
    subprocess.run(["pulumi", "stack", "init", "bench"], cwd=folder, env=env, check=True, capture_output=True)
    found = {size: Plans() for size in SIZES}
    for _ in range(RUNS):
        for size, measured in found.items():
            seconds, memory = _plan(folder, {**env, "BENCH_RESOURCES": str(size)})
            measured.seconds.append(seconds)
            measured.memory.append(memory)
    _report(found, report)


def _plan(folder: Path, env: dict[str, str]) -> tuple[float, float]:
    """Seconds and MiB of one preview."""
    begun, most = time.monotonic(), 0
    command = ["pulumi", "preview", "--non-interactive", "--suppress-outputs"]
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL) as pulumi:
        engine = psutil.Process(pulumi.pid)
        while pulumi.poll() is None:
            most = max(most, _resident(engine))
            time.sleep(INTERVAL)
    if pulumi.returncode:
        raise RuntimeError(f"a plan of {env['BENCH_RESOURCES']} resources failed")
    return time.monotonic() - begun, most / MIB


def _resident(engine: psutil.Process) -> int:
    total = 0
    try:
        for process in (engine, *engine.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:  # ended meanwhile; the next look has all that is left
        return 0
    return total


def _report(found: dict[int, Plans], report: Report) -> None:
    empty = median(found[0].seconds)
    # It is what the others are measured by, and twice as slow on a busy host: 3 to 6 s were seen.
    report.row("preview, empty program", found[0].seconds, 10, "s")
    for size, limit, memory in ((100, 10, 500), (1000, 30, 700)):
        plan = found[size]
        each = [1000 * (seconds - empty) / size for seconds in plan.seconds]
        report.row(f"preview, {size:,} resources", plan.seconds, limit, "s")
        report.row("… each, beyond the empty program", each, 1000 * limit / size, "ms")
        report.row("… in previews of the empty program", [median(plan.seconds) / empty], 3 * limit / 5, "x")
        report.row("… most memory", plan.memory, memory, "MiB")
