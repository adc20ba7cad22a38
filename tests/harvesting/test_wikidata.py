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

from store_fixtures import oxigraph_server, virtuoso_server
from twingraph.errors import DataError, EndpointError
from twingraph.harvesting.earlier import Earlier
from twingraph.harvesting.wikidata import SOURCE, Harvest, harvest_wikidata
from twingraph.sourcedata.reader import read_dataset
from twingraph.spreadsheets import safe_cell

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
        with pytest.raises(DataError, match="no statement of a place in XX, so no claim could be read"):
            harvest_wikidata(tmp_path / "other", endpoint=url, country="XX", today=DAY)
        with pytest.raises(DataError, match="no statement of a place in XX"):
            harvest_wikidata(tmp_path / "data", endpoint=url, country="xx", today=DAY)
        assert set(claims(tmp_path / "data")) == {"Q234704-a"}
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
    assert (found.changes.new, found.changes.ended, found.changes.changed, found.changes.gone) == (
        ["Q1707-n"],
        ["Q486562-b"],
        [],
        ["Q234704-a"],
    )
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
                if fault == "429 bare":
                    self.send_response(429)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if fault.startswith("later"):
                    self.send_response(429)
                    self.send_header("Retry-After", fault.partition(" ")[2])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if fault == "slow":
                    time.sleep(3)
                content = store.query(query).serialize(format=ox.QueryResultsFormat.JSON)
                kind = "application/sparql-results+json"
                if fault == "html":
                    kind, content = "text/html", b"<html>please wait</html>"
                if fault in ("no rows", "letters", "no end") or (fault == "short" and "LIMIT" in query):
                    answer = json.loads(content)
                    rows = answer["results"]["bindings"]
                    if fault == "letters":
                        rows[:] = [{name: {"type": "literal", "value": "x"} for name in row} for row in rows]
                    elif fault == "no rows":
                        del rows[:]
                    else:
                        # The first statement, or the last row.
                        del rows[0 if fault == "short" else -1]
                    content = json.dumps(answer).encode()
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


@pytest.mark.parametrize("spoil", ["old", "broken"])
@pytest.mark.parametrize("at", range(4))
def test_a_page_that_can_not_be_used_is_asked_for_again(tmp_path: Path, at: int, spoil: str) -> None:
    """Pages after it, which began where it ended, are taken only if it ends there again."""
    further = "".join(statement(f"Q486562-n{number}") for number in range(8))

    class StopError(Exception): ...

    def stop(task: str, *_: int) -> None:
        if task == "places":
            raise StopError

    data = tmp_path / "data"
    with unruly(store=shaped("", further)) as server:
        with pytest.raises(StopError):
            harvest_wikidata(data, endpoint=server.url, today=DAY, size=2, progress=stop)
        pages = sorted((data / ".harvest" / SOURCE).glob("*.json"))
        assert len(pages) > at
        if spoil == "old":
            os.utime(pages[at], (0, 0))
        else:
            pages[at].write_text("[{", encoding="utf-8")
        found = harvest_wikidata(data, endpoint=server.url, today=DAY, size=3, sleep=pytest.fail)
        assert 1 <= found.kept < len(pages)
        whole = harvest_wikidata(tmp_path / "other", endpoint=server.url, today=DAY)
    assert found.statements == whole.statements == 13
    assert claims(data) == claims(tmp_path / "other")


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


@pytest.mark.parametrize("fault", ["no rows", "letters"])
def test_a_count_that_is_no_number_is_asked_for_again(tmp_path: Path, fault: str) -> None:
    with unruly(fault, fault) as server:
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
    assert (found.repeated, found.taken) == (2, 3)
    with unruly(*[fault] * 50) as server:
        with pytest.raises(EndpointError, match="no number where one was asked for"):
            harvest_wikidata(tmp_path / "other", endpoint=server.url, today=DAY, sleep=lambda _: None)
        server.faults.clear()
        assert harvest_wikidata(tmp_path / "other", endpoint=server.url, today=DAY).taken == 3


def test_an_answer_that_lacks_its_end_is_asked_for_again(tmp_path: Path) -> None:
    """Rows that a server leaves out are noticed in any answer, though it is whole JSON."""
    with unruly(*["", "no end"] * 4) as server:
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
    assert (found.repeated, found.taken) == (4, 3)
    with unruly() as server:
        harvest_wikidata(tmp_path / "other", endpoint=server.url, today=DAY)
    assert claims(tmp_path / "data") == claims(tmp_path / "other")
    assert places(tmp_path / "data") == places(tmp_path / "other")


def test_a_page_that_lacks_a_statement_is_asked_for_again(tmp_path: Path) -> None:
    """What is missing is found by the number, however little it is, and is not taken for gone."""
    with unruly("", "short") as server:
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
        assert (found.repeated, found.statements, found.taken) == (1, 5, 3)
        server.faults = [""] + ["short"] * 60
        with pytest.raises(EndpointError, match=r"counts 5 statements but gave 4"):
            harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
        assert len(claims(tmp_path / "data")) == 3, "the source before stays"
        server.faults.clear()
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY)
    assert (found.statements, found.changes.gone) == (5, [])


def test_a_server_that_bounds_its_answers(tmp_path: Path) -> None:
    """Where a page holds more than the server ever gives, smaller ones bring all."""
    lines = "".join(
        f"wd:Q{n} p:P190 wds:Q{n}-x . wds:Q{n}-x ps:P190 wd:Q1707 ; wikibase:rank wikibase:NormalRank .\n"
        for n in range(9000, 9100)
    )
    store = shaped("", lines)

    class Bounded:
        def query(self, text: str) -> Any:
            size = int(text.rpartition("LIMIT ")[2].split()[0]) if "LIMIT" in text else 0
            return store.query(text.replace(f"LIMIT {size} ", "LIMIT 5 ") if size > 60 else text)

    with unruly(store=Bounded()) as server:  # type: ignore[arg-type]
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
    assert found.statements == 105


def test_pages_that_do_not_go_together_are_asked_for_anew(tmp_path: Path) -> None:
    lines = "".join(f"wd:Q{n} p:P190 wds:Q{n}-x . wds:Q{n}-x ps:P190 wd:Q1707 .\n" for n in range(9000, 9100))
    counted = []

    class Grows:
        def query(self, text: str) -> Any:
            counted.append("COUNT" in text)
            return shaped("", lines if len(counted) > 1 else "").query(text)

    with unruly(store=Grows()) as server:  # type: ignore[arg-type]
        with pytest.raises(EndpointError, match="counted 5 statements but gave 105; nothing was written"):
            harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY)
        assert harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY).statements == 105


def test_an_answer_about_something_else_is_asked_for_again(tmp_path: Path) -> None:
    calls: list[str] = []
    wrong = shaped("", "wd:Q999 wdt:P17 wd:Q183 .")

    class Other:
        def query(self, text: str) -> Any:
            calls.append(text)
            if sum("wdt:P31" in call for call in calls) == 1:
                text = text.replace("wd:Q486562", "wd:Q999")
            return wrong.query(text)

    with unruly(store=Other()) as server:  # type: ignore[arg-type]
        found = harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=lambda _: None)
    assert (found.repeated, claims(tmp_path / "data")["q486562-a"]["country"]) == (1, "DE")


def test_a_long_pause_is_waited_or_left_to_the_user(tmp_path: Path) -> None:
    waited: list[float] = []
    with unruly("later 300") as server:
        harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=waited.append)
    assert waited == [300]
    with unruly("later 100000") as server, pytest.raises(EndpointError, match="wants 100000 s of pause"):
        harvest_wikidata(tmp_path / "other", endpoint=server.url, today=DAY, sleep=pytest.fail)


def test_a_refusal_without_a_pause_is_waited_for_a_minute(tmp_path: Path) -> None:
    """As the Query Service asks robots to: who comes back sooner is shut out."""
    waited: list[float] = []
    with unruly("429 bare", "", "429 bare", "500") as server:
        harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY, sleep=waited.append)
    assert waited == [60, 60, 2]


# ---- what Wikidata's statements may hold ------------------------------------------------------------------------------

GENID = "<http://www.wikidata.org/.well-known/genid/0123456789abcdef>"


def harvested(folder: Path, further: str, **options: Any) -> dict[str, dict[str, str]]:
    with unruly(store=shaped("", further)) as server:
        harvest_wikidata(folder / "data", endpoint=server.url, today=DAY, sleep=pytest.fail, **options)
    return claims(folder / "data")


def statement(key: str, more: str = "", partner: str = "wd:Q234704") -> str:
    return f"wd:Q486562 p:P190 wds:{key} . wds:{key} ps:P190 {partner} ; wikibase:rank wikibase:NormalRank {more}.\n"


def time_of(name: str, value: str, precision: int) -> str:
    return (
        f"; pqv:{name} [ wikibase:timeValue '{value}T00:00:00Z'^^xsd:dateTime ; wikibase:timePrecision {precision} ] "
    )


def places(data: Path) -> dict[str, dict[str, str]]:
    with (data / "sources" / SOURCE / "places.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def test_unknown_values_spoil_nothing(tmp_path: Path) -> None:
    """Wikidata writes them as addresses that are those of no item."""
    rows = harvested(
        tmp_path,
        statement("Q486562-p", partner=GENID)
        + statement("Q486562-q", f"; pq:P1534 {GENID} ; prov:wasDerivedFrom [ pr:P248 {GENID} ; pr:P854 {GENID} ] ")
        + f"wd:Q1707 wdt:P17 {GENID} ; wdt:P31 {GENID} .",
    )
    assert set(rows) == {"q486562-a", "Q486562-b", "Q234704-a", "Q486562-q"}
    assert "genid" not in rows["Q486562-q"]["note"] + rows["Q486562-q"]["locator"]
    assert "is no item" in (tmp_path / "data" / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")


def test_an_end_that_is_not_known_is_an_end(tmp_path: Path) -> None:
    row = harvested(tmp_path, statement("Q486562-p", f"; pq:P582 {GENID} "))["Q486562-p"]
    assert (row["end"], row["status"]) == ("", "ended")


def test_names_follow_the_order_of_languages(tmp_path: Path) -> None:
    """Whatever order the server gives labels in; a name that the tables can't hold is none."""
    labels = 'wd:Q{} rdfs:label "{}"@fr, "{}"@en, "{}"@de, "M"@mul .'
    further = "".join(
        labels.format(number, f"A{number}", f"B{number}", f"C{number}")
        + statement(f"Q486562-{number}", "", f"wd:Q{number}")
        for number in range(800, 812)
    )
    further += 'wd:Q700 rdfs:label "Here; there"@en, "a(at)b"@de, "Good"@fr .' + statement("Q486562-x", "", "wd:Q700")
    rows = harvested(tmp_path, further, languages=("en", "de", "fr"))
    assert [rows[f"Q486562-{n}"]["partner"] for n in range(800, 812)] == [f"B{n}" for n in range(800, 812)]
    assert rows["Q486562-x"]["partner"] == "Good"
    assert places(tmp_path / "data")["Q700"]["names"] == ""
    rows = harvested(tmp_path, further, languages=("it", "de"))
    assert {rows[f"Q486562-{n}"]["partner"] for n in range(800, 812)} == {f"C{n}" for n in range(800, 812)}


@pytest.mark.parametrize(
    ("value", "precision", "date"),
    [
        ("2000-01-01", 7, "1901/2000"),
        ("1901-01-01", 7, "1901/2000"),
        ("1900-01-01", 7, "1801/1900"),
        ("1970-01-01", 8, "197X"),
        ("1970-01-01", 9, "1970"),
        ("2000-01-01", 6, ""),
    ],
)
def test_precision_of_times(tmp_path: Path, value: str, precision: int, date: str) -> None:
    row = harvested(tmp_path, statement("Q486562-p", time_of("P580", value, precision)))["Q486562-p"]
    assert row["start"] == date


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        # It began again after its end, and is not known to be over.
        ({"1960-01-01": 9, "1975-03-01": 10}, {"1970-01-01": 9}, ("1960", "", "", "ended 1970, began again 1975-03")),
        ({"1960-01-01": 9, "1960-04-02": 11}, {}, ("1960-04-02", "", "", "")),
        ({"1960-01-01": 9, "1975-03-01": 10}, {}, ("[1960,1975-03]", "", "", "")),
        ({"1960-01-01": 9}, {"1990-01-01": 9, "1992-01-01": 9}, ("1960", "[1990,1992]", "ended", "")),
        ({"1960-01-01": 9, "1900-01-01": 7}, {}, ("1801/1960", "", "", "")),
    ],
)
def test_several_times_in_one_statement(
    tmp_path: Path, starts: dict[str, int], ends: dict[str, int], expected: tuple[str, str, str, str]
) -> None:
    times = "".join(time_of("P580", *one) for one in starts.items())
    times += "".join(time_of("P582", *one) for one in ends.items())
    row = harvested(tmp_path, statement("Q486562-p", times))["Q486562-p"]
    assert (row["start"], row["end"], row["status"]) == expected[:3]
    assert expected[3] in row["note"]
    assert ("began again" in row["note"]) == bool(expected[3])


def test_references_are_whole(tmp_path: Path) -> None:
    long = "https://example.org/" + "a" * 300 + "?id=77"
    row = harvested(
        tmp_path,
        statement("Q486562-p", f"; prov:wasDerivedFrom [ pr:P854 <{long}> ], [ pr:P854 <https://example.org/b> ] "),
    )["Q486562-p"]
    assert row["locator"] == f"Q486562, P190; reference {long}"
    assert "further reference https://example.org/b" in row["note"]


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("pr:P854 <https://a.example/1> ; pr:P248 wd:Q100", "reference https://a.example/1, Q100"),
        ("pr:P854 <https://blog.example/@author/x>", "reference https://blog.example/@author/x"),
        ("pr:P854 <ftp://f.example/x>", "reference ftp://f.example/x"),
        (
            "pr:P854 <https://me@mail.example/> ; pr:P248 wd:Q100",
            "reference Q100 | not taken: a reference, since an e-mail address stands in it",
        ),
        (
            f"pr:P854 <https://a.example/{'x' * 2000}>",
            "Q486562, P190 | not taken: a reference, since it is very long",
        ),
    ],
)
def test_no_reference_is_lost_silently(tmp_path: Path, reference: str, told: str) -> None:
    row = harvested(tmp_path, statement("Q486562-p", f"; prov:wasDerivedFrom [ {reference} ] "))["Q486562-p"]
    locator, _, remark = told.partition(" | ")
    assert row["locator"].endswith(locator)
    assert remark in row["note"]
    assert ("not taken" in row["note"]) == bool(remark)


@pytest.mark.parametrize(
    ("value", "precision", "told"),
    [
        ("-0044-03-15", 11, "start time -0044-03-15 of precision 11"),
        ("1500-01-01", 6, "start time 1500-01-01 of precision 6"),
        ("1970-13-45", 11, "start time 1970-13-45 of precision 11"),
    ],
)
def test_times_that_no_cell_can_hold_stand_in_the_note(tmp_path: Path, value: str, precision: int, told: str) -> None:
    row = harvested(tmp_path, statement("Q486562-p", time_of("P580", value, precision)))["Q486562-p"]
    assert row["start"] == ""
    assert f"not taken: {told}" in row["note"]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (time_of("P582", "2035-01-01", 9), ("2035", "active")),
        (time_of("P582", "2199-01-01", 9), ("", "")),
        (time_of("P582", "2026-01-01", 9), ("2026", "ended")),
        (time_of("P582", "2020-01-01", 9) + time_of("P582", "2035-01-01", 9), ("[2020,2035]", "ended")),
    ],
)
def test_an_end_that_lies_ahead_is_none_yet(tmp_path: Path, times: str, expected: tuple[str, str]) -> None:
    row = harvested(tmp_path, statement("Q486562-p", times))["Q486562-p"]
    assert (row["end"], row["status"]) == expected


def test_a_tie_that_begins_in_the_future_is_none_yet(tmp_path: Path) -> None:
    rows = harvested(tmp_path, statement("Q486562-p", time_of("P580", "2040-01-01", 9)))
    assert "Q486562-p" not in rows
    rejected = (tmp_path / "data" / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")
    assert "it starts in the future (2040)" in rejected


def test_an_end_that_was_ahead_is_told_when_it_has_come(tmp_path: Path) -> None:
    store = shaped("", statement("Q486562-p", time_of("P582", "2027-01-01", 9)))
    assert told(again(tmp_path, store, 0))["new"]
    assert told(again(tmp_path, store, 30)) == {}
    assert told(again(tmp_path, store, 300)) == {"ended": ["Q486562-p"]}


def test_names_come_in_one_order(tmp_path: Path) -> None:
    """Whatever the server's, and more than a few of them."""
    names = [f'"N{n:02d}"@en' for n in range(40)]
    found = []
    for order in (names, names[::-1]):
        further = f"wd:Q700 rdfs:label 'Seven'@de ; skos:altLabel {', '.join(order)} ." + statement(
            "Q486562-x", "", "wd:Q700"
        )
        harvested(tmp_path, further)
        found.append(places(tmp_path / "data")["Q700"]["names"])
    assert found[0] == found[1] == "; ".join(f"N{n:02d}" for n in range(40))


FORMER = """
wd:Q16957 wdt:P297 "DD" ; wdt:P773 "DDDE" . wd:Q15180 wdt:P297 "SU" . wd:Q36704 wdt:P297 "YU" . wd:Q25227 wdt:P297 "AN" .
wd:Q901 rdfs:label "Both"@en ; wdt:P17 wd:Q16957, wd:Q183 . wd:Q902 rdfs:label "Then"@en ; wdt:P17 wd:Q16957 .
wd:Q903 rdfs:label "Soviet"@en ; wdt:P17 wd:Q15180 . wd:Q904 rdfs:label "Island"@en ; wdt:P17 wd:Q25227 .
wd:Q905 rdfs:label "Serbian"@en ; wdt:P17 wd:Q36704 .
wd:Q901 p:P17 wds:then . wds:then ps:P17 wd:Q16957 ; wikibase:rank wikibase:NormalRank ;
  pqv:P580 [ wikibase:timeValue "1949-10-07T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 11 ] .
""" + "".join(
    statement(f"Q486562-f{number}", more, f"wd:Q{number}")
    for number, more in {
        901: time_of("P580", "1975-01-01", 9),
        902: time_of("P580", "1988-05-04", 11),
        903: time_of("P580", "1999-01-01", 9),
        904: "",
        905: "",
    }.items()
)


def test_codes_of_countries_that_are_none_today(tmp_path: Path) -> None:
    rows = harvested(tmp_path, FORMER)
    found = {key[-3:]: (row["partner_country"], row["then_country"]) for key, row in rows.items() if "-f" in key}
    # A tie of 1999 is none with the Soviet Union, and where nothing tells when, the state then is open.
    assert found == {"901": ("DE", "DDDE"), "902": ("", "DDDE"), "903": ("", ""), "904": ("", ""), "905": ("", "")}
    assert places(tmp_path / "data")["Q904"]["note"] == "code of a country that is none today: AN"
    assert places(tmp_path / "data")["Q901"]["note"] == "code of a country that is none today: DD, DDDE"


@pytest.mark.parametrize(
    ("of_state", "began", "expected"),
    [
        (time_of("P580", "1949-10-07", 11) + time_of("P582", "1990-10-02", 11), 1975, "DDDE"),
        (time_of("P580", "1960-01-01", 9) + time_of("P582", "1990-01-01", 9), 1955, ""),
        (time_of("P580", "1949-01-01", 9), 1995, ""),
        ("", 1975, ""),
    ],
)
def test_the_state_of_a_place_then(tmp_path: Path, of_state: str, began: int, expected: str) -> None:
    """Where the country of today is preferred, that of then is among its statements only."""
    further = (
        'wd:Q16957 wdt:P297 "DD" . wd:Q906 rdfs:label "Then"@en ; wdt:P17 wd:Q183 ; p:P17 wds:now, wds:then . '
        "wds:now ps:P17 wd:Q183 ; wikibase:rank wikibase:PreferredRank . "
        f"wds:then ps:P17 wd:Q16957 ; wikibase:rank wikibase:NormalRank {of_state} . "
    )
    row = harvested(tmp_path, further + statement("Q486562-p", time_of("P580", f"{began}-01-01", 9), "wd:Q906"))[
        "Q486562-p"
    ]
    assert (row["partner_country"], row["then_country"]) == ("DE", expected)
    assert places(tmp_path / "data")["Q906"]["note"] == "code of a country that is none today: DD"


def test_an_item_that_was_merged_into_another(tmp_path: Path) -> None:
    """Statements may go on naming it; the server says nothing of it but what it is now."""
    same = "<http://www.w3.org/2002/07/owl#sameAs>"
    further = f"wd:Q910 {same} wd:Q234704 . wd:Q911 {same} wd:Q912 . wd:Q912 rdfs:label 'Twelve'@en ; wdt:P17 wd:Q142 ."
    further += statement("Q486562-p", "", "wd:Q910") + statement("Q486562-q", "", "wd:Q911")
    further += statement("Q486562-r", "", "wd:Q913")
    rows = harvested(tmp_path, further)
    found = {key: (rows[key]["partner_id"], rows[key]["partner"]) for key in rows if key[-1] in "pqr"}
    assert found == {
        "Q486562-p": ("Q234704", "Vitré"),
        "Q486562-q": ("Q912", "Twelve"),
        "Q486562-r": ("Q913", "Q913"),
    }
    assert "Q911 is redirected to Q912" in rows["Q486562-q"]["note"]


@pytest.mark.slow
def test_what_a_harvest_brings_is_built(tmp_path: Path, run_twingraph, data: Path) -> None:
    """Codes without an entry, dates of several times and odd names refuse no folder, whatever stood there before."""
    countries = data / "gazetteer" / "countries.csv"
    countries.write_text(
        "".join(line for line in countries.read_text(encoding="utf-8").splitlines(True) if "DDDE" not in line),
        encoding="utf-8",
    )
    times = time_of("P580", "1960-01-01", 9) + time_of("P580", "1975-03-01", 10)
    further = FORMER + statement("Q486562-m", times) + statement("Q486562-n", time_of("P580", "2000-01-01", 7))
    further += 'wd:Q700 rdfs:label "Here; there"@en .' + statement("Q486562-x", "", "wd:Q700")
    further += (
        statement("Q486562-z") + statement("Q486562-zz") + statement("Q486562-e", time_of("P582", "2099-01-01", 9))
    )
    further += statement("Q486562-y", "; prov:wasDerivedFrom [ pr:P854 <https://example.org/?tel=+49123456789> ] ")
    with unruly(store=shaped("", further)) as server:
        harvest_wikidata(data, endpoint=server.url, today=DAY)
    for command in (["resolve", "--data"], ["build", "--store", str(tmp_path / "store"), "--data"]):
        done = run_twingraph(*command, str(data))
        assert done.returncode == 0, done.stderr
    shown = run_twingraph("query", "partners", "--param", "town=Helmstedt", "--store", str(tmp_path / "store")).stdout
    assert "Vitré" in shown


@pytest.mark.slow
def test_a_quite_different_server_gives_the_same(tmp_path: Path) -> None:
    """Virtuoso, which takes some forms of a query otherwise than others do."""
    folder = tmp_path / "virtuoso"
    folder.mkdir()
    # It writes blank nodes in a form that is no JSON result; Wikidata's Query Service gives none.
    store = ox.Store()
    text = (PREFIXES + TWINS + FORMER).replace("END", "").replace("_:unknown", GENID)
    store.load(text.encode(), ox.RdfFormat.TURTLE)
    triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    (folder / "wikidata.nt").write_bytes(triples or b"")
    with virtuoso_server(folder) as (address, run):
        run(f"DB.DBA.TTLP_MT(file_to_string_output('{folder}/wikidata.nt'), '', 'urn:wikidata', 0);")
        url = f"{address}/sparql"
        found = harvest_wikidata(tmp_path / "data", endpoint=url, today=DAY, size=3, sleep=pytest.fail)
        of_france = harvest_wikidata(tmp_path / "data", endpoint=url, today=DAY, country="FR", sleep=pytest.fail)
    assert (found.taken, found.left_out) == (8, 2)
    assert (of_france.taken, of_france.changes.outside, of_france.changes.gone) == (1, 7, [])
    with unruly(store=store) as other:
        harvest_wikidata(tmp_path / "other", endpoint=other.url, today=DAY)
    assert claims(tmp_path / "data") == claims(tmp_path / "other")
    assert {key: row["name"] for key, row in places(tmp_path / "data").items()} == {
        key: row["name"] for key, row in places(tmp_path / "other").items()
    }


# ---- harvests one after the other -------------------------------------------------------------------------------------


def again(folder: Path, store: ox.Store, days: int, country: str | None = None) -> Harvest:
    with unruly(store=store) as server:
        day = DAY + datetime.timedelta(days=days)
        return harvest_wikidata(folder / "data", endpoint=server.url, today=day, country=country, sleep=pytest.fail)


def told(found: Harvest) -> dict[str, list[str]]:
    names = ("new", "back", "ended", "changed", "left_out", "gone")
    return {name: keys for name in names if (keys := getattr(found.changes, name))}


def turned(old: str, new: str) -> ox.Store:
    text = (PREFIXES + TWINS).replace("END", "")
    assert old in text
    store = ox.Store()
    store.load(text.replace(old, new).encode(), ox.RdfFormat.TURTLE)
    return store


def test_one_country_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    data = tmp_path / "data"
    undated = "wd:Q1707 p:P190 wds:Q1707-n . wds:Q1707-n ps:P190 wd:Q486562 ; wikibase:rank wikibase:NormalRank ."
    again(tmp_path, shaped("", undated), 0)
    before, rejected = claims(data), (data / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")
    found = again(tmp_path, shaped("", undated), 30, "FR")
    assert told(found) == {}
    assert (found.taken, found.places, found.changes.outside) == (1, 2, 3)
    after = claims(data)
    assert set(after) == set(before)
    assert "last seen 2026-07-30" in after.pop("Q234704-a")["note"]
    assert after == {key: row for key, row in before.items() if key in after}
    assert {"Q486562", "Q262472", "Q1707"} <= set(places(data)), "places that claims name are there"
    assert (data / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8").count("deprecated") == rejected.count(
        "deprecated"
    )
    assert "gone" not in (data / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")
    # Of its own country it notices what is gone, also where the tables leave the country open.
    moved = shaped("", "wd:Q1707 wdt:P17 wd:Q142 .")
    found = again(tmp_path, moved, 60, "fr")
    assert told(found) == {"gone": ["Q1707-n"]}


def test_gone_and_back(tmp_path: Path) -> None:
    lost = turned("wd:Q234704 p:P190 wds:Q234704-a .", "")
    again(tmp_path, shaped(), 0)
    assert told(again(tmp_path, lost, 10)) == {"gone": ["Q234704-a"]}
    assert told(again(tmp_path, lost, 20)) == {}, "it is told once"
    rejected = (tmp_path / "data" / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")
    assert "gone from Wikidata since 2026-07-10; first seen 2026-06-30, last seen 2026-06-30" in rejected
    assert told(again(tmp_path, shaped(), 30)) == {"back": ["Q234704-a"]}
    assert "first seen 2026-06-30, last seen 2026-07-30" in claims(tmp_path / "data")["Q234704-a"]["note"]
    assert "gone" not in (tmp_path / "data" / "rejected" / f"{SOURCE}.csv").read_text(encoding="utf-8")


def test_deprecated_and_back(tmp_path: Path) -> None:
    deprecated = turned("wds:Q486562-b ps:P190 wd:Q262472 ; wikibase:rank wikibase:NormalRank",
                        "wds:Q486562-b ps:P190 wd:Q262472 ; wikibase:rank wikibase:DeprecatedRank")  # fmt: skip
    again(tmp_path, shaped(), 0)
    assert told(again(tmp_path, deprecated, 10)) == {"left_out": ["Q486562-b"]}
    assert told(again(tmp_path, deprecated, 20)) == {}
    assert told(again(tmp_path, shaped(), 30)) == {"back": ["Q486562-b"]}
    assert "first seen 2026-06-30, last seen 2026-07-30" in claims(tmp_path / "data")["Q486562-b"]["note"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wd:Q234704 ; wikibase:rank wikibase:PreferredRank", "wd:Q234704 ; wikibase:rank wikibase:NormalRank"),
        ("https://www.stadt-helmstedt.de/partner", "https://www.stadt-helmstedt.de/other"),
        ("pr:P248 wd:Q328", "pr:P248 wd:Q329"),
    ],
)
def test_changes_of_rank_and_reference_are_told(tmp_path: Path, old: str, new: str) -> None:
    again(tmp_path, shaped(), 0)
    assert told(again(tmp_path, turned(old, new), 10)) == {"changed": ["q486562-a"]}


def test_a_damaged_folder_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    again(tmp_path, shaped(), 0)
    file = tmp_path / "data" / "rejected" / f"{SOURCE}.csv"
    file.write_bytes(b"statement,reason\nQ1-\xff\xfe,gone\n")
    with unruly() as server:
        with pytest.raises(DataError, match="can't be read"):
            harvest_wikidata(tmp_path / "data", endpoint=server.url, today=DAY)
        assert server.asked == 0


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


def test_what_was_left_out_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Marks that keep spreadsheets from formulas do not pile up, harvest after harvest."""
    words = ["=1+1", "x;=1+1;y", "'quoted'", "plain"]
    for _ in range(3):
        file = tmp_path / "rejected" / f"{SOURCE}.csv"
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(["rejected_row", "rejected_column", "reason", "statement", "name"])
            writer.writerows([0, "", "why", f"Q{n}", safe_cell(text)] for n, text in enumerate(words))
        rows = Earlier.read(tmp_path, SOURCE).rejected
        words = [rows[f"Q{n}"].cells["name"] for n in range(len(words))]
    assert words == ["=1+1", "x;=1+1;y", "'quoted'", "plain"]


def test_statements_that_say_the_same_stand_side_by_side(tmp_path: Path) -> None:
    """Each is found again by its id, and one that joins or leaves changes nothing of the other."""
    one, two = statement("Q486562-s", "", "wd:Q1707"), statement("Q486562-t", "", "wd:Q1707")
    again(tmp_path, shaped("", two), 0)
    assert claims(tmp_path / "data")["Q486562-t"]["locator"] == "Q486562, P190"
    assert told(again(tmp_path, shaped("", one + two), 10)) == {"new": ["Q486562-s"]}
    rows = claims(tmp_path / "data")
    for key in ("Q486562-s", "Q486562-t"):
        assert rows[key]["locator"] == f"Q486562, P190, statement {key}"
    assert {claim.id for claim in read_dataset(tmp_path / "data").partnership_claims} == set(rows)
    assert told(again(tmp_path, shaped("", one + two), 20)) == {}
    assert told(again(tmp_path, shaped("", one), 30)) == {"gone": ["Q486562-t"]}
    assert claims(tmp_path / "data")["Q486562-s"]["locator"] == "Q486562, P190"


@pytest.mark.parametrize("country", ["DE", "de"])
def test_a_statement_whose_place_changed_its_country_is_not_gone(tmp_path: Path, country: str) -> None:
    of_kiel = statement("Q486562-p").replace("Q486562 p:", "Q1707 p:")
    again(tmp_path, shaped("", f"{of_kiel} wd:Q1707 wdt:P17 wd:Q183 ."), 0)
    moved = shaped("", f"{of_kiel} wd:Q1707 wdt:P17 wd:Q142 .")
    found = again(tmp_path, moved, 10, country)
    assert told(found) == {}
    assert claims(tmp_path / "data")["Q486562-p"]["country"] == "DE"
    assert told(again(tmp_path, moved, 20, "FR")) == {"changed": ["Q486562-p"]}
    assert told(again(tmp_path, shaped(), 30, "FR")) == {"gone": ["Q486562-p"]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Point(11.00985 52.2279)", "Point(100 -20)"),
        ("wdt:P1082 25000", "wdt:P1082 26000"),
        ('wdt:P1566 "2906676"', 'wdt:P1566 "1"'),
        ("Helmstidde", "Helmstedde"),
        ('"town"@en', '"quarter"@en'),
    ],
)
def test_changes_of_places_are_told(tmp_path: Path, old: str, new: str) -> None:
    again(tmp_path, shaped(), 0)
    assert again(tmp_path, shaped(), 10).changes.places == []
    found = again(tmp_path, turned(old, new), 20)
    assert (told(found), found.changes.places) == ({}, ["Q486562"])
