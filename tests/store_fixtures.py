"""A small graph and the stores that hold it, for the tests of stores and queries."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from twingraph.stores import storage
from twingraph.vocab import GRAPH, ID, TW

FIXTURES = Path(__file__).parent / "fixtures"
SENTINEL = (ID + "municipality/m1", TW.isTwinnedWith, ID + "municipality/m2")

TRIG = f"""
@prefix tw: <{TW}> .
@prefix twm: <{ID}municipality/> .
@prefix twp: <{ID}partnership/> .
@prefix twc: <{ID}claim/> .
@prefix kind: <{ID}kind/> .
@prefix country: <{ID}country/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix g: <{GRAPH}> .

g:gazetteer {{
    twm:m1 a tw:Municipality ; rdfs:label "Helmstedt"@de ; tw:displayName "Helmstedt" ;
        tw:searchName "helmstedt" ; tw:isInCountry country:DE ; geo:lat 52.22 .
    twm:m2 a tw:Municipality ; rdfs:label "Vitré"@fr ; tw:displayName "Vitré" ;
        tw:searchName "vitre" ; tw:isInCountry country:FR ; geo:lat 48.12 .
    twm:m3 a tw:Municipality ; rdfs:label "西安"@zh , "Xi’an"@en-GB ; tw:displayName "西安" ;
        tw:searchName "西安" , "xian" ; tw:isInCountry country:CN .
}}
g:conclusions {{
    twp:m1-m2 a tw:Partnership ; rdfs:label "Helmstedt – Vitré" ; tw:hasParticipant twm:m1 , twm:m2 ;
        tw:hasKind kind:partnership ; tw:start "1978-10-22"^^edtf:EDTF ;
        tw:startEarliest "1978-10-22"^^xsd:date ; tw:startYear 1978 ; tw:isReciprocated true ;
        tw:isSupportedBy <{ID}claim/town/1> .
    twp:m1-m3 a tw:Partnership ; tw:hasParticipant twm:m1 , twm:m3 ; tw:hasKind kind:friendship ;
        tw:start "1960~"^^edtf:EDTF ; tw:startEarliest "1959-01-01"^^xsd:date ; tw:isReciprocated false .
    twm:m1 tw:isTwinnedWith twm:m2 , twm:m3 . twm:m2 tw:isTwinnedWith twm:m1 . twm:m3 tw:isTwinnedWith twm:m1 .
}}
<{GRAPH}source/town> {{
    <{ID}claim/town/1> a tw:Claim ; tw:locator "row 1\\twith tab, \\"quotes\\" and\\nline" .
}}
"""

#: Hours of work for the engine on any store with a few dozen triples.
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) WHERE { "
    + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9))
    + " FILTER(CONCAT("
    + ", ".join(f"STR(?a{i})" for i in range(9))
    + ") = 'x') }"
)


def memory_database() -> ox.Store:
    """Return the graph in memory."""
    database = ox.Store()
    database.load(TRIG, format=ox.RdfFormat.TRIG)
    return database


def write_store(folder: Path, *, name: str = "first") -> Path:
    """Write the graph as a finished store."""
    build = storage.builds_dir(folder) / name
    (build / "db").mkdir(parents=True)
    database = ox.Store(str(build / "db"))
    database.bulk_load(TRIG, format=ox.RdfFormat.TRIG)
    database.flush()
    count = len(database)
    del database
    storage.write_manifest(build, triples=count, sentinel=SENTINEL, input_digest="d", version="0")
    storage.publish(folder, name)
    return folder


@contextmanager
def oxigraph_server(database: Path) -> Iterator[str]:
    """Serve a database with a real SPARQL server on a free port; yield the query address."""
    binary = shutil.which("oxigraph")
    if binary is None:
        pytest.skip("the oxigraph command is not installed (pip install oxigraph)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [binary, "serve-read-only", "--location", str(database), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "--union-default-graph"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended at once"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/query?query=ASK%7B%7D")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise AssertionError("the server did not start")


_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[Parameters]
ServerPort = 127.0.0.1:{isql}
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
SchedulerInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000
"""


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[tuple[str, Callable[[str], None]]]:
    """Run Virtuoso in a new folder; yield its address and what runs a statement of SQL there, which must not fail."""
    server, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not server or not isql:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    folder.mkdir(exist_ok=True)
    sql_port, http_port = _free_ports(2)
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, isql=sql_port, http=http_port), encoding="utf-8")
    command = [server, "+foreground", "+configfile", str(ini)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)

    def ask(statement: str) -> subprocess.CompletedProcess[str]:
        call = [isql, f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={statement}"]
        return subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)

    def run(statement: str) -> None:
        done = ask(statement)
        assert done.returncode == 0, done.stderr

    try:
        deadline = time.monotonic() + 60
        while ask("status();").returncode:
            assert process.poll() is None, "Virtuoso ended at once"
            assert time.monotonic() < deadline, "Virtuoso did not start"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{http_port}", run
    finally:
        ask("shutdown;")
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
