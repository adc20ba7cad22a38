"""The harvest against a real SPARQL server in Wikidata's shape, and against one that misbehaves."""

from __future__ import annotations

import csv
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from store_fixtures import oxigraph_server
from twingraph.errors import DataError, EndpointError
from twingraph.harvesting.wikidata import SOURCE, harvest_wikidata

PREFIXES = """
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wds: <http://www.wikidata.org/entity/statement/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> . @prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix pqv: <http://www.wikidata.org/prop/qualifier/value/> . @prefix pr: <http://www.wikidata.org/prop/reference/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
"""
#: Helmstedt (Q486562), Vitré (Q234704), Orăștie (Q262472), Kiel (Q1707), with what the shipped data says of them.
TWINS = """
wd:Q486562 rdfs:label "Helmstedt"@de, "Helmstedt"@en ; skos:altLabel "Helmstidde"@de ; wdt:P17 wd:Q183 ; wdt:P31 wd:Q1 ;
  wdt:P625 "Point(11.00985 52.2279)"^^geo:wktLiteral ; wdt:P1566 "2906676" ; wdt:P439 "03154028" ; wdt:P1082 25000 .
wd:Q234704 rdfs:label "Vitré"@fr ; wdt:P17 wd:Q142 . wd:Q262472 rdfs:label "Orăștie"@mul ; wdt:P17 wd:Q218 .
wd:Q1707 rdfs:label "Kiel"@de .
wd:Q183 wdt:P297 "DE" . wd:Q142 wdt:P297 "FR" . wd:Q218 wdt:P297 "RO" . wd:Q1 rdfs:label "town"@en .
wd:Q486562 p:P190 wds:q486562-a, wds:Q486562-b, wds:Q486562-c, wds:Q486562-d .
wds:q486562-a ps:P190 wd:Q234704 ; wikibase:rank wikibase:PreferredRank ;
  pqv:P580 [ wikibase:timeValue "1978-10-22T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 11 ] ;
  prov:wasDerivedFrom [ pr:P854 <https://www.stadt-helmstedt.de/partner> ; pr:P813 "2020-01-02T00:00:00Z"^^xsd:dateTime ],
    [ pr:P248 wd:Q328 ] .
wds:Q486562-b ps:P190 wd:Q262472 ; wikibase:rank wikibase:NormalRank ;
  pqv:P580 [ wikibase:timeValue "2002-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9 ] END .
wds:Q486562-c ps:P190 wd:Q1707 ; wikibase:rank wikibase:DeprecatedRank .
wds:Q486562-d ps:P190 _:unknown ; wikibase:rank wikibase:NormalRank .
wd:Q234704 p:P190 wds:Q234704-a . wds:Q234704-a ps:P190 wd:Q486562 ; wikibase:rank wikibase:NormalRank ;
  pqv:P580 [ wikibase:timeValue "1970-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 8 ] .
"""
DAY = datetime.date(2026, 6, 30)


def shaped(end: str = "", further: str = "") -> ox.Store:
    store = ox.Store()
    store.load((PREFIXES + TWINS.replace("END", end) + further).encode(), ox.RdfFormat.TURTLE)
    return store


@contextmanager
def served(folder: Path, store: ox.Store) -> Iterator[str]:
    place = folder / "wikidata"
    place.parent.mkdir(parents=True, exist_ok=True)
    on_disk = ox.Store(str(place))
    on_disk.bulk_extend(store)
    on_disk.flush()
    del on_disk
    with oxigraph_server(place) as url:
        yield url


def claims(data: Path) -> dict[str, dict[str, str]]:
    with (data / "sources" / SOURCE / "partnership_claims.csv").open(encoding="utf-8", newline="") as lines:
        return {row["claim"]: row for row in csv.DictReader(lines)}


def test_statements_become_claims(tmp_path: Path) -> None:
    with served(tmp_path, shaped()) as url:
        found = harvest_wikidata(tmp_path / "data", endpoint=url, today=DAY, size=2)
    rows = claims(tmp_path / "data")
    assert set(rows) == {"q486562-a", "Q486562-b", "Q234704-a"}
    first = rows["q486562-a"]
    assert (first["name"], first["country"], first["id"]) == ("Helmstedt", "DE", "Q486562")
    assert (first["partner"], first["partner_country"], first["partner_id"]) == ("Vitré", "FR", "Q234704")
    assert (first["start"], rows["Q486562-b"]["start"], rows["Q234704-a"]["start"]) == ("1978-10-22", "2002", "197X")
    assert "reference Q328" in first["locator"]
    assert "preferred rank" in first["note"]
    assert "first seen 2026-06-30, last seen 2026-06-30" in first["note"]
    assert {row.reason for row in found.outcome.intake.rejected} >= {"its rank is deprecated"}
    assert len(found.outcome.intake.rejected) == 2
    with (tmp_path / "data" / "sources" / SOURCE / "places.csv").open(encoding="utf-8", newline="") as lines:
        places = {row["id"]: row for row in csv.DictReader(lines)}
    helmstedt = places["Q486562"]
    assert (helmstedt["lat"], helmstedt["long"], helmstedt["population"]) == ("52.2279", "11.00985", "25000")
    assert (helmstedt["wikidata_id"], helmstedt["geonames_id"]) == ("Q486562", "2906676")
    assert "Helmstidde" in helmstedt["names"]
    assert (helmstedt["level"], helmstedt["note"]) == ("municipality", "AGS 03154028; type: town")
    assert not (tmp_path / "data" / ".harvest" / SOURCE).exists(), "a harvest that is whole keeps no pages"


@pytest.mark.slow
def test_a_harvest_is_resolved_and_built(tmp_path: Path, run_twingraph) -> None:
    data = tmp_path / "data"
    with served(tmp_path, shaped()) as url:
        done = run_twingraph("harvest", "wikidata", "--endpoint", url, "--data", str(data), "--yes")
    assert done.returncode == 0, done.stderr
    assert "3 came in as source 'wikidata-p190', 2 left out" in " ".join(done.stdout.split())
    assert run_twingraph("resolve", "--data", str(data)).returncode == 0
    done = run_twingraph("build", "--data", str(data), "--store", str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    shown = run_twingraph("query", "partners", "--param", "town=Helmstedt", "--store", str(tmp_path / "store")).stdout
    assert "Vitré" in shown


def test_only_one_country(tmp_path: Path) -> None:
    with served(tmp_path, shaped()) as url:
        harvest_wikidata(tmp_path / "data", endpoint=url, country="FR", today=DAY)
        assert set(claims(tmp_path / "data")) == {"Q234704-a"}
        with pytest.raises(DataError, match="no claim could be read"):
            harvest_wikidata(tmp_path / "other", endpoint=url, country="XX", today=DAY)
        with pytest.raises(DataError, match="no code of a country"):
            harvest_wikidata(tmp_path / "other", endpoint=url, country='DE" }', today=DAY)


def test_a_second_harvest_tells_what_changed(tmp_path: Path) -> None:
    with served(tmp_path / "one", shaped()) as url:
        harvest_wikidata(tmp_path / "data", endpoint=url, today=DAY)
    end = "; pqv:P582 [ wikibase:timeValue '2020-05-00T00:00:00Z' ; wikibase:timePrecision 10 ] ; pq:P1534 wd:Q5"
    later = shaped(
        end, "wd:Q1707 p:P190 wds:Q1707-n . wds:Q1707-n ps:P190 wd:Q486562 ; wikibase:rank wikibase:NormalRank ."
    )
    for quad in list(
        later.quads_for_pattern(
            ox.NamedNode("http://www.wikidata.org/entity/Q234704"),
            ox.NamedNode("http://www.wikidata.org/prop/P190"),
            None,
        )
    ):
        later.remove(quad)
    with served(tmp_path / "two", later) as url:
        found = harvest_wikidata(tmp_path / "data", endpoint=url, today=DAY + datetime.timedelta(days=30))
    assert (found.new, found.ended, found.changed, found.gone) == (["Q1707-n"], ["Q486562-b"], [], ["Q234704-a"])
    rows = claims(tmp_path / "data")
    assert (rows["Q486562-b"]["end"], rows["Q486562-b"]["status"]) == ("2020-05", "ended")
    assert "end cause Q5" in rows["Q486562-b"]["note"]
    assert "first seen 2026-06-30, last seen 2026-07-30" in rows["q486562-a"]["note"]
    assert "first seen 2026-07-30" in rows["Q1707-n"]["note"]
    rejected = (tmp_path / "data" / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")
    assert "gone from Wikidata since 2026-07-30" in rejected


# ---- a server that misbehaves ---------------------------------------------------------------------------------------


class Unruly:
    """Answers as a SPARQL server does, but for the faults that stand in a list."""

    def __init__(self, store: ox.Store, faults: list[str]) -> None:
        self.faults, self.asked, self.agents = list(faults), 0, set()
        unruly = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                unruly.asked += 1
                unruly.agents.add(self.headers["User-Agent"])
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                query = parse_qs(body)["query"][0]
                fault = unruly.faults.pop(0) if unruly.faults else ""
                if fault in ("429", "500", "502", "503"):
                    self.send_response(int(fault))
                    self.send_header("Retry-After", "0")
                    self.send_header("Content-Length", "4")
                    self.end_headers()
                    self.wfile.write(b"busy")
                    return
                if fault == "slow":
                    time.sleep(3)
                content = store.query(query).serialize(format=ox.QueryResultsFormat.JSON)
                kind = "application/sparql-results+json"
                if fault == "html":
                    kind, content = "text/html", b"<html>please wait</html>"
                if fault == "half":
                    content = content[: len(content) // 2]
                if fault == "trace":
                    content = content[:-2] + b"\njava.util.concurrent.TimeoutException\n"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content) + (100 if fault == "cut" else 0)))
                self.end_headers()
                self.wfile.write(content)
                if fault == "cut":
                    self.connection.close()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def unruly(*faults: str, store: ox.Store | None = None) -> Iterator[Unruly]:
    server = Unruly(store or shaped(), list(faults))
    try:
        yield server
    finally:
        server.server.shutdown()
        server.server.server_close()


@pytest.mark.parametrize("fault", ["429", "500", "502", "503", "html", "half", "trace", "cut", "slow"])
def test_faults_that_pass(tmp_path: Path, fault: str) -> None:
    """Each fault in the first and in a later question; what comes in is the same."""
    waited: list[float] = []
    with unruly(fault, "", fault, fault, "", fault) as server:
        found = harvest_wikidata(
            tmp_path / "data",
            endpoint=server.url,
            today=DAY,
            sleep=waited.append,
            limit=-3.5 if fault == "slow" else 60,
            agent="test (page)",
        )
    assert set(claims(tmp_path / "data")) == {"q486562-a", "Q486562-b", "Q234704-a"}
    if fault not in ("429", "503"):
        assert found.repeated == 4
        assert waited[:1] == [1.0]
    assert server.agents == {"test (page)"}


def test_pauses_grow_and_end(tmp_path: Path) -> None:
    waited: list[float] = []
    with unruly(*["500"] * 50) as server, pytest.raises(EndpointError, match="failed with status 500"):
        harvest_wikidata(tmp_path / "data", endpoint=server.url, sleep=waited.append)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert not (tmp_path / "data" / "sources").exists(), "nothing is half there"


def test_what_will_not_pass_is_told_at_once(tmp_path: Path) -> None:
    class Missing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_error(404)

        def log_message(self, *_: Any) -> None: ...

    other = ThreadingHTTPServer(("127.0.0.1", 0), Missing)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        with pytest.raises(EndpointError, match="no SPARQL endpoint"):
            harvest_wikidata(tmp_path / "data", endpoint=f"http://127.0.0.1:{other.server_port}/", sleep=pytest.fail)
    finally:
        other.shutdown()
        other.server_close()


def test_an_interrupted_harvest_goes_on_where_it_was(tmp_path: Path) -> None:
    """Whatever question it breaks off at, the next run asks only what is left."""
    with unruly() as server:
        harvest_wikidata(tmp_path / "whole", endpoint=server.url, today=DAY, size=1)
        whole = server.asked
        expected = claims(tmp_path / "whole")
    for broken in range(1, whole):
        data = tmp_path / f"data{broken}"
        with unruly() as server:

            class StopError(Exception): ...

            def stop(task: str, done: int, total: int, limit: int = broken, server: Unruly = server) -> None:
                if server.asked >= limit:
                    raise StopError

            try:
                harvest_wikidata(data, endpoint=server.url, today=DAY, size=1, progress=stop)
            except StopError:
                asked = server.asked
                harvest_wikidata(data, endpoint=server.url, today=DAY, size=1)
                assert server.asked <= whole + 1, asked
        assert claims(data) == expected


@pytest.mark.slow
def test_killed_harvests_go_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with unruly(*["slow"] * 4) as server:
        command = [
            sys.executable,
            "-m",
            "twingraph",
            "harvest",
            "wikidata",
            "--endpoint",
            server.url,
            "--data",
            str(data),
            "--yes",
        ]
        for _ in range(3):
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
            )
            time.sleep(2.0)
            process.send_signal(signal.SIGKILL)
            process.wait()
            for file in (data / ".harvest" / SOURCE).glob("*.json"):
                json.loads(file.read_bytes())
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    assert set(claims(data)) == {"q486562-a", "Q486562-b", "Q234704-a"}


def test_a_server_that_gives_less_than_it_counts(tmp_path: Path) -> None:
    """An answer cut short without a sign of it is found by the number."""
    lines = "".join(
        f"wd:Q{n} p:P190 wds:Q{n}-x . wds:Q{n}-x ps:P190 wd:Q1707 ; wikibase:rank wikibase:NormalRank .\n"
        for n in range(9000, 9100)
    )
    store = shaped("", lines)

    class Short:
        def query(self, text: str) -> Any:
            return store.query(text.replace("LIMIT 2000", "LIMIT 5"))

    with unruly(store=Short()) as server, pytest.raises(EndpointError, match="counts 105 statements but gave 5"):  # type: ignore[arg-type]
        harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY)
    assert not (tmp_path / "data" / "sources").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--yes"], "give --contact, or set TWINGRAPH_CONTACT"),
        (["--yes", "--contact", "a\nb", "--endpoint", "http://127.0.0.1:9/"], "a line break is no part"),
    ],
)
def test_wrong_requests(
    run_twingraph, tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWINGRAPH_CONTACT", raising=False)
    done = run_twingraph("harvest", "wikidata", "--data", str(tmp_path / "data"), *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "data").exists()
