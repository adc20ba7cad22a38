"""Exports at 30, 1,000 and 15,000 places: time, memory and size of each kind, and how soon a browser shows a page.

Run: ``python benchmarks/bench_export.py [--municipalities N]``

Each export runs in a process of its own that first reads the network; only the export itself is timed. The plain
writers of NetworkX write the same graph for comparison. A page is readable when its names stand on the picture, in
headless Chromium without a graphics card and without a network.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import measure

SIZES = (30, 1_000, 15_000)
PLAIN = ("plain gexf", "plain graphml", "plain csv")


def narrowed(table: Any, size: int) -> Any:
    """Return the ties among the places nearest to the one with most partners, as many places as asked for."""
    import dataclasses
    from collections import Counter, deque

    neighbours: dict[str, set[str]] = {}
    for tie in table.ties:
        for key in tie.participants:
            neighbours.setdefault(key, set()).update(tie.participants)
    degrees = Counter({key: len(found) for key, found in neighbours.items()})
    reached: dict[str, None] = {}
    for start, _ in degrees.most_common():
        waiting = deque([start] if start not in reached else [])
        while waiting and len(reached) < size:
            key = waiting.popleft()
            if key not in reached:
                reached[key] = None
                waiting.extend(sorted(neighbours[key] - set(reached))[:6])
        if len(reached) >= size:
            break
    ties = [tie for tie in table.ties if all(key in reached for key in tie.participants)]
    return dataclasses.replace(table, ties=ties)


def plain(kind: str, graph: Any) -> bytes:
    """Write a graph as NetworkX does, without time, places and colours."""
    import networkx as nx

    buffer = io.BytesIO()
    if kind == "plain gexf":
        nx.write_gexf(graph, buffer)
    elif kind == "plain graphml":
        nx.write_graphml(graph, buffer)
    else:
        import polars as pl

        rows = [{"Source": one, "Target": other, **values} for one, other, values in graph.edges(data=True)]
        pl.DataFrame(rows, infer_schema_length=None).write_csv(buffer)
    return buffer.getvalue()


def one(store: str, kind: str, size: int, target: str) -> None:
    """Export once and print what it took."""
    import resource

    import twingraph
    from twingraph.exporting.evidence import read_statements
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.model import Export, Source
    from twingraph.exporting.rdf_files import to_rdf
    from twingraph.networks.network import read_ties
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import Selection

    with twingraph.open(store) as graph:
        network = select(narrowed(read_ties(graph), size), Selection())
        ids = sorted({support.source for tie in network.ties for support in tie.supports})
        export = Export(network, [Source(name, network.sources.get(name, name)) for name in ids])
        began = time.process_time()
        if kind == "layout":
            from twingraph.exporting.layouts import positions

            content = repr(positions(network.possible)).encode()
        elif kind in PLAIN:
            content = plain(kind, network.possible)
        elif EXPORTS[kind].write is None:
            content = to_rdf(graph, export, kind)
        else:
            if EXPORTS[kind].shows_claims:
                export.statements = read_statements(graph, export)
            content = EXPORTS[kind].write(export)
        took = time.process_time() - began
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(target).write_bytes(content)
    sizes = {"places": len(network.possible), "ties": network.possible.number_of_edges()}
    print(json.dumps({"seconds": took, "memory": after, "bytes": len(content), **sizes}))


def readable(page: Path) -> float:
    """Return the seconds until a browser shows a page with its names."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        browser = play.chromium.launch(executable_path=path, args=flags)
        opened = browser.new_context(offline=True, viewport={"width": 1300, "height": 800}).new_page()
        opened.goto(page.as_uri(), timeout=120_000)
        opened.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
        found = float(opened.get_attribute("html", "data-ready") or 0) / 1000
        browser.close()
    return found


def main() -> None:
    """Print the tables."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
        return
    from twingraph.exporting.formats import EXPORTS

    parser = measure.parser(__doc__ or "")
    every = ["layout", *EXPORTS, *PLAIN]
    parser.add_argument("--kinds", nargs="+", choices=every, default=every, metavar="KIND", help="only these")
    options = parser.parse_args()
    store = measure.built_store(options)
    rows, pages = [], []
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.kinds:
            cells = []
            for size in SIZES:
                target = Path(folder) / f"{kind}-{size}.html"
                command = [sys.executable, __file__, "--one", str(store), kind, str(size), str(target)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                took = json.loads(done.stdout)
                counts[size] = took
                cells.append(f"{took['seconds']:.2f} s, {took['bytes'] / 1e6:.2f} MB, {took['memory']:.0f} MiB")
                if kind in ("html", "map"):
                    pages.append((kind, size, readable(target)))
            rows.append([kind, *cells])
    heads = [f"{counts[size]['places']:,} places, {counts[size]['ties']:,} ties" for size in SIZES]
    print(measure.markdown_table(["kind", *heads], rows))
    print()
    seconds = {(kind, size): found for kind, size, found in pages}
    table = [
        [kind, *(f"{seconds[kind, size]:.1f} s" for size in SIZES)]
        for kind in ("html", "map")
        if (kind, SIZES[0]) in seconds
    ]
    print(measure.markdown_table(["page readable after", *heads], table))


if __name__ == "__main__":
    main()
