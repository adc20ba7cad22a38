"""Every way in which a remote endpoint can misbehave ends in a retry or a clear error, in time."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from twingraph.errors import EndpointError, QueryError, QueryTimeoutError, TwingraphError
from twingraph.graph import Graph
from twingraph.stores.endpoint import ask_endpoint
from twingraph.stores.store import RemoteStore

QUERY = "SELECT ?name WHERE { ?m ?p ?name }"
ANSWER = {"head": {"vars": ["name"]}, "results": {"bindings": [{"name": {"type": "literal", "value": "Vitré"}}] * 50}}
BODY = json.dumps(ANSWER).encode()
ROWS_TYPE = "application/sparql-results+json"


class Server:
    """A server whose answers a test chooses; it records what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.stop = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                index = min(len(outer.requests), len(outer.answers)) - 1
                self.close_connection = True
                # The client goes away early in some tests, as it should.
                with contextlib.suppress(OSError):
                    outer.answers[index](self)

            def do_GET(self) -> None:
                outer.requests.append(("GET " + self.path, {}, b""))
                send(b"<html>", "text/html")(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/sparql"

    def close(self) -> None:
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def send(
    body: bytes = BODY, content_type: str = ROWS_TYPE, *, status: int = 200, length: int | None = None, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_good_answer_is_taken_and_the_request_is_right(server: Server) -> None:
    server.answers = [send()]
    result = ask_endpoint(server.url, QUERY)
    assert result.records() == [{"name": "Vitré"}] * 50
    path, headers, body = server.requests[0]
    assert path == "/sparql"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["accept"] == ROWS_TYPE
    assert headers["user-agent"].startswith("twingraph/")
    assert parse_qs(body.decode()) == {"query": [QUERY]}


def test_known_prefixes_are_declared_for_the_server(server: Server) -> None:
    server.answers = [send()]
    text = "PREFIX skos: <a:b> SELECT ?name { ?m tw:displayName ?name ; skos:note ?n ; foo:bar ?o }"
    ask_endpoint(server.url, text)
    (sent,) = parse_qs(server.requests[0][2].decode())["query"]
    assert sent == f"PREFIX tw: <https://w3id.org/twingraph/ontology#> {text}"


def test_triples_come_as_ntriples_or_turtle(server: Server) -> None:
    server.answers = [
        send(b'<a:a> <a:b> "1" .\n<a:a> <a:b> "1" .\n', "application/n-triples"),
        send(b"@prefix a: <a:> . a:a a:b a:c .", "text/turtle; charset=utf-8"),
    ]
    for _ in range(2):
        assert len(ask_endpoint(server.url, "CONSTRUCT WHERE { ?s ?p ?o }")) == 1
    assert server.requests[0][1]["accept"].startswith("application/n-triples")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_after_the_pause_it_wants(server: Server, status: int) -> None:
    server.answers = [send(b"busy", "text/plain", status=status, Retry_After="1"), send()]
    start = time.monotonic()
    assert len(ask_endpoint(server.url, QUERY, timeout=10)) == 50
    assert 0.9 < time.monotonic() - start < 4
    assert len(server.requests) == 2


def test_a_pause_may_be_given_as_a_date(server: Server) -> None:
    server.answers = [
        send(b"", "text/plain", status=429, Retry_After=formatdate(time.time() + 1.5, usegmt=True)),
        send(),
    ]
    assert len(ask_endpoint(server.url, QUERY, timeout=10)) == 50


def test_a_pause_longer_than_the_time_allowed_ends_at_once(server: Server) -> None:
    server.answers = [send(b"", "text/plain", status=429, Retry_After="3600")]
    start = time.monotonic()
    with pytest.raises(EndpointError, match="3600 s of pause") as caught:
        ask_endpoint(server.url, QUERY, timeout=5)
    assert caught.value.status == 429
    assert time.monotonic() - start < 1


def test_a_server_that_stays_busy_is_given_up(server: Server) -> None:
    server.answers = [send(b"", "text/plain", status=503, Retry_After="0")]
    with pytest.raises(EndpointError, match="overloaded"):
        ask_endpoint(server.url, QUERY, timeout=10)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (send(BODY[:-40]), "cut off or broken"),
        (send(BODY[:-40], length=len(BODY)), "broke off"),
        (send(BODY + b"\njava.util.concurrent.TimeoutException"), "cut off or broken"),
        (send(b"<html><b>Please log in</b></html>", "text/html"), "text/html.*Please log in"),
        (send(b"<html></html>"), "cut off or broken"),
        (send(b"name\r\nVitr\xc3\xa9\r\n", "text/csv"), "text/csv"),
        (send(b""), "cut off or broken"),
        (send(b"{}"), "cut off or broken"),
        (send(b"[]"), "cut off or broken"),
        (send(b"\xff\xfe{"), "cut off or broken"),
        (send(b"[" * 100_000), "cut off or broken"),
        (send(BODY.replace(b'"name"', b'"title"')), "asked for name, got title"),
        (send(b'{"head":{},"boolean":true}'), "asked for name, got ask"),
        (send(b'{"head":{"vars":[]},"results":{"bindings":[]}}'), "another question"),
        (send(b'{"head":{"vars":["name"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:b"}}]}}'), "broken"),
        (send(b'{"head":{"vars":["name"]},"results":{"bindings":[{"name":{"type":"uri","value":"a b"}}]}}'), "broken"),
        (send(b"<a:a> <a:b> <a:c> .", "application/n-triples"), "instead of application/sparql-results"),
        (send(b"no", "text/plain", status=400), "takes the query for wrong: no"),
        (send(b"who are you", "text/plain", status=401), "refuses access .401.: who are you"),
        (send(b"go away", "text/plain", status=403), "refuses access"),
        (send(b"", "text/plain", status=404), "no SPARQL endpoint .404."),
        (send(b"", "text/plain", status=405), "no SPARQL endpoint .405."),
        (send(b"x" * 10_000, "text/plain", status=500), "failed with status 500: x{300}…"),
        (send(b"\x1b[31m\x00bad", "text/plain", status=502), r"failed with status 502: \[31m bad"),
        (send(b"", "text/plain", status=504), "failed with status 504"),
    ],
)
def test_an_answer_that_is_none_is_refused(
    server: Server, answer: Callable[[BaseHTTPRequestHandler], None], message: str
) -> None:
    server.answers = [answer]
    with pytest.raises(EndpointError, match=message) as caught:
        ask_endpoint(server.url, QUERY, timeout=10)
    assert caught.value.url == server.url
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_shown_and_not_followed(server: Server, status: int) -> None:
    server.answers = [send(b"", "text/plain", status=status, Location="/other")]
    with pytest.raises(EndpointError, match=r"redirects to http://127.0.0.1:.*/other"):
        ask_endpoint(server.url, QUERY, timeout=10)
    assert len(server.requests) == 1


def trickle_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", ROWS_TYPE)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def trickle_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


def trickle_refusal(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def trickle_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", ROWS_TYPE)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"1\r\n \r\n")
        handler.wfile.flush()
        time.sleep(0.05)


def stall(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(6)


@pytest.mark.parametrize("answer", [trickle_body, trickle_headers, trickle_refusal, trickle_chunks, stall])
def test_the_deadline_holds_against_slow_servers(
    server: Server, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    server.answers = [answer]
    start = time.monotonic()
    # A refusal is known before its body is, so it is told rather than the time.
    expected = EndpointError if answer is trickle_refusal else QueryTimeoutError
    with pytest.raises(expected):
        RemoteStore(server.url).query(QUERY, timeout=0.8)
    assert time.monotonic() - start < 2


def test_chunks_that_end_early_are_refused(server: Server) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", ROWS_TYPE)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s" % (len(BODY), BODY[:20]))

    server.answers = [answer]
    with pytest.raises(EndpointError):
        ask_endpoint(server.url, QUERY, timeout=10)


def test_a_huge_answer_is_refused_early(server: Server) -> None:
    sent = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", ROWS_TYPE)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b" " * 100_000)
            sent.append(1)

    server.answers = [answer]
    with pytest.raises(EndpointError, match="more than 1,000,000 bytes"):
        ask_endpoint(server.url, QUERY, timeout=20, max_bytes=1_000_000)
    assert len(sent) < 1000


@pytest.mark.parametrize(
    "reply", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a" * 70_000]
)
def test_what_is_no_http_is_refused(reply: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener, pytest.raises(EndpointError, match="no proper answer"):
        ask_endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/", QUERY, timeout=5)
    thread.join(5)


def test_a_refused_connection_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(EndpointError, match="refused the connection"):
        ask_endpoint(f"http://127.0.0.1:{port}/sparql", QUERY, timeout=5)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1/sparql", "http://", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(EndpointError, match="no address"):
        ask_endpoint(url, QUERY)


def test_a_server_without_tls_is_named(server: Server) -> None:
    with pytest.raises(TwingraphError):
        ask_endpoint(server.url.replace("http:", "https:"), QUERY, timeout=5)


def test_a_refused_query_shows_its_own_error(server: Server) -> None:
    server.answers = [send(b"Virtuoso 37000 Error SP030: SPARQL compiler, line 1", "text/plain", status=400)]
    with pytest.raises(QueryError) as caught:
        Graph(RemoteStore(server.url)).query("SELECT ?x WHERE {\n ?x nope }")
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_values_of_older_servers_are_read(server: Server) -> None:
    body = {
        "head": {"link": [], "vars": ["name"]},
        "results": {
            "distinct": False,
            "ordered": True,
            "bindings": [
                {"name": {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#int", "value": "7"}}
            ],
        },
    }
    server.answers = [send(json.dumps(body).encode(), "application/sparql-results+json; charset=utf-8")]
    assert ask_endpoint(server.url, QUERY).records() == [{"name": 7}]


def test_nothing_keeps_running_after_an_answer(server: Server) -> None:
    server.answers = [send()]
    ask_endpoint(server.url, QUERY)
    time.sleep(0.2)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_words_of_comments_make_no_update_of_a_query() -> None:
    from twingraph.stores.endpoint import _request

    text = "# Aussagen\n# LOAD is only a word here\nSELECT ?a ?p WHERE { ?a ?p 1 }"
    for is_graph in (False, True):
        sent = _request("http://127.0.0.1:9/sparql", text, is_graph=is_graph).data
        assert isinstance(sent, bytes)
        assert b"query=" in sent
        assert b"update=" not in sent
