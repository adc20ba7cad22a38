"""What `twingraph serve` is measured against: the least that answering over HTTP can cost, and rdflib-endpoint.

Run: ``python benchmarks/serve_rivals.py bare|hop|rdflib-endpoint DATABASE PORT``

None of them has a limit of any kind: no time, no memory, no guard. They only read the database folder of a build.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

#: As many workers as `twingraph serve` is started with.
WORKERS = 4

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_HEADERS = [(b"content-type", b"application/sparql-results+json")]


def evaluate(store: Any, text: str) -> bytes:
    """Run a query in this process and return the answer as SPARQL JSON."""
    import pyoxigraph as ox

    answer = store.query(text, use_default_graph_as_union=True)
    return bytes(answer.serialize(format=ox.QueryResultsFormat.JSON))


async def reply(scope: Message, receive: Receive, send: Send, answer: Callable[[str], Awaitable[bytes]]) -> None:
    """Be an ASGI application that answers ``?query=``."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = await answer(parse_qs(scope["query_string"].decode())["query"][0])
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": body})


def bare(database: str) -> Any:
    """Return an application that asks the engine where it stands, one query after the other."""
    import pyoxigraph as ox

    store = ox.Store.read_only(database)

    async def answer(text: str) -> bytes:
        return evaluate(store, text)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await reply(scope, receive, send, answer)

    return app


def hop(database: str) -> Any:
    """Return an application that hands each query to one of four processes that could be killed."""
    idle: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()

    async def answer(text: str) -> bytes:
        if idle.empty() and not started:
            started.append(True)
            for _ in range(WORKERS):
                command = (sys.executable, __file__, "worker", database)
                pipe = asyncio.subprocess.PIPE
                # A large buffer: the answers are read in one piece.
                idle.put_nowait(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 24))
        worker = await idle.get()
        assert worker.stdin and worker.stdout
        data = text.encode()
        worker.stdin.write(len(data).to_bytes(8, "big") + data)
        size = int.from_bytes(await worker.stdout.readexactly(8), "big")
        body = await worker.stdout.readexactly(size)
        idle.put_nowait(worker)
        return body

    started: list[bool] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await reply(scope, receive, send, answer)

    return app


def worker(database: str) -> None:
    """Answer queries from standard input until it ends."""
    import pyoxigraph as ox

    store = ox.Store.read_only(database)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(8):
        body = evaluate(store, source.read(int.from_bytes(head, "big")).decode())
        target.write(len(body).to_bytes(8, "big") + body)
        target.flush()


def rdflib_endpoint(database: str) -> Any:
    """Return rdflib-endpoint over the same Oxigraph database, through rdflib's interface."""
    import pyoxigraph as ox
    from oxrdflib import OxigraphStore
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint

    store = OxigraphStore(store=ox.Store.read_only(database))
    return SparqlEndpoint(graph=Dataset(store=store, default_union=True), path="/sparql")


APPLICATIONS = {"bare": bare, "hop": hop, "rdflib-endpoint": rdflib_endpoint}


def main() -> None:
    """Serve until the process is ended."""
    what, database, *rest = sys.argv[1:]
    if what == "worker":
        worker(database)
        return
    import uvicorn

    uvicorn.run(APPLICATIONS[what](database), host="127.0.0.1", port=int(rest[0]), log_level="warning")


if __name__ == "__main__":
    main()
