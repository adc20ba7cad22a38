"""`twingraph serve` under load at world scale, beside bare handlers over the same engine and rdflib-endpoint.

Run: ``pip install -r benchmarks/requirements.txt && python benchmarks/bench_serve.py [--seconds N] [--rounds N]``

All get the same requests over loopback, from connections that are kept open and ask again as soon as they have an
answer. The servers take turns. CPU time is that of a server with all its processes, read from ``/proc``, so this
runs on Linux only. Every answer must be a complete one: anything but status 200 with as many rows as the bare
handler gave is a failed request.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import bench_queries
import measure

HERE = Path(__file__).resolve().parent
RIVALS = {
    "bare": "bare handler",
    "hop": "bare handler, worker processes",
    "twingraph": "`twingraph serve`",
    "rdflib-endpoint": "rdflib-endpoint",
}
#: Never ends in bearable time, gives no row before its end, and needs next to no memory.
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d && ?d != ?f) }"
#: Seconds that the last answers of a stretch may take after its end.
GRACE = 10.0
_CLOCK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its parameters bound, and how many rows the engine gives."""

    id: str
    text: str
    rows: int
    ms: float


@dataclass(slots=True)
class Load:
    """What came of one stretch of requests."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    runaways: list[tuple[int, float]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds of the server for each answer."""
        return self.cpu * 1000 / max(1, len(self.latencies))

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


# --- the servers -----------------------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server that is measured, in a process group of its own.

    Attributes:
        port: where it listens on 127.0.0.1.
        first_answer: seconds from its start to the first complete answer.
    """

    def __init__(self, what: str, store: Path, timeout: float) -> None:
        self.port = free_port()
        if what == "twingraph":
            options = ("--port", str(self.port), "--timeout", f"{timeout:g}", "--workers", "4")
            command = measure.twingraph("serve", "--store", store, *options)
        else:
            database = measure.current_build(store) / "db"
            command = [sys.executable, str(HERE / "serve_rivals.py"), what, str(database), str(self.port)]
        began = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                status, _ = asyncio.run(self.ask_once("ASK {}"))
                if status == 200:
                    break
            if self.process.poll() is not None or time.perf_counter() - began > 60:
                self.stop()
                raise SystemExit(f"{' '.join(command)} does not answer")
            time.sleep(0.01)
        self.first_answer = time.perf_counter() - began

    async def ask_once(self, text: str) -> tuple[int, bytes]:
        """Return the status and body that a query gets on a connection of its own."""
        async with Connection(self.port) as connection:
            return await connection.ask(request(text))

    def processes(self) -> set[int]:
        """Return the ids of the server and all its descendants."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found = [self.process.pid]
        for pid in found:
            found += children.get(pid, [])
        return set(found)

    def cpu(self) -> float:
        """Return the CPU seconds taken so far, with those of workers that were ended."""
        ticks = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        return ticks / _CLOCK

    def memory(self) -> float:
        """Return the memory of all its processes in MiB; what they share is divided among them."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024

    def stop(self) -> None:
        """End it; one that is stuck in a query does not listen to anything milder."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


# --- the load --------------------------------------------------------------------------------------------------------


def request(text: str) -> bytes:
    """Return an HTTP request for a query."""
    return (
        f"GET /sparql?query={quote(text, safe='')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Accept: application/sparql-results+json\r\n\r\n"
    ).encode()


class Connection:
    """A connection that stays open: as little of HTTP as keeps the client's share of the machine small."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Connection:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and the complete body."""
        self.writer.write(data)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if "content-length" in fields:
            return status, await self.reader.readexactly(int(fields["content-length"]))
        parts = []
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return status, b"".join(parts)


async def stretch(
    server: Server, questions: Sequence[Question], connections: int, seconds: float, every: float | None
) -> Load:
    """Ask for `seconds` on many connections; with `every`, let a runaway query in each time so many seconds passed."""
    load = Load()
    end = time.perf_counter() + seconds
    requests = {question: request(question.text) for question in questions}

    async def client(number: int) -> None:
        # The same sequence for each server.
        order = random.Random(number)
        while time.perf_counter() < end:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with Connection(server.port) as connection:
                    while time.perf_counter() < end:
                        question = order.choice(questions)
                        began = time.perf_counter()
                        try:
                            status, body = await connection.ask(requests[question])
                        except (OSError, asyncio.IncompleteReadError):
                            load.failures.append(f"{question.id}: cut off")
                            raise
                        if status != 200:
                            load.failures.append(f"{question.id}: {status} {body[:200]!r}")
                        elif len(body) < 12 * question.rows:
                            load.failures.append(f"{question.id}: {len(body)} bytes for {question.rows} rows")
                        else:
                            load.latencies.append(time.perf_counter() - began)

    async def runaway() -> None:
        began = time.perf_counter()
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            status, _ = await server.ask_once(RUNAWAY)
            load.runaways.append((status, time.perf_counter() - began))

    async def runaways() -> None:
        tasks = []
        while every is not None and time.perf_counter() < end:
            tasks.append(asyncio.create_task(runaway()))
            await asyncio.sleep(every)
        await asyncio.gather(*tasks)

    began, cpu = time.perf_counter(), server.cpu()
    let_in = asyncio.create_task(runaways())
    clients = [asyncio.create_task(client(number)) for number in range(connections)]
    _, late = await asyncio.wait(clients, timeout=seconds + GRACE)
    load.seconds, load.cpu = time.perf_counter() - began, server.cpu() - cpu
    load.failures += ["no answer"] * len(late)
    for task in late:
        task.cancel()
    await let_in
    return load


def questions_of(graph: Any, store: Any, most: float) -> list[Question]:
    """Return every SELECT of the library that the engine answers within `most` milliseconds, bound to the world."""
    known = bench_queries.stand_ins(graph)
    found = []
    for query in graph.queries():
        text = query.bind(bench_queries.parameters(query, known)).text
        if query.id.startswith(("checks/", "gaps/")) or query.id in ("network/edges", "network/nodes"):
            continue  # audits and lists of the whole world: nobody waits for them at a page
        times = []
        for _ in range(3):
            began = time.process_time()
            try:
                answer = store.query(text, use_default_graph_as_union=True)
            except (OSError, SyntaxError) as error:
                raise SystemExit(f"{query.id}: {error}") from error
            if not hasattr(answer, "variables"):
                break
            rows = sum(1 for _ in answer)
            times.append((time.process_time() - began) * 1000)
            if times[-1] > 3 * most:
                break
        if times and median(times) <= most:
            found.append(Question(query.id, text, rows, median(times)))
    return found


def answerable(place: Path, questions: Sequence[Question], seconds: float) -> list[Question]:
    """Return the questions that rdflib-endpoint answers in time and with the right number of rows, asked one by one."""
    found = []
    server = None
    for question in questions:
        server = server or Server("rdflib-endpoint", place, 0)
        try:
            status, body = asyncio.run(asyncio.wait_for(server.ask_once(question.text), seconds))
        except TimeoutError:
            # It goes on with it.
            server.stop()
            server = None
            continue
        if status == 200 and len(json.loads(body)["results"]["bindings"]) == question.rows:
            found.append(question)
    if server is not None:
        server.stop()
    return found


def check_answers(server: Server, questions: Sequence[Question]) -> tuple[list[str], float]:
    """Ask everything once, which warms caches too; return the ids with another number of rows, and the seconds."""
    wrong = []
    began = time.perf_counter()
    for question in questions:
        status, body = asyncio.run(server.ask_once(question.text))
        rows = len(json.loads(body)["results"]["bindings"]) if status == 200 else -status
        if rows != question.rows:
            wrong.append(f"{question.id} ({rows} instead of {question.rows})")
    return wrong, time.perf_counter() - began


@contextlib.contextmanager
def running(what: str, store: Path, timeout: float) -> Iterator[Server]:
    """Start a server and end it."""
    server = Server(what, store, timeout)
    try:
        yield server
    finally:
        server.stop()


def merged(loads: Sequence[Load]) -> Load:
    """Return several stretches as one."""
    total = Load()
    for load in loads:
        total.seconds += load.seconds
        total.cpu += load.cpu
        total.latencies += load.latencies
        total.failures += load.failures
        total.runaways += load.runaways
    return total


def main() -> None:
    """Measure and print the tables."""
    parser = measure.parser("Load the SPARQL endpoint at world scale.")
    parser.add_argument("--seconds", type=float, default=10, help="length of a stretch of requests")
    parser.add_argument("--rounds", type=int, default=3, help="stretches for each server and number of connections")
    parser.add_argument("--connections", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--most", type=float, default=50, help="milliseconds of the slowest queries of the mix")
    parser.add_argument("--lookup", type=float, default=5, help="milliseconds of the slowest queries called lookups")
    parser.add_argument("--timeout", type=float, default=4, help="time limit of `twingraph serve`")
    parser.add_argument("--every", type=float, default=2, help="seconds between two runaway queries")
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS))
    parser.add_argument("--store", type=Path, help="serve this store instead of the made-up world's")
    options = parser.parse_args()
    place = options.store or measure.built_store(options)
    names = [name for name in options.only if name != "rdflib-endpoint" or find_spec("rdflib_endpoint")]
    if names != options.only:
        print("rdflib-endpoint is not installed and left out", file=sys.stderr)

    import pyoxigraph as ox

    import twingraph

    with twingraph.open(place) as graph:
        mix = questions_of(graph, ox.Store.read_only(str(measure.current_build(place) / "db")), options.most)
    lookups = [question for question in mix if question.ms <= options.lookup]
    loads: dict[tuple[str, str], list[Load]] = {}
    starts: dict[str, list[float]] = {name: [] for name in names}
    memory: dict[str, float] = {}
    notes = []
    count = options.connections[0]
    settings: list[tuple[str, list[Question], int, float | None]] = []
    easy: list[Question] = []
    if "rdflib-endpoint" in names:
        easy = answerable(place, lookups, 1)
        settings = [("easy lookups", easy, count, None)]
    settings += [("lookups", lookups, count, None)]
    settings += [("library", mix, count, None) for count in options.connections]
    settings += [("library, runaways", mix, count, options.every) for count in options.connections]
    for round_ in range(options.rounds):
        for name in names:
            with running(name, place, options.timeout) as server:
                starts[name].append(server.first_answer)
                # Once through the library takes rdflib-endpoint minutes.
                is_slow = name == "rdflib-endpoint"
                wrong, took = check_answers(server, easy if is_slow else mix)
                if wrong and not round_:
                    notes.append(f"{RIVALS[name]} gives another number of rows for {', '.join(wrong)}.")
                print(f"{name}: first answer {server.first_answer:.2f} s, all once {took:.1f} s", file=sys.stderr)
                for title, questions, count, every in settings:
                    if (every is not None and name != "twingraph") or (is_slow and questions is not easy):
                        continue
                    load = asyncio.run(stretch(server, questions, count, options.seconds, every))
                    loads.setdefault((f"{title}, {count} connections", name), []).append(load)
                    print(
                        f"  {title}, {count} connections: {load.rate:.0f}/s, {load.cpu_ms:.2f} CPU ms, "
                        f"{load.quantile(0.5):.0f} ms, {len(load.failures)} failed {load.failures[:1]}",
                        file=sys.stderr,
                    )
                memory[name] = server.memory()
    totals = {key: merged(found) for key, found in loads.items()}
    rows = []
    for (title, name), total in sorted(totals.items(), key=lambda item: _place(item[0], names)):
        base = totals.get((title, "bare"))
        rows.append(
            [
                title,
                RIVALS[name],
                f"{total.rate:,.0f}",
                f"{total.rate / base.rate:.2f}" if base else "",
                f"{total.cpu_ms:,.2f}",
                f"{total.cpu_ms / base.cpu_ms:.2f}" if base else "",
                f"{total.quantile(0.5):,.0f}",
                f"{total.quantile(0.95):,.0f}",
                f"{total.quantile(0.99):,.0f}",
                str(len(total.failures)),
            ]
        )
    header = [
        "load",
        "server",
        "answers/s",
        "to bare",
        "CPU ms",
        "to bare",
        "median ms",
        "95 % ms",
        "99 % ms",
        "failed",
    ]
    print(measure.markdown_table(header, rows, numbers=2))
    print()
    stopped = [run for (title, _), total in totals.items() if "runaways" in title for run in total.runaways]
    if stopped:
        longest = max(seconds for _, seconds in stopped)
        statuses = ", ".join(map(str, sorted({status for status, _ in stopped})))
        notes.append(
            f"Of {len(stopped)} runaway queries, one each {options.every:g} s, none ran longer than {longest:.1f} s "
            f"with a limit of {options.timeout:g} s; they were answered with {statuses}."
        )
    print(
        measure.markdown_table(
            ["server", "first answer after s", "MiB of all processes after the load"],
            [[RIVALS[name], f"{median(starts[name]):.2f}", f"{memory[name]:,.0f}"] for name in names],
        )
    )
    print()
    if easy:
        notes.append(
            f"The easy lookups are the {len(easy)} that rdflib-endpoint answers within a second when it has nothing "
            "else to do."
        )
    print(
        f"{len(mix)} queries of the library, all SELECTs that the engine answers within {options.most:g} ms; "
        f"{len(lookups)} of them, within {options.lookup:g} ms, are the lookups. {options.rounds} stretches of "
        f"{options.seconds:g} s each. {' '.join(notes)}"
    )


def _place(key: tuple[str, str], names: Sequence[str]) -> tuple[bool, bool, bool, int, int]:
    title, name = key
    return (
        "runaways" in title,
        "library" in title,
        "easy" not in title,
        int(title.split(", ")[-1].split()[0]),
        names.index(name),
    )


if __name__ == "__main__":
    main()
