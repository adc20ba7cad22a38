"""A server's graph store (SPARQL 1.1 Graph Store HTTP Protocol, W3C 2013): graphs replaced, looked for and removed.

Servers differ in two ways: in how they ask who is there, and in what readers see while a graph is replaced. Most show
the former graph until the new one is whole. Virtuoso empties it first, so there it is replaced by an update.
"""

from __future__ import annotations

import base64
import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from email.message import Message
from pathlib import Path

import pyoxigraph as ox

from twingraph.errors import EndpointError
from twingraph.stores.exchange import NoRedirects

__all__ = ["GraphStore"]

_ATTEMPTS = 5
_PASSING = (408, 429, 500, 502, 503, 504)
_TYPES = ("application/n-triples", "text/turtle")
#: Seconds for the first answer, which needs no work, and for any other.
_FIRST_TIMEOUT, _TIMEOUT = 15, 600
#: Virtuoso's graph stores → where it takes updates of the same user.
_VIRTUOSO_UPDATES = {"/sparql-graph-crud": "/sparql", "/sparql-graph-crud-auth": "/sparql-auth"}
#: Virtuoso takes no request of 10 MB, and no operation of more than some thousand triples.
_LONGEST_REQUEST, _TRIPLES_AT_ONCE, _SUBJECTS_AT_ONCE = 6 << 20, 1000, 200
_EMPTIED = "Virtuoso empties a graph before it fills it, and readers see that"


class GraphStore:
    """The graph store at an address.

    Args:
        url: its address, to which ``?graph=`` is added.
        user: for servers that ask; Basic and Digest authentication.
        password: the user's.
        sleep: waits; another one for tests.

    Attributes:
        caveat: what readers may see while a graph is replaced; "" where it is the former or the new one.

    Raises:
        EndpointError: this is no address of a graph store, or nothing answers there.
    """

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
        self.caveat = ""
        self._url = url
        self._sleep = sleep
        self._type = 0
        self._updates = ""
        self._user = user
        self._password = password or ""
        self._challenge: dict[str, str] = {}
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, f"{parts.scheme}://{parts.netloc}/", user or "", self._password)
        self._digest = urllib.request.HTTPDigestAuthHandler(passwords)
        self._opener = urllib.request.build_opener(NoRedirects)
        self._meet(parts)

    def _meet(self, parts: urllib.parse.SplitResult) -> None:
        """Ask without a body and a name who is there, and what it wants to know of the user."""
        headers = self._first_answer()
        # A password sent as Basic to a server that wants Digest is read on the way, and Virtuoso tells no more then.
        self._learn(headers)
        if not (headers.get("Server") or "").startswith("Virtuoso"):
            return
        for store, updates in _VIRTUOSO_UPDATES.items():
            if parts.path.endswith(updates):
                right = parts._replace(path=f"{parts.path.removesuffix(updates)}{store}").geturl()
                raise EndpointError(f"{self._url} takes no graphs; Virtuoso's graph store is {right}", url=self._url)
            if parts.path.endswith(store):
                self._updates = parts._replace(path=f"{parts.path.removesuffix(store)}{updates}", query="").geturl()
        self.caveat = "Virtuoso shows a change bit by bit, so that for a moment a reader may see a part of it"

    def _first_answer(self) -> Message:
        pause = 1.0
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                request = urllib.request.Request(self._url, method="HEAD")  # noqa: S310
                with self._opener.open(request, timeout=_FIRST_TIMEOUT) as answer:
                    headers: Message = answer.headers
                    return headers
            except urllib.error.HTTPError as error:
                error.close()
                return error.headers
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", error)
                if isinstance(reason, TimeoutError | ssl.SSLError | http.client.HTTPException) or attempt == _ATTEMPTS:
                    is_slow = isinstance(reason, TimeoutError)
                    said = f"no answer in {_FIRST_TIMEOUT} s" if is_slow else str(reason) or type(reason).__name__
                    raise EndpointError(
                        f"{self._url} can't be reached ({said}); does the server run, is the port right, and is it "
                        f"{'http:// or https://' if is_slow or isinstance(reason, ssl.SSLError) else 'a graph store'}?",
                        url=self._url,
                    ) from None
            self._sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def replace(self, graph: str, file: Path) -> None:
        """Make a graph hold the triples of a file of N-Triples, and no others.

        Raises:
            EndpointError: the server refuses, or does not answer.
        """
        if self._updates and self._update(graph, file):
            return
        while True:
            try:
                # Read whole, since it may be sent twice.
                self._send("PUT", graph, file.read_bytes(), {"Content-Type": _TYPES[self._type]})
                return
            except EndpointError as error:
                if error.status != 415 or self._type + 1 >= len(_TYPES):
                    raise
                # N-Triples are Turtle, which every server takes.
                self._type += 1

    def has(self, graph: str) -> bool:
        """Return whether a graph is there; True where the server can't be asked.

        Raises:
            EndpointError: the server does not answer.
        """
        try:
            if self._updates:
                # It does not take HEAD.
                query = f"SELECT ?p WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 1"
                return len(self._ask(graph, query)) != 1
            self._send("HEAD", graph)
        except EndpointError as error:
            if error.status not in (400, 404, 405, 501):
                raise
            return error.status != 404
        return True

    def remove(self, graph: str) -> None:
        """Remove a graph, if it is there.

        Raises:
            EndpointError: the server refuses, or does not answer.
        """
        try:
            self._send("DELETE", graph)
        except EndpointError as error:
            if error.status != 404:
                raise

    # ---- Virtuoso ---------------------------------------------------------------------------------------------------

    def _update(self, graph: str, file: Path) -> bool:
        """Replace a graph by an update, as a whole where one request holds it, else what differs.

        Operations of one request become seen together, but for the moment in which they are written; what is deleted
        and inserted again stays. A difference that one request does not hold goes by subject, so that all that is said
        of one thing changes together.

        Returns:
            Whether this was possible.
        """
        triples = file.read_bytes()
        new = _by_subject(triples)
        if any(line.startswith("_:") or " _:" in line.split('"')[0] for lines in new.values() for line in lines):
            # An update can't name them.
            return False
        try:
            if len(triples) <= _LONGEST_REQUEST:
                updates = iter([f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ; {_insertion(graph, new, new)}"])
            else:
                former = self._former(graph)
                if not former:
                    return False
                subjects = sorted(one for one in former.keys() | new.keys() if former.get(one) != new.get(one))
                updates = _updates(graph, subjects, new)
            for update in updates:
                self._send("POST", graph, urllib.parse.urlencode({"update": update}).encode(), {}, self._updates)
        except EndpointError as error:
            if error.status is None:
                raise
            # Who may write graphs need not have the right to update.
            self._updates = ""
            self.caveat = _EMPTIED
            return False
        return True

    def _former(self, graph: str) -> dict[str, set[str]]:
        """Return what the graph holds, by subject; nothing where it is not there, or not given whole."""
        count = self._ask(graph, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")[-1:]
        if count == ["0"]:
            return {}
        try:
            former = _by_subject(self._send("GET", graph, headers={"Accept": _TYPES[0]}))
        except (SyntaxError, ValueError):
            former = {}
        if [str(sum(map(len, former.values())))] != count:
            # It gives no more than its ResultSetMaxRows, and does not say so.
            self.caveat = _EMPTIED
            return {}
        return former

    def _ask(self, graph: str, query: str) -> list[str]:
        body = urllib.parse.urlencode({"query": query}).encode()
        return self._send("POST", graph, body, {"Accept": "text/csv"}, self._updates).decode().split()

    # ---- requests ---------------------------------------------------------------------------------------------------

    def _send(
        self,
        method: str,
        graph: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        url: str = "",
    ) -> bytes:
        joiner = "&" if "?" in self._url else "?"
        address = url or f"{self._url}{joiner}{urllib.parse.urlencode({'graph': graph})}"
        pause = 1.0
        attempt = 1
        is_known = False
        while True:
            request = urllib.request.Request(address, body, headers=dict(headers or {}), method=method)  # noqa: S310
            self._introduce(request)
            try:
                with self._opener.open(request, timeout=_TIMEOUT) as answer:
                    content: bytes = answer.read()
                    return content
            except urllib.error.HTTPError as error:
                status: int | None = error.code
                said = f"status {error.code}: {' '.join(error.read(300).decode(errors='replace').split())}"
                error.close()
                if error.code == 401 and self._learn(error.headers) and not is_known:
                    # Once more with the answer to what it asks: another way than before, or a challenge that was over.
                    is_known = True
                    continue
            except (OSError, http.client.HTTPException) as error:
                status, said = None, str(getattr(error, "reason", error)) or type(error).__name__
            if (status is not None and status not in _PASSING) or attempt == _ATTEMPTS:
                advice = (
                    f"{'user or password is wrong' if self._user else 'it wants a user and a password'}; set "
                    "TWINGRAPH_STORE_USER and TWINGRAPH_STORE_PASSWORD."
                    if status == 401
                    else "is it the address of a graph store (Oxigraph: …/store, Fuseki: …/DATASET/data, GraphDB: "
                    "…/repositories/NAME/rdf-graphs/service, Virtuoso: …/sparql-graph-crud), and may you write there?"
                )
                raise EndpointError(
                    f"{self._url} did not take the graph {graph} ({said}); {advice} What was sent before stays; the "
                    "next time goes on here",
                    url=self._url,
                    status=status,
                )
            self._sleep(pause)
            pause *= 2
            attempt += 1

    def _learn(self, headers: Message) -> bool:
        """Keep what a server that wants Digest asks; return whether it does."""
        for asked in headers.get_all("WWW-Authenticate", []):
            scheme, _, words = asked.partition(" ")
            if self._user is not None and scheme.lower() == "digest":
                listed = filter(None, urllib.request.parse_http_list(words))
                self._challenge = urllib.request.parse_keqv_list(list(listed))
                return True
        return False

    def _introduce(self, request: urllib.request.Request) -> None:
        if self._user is None:
            return
        if self._challenge:
            # With the first request, so that no graph is sent in vain.
            request.add_header("Authorization", f"Digest {self._digest.get_authorization(request, self._challenge)}")
        else:
            token = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")


def _by_subject(triples: bytes) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES):
        found[str(quad.subject)].add(f"{quad.triple} .\n")
    return found


def _updates(graph: str, subjects: Sequence[str], new: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield the updates that make a graph say of the subjects what is new and nothing else."""
    part: list[str] = []
    length = 0
    for subject in subjects:
        size = sum(len(line.encode()) for line in new.get(subject, ()))
        if part and length + size > _LONGEST_REQUEST:
            yield _update(graph, part, new)
            part, length = [], 0
        part.append(subject)
        length += size
    if part:
        yield _update(graph, part, new)


def _update(graph: str, subjects: Sequence[str], new: Mapping[str, set[str]]) -> str:
    operations = []
    for first in range(0, len(subjects), _SUBJECTS_AT_ONCE):
        named = ", ".join(subjects[first : first + _SUBJECTS_AT_ONCE])
        # By subject, since Virtuoso keeps some values in another form than they came in, such as points.
        operations.append(
            f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} "
            f"WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} FILTER(?s IN ({named})) }}"
        )
    return " ; ".join([*operations, _insertion(graph, subjects, new)])


def _insertion(graph: str, subjects: Iterable[str], new: Mapping[str, set[str]]) -> str:
    triples = [line for subject in subjects for line in sorted(new.get(subject, ()))]
    parts = ("".join(triples[n : n + _TRIPLES_AT_ONCE]) for n in range(0, len(triples), _TRIPLES_AT_ONCE))
    return " ; ".join(f"INSERT DATA {{ GRAPH <{graph}> {{ {part} }} }}" for part in parts)
