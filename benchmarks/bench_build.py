"""``twingraph build`` at world scale against Oxigraph's own bulk load of the same triples.

Run: ``python benchmarks/bench_build.py [--rounds N]``

The bare load reads ready-made N-Quads (those of the build's release) from disk into a new store on disk; the
build makes them first, from CSV files, and writes all release files too. Both are whole processes that take
turns; the ratio is that of the medians of CPU time. The stages are timed inside one more build.
"""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure

BARE = """
import sys, pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
store.flush()
assert len(store)
"""

# Stages by the function of the pipeline that does them.
STAGES = {
    "input_digest": "digest of the input",
    "read_dataset": "read and check the data",
    "Resolver": "index the names",
    "conclude": "resolve and conclude partnerships",
    "conclude_subjects": "conclude everything else",
    "write_quads": "make the quads",
    "add_vocabulary": "add the vocabulary",
    "_write_lines": "write the N-Quads",
    "_load": "load the store",
    "write_release": "write the other release files",
}


def time_stages(data: str, store: str) -> None:
    """Build once and print the CPU seconds of each stage as JSON."""
    from twingraph.building import pipeline, release

    taken: dict[str, float] = {}

    def timed(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            began = measure.own_cpu()
            try:
                return function(*args, **kwargs)
            finally:
                taken[name] = taken.get(name, 0.0) + measure.own_cpu() - began

        return call

    pipeline.QuadBuckets.settle = timed(pipeline.QuadBuckets.settle, "sort the quads")
    for function, name in STAGES.items():
        place = pipeline if hasattr(pipeline, function) else release
        setattr(place, function, timed(getattr(place, function), name))
    began = measure.own_cpu()
    pipeline.build(Path(data), Path(store))
    taken["all"] = measure.own_cpu() - began
    print(json.dumps(taken))


def main() -> None:
    """Measure and print the tables."""
    parser = measure.parser("Time the build at world scale against Oxigraph's bulk load.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stages-into", help=argparse.SUPPRESS)
    options = parser.parse_args()
    data = measure.world(options)
    if options.stages_into:
        time_stages(str(data), options.stages_into)
        return
    # Not the store that the other benchmarks ask.
    store, bare = options.work / "store-of-build", options.work / "store-of-bare-load"
    nquads = options.work / "ready-made.nq"
    ours: list[measure.Cost] = []
    theirs: list[measure.Cost] = []
    unchanged: list[measure.Cost] = []
    counts: dict[str, int] = {}
    for number in range(options.rounds):
        shutil.rmtree(store, ignore_errors=True)
        ours.append(measure.run(measure.twingraph("build", "--quiet", "--data", data, "--store", store)))
        build = measure.current_build(store)
        for _ in range(3):
            again = measure.run(measure.twingraph("build", "--quiet", "--data", data, "--store", store))
            if measure.current_build(store) == build:
                unchanged.append(again)
                break
            # Somebody edits twingraph itself at the same time, so that there was work to do.
            build = measure.current_build(store)
        if not counts:
            counts = json.loads((build / "counts.json").read_bytes())
            shutil.copyfile(build / "release" / "twingraph.nq", nquads)
        shutil.rmtree(bare, ignore_errors=True)
        theirs.append(measure.run([sys.executable, "-c", BARE, str(nquads), str(bare)]))
        print(
            f"round {number + 1}: build {ours[-1].cpu:.1f} s, bare load {theirs[-1].cpu:.1f} s of CPU", file=sys.stderr
        )
    shutil.rmtree(store, ignore_errors=True)
    shutil.rmtree(bare, ignore_errors=True)
    stages = subprocess.run(
        [sys.executable, __file__, *_same_world(options), "--stages-into", str(store)],
        check=True,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(store, ignore_errors=True)
    nquads.unlink()
    _print(counts, ours, theirs, unchanged, json.loads(stages.stdout))


def _same_world(options: argparse.Namespace) -> list[str]:
    names = ("work", "municipalities", "partnerships", "seed")
    return [word for name in names for word in (f"--{name}", str(getattr(options, name)))]


def _print(
    counts: dict[str, int],
    ours: list[measure.Cost],
    theirs: list[measure.Cost],
    unchanged: list[measure.Cost],
    stages: dict[str, float],
) -> None:
    build, bare = measure.middle(ours), measure.middle(theirs)
    rows = [
        [name, f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.memory:,.0f}", f"{counts['triples'] / cost.cpu:,.0f}"]
        for name, cost in (("`twingraph build`", build), ("bare bulk load of the same N-Quads", bare))
    ]
    if unchanged:
        again = measure.middle(unchanged)
        rows.append(
            ["`twingraph build`, nothing changed", f"{again.cpu:.2f}", f"{again.wall:.2f}", f"{again.memory:,.0f}", ""]
        )
    print(measure.markdown_table(["process", "CPU s", "wall s", "peak MiB", "triples per CPU s"], rows))
    print()
    print(
        f"{counts['triples']:,} triples from {counts['claims']:,} claims of {counts['sources']:,} sources about "
        f"{counts['partnerships']:,} partnerships of {counts['municipalities']:,} municipalities. "
        f"The build takes {build.cpu / bare.cpu:.2f} times the bare load (medians of {len(ours)} rounds)."
    )
    print()
    whole = stages.pop("all")
    rows = [[name, f"{seconds:.1f}", f"{seconds / whole:.0%}"] for name, seconds in stages.items()]
    rest = whole - sum(stages.values())
    rows.append(["everything else", f"{max(rest, 0):.1f}", f"{max(rest, 0) / whole:.0%}"])
    print(measure.markdown_table(["stage", "CPU s", "share"], rows))


if __name__ == "__main__":
    main()
