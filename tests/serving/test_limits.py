"""Limits that hold, a new build that comes in, a stop in good order, and the clients that people use."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIGHT = "SELECT ?l WHERE { twm:Q486562 rdfs:label ?l } LIMIT 3"


def test_a_runaway_is_stopped_at_its_time(server) -> None:
    begun = time.monotonic()
    answer = server.ask(RUNAWAY)
    assert answer.status_code == 503
    assert 1.9 < time.monotonic() - begun < 4
    assert "took longer than 2 s" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
    assert server.ask(LIGHT).status_code == 200


def test_runaways_do_not_hold_up_the_others(server) -> None:
    """Twice as many as there are workers, and light questions all the same."""
    with ThreadPoolExecutor(20) as threads:
        heavy = [threads.submit(server.ask, RUNAWAY) for _ in range(4)]
        time.sleep(0.3)
        light = [threads.submit(server.ask, LIGHT) for _ in range(12)]
        assert {future.result().status_code for future in light} == {200}
        assert {future.result().status_code for future in heavy} == {503}


def test_a_long_query_text_does_not_hold_up_the_server(server) -> None:
    """Allowed texts take seconds to read; that is a worker's work, within the time limit, and not the server's."""
    process = psutil.Process(server.process.pid)
    before = sum(process.cpu_times()[:2])
    for long in ("ASK { FILTER(1 IN (" + "1," * 500_000 + "1)) }", "ASK {" + "." * 1_000_000 + "}"):
        headers = {"Content-Type": "application/sparql-query"}
        answer = httpx.post(f"{server.url}sparql", content=long, headers=headers, timeout=60)
        # On a slow machine, the time is over before it is read.
        assert answer.status_code in (200, 400, 503), answer.text
    # To read it takes more than a second of the processor's time.
    assert sum(process.cpu_times()[:2]) - before < 0.8


def test_pages_asked_for_at_the_same_time_all_come(shipped_store: Path, start) -> None:
    """They take long by the clock then, though none of them takes long by itself."""
    with start(shipped_store, "--workers", "2") as server:
        pages = [f"{server.url}municipality/{key}?n={n}" for n in range(8) for key in ("Q486562", "Q1707")]
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda page: httpx.get(page, timeout=60), pages))
    assert [answer.status_code for answer in answers] == [200] * len(pages), answers[-1].text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("ASK { FILTER(" + "STR(" * 968 + "1" + ")" * 968 + ") }", 400),
        ("ASK " + "{" * 5200, 400),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("ASK{FILTER(true)SERVICE<http://127.0.0.1:9/>{}}", 400),
        ("LOAD <file:///etc/passwd>", 400),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 200),
        ("DROP ALL", 400),
    ],
)
def test_what_could_do_harm_does_none(server, query: str, status: int) -> None:
    answer = server.ask(query)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["results"]["bindings"] == []
    assert server.ask(LIGHT).status_code == 200


def test_no_query_opens_a_connection(shipped_store: Path, start) -> None:
    """Even where the text let SERVICE through, the worker has no way out; a listener sees nothing."""
    script = (
        "import socket, sys; from twingraph.serving.seclusion import seclude\n"
        "print(seclude())\n"
        "for make in (lambda: socket.create_connection(('127.0.0.1', int(sys.argv[1]))), socket.socket):\n"
        "    try: make(); print('open')\n"
        "    except OSError as error: print(error.errno)\n"
        "import os, tempfile\n"
        "try: os.write(tempfile.TemporaryFile().fileno(), b'x'); print('written')\n"
        "except OSError as error: print('refused')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", script, port], capture_output=True, text=True, check=False)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert done.stdout.split()[:3] == ["True", "13", "13"]
    assert "written" not in done.stdout


def test_service_may_call_what_is_named(shipped_store: Path, server, start) -> None:
    """A federated query from one server to another, and to no third."""
    with start(shipped_store, "--allow-service", f"{server.url}sparql") as other:
        query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{server.url}sparql> {{ ?s a tw:Partnership }} }}"
        # The other server is sent the query as it stands, and knows the prefixes.
        query = "PREFIX tw: <https://w3id.org/twingraph/ontology#> " + query
        answer = other.ask(query)
        assert answer.status_code == 200, answer.text
        assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) > 700
        for wrong in ("http://127.0.0.1:9/sparql", f"{server.url}health"):
            refused = other.ask(query.replace(f"{server.url}sparql", wrong))
            assert refused.status_code == 400
            assert "SERVICE may call only" in refused.json()["detail"]
        hidden = other.ask("SELECT * { BIND(<http://127.0.0.1:9/> AS ?s) SERVICE ?s { ?a ?b ?c } }")
        assert hidden.status_code == 400


def test_a_large_answer_takes_little_memory(server) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } "
    process = psutil.Process(server.process.pid)
    before, most, size = process.memory_info().rss, 0, 0
    with httpx.stream("POST", f"{server.url}sparql", data={"query": query}, timeout=60) as answer:
        assert answer.status_code == 200
        for part in answer.iter_raw():
            size += len(part)
            most = max(most, process.memory_info().rss)
    assert size > 1_000_000
    assert most - before < 40 << 20


def test_a_client_that_goes_away_frees_its_worker(server) -> None:
    for _ in range(6):
        with httpx.stream("POST", f"{server.url}sparql", data={"query": "SELECT * { ?s ?p ?o . ?a ?b ?c }"}) as answer:
            next(answer.iter_raw())
    begun = time.monotonic()
    assert server.ask(LIGHT).status_code == 200
    assert time.monotonic() - begun < 3


def test_an_answer_that_is_not_whole_breaks_off(server) -> None:
    """Never a 200 with a silent part: what can't be finished in time ends without the end of its transfer."""
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream(
            "POST", f"{server.url}sparql", data={"query": "SELECT * { ?s ?p ?o . ?a ?b ?c }"}, timeout=60
        ) as answer,
    ):
        assert answer.status_code == 200
        for _ in answer.iter_raw():
            time.sleep(0.001)


@pytest.mark.slow
def test_a_slow_request_does_not_wait_for_ever(shipped_store: Path, server) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(head.encode() + b"ASK {")
        assert server.ask(LIGHT).status_code == 200
        line.settimeout(30)
        assert b"408" in line.recv(4096).split(b"\r\n")[0]


def test_a_new_build_is_served_without_a_restart(tmp_path: Path, shipped_store: Path, start) -> None:
    from twingraph.building import build
    from twingraph.resources import data_dir

    store, data = tmp_path / "store", tmp_path / "data"
    shutil.copytree(data_dir(), data)
    build(data, store)
    with start(store, "--workers", "2") as server:
        first = httpx.get(f"{server.url}health").json()["build"]
        stop, seen = threading.Event(), []

        def ask() -> None:
            while not stop.is_set():
                seen.append(server.ask(LIGHT).status_code)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        folder = next(path for path in sorted((data / "sources").iterdir()) if path.is_dir())
        shutil.rmtree(folder)
        build(data, store)
        deadline = time.monotonic() + 20
        while httpx.get(f"{server.url}health").json()["build"] == first:
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)
        time.sleep(1.5)
        stop.set()
        for thread in threads:
            thread.join()
        assert set(seen) == {200}


def test_it_stops_in_good_order(shipped_store: Path, start) -> None:
    """Who is being answered gets the end of it; then no process is left."""
    with start(shipped_store, "--timeout", "30") as server:
        workers = psutil.Process(server.process.pid).children(recursive=True)
        slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a rdfs:label ?b . ?c rdfs:label ?d . FILTER(STRLEN(?b) = STRLEN(?d) + 200) }"
        with ThreadPoolExecutor(1) as threads:
            answer = threads.submit(server.ask, slow)
            time.sleep(0.4)
            server.process.send_signal(signal.SIGTERM)
            assert answer.result().status_code in (200, 503)
        assert server.process.wait(40) == 0, "to be told to stop is no failure"
        _, alive = psutil.wait_procs(workers, 5)
        assert not alive


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--store", "none"], 1, "there is no store at none"),
        (["--host", "no.such.host.invalid"], 1, "no such address"),
        (["--timeout", "0"], 2, "is not in the range"),
        (["--workers", "0"], 2, "is not in the range"),
        (["--allow-service", "everything"], 2, "is no address"),
    ],
)
def test_wrong_ways_to_start(shipped_store: Path, run_twingraph, options, code, message) -> None:
    store = [] if "--store" in options else ["--store", str(shipped_store)]
    done = run_twingraph("serve", "--port", "0", *store, *options)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken(shipped_store: Path, run_twingraph, server) -> None:
    done = run_twingraph("serve", "--store", str(shipped_store), "--port", str(server.port))
    assert done.returncode == 1
    assert "give another --port" in done.stderr


# ---- clients --------------------------------------------------------------------------------------------------------

NAMES = "SELECT ?l WHERE { <https://w3id.org/twingraph/id/municipality/Q486562> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"


def test_sparqlwrapper(server) -> None:
    from SPARQLWrapper import CSV, JSON, N3, POST, RDFXML, XML, SPARQLWrapper

    client = SPARQLWrapper(f"{server.url}sparql")
    client.setQuery(NAMES)
    for method in ("GET", POST):
        client.setMethod(method)
        client.setReturnFormat(JSON)
        rows = client.queryAndConvert()["results"]["bindings"]
        assert "Helmstedt" in {row["l"]["value"] for row in rows}
    for form in (XML, CSV):
        client.setReturnFormat(form)
        assert client.queryAndConvert()
    client.setQuery(NAMES.replace("SELECT ?l", "CONSTRUCT { <http://x/> <http://y> ?l }"))
    for form in (RDFXML, N3):
        client.setReturnFormat(form)
        assert client.query().convert()


def test_rdflib_store(server) -> None:
    from rdflib import Dataset, URIRef
    from rdflib.namespace import RDFS
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Dataset(store=SPARQLStore(f"{server.url}sparql"), default_union=True)
    labels = {
        str(label) for label in graph.objects(URIRef("https://w3id.org/twingraph/id/municipality/Q486562"), RDFS.label)
    }
    assert "Helmstedt" in labels
    assert {str(row[0]) for row in graph.query(NAMES)} == labels


def test_pandas_over_csv(server) -> None:
    import pandas

    frame = pandas.read_csv(f"{server.url}api/queries/partners?town=Helmstedt&format=csv")
    assert "Vitré" in set(frame["partner"])


def test_curl(server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl here")
    command = [curl, "-sf", f"{server.url}sparql", "--data-urlencode", f"query={NAMES}", "-H", "Accept: text/csv"]
    assert "Helmstedt" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_federated_query_from_another_server(server) -> None:
    """Oxigraph calls this endpoint with SERVICE."""
    import pyoxigraph as ox

    query = f"SELECT ?l {{ SERVICE <{server.url}sparql> {{ {NAMES[NAMES.index('{') + 1 : -1]} }} }}"
    assert "Helmstedt" in {row["l"].value for row in ox.Store().query(query)}


def test_twingraph_itself(server, run_twingraph) -> None:
    done = run_twingraph(
        "query", "partners", "--param", "town=Helmstedt", "--endpoint", f"{server.url}sparql", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    assert any(row["partner"]["value"] == "Vitré" for row in json.loads(done.stdout)["results"]["bindings"])


# ---- the query API --------------------------------------------------------------------------------------------------


def test_every_query_of_the_library_is_offered(server) -> None:
    from twingraph.querying.library import QueryLibrary

    ids = QueryLibrary().ids()
    assert [query["id"] for query in httpx.get(f"{server.url}api/queries").json()["queries"]] == ids
    api = httpx.get(f"{server.url}api/openapi.json").json()
    assert set(api["paths"]) == {f"/api/queries/{name}" for name in ids}
    assert api["openapi"].startswith("3.")


#: Type → values at the edges of what the API's description allows, and values that it must not allow.
EDGES: dict[str, tuple[list[str], list[str]]] = {
    "integer": (["0", "7", str(2**63 - 1)], ["-1", str(2**63)]),
    "year": (["1000", "9999"], ["0", "1", "999", "10000"]),
    "country": (["DE", "de", "DDDE"], ["", "D", "DEU", "ö1"]),
    "language": (["de", "de-1996"], ["", "d", "õc", "de-"]),
    "name": (["x"], [""]),
    "field": (["sport", "youth-exchange2"], ["", "Sport", "-", "a--b"]),
}


def fits(schema: dict, value: str) -> bool:
    """Whether a value in an address is what a schema describes, as far as the API's schemas go."""
    if schema["type"] == "integer":
        return value.lstrip("-").isdigit() and schema["minimum"] <= int(value) <= schema["maximum"]
    return len(value) >= schema.get("minLength", 0) and bool(re.search(schema.get("pattern", ""), value))


def test_the_description_allows_what_the_server_takes(server) -> None:
    """A program made from the description is not refused what it was told to send."""
    api = httpx.get(f"{server.url}api/openapi.json").json()
    tried = set()
    for query in httpx.get(f"{server.url}api/queries").json()["queries"]:
        described = {p["name"]: p for p in api["paths"][f"/api/queries/{query['id']}"]["get"]["parameters"]}
        examples = {p["name"]: p["example"] for p in query["parameters"] if p.get("required") and "example" in p}
        for parameter in query["parameters"]:
            if parameter["type"] not in EDGES or "enum" in parameter:
                continue
            schema = described[parameter["name"]]["schema"]
            assert all(fits(schema, value) for value in EDGES[parameter["type"]][0]), (query["id"], schema)
            assert not any(fits(schema, value) for value in EDGES[parameter["type"]][1]), (query["id"], schema)
            if parameter["type"] not in tried:
                tried.add(parameter["type"])
                for value in EDGES[parameter["type"]][0]:
                    answer = httpx.get(query["url"], params={**examples, parameter["name"]: value}, timeout=60)
                    assert answer.status_code == 200, (query["id"], parameter["name"], value, answer.text)
    assert tried == set(EDGES)


def test_queries_with_their_examples(server) -> None:
    """Each query of the list, with the examples that it gives."""
    for query in httpx.get(f"{server.url}api/queries").json()["queries"]:
        params = {p["name"]: p["example"] for p in query["parameters"] if p.get("required") and "example" in p}
        answer = httpx.get(query["url"], params=params, timeout=60)
        assert answer.status_code == 200, (query["id"], answer.text)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("partners", "the parameter 'town' is missing"),
        ("partners?town=Helmstedt&town=Kiel", "is given twice"),
        ("partners?city=Helmstedt", "there is no parameter 'city'"),
        ("partners?town=Helmstedt&format=pdf", "format is one of json, csv"),
        ("in-force-on?date=yesterday", "a day as YYYY-MM-DD"),
    ],
)
def test_wrong_parameters(server, path: str, message: str) -> None:
    answer = httpx.get(f"{server.url}api/queries/{path}")
    assert answer.status_code == 400
    assert message in answer.json()["detail"]
