"""Sends a finished build to a SPARQL server, graph by graph (SPARQL 1.1 Graph Store HTTP Protocol, W3C 2013).

Each named graph is replaced at once, as far as the server does so (see `GraphStore`). Between graphs a reader may see
new sources beside former conclusions; conclusions are sent last. Only graphs that differ from what was sent before are
sent, so that an interrupted publication goes on where it was; those that the server lost are sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from twingraph.building.graph_store import GraphStore
from twingraph.vocab import CONCLUSIONS_GRAPH, GAZETTEER_GRAPH

__all__ = ["Published", "publish_remotely"]

_GRAPH = re.compile(rb"<([^<>]*)> \.\n?\Z")
#: Bytes of a graph that are held before they go to its file.
_HELD = 1 << 18


@dataclass(frozen=True, slots=True)
class Published:
    """What was sent.

    Attributes:
        graphs: named graphs of the build.
        sent, removed: how many were sent and removed; all others were there as they are.
        caveat: what readers may have seen while a graph was replaced; "" where it was the former or the new one.
    """

    graphs: int
    sent: int
    removed: int
    caveat: str


def publish_remotely(
    release: Path,
    url: str,
    state: Path,
    *,
    user: str | None = None,
    password: str | None = None,
    again: bool = False,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Published:
    """Make a server hold the graphs of a build, and no graph of a build sent before that is not in it.

    Args:
        release: the folder with the build's ``twingraph.nq``.
        url: the address of the server's graph store, to which ``?graph=`` is added.
        state: a file that keeps what was sent to this address.
        user: for servers that ask; Basic and Digest authentication.
        password: the user's.
        again: send every graph, also those that were sent before.
        progress: is told how many graphs are sent.
        sleep: waits; another one for tests.

    Raises:
        EndpointError: the server refuses, or does not answer; what was sent stays, and the next time goes on there.
    """
    server = GraphStore(url, user, password, sleep)
    known: dict[str, str] = {} if again else _read(state)
    with TemporaryDirectory(prefix="twingraph-publish-") as folder:
        files = _split(release / "twingraph.nq", Path(folder))
        digests = {graph: _digest(file) for graph, file in files.items()}
        same = [graph for graph in files if known.get(graph) == digests[graph]]
        for number, graph in enumerate(same):
            progress("looking for graphs", number, len(same))
            if not server.has(graph):
                # The server lost it; who asks there would get a part for the whole.
                del known[graph]
        changed = [graph for graph in sorted(files, key=_order) if known.get(graph) != digests[graph]]
        gone = sorted(set(known) - set(files))
        for number, graph in enumerate(changed):
            progress("sending graphs", number, len(changed))
            server.replace(graph, files[graph])
            known[graph] = digests[graph]
            _write(state, known)
        for graph in gone:
            server.remove(graph)
            del known[graph]
            _write(state, known)
    return Published(len(files), len(changed), len(gone), server.caveat)


def _order(graph: str) -> tuple[int, str]:
    # Conclusions cite claims, and both name municipalities.
    return ({GAZETTEER_GRAPH: 1, CONCLUSIONS_GRAPH: 2}.get(graph, 0), graph)


def _split(quads: Path, folder: Path) -> dict[str, Path]:
    """Write the triples of each named graph to a file of its own, with little memory."""
    held: dict[bytes, list[bytes]] = {}
    sizes: dict[bytes, int] = {}
    files: dict[bytes, Path] = {}

    def put_down(name: bytes) -> None:
        with files[name].open("ab") as out:
            out.writelines(held[name])
        held[name], sizes[name] = [], 0

    with quads.open("rb") as lines:
        for line in lines:
            match = _GRAPH.search(line)
            if match is None:
                continue
            name = match[1]
            if name not in files:
                files[name] = folder / f"{len(files)}.nt"
                files[name].touch()
                held[name], sizes[name] = [], 0
            triple = line[: match.start()] + b".\n"
            held[name].append(triple)
            sizes[name] += len(triple)
            if sizes[name] >= _HELD:
                put_down(name)
    for name in files:
        put_down(name)
    return {name.decode(): file for name, file in files.items()}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _read(state: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(state.read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def _write(state: Path, known: Mapping[str, str]) -> None:
    part = state.with_name(f".{state.name}.{os.getpid()}.part")
    part.write_text(json.dumps(known), encoding="utf-8")
    part.replace(state)
