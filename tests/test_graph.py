"""The Python interface: what can be opened, how a query is named, what comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import twingraph
from store_fixtures import TRIG, memory_database, write_store
from twingraph.errors import DataError, QueryError, QueryNotFoundError, ResultFormatError, StoreError
from twingraph.graph import Graph, find_query
from twingraph.stores.store import MemoryStore, RemoteStore

NAMES = "SELECT ?name { ?m tw:displayName ?name } ORDER BY ?name"


@pytest.fixture
def graph() -> Graph:
    return Graph(MemoryStore(memory_database()))


def test_a_store_is_opened_by_path(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "s")
    for target in (folder, str(folder)):
        with twingraph.open(target) as graph:
            assert graph.query(NAMES).height == 3


def test_the_default_store_is_opened_without_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twingraph.resources.default_store", lambda: write_store(tmp_path / "s"))
    assert twingraph.open().query(NAMES).height == 3


def test_an_address_is_a_remote_store() -> None:
    assert isinstance(twingraph.open("http://127.0.0.1:9/sparql").store, RemoteStore)


def test_rdf_files_are_read_into_memory(tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text(TRIG, encoding="utf-8")
    (tmp_path / "b.ttl").write_text('<#x> <https://w3id.org/twingraph/ontology#displayName> "Ä" .', encoding="utf-8")
    assert twingraph.open(tmp_path / "a.trig").query(NAMES).height == 3
    both = twingraph.open([tmp_path / "a.trig", str(tmp_path / "b.ttl")])
    assert both.query(NAMES)["name"].to_list() == ["Helmstedt", "Vitré", "Ä", "西安"]


def test_rdflib_graphs_are_copied() -> None:
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=TRIG, format="trig")
    opened = twingraph.open(dataset)
    assert opened.query(NAMES).height == 3
    assert opened.query("SELECT ?g { GRAPH ?g { ?s tw:locator ?l } }").height == 1
    plain = rdflib.Graph()
    plain.add((rdflib.BNode("b"), rdflib.RDFS.label, rdflib.Literal("x", lang="de")))
    plain.add((rdflib.URIRef("a:a"), rdflib.RDFS.label, rdflib.Literal(5)))
    assert twingraph.open(plain).query("SELECT ?l { ?s rdfs:label ?l }").height == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.ttl", b"<a:a> <a:b> .", "row 1"),
        ("x.ttl", b"<a:a> <a:b> <a:c> .\n\n<a:a> foo:bar 1 .", "row 3"),
        ("x.ttl", b"\xff\xfe", "row 1"),
        ("x.nt", b"<a> <b> <c>", "row 1"),
        ("x.jsonld", b'{"@context": "http://127.0.0.1:9/c", "a": 1}', "context"),
        ("x.jsonld", b'{"a":' * 5000 + b"1" + b"}" * 5000, "levels of nesting"),
        ("x.jsonld", b"{", "x.jsonld"),
        ("x.ttl", None, "no such file"),
    ],
)
def test_a_bad_rdf_file_is_named(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        twingraph.open(tmp_path / name)
    assert caught.value.file == tmp_path / name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.ttl")
    with pytest.raises(DataError, match="not a regular file"):
        twingraph.open(tmp_path / "x.ttl")


def test_other_files_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "x.rdf").write_text("<rdf/>")
    with pytest.raises(StoreError, match="is a file, not a store"):
        twingraph.open(tmp_path / "x.rdf")


def test_a_query_file_may_have_parameters(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(
        "#+ params: {town: {type: name, example: Kiel}, n: {type: integer, default: 5}}\n"
        "SELECT ?name { ?m tw:searchName ?_town ; tw:displayName ?name } LIMIT ?_n",
        encoding="utf-8-sig",
    )
    for given in (file, str(file)):
        assert graph.query(given, town="VITRÉ")["name"].to_list() == ["Vitré"]
    assert graph.query(file, town="Xi´an", n=0).height == 0


def test_text_may_have_parameters(graph: Graph) -> None:
    text = "#+ params: {town: {type: name}}\nASK { ?m tw:searchName ?_town }"
    assert graph.query(text, town="Helmstedt") is True
    assert graph.query(text, town="nowhere") is False


def test_a_missing_query_file_is_named(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(QueryNotFoundError, match=r"nowhere\.rq"):
        graph.query(tmp_path / "nowhere.rq")
    (tmp_path / "d.rq").mkdir()
    with pytest.raises(QueryNotFoundError, match="can't be read"):
        graph.query(tmp_path / "d.rq")
    (tmp_path / "l.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")
    with pytest.raises(QueryNotFoundError, match="not UTF-8"):
        graph.query(tmp_path / "l.rq")


def test_every_library_query_can_be_found_by_its_id(graph: Graph) -> None:
    for query in graph.queries():
        assert find_query(query.id) is query


def test_frames_are_chosen(graph: Graph) -> None:
    assert isinstance(graph.query(NAMES), pl.DataFrame)
    assert len(graph.query(NAMES, frame="result")) == 3
    with pytest.raises(ResultFormatError, match="polars, pandas or result"):
        graph.query(NAMES, frame="numpy")  # type: ignore[call-overload]


def test_service_is_refused(graph: Graph) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        graph.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        graph.graph.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_the_import_is_light() -> None:
    heavy = ("rdflib", "polars", "pandas", "rich", "SPARQLWrapper", "oxrdflib", "yaml", "networkx")
    script = f"import sys, twingraph.graph; print([name for name in {heavy!r} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
