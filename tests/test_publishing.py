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
from twingraph.building import build
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


def test_wrong_addresses(tmp_path: Path, release: Path, run_twingraph) -> None:
    for url, message in (("ftp://x/", "no address"), ("http://me:secret@x/store", "no place for a password")):
        with pytest.raises(EndpointError, match=message) as error:
            publish_remotely(release, url, tmp_path / "state.json")
        assert "secret" not in str(error.value)
    done = run_twingraph("build", "--data", str(FIXTURES / "mini"), "--store", str(tmp_path / "x"), "--again")
    assert done.returncode == 2


@pytest.mark.slow
def test_a_second_server(tmp_path: Path, release: Path) -> None:
    """Virtuoso, whose graph store asks for a right first."""
    with virtuoso_server(tmp_path / "virtuoso") as (url, run):
        run('GRANT SPARQL_UPDATE TO "SPARQL";')
        run("DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);")
        sent = publish_remotely(release, f"{url}/sparql-graph-crud", tmp_path / "state.json")
        assert sent.sent == sent.graphs
        with twingraph.open(f"{url}/sparql") as graph:
            here = (release / "twingraph.nq").read_text(encoding="utf-8")
            rows = graph.query(
                f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{CONCLUSIONS_GRAPH}> {{ ?s ?p ?o }} }}", frame="result"
            )
            assert int(str(rows.records()[0]["n"])) == here.count(f" <{CONCLUSIONS_GRAPH}> .")
