"""Sends a finished build to a SPARQL server, graph by graph (SPARQL 1.1 Graph Store HTTP Protocol, W3C 2013).

Each named graph is replaced in one request, so that a reader sees either the former or the new one, never a part.
Between graphs a reader may see new sources beside former conclusions; conclusions are sent last. Only graphs that
differ from what was sent before are sent, so that an interrupted publication goes on where it was; all are, where the
server lost what is sent last.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from twingraph.errors import EndpointError
from twingraph.vocab import CONCLUSIONS_GRAPH, GAZETTEER_GRAPH

__all__ = ["Published", "publish_remotely"]

_GRAPH = re.compile(rb"<([^<>]*)> \.\n?\Z")
#: Bytes of a graph that are held before they go to its file.
_HELD = 1 << 18
_ATTEMPTS = 5
_PASSING = (408, 429, 500, 502, 503, 504)
_TYPES = ("application/n-triples", "text/turtle")


@dataclass(frozen=True, slots=True)
class Published:
    """What was sent.

    Attributes:
        graphs: named graphs of the build.
        sent, removed: how many were sent and removed; all others were there as they are.
    """

    graphs: int
    sent: int
    removed: int


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
    server = _Server(url, user, password, sleep)
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
            server.put(graph, files[graph])
            known[graph] = digests[graph]
            _write(state, known)
        for graph in gone:
            server.delete(graph)
            del known[graph]
            _write(state, known)
    return Published(len(files), len(changed), len(gone))


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


class _Server:
    def __init__(self, url: str, user: str | None, password: str | None, sleep: Callable[[float], None]) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointError(f"{url} is no address of a graph store; it starts with http:// or https://", url=url)
        if parts.username or parts.password:
            raise EndpointError(
                "an address is no place for a password, since logs keep it; set TWINGRAPH_STORE_USER and "
                "TWINGRAPH_STORE_PASSWORD",
                url=parts.hostname,
            )
        self._url = url
        self._sleep = sleep
        self._type = 0
        handlers: list[urllib.request.BaseHandler] = []
        self._headers: dict[str, str] = {}
        if user is not None:
            passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, url, user, password or "")
            handlers.append(urllib.request.HTTPDigestAuthHandler(passwords))
            token = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
            self._headers["Authorization"] = f"Basic {token}"
        self._opener = urllib.request.build_opener(*handlers)

    def put(self, graph: str, file: Path) -> None:
        """Replace a graph."""
        while True:
            try:
                self._send("PUT", graph, file)
                return
            except EndpointError as error:
                if error.status != 415 or self._type + 1 >= len(_TYPES):
                    raise
                # N-Triples are Turtle, which every server takes.
                self._type += 1

    def has(self, graph: str) -> bool:
        """Return whether a graph is there; True where the server can't be asked."""
        try:
            self._send("HEAD", graph, None)
        except EndpointError as error:
            if error.status not in (400, 404, 405, 501):
                raise
            return error.status != 404
        return True

    def delete(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        try:
            self._send("DELETE", graph, None)
        except EndpointError as error:
            if error.status != 404:
                raise

    def _send(self, method: str, graph: str, file: Path | None) -> None:
        joiner = "&" if "?" in self._url else "?"
        address = f"{self._url}{joiner}{urllib.parse.urlencode({'graph': graph})}"
        pause = 1.0
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                headers: Mapping[str, str] = self._headers
                body = None
                if file is not None:
                    # Read whole, since an authentication asks for it twice.
                    body = file.read_bytes()
                    headers = {**headers, "Content-Type": _TYPES[self._type]}
                request = urllib.request.Request(address, body, headers=dict(headers), method=method)  # noqa: S310
                with self._opener.open(request, timeout=600):
                    return
            except urllib.error.HTTPError as error:
                status: int | None = error.code
                said = f"status {error.code}: {' '.join(error.read(300).decode(errors='replace').split())}"
                error.close()
            except (OSError, urllib.error.URLError) as error:
                status, said = None, str(getattr(error, "reason", error))
            if (status is not None and status not in _PASSING) or attempt == _ATTEMPTS:
                raise EndpointError(
                    f"{self._url} did not take the graph {graph} ({said}); is it the address of a graph store "
                    "(Oxigraph: …/store, Fuseki: …/DATASET/data, GraphDB: …/repositories/NAME/rdf-graphs/service, "
                    "Virtuoso: …/sparql-graph-crud), and may you write there? What was sent before stays; the next "
                    "time goes on here",
                    url=self._url,
                    status=status,
                )
            self._sleep(pause)
            pause *= 2


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
