"""Every query of the library at world scale: twingraph, Oxigraph by itself, and rdflib's memory store.

Run: ``python benchmarks/bench_queries.py [--without-rdflib] [--only TEXT]``

The same bound text is asked of the same files. "Oxigraph" is the engine called directly, its answer written
as TSV, which is what twingraph asks of it too; "twingraph" is `Graph.query` up to the answer, "with frame"
up to the polars data frame. They take turns, after one run that warms the caches. rdflib holds the same
triples in one graph in memory; it is asked once per query, in a copy of the process that is ended at the
cap. All times are CPU time.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import measure

#: A query over this is marked.
AIM_MS = 300.0


_PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tw: <https://w3id.org/twingraph/ontology#>
"""


def stand_ins(graph: Any) -> dict[str, str]:
    """Return things of the world to ask about: the town with most partners that has a voice, and its friends.

    Keys are names of parameters, or ``name`` for the hub's name; IRIs and names of towns under ``…_name``.
    """

    def first(text: str) -> dict[str, Any]:
        found: dict[str, Any] = graph.query(_PREFIXES + text + " LIMIT 1", frame="result").records()[0]
        return found

    hub = first(
        "SELECT ?m ?name ?source ?society WHERE { ?source tw:speaksFor ?m . "
        "?society tw:actsFor ?m ; a tw:Association . "
        "?m tw:partnerCount ?n ; tw:displayName ?name } ORDER BY DESC(?n) ?m"
    )
    this = f"<{hub['m']}>"
    partner = first(
        f"SELECT ?m ?name WHERE {{ {this} tw:isTwinnedWith ?m . ?m tw:displayName ?name ; tw:partnerCount ?n }} "
        "ORDER BY DESC(?n) ?m"
    )
    near = first(
        f"SELECT ?m ?name (COUNT(*) AS ?shared) WHERE {{ {this} tw:isTwinnedWith/tw:isTwinnedWith ?m . "
        f"?m tw:displayName ?name FILTER(?m != {this}) }} GROUP BY ?m ?name ORDER BY DESC(?shared) ?m"
    )
    item = first(f"SELECT ?id WHERE {{ {this} skos:exactMatch ?id }} ORDER BY ?id")
    return {
        "name": str(hub["name"]),
        "partner_name": str(partner["name"]),
        "near_name": str(near["name"]),
        "one": str(hub["m"]),
        "other": str(partner["m"]),
        "source": str(hub["source"]),
        "statements": str(hub["society"]),
        "identifier": str(item["id"]),
        "part": "stadt",
    }


def parameters(query: Any, known: dict[str, str]) -> dict[str, str]:
    """Return the example parameters, with what is only in the real world replaced."""
    found: dict[str, str] = {}
    for parameter in query.parameters:
        value = "" if parameter.example is None else str(parameter.example)
        if parameter.name in ("part", "identifier"):
            value = known[parameter.name]
        elif parameter.type == "name" and parameter.name == "other":
            value = known["near_name" if "common" in query.id else "partner_name"]
        elif parameter.type == "name":
            value = known["name"]
        elif parameter.type == "iri":
            value = known[
                "statements"
                if query.id.endswith("/statements")
                else parameter.name
                if parameter.name in known
                else "one"
            ]
        elif parameter.name == "source":
            value = known["source"].rpartition("/")[2]
        if value:
            found[parameter.name] = value
    return found


def cpu_ms(call: Callable[[], object]) -> float:
    """Return the CPU milliseconds of one call."""
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def in_turn(calls: list[Callable[[], object]], seconds: float) -> list[float]:
    """Return the median CPU time of each call; they take turns for about `seconds`, once to fifteen times."""
    times: list[list[float]] = [[] for _ in calls]
    began = time.process_time()
    while not times[0] or (time.process_time() - began < seconds and len(times[0]) < 15):
        for index, call in enumerate(calls):
            times[index].append(cpu_ms(call))
    return [median(values) for values in times]


def ask_oxigraph(store: Any, text: str) -> bytes:
    """Ask the engine directly and write the answer as twingraph takes it."""
    import pyoxigraph as ox

    answer = store.query(text, use_default_graph_as_union=True)
    if isinstance(answer, ox.QueryBoolean):
        return str(bool(answer)).encode()
    if isinstance(answer, ox.QuerySolutions):
        return answer.serialize(format=ox.QueryResultsFormat.TSV) or b""
    return answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b""


class RdflibAsker:
    """rdflib's memory store with all triples of a build, asked in copies of this process."""

    def __init__(self, nquads: Path, cap: float) -> None:
        import pyoxigraph as ox
        from rdflib import BNode, Graph, Literal, URIRef

        self.cap = cap
        self.graph = Graph()
        terms: dict[Any, Any] = {}
        kinds = {ox.NamedNode: lambda t: URIRef(t.value), ox.BlankNode: lambda t: BNode(t.value)}

        def term(value: Any) -> Any:
            known = terms.get(value)
            if known is None:
                make = kinds.get(type(value))
                if make:
                    known = make(value)
                elif value.language:
                    known = Literal(value.value, lang=value.language)
                elif value.datatype.value.endswith("#string"):
                    known = Literal(value.value)
                else:
                    known = Literal(value.value, datatype=URIRef(value.datatype.value))
                terms[value] = known
            return known

        began = measure.own_cpu()
        add = self.graph.store.add
        for quad in ox.parse(path=nquads, format=ox.RdfFormat.N_QUADS):
            add((term(quad.subject), term(quad.predicate), term(quad.object)), self.graph)
        terms.clear()
        self.load_seconds = measure.own_cpu() - began
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        # The copies must not write to pages only because the collector looked at them.
        gc.collect()
        gc.freeze()
        gc.disable()

    def ask(self, text: str) -> tuple[str, float, int]:
        """Return "ok", "cap" or "error", the CPU seconds, and how many rows came."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            resource.setrlimit(resource.RLIMIT_CPU, (int(self.cap) + 1, int(self.cap) + 2))
            signal.alarm(int(self.cap * 4))
            sys.setrecursionlimit(20_000)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            try:
                began = time.process_time()
                answer = self.graph.query(text)
                rows = 1 if answer.type == "ASK" else sum(1 for _ in answer)
                os.write(writer, f"{time.process_time() - began} {rows}".encode())
            except BaseException:
                os.write(writer, b"error")
            finally:
                os._exit(0)
        os.close(writer)
        said = os.read(reader, 1000).decode()
        os.close(reader)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
        if not said:
            return "cap", self.cap, 0
        if said == "error":
            return "error", 0.0, 0
        seconds, rows = said.split()
        return "ok", float(seconds), int(rows)


def main() -> None:
    """Measure and print the table."""
    options = measure.parser("Time every query of the library at world scale.")
    options.add_argument("--only", default="", help="only queries whose id holds this text")
    options.add_argument("--seconds", type=float, default=1.0, help="CPU seconds to spend on one query's repetitions")
    options.add_argument("--cap", type=float, default=10, help="seconds after which a query is given up")
    options.add_argument("--rdflib-cap", type=float, default=5, help="CPU seconds that rdflib gets for one query")
    options.add_argument("--without-rdflib", action="store_true")
    options.add_argument("--store", type=Path, help="ask this store instead of the made-up world's")
    options = options.parse_args()

    import pyoxigraph as ox

    import twingraph
    import twingraph.errors

    place = options.store or measure.built_store(options)
    build = measure.current_build(place)
    graph = twingraph.open(place)
    bare = ox.Store.read_only(str(build / "db"))
    known = stand_ins(graph)
    library = [query for query in graph.queries() if options.only in query.id]
    rows: list[list[str]] = []
    texts: list[str] = []
    graphs: set[str] = set()
    slow: list[str] = []
    ratios: list[float] = []
    for query in library:
        given = parameters(query, known)
        text = query.bind(given).text
        texts.append(text)
        try:
            # In a worker first, which can be stopped; this also warms the system's file cache.
            answer = graph.query(query.id, frame="result", timeout=options.cap, **given)
        except twingraph.errors.TwingraphError as error:
            is_late = isinstance(error, twingraph.errors.QueryTimeoutError)
            said = f"> {options.cap * 1000:,.0f}" if is_late else "fails"
            slow.append(query.id)
            rows.append([f"{query.id} **", "", said, said, "", ""])
            print(f"{query.id:45} {said}: {error}", file=sys.stderr)
            continue
        count = len(answer.records()) if answer.kind == "select" else 1
        calls: list[Callable[[], object]] = [
            partial(ask_oxigraph, bare, text),
            partial(graph.query, query.id, frame="result", **given),
        ]
        if answer.kind == "construct":
            graphs.add(query.id)
        if answer.kind == "select":
            calls.append(partial(graph.query, query.id, **given))
        engine, ours, *framed = in_turn(calls, options.seconds)
        ratios.append(ours / engine)
        if ours > AIM_MS:
            slow.append(query.id)
        name = f"{query.id} **" if ours > AIM_MS else query.id
        rows.append([name, f"{count:,}", _ms(engine), _ms(ours), f"{ours / engine:.2f}", *map(_ms, framed or [ours])])
        print(f"{query.id:45} {count:8,} rows {engine:9.1f} {ours:9.1f} ms", file=sys.stderr)
    graph.close()
    del bare
    header = ["query", "rows", "Oxigraph ms", "twingraph ms", "ratio", "with frame ms"]
    note = ""
    if not options.without_rdflib:
        asker = RdflibAsker(build / "release" / "twingraph.nq", options.rdflib_cap)
        header.append("rdflib ms")
        for row, text in zip(rows, texts, strict=True):
            said, seconds, found = asker.ask(text)
            row.append({"cap": f"> {options.rdflib_cap * 1000:,.0f}", "error": "fails"}.get(said, _ms(seconds * 1000)))
            if said == "ok" and row[1] and row[0].split()[0] not in graphs and f"{found:,}" != row[1]:
                row[-1] += ", other answer"
            print(f"{row[0]:45} rdflib {row[-1]} ms", file=sys.stderr)
        note = (
            f" rdflib needed {asker.load_seconds:.0f} s of CPU and {asker.memory / 1024:.1f} GiB to hold the triples "
            f"in memory, and got {options.rdflib_cap:g} s for each query."
        )
    print(measure.markdown_table(header, rows))
    print()
    print(
        f"{len(rows)} queries; {len(slow)} over {AIM_MS:.0f} ms (marked **); median ratio of twingraph to Oxigraph "
        f"{median(ratios):.2f}.{note}"
    )


def _ms(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
