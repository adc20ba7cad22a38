"""A build sent to real SPARQL servers, graph by graph, and to one that refuses."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

import twingraph
from store_fixtures import FIXTURES, virtuoso_server
from twingraph.building import build, graph_store
from twingraph.building.publishing import publish_remotely
from twingraph.errors import EndpointError
from twingraph.stores.storage import current_build
from twingraph.vocab import CONCLUSIONS_GRAPH


@contextmanager
def writable_oxigraph(folder: Path) -> Iterator[str]:
    binary = shutil.which("oxigraph")
    if binary is None:
        pytest.skip("the oxigraph command is not installed (pip install oxigraph)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [binary, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx.get(f"{url}/query?query=ASK%7B%7D", timeout=2)
                break
            except httpx.TransportError:
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
        yield url
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return build(FIXTURES / "mini", tmp_path / "store").release


def quads(release: Path) -> int:
    return sum(1 for _ in (release / "twingraph.nq").open("rb"))


def counted(url: str) -> int:
    with twingraph.open(f"{url}/query") as graph:
        rows = graph.query("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", frame="result").records()
    return int(str(rows[0]["n"]))


def test_a_server_gets_the_whole_build(tmp_path: Path, release: Path) -> None:
    with writable_oxigraph(tmp_path / "server") as url:
        sent = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert (sent.sent, sent.removed) == (sent.graphs, 0)
        assert counted(url) == quads(release)
        again = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert (again.graphs, again.sent, again.removed) == (sent.graphs, 0, 0)
        forced = publish_remotely(release, f"{url}/store", tmp_path / "state.json", again=True)
        assert forced.sent == sent.graphs
        assert counted(url) == quads(release)


@pytest.mark.slow
def test_every_query_of_the_library_answers_there_as_here(tmp_path: Path, shipped_store: Path) -> None:
    from twingraph.stores.storage import current_build

    release = current_build(shipped_store) / "release"
    with writable_oxigraph(tmp_path / "server") as url:
        publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        with twingraph.open(shipped_store) as here, twingraph.open(f"{url}/query") as there:
            for query in here.queries():
                examples = {
                    p.name: p.example for p in query.parameters if p.example and p.is_required and p.default is None
                }
                answers = [graph.query(query.id, frame="result", timeout=60, **examples) for graph in (here, there)]
                assert len(answers[0]) == len(answers[1]), query.id


def test_only_what_changed_is_sent(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(FIXTURES / "mini", data)
    with writable_oxigraph(tmp_path / "server") as url:
        first = publish_remotely(build(data, tmp_path / "store").release, f"{url}/store", tmp_path / "state.json")
        folder = sorted(path for path in (data / "sources").iterdir() if (path / "partnership_claims.csv").is_file())[
            -1
        ]
        file = folder / "partnership_claims.csv"
        lines = file.read_text(encoding="utf-8").splitlines(True)
        file.write_text("".join(lines[:-1]), encoding="utf-8")
        release = build(data, tmp_path / "store").release
        second = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert 0 < second.sent < first.graphs
        assert counted(url) == quads(release)


def test_a_server_that_lost_its_graphs_gets_them_again(tmp_path: Path, release: Path) -> None:
    with writable_oxigraph(tmp_path / "server") as url:
        first = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        unchanged = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert unchanged.sent == 0
        httpx.post(f"{url}/update", data={"update": "DROP ALL"}).raise_for_status()
        again = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert again.sent == first.graphs
        assert counted(url) == quads(release)
        graphs = httpx.get(
            f"{url}/query",
            params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/source/')) }"},
            headers={"Accept": "text/csv"},
        ).text.split()[1:]
        httpx.post(f"{url}/update", data={"update": f"DROP GRAPH <{graphs[0]}>"}).raise_for_status()
        one = publish_remotely(release, f"{url}/store", tmp_path / "state.json")
        assert (one.sent, counted(url)) == (1, quads(release))


def test_a_build_for_a_server_leaves_the_local_store(tmp_path: Path, run_twingraph, monkeypatch) -> None:
    store, data = tmp_path / "local" / "store", tmp_path / "data"
    monkeypatch.setenv("TWINGRAPH_STORE", str(store))
    shutil.copytree(FIXTURES / "mini", data)
    before = build(data, store).folder
    with Refusing([]) as server:
        same = run_twingraph("build", "--data", str(data), "--store", server.url)
        assert same.returncode == 0, same.stderr
        assert [path.name for path in store.parent.iterdir() if path.is_dir()] == ["store"]
        (data / "note.txt").write_text("another", encoding="utf-8")
        other = run_twingraph("build", "--data", str(data), "--store", server.url)
        assert other.returncode == 0, other.stderr
        assert "Nothing has changed" not in other.stdout
    assert current_build(store) == before
    assert not list(store.glob("*.json"))


class Refusing:
    """Takes graphs as a server does, but for what it is told to answer."""

    def __init__(self, answers: list[int]) -> None:
        self.answers, self.graphs, self.types, self.users = list(answers), [], [], []
        unruly = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                status = unruly.answers.pop(0) if unruly.answers else 204
                if status == 204:
                    unruly.graphs.append(parse_qs(urlsplit(self.path).query)["graph"][0])
                    unruly.types.append(self.headers["Content-Type"])
                    unruly.users.append(self.headers["Authorization"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/store"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> Refusing:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_an_interrupted_publication_goes_on(tmp_path: Path, release: Path) -> None:
    with Refusing([204, 204, 403]) as server:
        with pytest.raises(EndpointError, match="status 403"):
            publish_remotely(release, server.url, tmp_path / "state.json")
        assert len(server.graphs) == 2
        sent = publish_remotely(release, server.url, tmp_path / "state.json")
        assert sent.sent == sent.graphs - 2
        assert len(set(server.graphs)) == len(server.graphs) == sent.graphs
        assert server.graphs[-1] == CONCLUSIONS_GRAPH, "what cites the rest comes last"


def test_a_busy_server_is_asked_again(tmp_path: Path, release: Path) -> None:
    waited: list[float] = []
    with Refusing([503, 500, 204, 429]) as server:
        publish_remotely(release, server.url, tmp_path / "state.json", sleep=waited.append)
    assert waited == [1, 2, 1]


def test_another_form_and_a_password(tmp_path: Path, release: Path) -> None:
    with Refusing([415]) as server:
        publish_remotely(release, server.url, tmp_path / "state.json", user="editor", password="s3cret")
        assert set(server.types) == {"text/turtle"}
        assert set(server.users) == {"Basic " + base64.b64encode(b"editor:s3cret").decode()}


def test_wrong_addresses(tmp_path: Path, release: Path, run_twingraph, monkeypatch) -> None:
    for url, message in (("ftp://x/", "no address"), ("http://me:secret@x/store", "no place for a password")):
        with pytest.raises(EndpointError, match=message) as error:
            publish_remotely(release, url, tmp_path / "state.json")
        assert "secret" not in str(error.value)
    done = run_twingraph("build", "--data", str(FIXTURES / "mini"), "--store", str(tmp_path / "x"), "--again")
    assert done.returncode == 2
    monkeypatch.chdir(tmp_path)
    done = run_twingraph("build", "--data", str(FIXTURES / "mini"), "--store", "ftp://x/y")
    assert done.returncode == 2
    assert "http:// or https://" in done.stderr
    assert not (tmp_path / "ftp:").exists()


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_password_goes_only_in_the_way_that_is_asked_for(tmp_path: Path, release: Path) -> None:
    """The server wants Digest, forgets its challenge now and then, and says nothing more to a Basic header."""
    users: list[str] = []
    graphs: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            user = self.headers["Authorization"] or ""
            users.append(user)
            is_right = user.startswith('Digest username="editor"') and f'nonce="{len(graphs) // 3}"' in user
            self.send_response(204 if is_right else 401)
            if is_right:
                graphs.append(self.path)
            elif not user.startswith("Basic"):
                self.send_header("WWW-Authenticate", f'Digest realm="r", nonce="{len(graphs) // 3}", qop="auth"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_HEAD()

        def log_message(self, *_: Any) -> None: ...

    with answering(Handler) as url:
        sent = publish_remotely(
            release, f"{url}/store", tmp_path / "s.json", user="editor", password="p", sleep=pytest.fail
        )
    assert sent.sent == len(graphs) == sent.graphs > 3
    assert not any(user.startswith("Basic") for user in users)


def test_a_server_that_says_nothing_is_given_up_soon(tmp_path: Path, release: Path, monkeypatch) -> None:
    """As one does that is spoken to in TLS and does not know it."""
    monkeypatch.setattr(graph_store, "_FIRST_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/store"
        with pytest.raises(EndpointError, match=r"no answer in 0\.2 s.* http:// or https://"):
            publish_remotely(release, url, tmp_path / "state.json", sleep=pytest.fail)


def test_the_query_address_of_virtuoso_is_no_graph_store(tmp_path: Path, release: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        server_version = "Virtuoso/07.20"

        def do_HEAD(self) -> None:
            self.send_error(400)

        def log_message(self, *_: Any) -> None: ...

    with answering(Handler) as url, pytest.raises(EndpointError, match=f"graph store is {url}/a/sparql-graph-crud$"):
        publish_remotely(release, f"{url}/a/sparql", tmp_path / "state.json", sleep=pytest.fail)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as (url, run):
        run('GRANT SPARQL_UPDATE TO "SPARQL";')
        run("DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);")
        run("DB.DBA.USER_CREATE ('editor', 's3cret');")
        run('GRANT SPARQL_UPDATE TO "editor";')
        yield url


def in_graph(url: str, graph: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    answer = httpx.get(f"{url}/sparql", params={"query": query, "format": "text/csv"}, timeout=60)
    return int(answer.text.split()[-1])


@pytest.mark.slow
def test_virtuoso(tmp_path: Path, release: Path, virtuoso: str) -> None:
    """Its graph store asks for a right first, and does not tell whether a graph is there."""
    store, state = f"{virtuoso}/sparql-graph-crud", tmp_path / "state.json"
    here = (release / "twingraph.nq").read_text(encoding="utf-8").count(f" <{CONCLUSIONS_GRAPH}> .")
    sent = publish_remotely(release, store, state)
    assert sent.sent == sent.graphs
    assert "a reader may see a part" in sent.caveat
    assert in_graph(virtuoso, CONCLUSIONS_GRAPH) == here
    assert publish_remotely(release, store, state).sent == 0
    httpx.post(f"{virtuoso}/sparql", data={"update": f"CLEAR GRAPH <{CONCLUSIONS_GRAPH}>"}).raise_for_status()
    assert publish_remotely(release, store, state).sent == 1
    assert in_graph(virtuoso, CONCLUSIONS_GRAPH) == here


@pytest.mark.slow
def test_virtuoso_with_a_user(tmp_path: Path, release: Path, virtuoso: str) -> None:
    store = f"{virtuoso}/sparql-graph-crud-auth"
    with pytest.raises(EndpointError, match=r"status 401.*(user or password is wrong|it wants a user)"):
        publish_remotely(release, store, tmp_path / "state.json", user="editor", password="other")
    sent = publish_remotely(release, store, tmp_path / "state.json", user="editor", password="s3cret")
    assert (sent.sent, "a reader may see a part" in sent.caveat) == (sent.graphs, True)


GRAPH = "urn:x-twingraph:test"


def written(folder: Path, triples: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    lines = "".join(f"{triple} <{GRAPH}> .\n" for triple in triples)
    (folder / "twingraph.nq").write_text(lines, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("longest", [6 << 20, 1 << 19])
def test_readers_of_virtuoso_never_see_an_empty_graph(tmp_path: Path, virtuoso: str, monkeypatch, longest: int) -> None:
    """Also where the difference takes several requests."""
    monkeypatch.setattr(graph_store, "_LONGEST_REQUEST", longest)
    former = [f'<urn:s:{n // 4}> <urn:p:{n}> "former {n % 4 or n}"' for n in range(20_000)]
    new = [one.replace("former", "new") for one in former[:5_000]] + former[5_000:] + ["<urn:s:1> <urn:p> <urn:o>"] * 2
    new[2] = '<urn:s:0> <urn:p:2> "POINT(11.00985 52.2279)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    store, state = f"{virtuoso}/sparql-graph-crud", tmp_path / "state.json"
    publish_remotely(written(tmp_path / "r", former), store, state)
    assert in_graph(virtuoso, GRAPH) == 20_000
    seen: set[int] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.add(in_graph(virtuoso, GRAPH))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for triples in (new, former, new):
            publish_remotely(written(tmp_path / "r", triples), store, state)
            assert in_graph(virtuoso, GRAPH) == len(set(triples))
    finally:
        is_over.set()
        reader.join()
    assert min(seen) > 14_000, "what does not change is always there"
    answer = httpx.get(store, params={"graph": GRAPH}, headers={"Accept": "application/n-triples"}).text
    assert answer.count("former") == 15_000
    assert answer.count("POINT") == 1
    # The point in another place takes the former one's.
    new[2] = new[2].replace("11.00985", "12.5")
    publish_remotely(written(tmp_path / "r", new), store, state)
    answer = httpx.get(store, params={"graph": GRAPH}, headers={"Accept": "application/n-triples"}).text
    assert (answer.count("POINT"), answer.count("POINT(12.5")) == (1, 1)
    publish_remotely(written(tmp_path / "r", []), store, state)
    assert in_graph(virtuoso, GRAPH) == 0


@pytest.mark.slow
def test_a_graph_that_virtuoso_does_not_give_whole(tmp_path: Path, virtuoso: str, monkeypatch) -> None:
    """It gives as many rows as it is set to; what it leaves out is replaced, too."""
    monkeypatch.setattr(graph_store, "_LONGEST_REQUEST", 1 << 19)
    triples = [f"<urn:s:{n}> <urn:p> <urn:o>" for n in range(101_000)]
    store, state = f"{virtuoso}/sparql-graph-crud", tmp_path / "state.json"
    publish_remotely(written(tmp_path / "r", triples), store, state)
    sent = publish_remotely(written(tmp_path / "r", triples[1000:]), store, state)
    assert in_graph(virtuoso, GRAPH) == 100_000
    assert "empties a graph" in sent.caveat
