"""What strangers may try: nothing of the inside shows, nothing is reached that should not be, nobody is held up."""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import os
import random
import re
import resource
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode, urlsplit

import httpx
import psutil
import pytest

#: Words that only come from the inside of the server, or from files of the machine.
INSIDE = re.compile(
    rb"Traceback|File \"|site-packages|\.py\b|pyoxigraph|starlette|uvicorn|root:x:|\[build-system\]|/[h]ome/|/tmp/|RocksDB"
)
#: Long, quick to begin with, and without an end within the time limit.
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
LIGHT = "SELECT ?l WHERE { twm:Q486562 rdfs:label ?l } LIMIT 3"


def raw(server, data: bytes, *, wait: float = 20) -> bytes:
    """Send bytes and return all that comes back until the server hangs up."""
    found = b""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=wait)) as line:
        try:
            line.sendall(data)
            while part := line.recv(1 << 16):
                found += part
        except ConnectionError:
            pass  # refused while it was still being sent
    return found


def get(server, target: str, *headers: str, method: str = "GET") -> tuple[int, dict[bytes, bytes], bytes]:
    """Ask with a request line and headers exactly as given; return status, headers and body."""
    lines = [f"{method} {target} HTTP/1.1", *headers, "Connection: close"]
    if not any(header.lower().startswith("host:") for header in headers):
        lines.insert(1, "Host: 127.0.0.1")
    return parsed(raw(server, "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"))


def parsed(answer: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.split(b"\r\n")
    fields = [line.partition(b": ") for line in rest]
    assert len({name.lower() for name, _, _ in fields}) == len(fields), f"a header stands twice: {head!r}"
    return int(first.split()[1]), {name.lower(): value for name, _, value in fields}, body


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that must not be reached: its address, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with running(Handler) as address:
        yield address, asked


@contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()
        thread.join()


# --- reaching what should not be reached -----------------------------------------------------------------------------

CALLS = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "after true": "SELECT * { ?s ?p trueSERVICE<URL>{ ?a ?b ?c } }",
    "after true, prefixed": "PREFIX : <URL> SELECT * { ?s ?p trueSERVICE:x{ ?a ?b ?c } }",
    "by a variable": "SELECT * { BIND(<URL> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "by a value": "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    "by a base": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "escaped keyword": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "long escape": "SELECT * { \\U00000053ERVICE <URL> { ?s ?p ?o } }",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "behind a false comment": (
        'PREFIX b: <b:> SELECT * { BIND((?a<b:c#>"""\n) AS ?x) SERVICE <URL> { ?s ?p ?o } #"""\n}'
    ),
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "load": "LOAD <URL>",
    "load behind a query": "ASK {} ; LOAD <URL>",
    "load in braces": "SELECT * { LOAD <URL> }",
}


@pytest.mark.parametrize("name", CALLS)
def test_no_query_makes_the_server_call_another(server, listener, name: str) -> None:
    url, asked = listener
    answer = server.ask(CALLS[name].replace("URL", url))
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["results"]["bindings"] == []
    assert asked == []


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("place", ["URL", "file:///etc/passwd"])
def test_graphs_of_a_request_are_not_fetched(server, listener, name: str, place: str) -> None:
    url, asked = listener
    params = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", name: place.replace("URL", url)}
    answer = httpx.get(f"{server.url}sparql", params=params)
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"] == []
    assert asked == []


@pytest.mark.parametrize(
    "value", ["", "x", "1:x", "a b:c", "http://a b", "http://[", "<http://a>", "a:\x00", "\U0001f600"]
)
def test_what_is_no_iri_is_no_graph(server, value: str) -> None:
    answer = httpx.get(f"{server.url}sparql", params={"query": "ASK {}", "default-graph-uri": value})
    assert answer.status_code == 400
    assert "is no IRI" in answer.json()["detail"]


def test_an_allowed_service_can_t_lead_elsewhere(server, shipped_store, start, listener) -> None:
    """It may be called; where it sends the caller, and what its neighbours are, may not."""
    url, asked = listener
    redirected = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            redirected.append(self.path)
            self.send_response(int(self.path.rpartition("/")[2]))
            self.send_header("Location", url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    codes = (301, 302, 303, 307, 308)
    with running(Handler) as address:
        allowed = [word for code in codes for word in ("--allow-service", f"{address}{code}")]
        with start(shipped_store, "--timeout", "5", *allowed) as other:
            for code in codes:
                answer = other.ask(f"SELECT * {{ SERVICE <{address}{code}> {{ ?s ?p ?o }} }}")
                assert answer.status_code >= 400
                assert not INSIDE.search(answer.content), answer.text
            assert other.ask(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}").status_code == 400
    assert redirected == [f"/{code}" for code in codes], "the allowed addresses themselves are called"
    assert asked == []


@pytest.mark.parametrize("prefix", ["/", "/api/queries/", "/api/", "/.well-known/", "/static/", "/assets/", "/health/"])
@pytest.mark.parametrize(
    "path",
    [
        "../../../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "..%252f..%252f..%252f..%252fetc%252fpasswd",
        "..%5c..%5c..%5c..%5cetc%5cpasswd",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "....//....//....//etc/passwd",
        "../../pyproject.toml",
        "../app.py",
        "%00",
        "municipality/partners.rq%00.json",
        "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
        "\udcff\udcfe",
    ],
)
def test_no_path_leads_to_a_file(server, prefix: str, path: str) -> None:
    status, _, body = get(server, prefix + path)
    assert status in (400, 404), body[:200]
    assert not INSIDE.search(body.replace(b'.py"', b"").replace(path.encode("utf-8", "replace"), b""))


# --- injection -------------------------------------------------------------------------------------------------------

HOSTILE = [
    '"',
    "'",
    "\\",
    '\\" } UNION { ?s ?p ?o } #',
    '" } UNION { ?this ?p ?o . ?partnership ?q ?municipality } #',
    'Helmstedt" ; ?p ?o . FILTER(true) #',
    "\n} SELECT * { ?s ?p ?o",
    "?town",
    "<https://w3id.org/twingraph/ontology#x>",
    "> ?p ?o . <",
    "${jndi:ldap://127.0.0.1/a}",
    "{{7*7}}",
    "%s%s%s%n",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "a" * 5000,
    "\U0001f600",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["municipality/partners", "municipality/names"])
def test_a_parameter_stays_a_value(server, name: str, value: str) -> None:
    answer = httpx.get(f"{server.url}api/queries/{name}", params={"town": value})
    assert answer.status_code in (200, 400), answer.text
    assert not INSIDE.search(answer.content)
    if answer.status_code == 200:
        assert answer.json()["results"]["bindings"] == []


@pytest.mark.parametrize("value", HOSTILE)
def test_every_type_of_parameter_stays_a_value(server, value: str) -> None:
    """As each parameter of each query in turn: refused in words, or a value like any other."""
    seen = set()
    for query in httpx.get(f"{server.url}api/queries").json()["queries"]:
        examples = {each["name"]: each.get("example", each.get("default", "")) for each in query["parameters"]}
        for parameter in query["parameters"]:
            if parameter["type"] in seen:
                continue
            seen.add(parameter["type"])
            answer = httpx.get(query["url"], params={**examples, parameter["name"]: value}, timeout=20)
            # 503: a valid value may well ask for more than there is time.
            assert answer.status_code in (200, 400, 503), (query["id"], answer.text)
            assert not INSIDE.search(answer.content), answer.text
    assert len(seen) > 5


def test_values_do_not_get_into_headers(server) -> None:
    split = "%0d%0aX-Evil:%201%0d%0a%0d%0a<script>"
    for target in (
        f"/api/queries/municipality/partners?town=x&format=csv{split}",
        f"/api/queries/{split}",
        f"/sparql?query=ASK%7B%7D{split}",
        f"/{split}",
        f"/sparql{split}",
    ):
        status, headers, body = get(server, target)
        assert status in (400, 404)
        assert b"x-evil" not in headers
        assert headers[b"content-type"] == b"application/problem+json"
        assert json.loads(body)["status"] == status


# --- requests that are too large, too slow or no requests ------------------------------------------------------------


def test_what_is_too_large_is_refused(server) -> None:
    big = b"#" + b"x" * (2 << 20)
    kind = {"Content-Type": "application/sparql-query"}
    told = httpx.post(f"{server.url}sparql", content=big, headers=kind)
    assert told.status_code == 413

    def parts() -> Iterator[bytes]:
        for start in range(0, len(big), 1 << 16):
            yield big[start : start + (1 << 16)]

    try:
        chunked = httpx.post(f"{server.url}sparql", content=parts(), headers=kind)
        assert chunked.status_code == 413
    except httpx.TransportError:
        pass  # hung up on while it was still sending
    lies = raw(server, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n"
                       b"Content-Type: application/sparql-query\r\nConnection: close\r\n\r\nASK {}")  # fmt: skip
    assert parsed(lies)[0] in (400, 413)
    for target, headers in (
        ("/sparql?query=ASK%7B%7D#" + "x" * 200_000, []),
        ("/sparql?query=ASK%7B%7D", ["X-Long: " + "x" * 200_000]),
        ("/sparql?query=ASK%7B%7D", [f"X-{number}: x" for number in range(20_000)]),
    ):
        assert raw(server, "\r\n".join([f"GET {target} HTTP/1.1", "Host: x", *headers, "", ""]).encode())[:12] in (
            b"",
            b"HTTP/1.1 400",
            b"HTTP/1.1 431",
        )
    form = "query=ASK%7B%7D" + "&a=b" * 2000
    many = httpx.post(
        f"{server.url}sparql", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert many.status_code == 400
    assert server.ask(LIGHT).status_code == 200


def test_whoever_does_not_read_holds_nobody_up(server) -> None:
    """Four times as many as there are workers ask for large answers and take none of them."""
    request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    lines = []
    for _ in range(8):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", server.port))
        line.sendall(request)
        lines.append(line)
    try:
        time.sleep(0.5)
        # The time limit of a query is two seconds.
        deadline = time.monotonic() + 4
        while server.ask(LIGHT).status_code != 200:
            assert time.monotonic() < deadline
        time.sleep(max(0, deadline - time.monotonic()))
        assert 'workers_busy{pool="queries"} 0.0' in httpx.get(f"{server.url}metrics").text
    finally:
        for line in lines:
            line.close()


def test_whoever_hangs_up_lets_go_of_the_engine(shipped_store, start) -> None:
    """Ctrl-C in a client, or a page that is closed: the query is not computed to its end for nobody."""
    heavy = quote("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    form = f"query={heavy}"
    requests = [
        f"GET /sparql?query={heavy} HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}",
    ]

    def busy() -> float:
        found = re.search(r'workers_busy\{pool="queries"\} (\S+)', httpx.get(f"{server.url}metrics").text)
        assert found
        return float(found[1])

    with start(shipped_store, "--timeout", "60") as server:
        for request in requests:
            with closing(socket.create_connection(("127.0.0.1", server.port))) as line:
                line.sendall(request.encode())
                deadline = time.monotonic() + 5
                while not busy():
                    assert time.monotonic() < deadline
                time.sleep(0.2)
                assert busy() == 1
            deadline = time.monotonic() + 5
            while busy():
                assert time.monotonic() < deadline
        assert server.ask(LIGHT).status_code == 200
        assert 'outcome="left"} 2.0' in httpx.get(f"{server.url}metrics").text


def seconds_until_hung_up(server, beginning: bytes) -> float:
    """Send a beginning, then a little more each second; return how long the server bore it."""
    began = time.monotonic()
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=1)) as line:
        line.sendall(beginning)
        for number in range(20):
            try:
                while line.recv(4096):
                    pass
                break
            except TimeoutError:
                if beginning:
                    line.sendall(b"X-%d: y\r\n" % number)
            except ConnectionError:
                break
    return time.monotonic() - began


@pytest.mark.slow
def test_a_request_that_never_ends_is_hung_up_on(server) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    beginnings = {
        "nothing": b"",
        "half a head": whole[:-2],
        "half a head after a request": whole + whole[:-2],
        "an answer before the body is there": whole[:-2] + b"Content-Length: 1000\r\n\r\n",
    }
    with ThreadPoolExecutor(len(beginnings)) as threads:
        waits = {name: threads.submit(seconds_until_hung_up, server, data) for name, data in beginnings.items()}
        assert {name for name, wait in waits.items() if not 5 < wait.result() < 15} == set()


def test_a_connection_without_a_request_may_wait_a_while(server) -> None:
    """Keep-alive is not taken for dawdling."""
    with httpx.Client() as client:
        for _ in range(2):
            assert client.get(f"{server.url}health").status_code == 200
            time.sleep(0.3)


def test_more_idle_connections_than_there_may_be_disturb_nobody(server) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 4096:
        pytest.skip("too few open files are allowed here")
    lines = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1100)]
    try:
        for _ in range(5):
            assert server.ask(LIGHT).status_code == 200
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 100 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}a",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nASK{}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(server, data: bytes) -> None:
    answer = raw(server, data)
    assert answer[9:12] in (b"400", b"501", b"505", b""), answer[:200]
    assert not INSIDE.search(answer)
    assert server.ask(LIGHT).status_code == 200


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["evil.example", 'a"><script>alert(1)</script>', "a b<x>", "[", "[::1", "x:99999999", "x:y", "", "a/../..", "é"],
)
@pytest.mark.parametrize("target", ["/sparql", "/.well-known/void", "/api/openapi.json", "/api/queries", "/"])
def test_a_host_that_is_none_gets_into_no_answer(server, target: str, host: str) -> None:
    status, _, body = get(server, target, f"Host: {host}")
    assert status in (200, 303, 400, 404)
    assert b"<script>alert" not in body
    assert b"<x>" not in body


def test_a_given_base_url_counts_more_than_any_header(shipped_store, start) -> None:
    with start(shipped_store, "--base-url", "https://graph.example.org/twin") as server:
        for target in ("/sparql", "/.well-known/void", "/api/openapi.json", "/api/queries"):
            _, _, body = get(
                server,
                target,
                "Host: evil.example",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: gopher",
                "Forwarded: host=evil.example;proto=gopher",
            )
            assert b"https://graph.example.org/twin" in body
            assert b"evil.example" not in body
            assert b"gopher" not in body


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "If-None-Match", "Range", "Cookie", "Content-Type"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        ",",
        ";;;",
        "*",
        "*/*;q=nan",
        "*/*;q=1e309",
        "a/b;q=-1",
        '"',
        'W/"',
        "é",
        "x" * 30_000,
        ", ".join(["a/b;q=0.1"] * 3000),
    ],
)
def test_odd_headers_do_no_harm(server, name: str, value: str) -> None:
    began = time.monotonic()
    status, _, body = get(server, f"/sparql?query={quote(LIGHT)}", f"{name}: {value}")
    assert status in (200, 304, 400, 406), body
    assert not INSIDE.search(body)
    assert time.monotonic() - began < 2


def test_every_answer_has_the_headers_that_protect(server) -> None:
    for target in (
        "/",
        "/sparql",
        "/sparql?query=ASK%7B%7D",
        "/sparql?query=x",
        "/health",
        "/metrics",
        "/none",
        "/api/queries",
    ):
        _, headers, _ = get(server, target, "Origin: https://evil.example", "Cookie: a=b")
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert b"default-src 'self'" in headers[b"content-security-policy"]
        assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
        assert headers[b"access-control-allow-origin"] == b"*"
        assert b"access-control-allow-credentials" not in headers
        assert b"set-cookie" not in headers
        assert b"server" not in headers


# --- random requests -------------------------------------------------------------------------------------------------

RANDOM_REQUESTS = 10_000
SEED = int(os.environ.get("TWINGRAPH_TEST_SEED", "1"))
_PIECES = [
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "*", "{", "}", "(", ")", "?s", "?p", "?o", ".", ";", ",", "LIMIT 1"),
    *("FILTER", "OPTIONAL", "UNION", "GRAPH", "?g", "SERVICE", "BIND", "AS", "VALUES", "<a:b>", '"x"@de', "'", '"'),
    *("'''", "#", "\n", "\\", "1e9999", "-0", "REGEX(?o, '(a+)+$')", "REPLACE(?o, '.', '$0$0')", "a", "^", "|", "/"),
    *(
        "+",
        "?",
        "!",
        "tw:start",
        "twm:Q486562",
        "rdfs:label",
        "\\u0000",
        "\ufffe",
        "\x00",
        "é",
        "\U0001f600",
        "ORDER BY",
    ),
]


PAGES = [
    *(
        "/",
        "/search",
        "/chain",
        "/explore",
        "/sources",
        "/queries",
        "/query",
        "/ontology",
        "/sitemap.xml",
        "/robots.txt",
    ),
    *("/municipality/KEY", "/partnership/KEY", "/country/KEY", "/source/KEY", "/event/KEY", "/queries/KEY", "/id/KEY"),
    *(
        "/export/KEY",
        "/export/csv",
        "/export/gexf",
        "/static/KEY",
        "/queries/municipality/partners",
        "/id/municipality/KEY",
    ),
]
PAGE_PARAMETERS = [
    *("q", "lang", "from", "to", "view", "as_of", "kind", "status", "country", "other_country", "around", "steps"),
    *("multilateral", "p.town", "p.lang", "run", "inline", "query"),
]


def random_text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.25:
        return "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0xD7FF)))) for _ in range(20))
    if kind < 0.4:
        return chance.choice(HOSTILE)
    if kind < 0.5:
        return str(
            chance.choice((0, -1, 1, 1964, 10**30, 1e400, "nan", "1964-02-30", "9999-12-31", "true", "DE", "de"))
        )
    return " ".join(chance.choice(_PIECES) for _ in range(chance.randrange(1, 15)))


def random_request(chance: random.Random, operations: list[tuple[str, list[dict]]]) -> bytes:
    """Return a well-formed HTTP request that asks for anything at all, more often than not of the query API."""
    headers = ["Host: 127.0.0.1"]
    for name in ("Accept", "Accept-Encoding", "If-None-Match", "Origin", "Range", "X-Forwarded-For"):
        if chance.random() < 0.15:
            odd = random_text(chance).encode("ascii", "ignore").decode()
            value = chance.choice(("text/csv", "*/*;q=0.1", "gzip", "*", "text/html", "text/turtle", odd))
            headers.append(f"{name}: {''.join(c for c in value if c.isprintable()).strip()}")
    method, body = "GET", b""
    kind = chance.random()
    if kind < 0.7:
        path, parameters = chance.choice(operations)
        pairs = []
        for parameter in parameters:
            if chance.random() < (0.95 if parameter.get("required") else 0.4):
                known = parameter["schema"].get("enum") or [parameter.get("example", "")]
                value = str(chance.choice(known)) if chance.random() < 0.4 else random_text(chance)
                pairs += [(parameter["name"], value)] * chance.choice((1, 1, 1, 1, 2))
        if chance.random() < 0.1:
            pairs.append((random_text(chance), random_text(chance)))
        target = f"{path}?" + "&".join(f"{quote(name)}={quote(value, errors='replace')}" for name, value in pairs)
        method = chance.choice(("GET", "GET", "GET", "GET", "HEAD", "POST", "DELETE"))
    elif kind < 0.73:
        # Pages take longer, since they are drawn.
        given = random.Random(chance.random())
        pairs = [(name, random_text(given)) for name in PAGE_PARAMETERS if given.random() < 0.2]
        key = quote(random_text(given), safe="", errors="replace")
        target = given.choice(PAGES).replace("KEY", key) + "?" + urlencode(pairs, errors="replace")
    elif kind < 0.9:
        target = "/sparql?query=" + quote(random_text(chance), errors="replace")
        method = chance.choice(("GET", "GET", "HEAD", "PUT"))
    elif kind < 0.97:
        target, method = "/sparql", "POST"
        body = random_text(chance).encode("utf-8", "replace")
        media_type = chance.choice(("application/sparql-query", "application/x-www-form-urlencoded", "text/plain", "a"))
        headers += [f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    else:
        target = "/" + quote(random_text(chance), safe="/%?&=", errors="replace")
    return f"{method} {target} HTTP/1.1\r\n".encode() + "\r\n".join(headers).encode() + b"\r\n\r\n" + body


async def answers(port: int, requests: list[bytes]) -> list[tuple[bytes, int, bytes]]:
    """Send requests over a few connections; return each with status and body."""
    queue = list(reversed(requests))
    found = []

    async def client() -> None:
        reader = writer = None
        while queue:
            request = queue.pop()
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            status, body = int(head.split()[1]), b""
            if request.startswith(b"HEAD") or status in (204, 304):
                pass
            elif size := re.search(rb"\r\ncontent-length: (\d+)", head):
                body = await reader.readexactly(int(size[1]))
            else:
                while length := int(await reader.readuntil(b"\r\n"), 16):
                    body += await reader.readexactly(length)
                    await reader.readexactly(2)
                await reader.readexactly(2)
            found.append((request, status, gzip.decompress(body) if b"content-encoding: gzip" in head else body))
            if b"connection: close" in head:
                writer.close()
                writer = None
        if writer is not None:
            writer.close()

    await asyncio.gather(*(client() for _ in range(8)))
    return found


@pytest.mark.slow
def test_thousands_of_random_requests(shipped_store, start) -> None:
    """None of them is answered with a failure, shows the inside, or leaves anything behind."""
    chance = random.Random(SEED)
    with start(shipped_store, "--timeout", "2", "--quiet") as server:
        described = httpx.get(f"{server.url}api/openapi.json").json()
        operations = [(path, item["get"]["parameters"]) for path, item in described["paths"].items()]
        process = psutil.Process(server.process.pid)
        requests = [random_request(chance, operations) for _ in range(RANDOM_REQUESTS)]
        # The first thousand fills caches and starts workers.
        found = asyncio.run(answers(server.port, requests[:1000]))
        before, files = process.memory_info().rss, process.num_fds()
        found += asyncio.run(answers(server.port, requests[1000:]))
        time.sleep(0.5)
        counts = Counter(status for _, status, _ in found)
        assert len(found) == RANDOM_REQUESTS
        wrong = [
            (request[:600], status, body[:300]) for request, status, body in found if status >= 500 and status != 503
        ]
        assert not wrong, wrong[:3]
        assert counts[503] < RANDOM_REQUESTS / 50, counts
        assert counts[200] > RANDOM_REQUESTS / 10, counts
        for request, status, body in found:
            if status >= 400 and body:
                # Pages and files tell of errors in their own form.
                assert not body.startswith(b"{") or json.loads(body)["status"] == status, request
                assert not INSIDE.search(body), (request, body)
        assert process.memory_info().rss - before < 40 << 20
        assert process.num_fds() - files < 20
        assert len(process.children()) < 20
        assert server.ask(LIGHT).status_code == 200
        assert "Traceback" not in server.log.read_text()


# --- pages -----------------------------------------------------------------------------------------------------------

EVIL_NAMES = ['"><img src=x onerror=alert(1)>', "</script><script>alert(2)</script>", "' onmouseover='alert(3)"]


class Elements(HTMLParser):
    """The elements of a page as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture
def evil_server(data, start) -> Iterator[object]:
    """A server on a graph whose names and titles are meant to run in a reader's browser."""
    from twingraph.building import build

    names = data / "gazetteer" / "municipalities.csv"
    quoted = ['"' + name.replace('"', '""') + '"' for name in EVIL_NAMES]
    text = names.read_text().replace("Q1,Kiel,de,Kiel,Kiel,", f"Q1,Kiel,de,{quoted[0]},{quoted[1]},")
    names.write_text(text.replace("Q3,Brest,fr,,Brest,", f"Q3,Brest,fr,{quoted[2]},{quoted[0]},"))
    source = data / "sources" / "town" / "source.toml"
    source.write_text(
        source.read_text().replace("Partner towns", "<svg/onload=alert(4)>").replace("Town of Kiel", "&lt;")
    )
    claims = data / "sources" / "town" / "partnership_claims.csv"
    claims.write_text(
        claims.read_text().replace("list item 1", "<b onclick=alert(5)>x").replace("yes,\n", "yes,<object>\n")
    )
    build(data, data.parent / "store")
    with start(data.parent / "store", "--timeout", "10") as server:
        yield server


def test_no_name_runs_in_a_browser(evil_server) -> None:
    """Every page that can be reached, in both languages: no element, handler or address that a name brought along."""
    waiting = [
        f"/{path}" for path in ("", "sources", "queries", "explore", "query", "municipality/Q1?lang=de", "chain")
    ]
    waiting += [
        f"/search?{urlencode({'q': name, 'lang': lang})}" for name in (*EVIL_NAMES, "Kiel") for lang in ("en", "de")
    ]
    waiting += [f"/explore?view={view}&lang=de&around=Kiel" for view in ("table", "network", "map")]
    waiting += [
        f"/queries/municipality/partners?{urlencode({'p.town': name, 'run': 1})}" for name in (*EVIL_NAMES, "Kiel")
    ]
    seen, names = set(), 0
    with httpx.Client(base_url=evil_server.url, timeout=60) as client:
        while waiting and len(seen) < 150:
            target = waiting.pop(0)
            if target in seen or target.startswith("/export/"):
                continue
            seen.add(target)
            answer = client.get(target, headers={"Accept": "text/html"}, follow_redirects=True)
            assert answer.status_code in (200, 400, 404), (target, answer.text[:500])
            if not answer.headers["content-type"].startswith("text/html") or target.startswith("/ontology"):
                continue
            names += any(
                html.escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in answer.text
                for name in EVIL_NAMES
            )
            for tag, attributes in Elements(answer.text).found:
                assert tag not in ("img", "object"), (target, tag, attributes)
                assert not any(name.startswith("on") for name in attributes), (target, tag, attributes)
                if tag == "script":
                    assert attributes.get("type") == "application/ld+json" or "/static/" in attributes["src"], target
                for name in ("href", "src", "action", "xlink:href"):
                    url = attributes.get(name, "")
                    # The empty icon keeps browsers from asking for one.
                    is_icon = tag == "link" and url == "data:,"
                    assert is_icon or urlsplit(url).scheme in ("", "http", "https"), (target, url)
                    if name == "href" and url.startswith(evil_server.url):
                        waiting.append("/" + url.removeprefix(evil_server.url).partition("#")[0])
            policy = answer.headers["content-security-policy"]
            assert "script-src" not in policy or "'unsafe-inline'" not in policy, target
    assert len(seen) > 20
    assert names > 5, "the names are shown, as text"


@pytest.mark.parametrize(
    "path",
    [
        "/queries/FILE",
        "/queries/%2FFILE",
        "/queries/../FILE",
        "/queries/" + quote("SELECT * { ?s ?p ?o } LIMIT 1") + "?run=1",
        "/queries/" + quote("#+ summary: x\nSELECT * { ?s ?p ?o } LIMIT 1"),
        "/api/queries/FILE",
        "/api/queries/" + quote("SELECT * { ?s ?p ?o } LIMIT 1"),
    ],
)
def test_only_the_library_is_asked_by_name(server, tmp_path, path: str) -> None:
    secret = tmp_path / "secret.rq"
    secret.write_text("SELECT ('treasure' AS ?x) {}")
    status, _, body = get(server, path.replace("FILE", quote(str(secret))))
    assert status in (400, 404)
    assert b"treasure" not in body
    assert b"can't be read" not in body
    assert b"https://w3id.org/twingraph/id" not in body
