"""What all benchmarks share: running processes and reading their cost, tables, a description of the machine."""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

__all__ = ["Cost", "built_store", "machine", "markdown_table", "parser", "run", "twingraph", "world"]

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, its finished children included.

    Attributes:
        cpu: seconds of user and system time.
        wall: seconds from start to end.
        memory: the most memory in use at once, in MiB, of the largest process of the tree.
    """

    cpu: float
    wall: float
    memory: float


def run(command: Sequence[str], *, quiet: bool = True) -> Cost:
    """Run a command to its end and return what it took.

    Raises:
        SystemExit: the command failed; its last words are shown.
    """
    import time

    with tempfile.TemporaryFile() as words:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL if quiet else None, stderr=words)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{words.read().decode(errors='replace')[-3000:]}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / scale)


def twingraph(*arguments: str | Path) -> list[str]:
    """Return the command line of the ``twingraph`` that belongs to this Python."""
    script = Path(sys.executable).with_name("twingraph")
    if not script.exists():
        raise SystemExit("there is no twingraph beside this Python; install it first: pip install -e .")
    return [str(script), *map(str, arguments)]


def parser(description: str) -> argparse.ArgumentParser:
    """Return a command line with the options that all benchmarks take."""
    found = argparse.ArgumentParser(description=description)
    found.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "twingraph-benchmarks",
        help="folder for the made-up world and the stores; kept for the next run [default: %(default)s]",
    )
    found.add_argument("--municipalities", type=int, default=30_000)
    found.add_argument("--partnerships", type=int, default=50_000)
    found.add_argument("--seed", type=int, default=1)
    return found


def world(options: argparse.Namespace) -> Path:
    """Return the data folder of the made-up world, written now if it is not there."""
    sizes = (options.municipalities, options.partnerships, options.seed)
    folder: Path = options.work / ("world-" + "-".join(map(str, sizes)))
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        names = ("--municipalities", "--partnerships", "--seed")
        values = [word for pair in zip(names, map(str, sizes), strict=True) for word in pair]
        run([sys.executable, str(HERE / "world.py"), str(partial), *values])
        partial.rename(folder)
    return folder


def built_store(options: argparse.Namespace) -> Path:
    """Return a store of the world, built with the code as it is now."""
    store: Path = options.work / "store"
    run(twingraph("build", "--data", world(options), "--store", store))
    return store


def current_build(store: Path) -> Path:
    """Return the folder of a store's current build."""
    from twingraph.stores import storage

    return storage.current_build(store)


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians; of memory the largest."""
    return Cost(
        median(cost.cpu for cost in costs), median(cost.wall for cost in costs), max(cost.memory for cost in costs)
    )


def own_cpu() -> float:
    """Return the CPU seconds of this process, all its threads included."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 1) -> str:
    """Return a Markdown table; columns from `numbers` on are aligned to the right."""
    rule = ["---" if index < numbers else "---:" for index in range(len(header))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def machine() -> str:
    """Return a line on the machine and the versions, without its name or a date."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    names = ("pyoxigraph", "rdflib", "polars", "click", "networkx", "igraph", "scipy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}"
