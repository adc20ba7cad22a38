"""All stores answer alike: in memory, on disk, and behind a real SPARQL server."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from store_fixtures import ENDLESS, memory_database, oxigraph_server, write_store
from twingraph.errors import QueryError, QueryTimeoutError, ResultFormatError, TwingraphError
from twingraph.graph import Graph
from twingraph.stores.store import MemoryStore, RemoteStore, Store, open_disk
from twingraph.vocab import ID, TW


@pytest.fixture(scope="module", params=["memory", "disk", "remote"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore(memory_database())
        return
    folder = write_store(tmp_path_factory.mktemp("store") / "s")
    if request.param == "disk":
        opened = open_disk(folder)
        yield opened
        opened.close()
        return
    with oxigraph_server(folder / "builds" / "first" / "db") as url:
        yield RemoteStore(url)


@pytest.fixture(params=[None, 20.0], ids=["direct", "limited"])
def graph(store: Store, request: pytest.FixtureRequest) -> Graph:
    return Graph(store, timeout=request.param)


NAMES = "SELECT ?name WHERE { ?m a tw:Municipality ; tw:displayName ?name } ORDER BY ?name"


def test_rows_come_once_and_in_order(graph: Graph) -> None:
    frame = graph.query(NAMES)
    assert frame.columns == ["name"]
    assert frame["name"].to_list() == ["Helmstedt", "Vitré", "西安"]


def test_every_format_is_the_same_from_every_store(graph: Graph) -> None:
    text = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    expected = MemoryStore(memory_database()).query(text)
    result = graph.query(text, frame="result")
    for format in ("csv", "tsv", "json", "xml", "markdown", "table"):
        assert result.serialize(format) == expected.serialize(format)


def test_csv_is_what_the_engine_writes(graph: Graph) -> None:
    text = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    engine = memory_database().query(text, use_default_graph_as_union=True)
    assert graph.query(text, frame="result").serialize("csv") == engine.serialize(format=ox.QueryResultsFormat.CSV)


def test_values_have_types(graph: Graph) -> None:
    frame = graph.query(
        "SELECT ?label ?start ?day ?year ?both ?lat ?m WHERE { ?p a tw:Partnership ; tw:start ?start ; "
        "tw:startEarliest ?day ; tw:isReciprocated ?both ; tw:hasParticipant ?m . "
        "OPTIONAL { ?p tw:startYear ?year } OPTIONAL { ?p rdfs:label ?label } "
        "OPTIONAL { ?m geo:lat ?lat } } ORDER BY ?day ?m"
    )
    assert frame.schema == {
        "label": pl.String,
        "start": pl.String,
        "day": pl.Date,
        "year": pl.Int64,
        "both": pl.Boolean,
        "lat": pl.Float64,
        "m": pl.String,
    }
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    assert first["label"] is None
    assert first["year"] is None
    assert first["start"] == "1960~"
    assert last["start"] == "1978-10-22"
    assert last["day"] == datetime.date(1978, 10, 22)
    assert last["year"] == 1978
    assert last["both"] is True
    assert math.isclose(last["lat"], 48.12)
    assert last["m"] == ID + "municipality/m2"


def test_an_empty_answer_keeps_its_columns(graph: Graph) -> None:
    frame = graph.query("SELECT ?a ?b WHERE { ?a tw:nothing ?b }")
    assert frame.schema == {"a": pl.String, "b": pl.String}
    assert frame.height == 0


def test_ask_is_a_bool(graph: Graph) -> None:
    assert graph.query('ASK { ?m tw:displayName "Vitré" }') is True
    assert graph.query('ASK { ?m tw:displayName "Vitre" }') is False


def test_construct_is_a_graph_without_duplicates(graph: Graph) -> None:
    from rdflib import Literal, URIRef

    built = graph.query(
        "CONSTRUCT { ?m a tw:Seen ; rdfs:label ?l } WHERE { ?p tw:hasParticipant ?m . ?m rdfs:label ?l }"
    )
    assert (URIRef(ID + "municipality/m3"), None, Literal("西安", lang="zh")) in built
    assert len(built) == 7
    result = graph.query("CONSTRUCT { ?m a tw:Seen } WHERE { ?p tw:hasParticipant ?m }", frame="result")
    assert len(result) == 3


def test_describe_gives_the_triples_of_a_resource(graph: Graph) -> None:
    described = graph.query("DESCRIBE twm:m2")
    assert {str(value) for value in described.objects()} >= {"Vitré", "vitre"}


def test_plain_strings_equal_those_of_rdflib(graph: Graph) -> None:
    from rdflib import Literal

    rows = graph.query("SELECT ?l WHERE { ?c tw:locator ?l }", frame="result").rows
    assert rows == [(Literal('row 1\twith tab, "quotes" and\nline'),)]
    assert rows[0][0].datatype is None  # type: ignore[union-attr]


def test_named_graphs_can_be_asked(graph: Graph) -> None:
    frame = graph.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?p a tw:Partnership } }")
    assert frame["g"].to_list() == ["https://w3id.org/twingraph/graph/conclusions"]


def test_from_restricts_the_default_graph(graph: Graph) -> None:
    if isinstance(graph.store, RemoteStore):
        pytest.skip("an Oxigraph server with --union-default-graph ignores FROM")
    text = "ASK FROM <https://w3id.org/twingraph/graph/gazetteer> WHERE { ?s a tw:%s }"
    assert graph.query(text % "Municipality") is True
    assert graph.query(text % "Partnership") is False


def test_a_syntax_error_shows_the_place(graph: Graph) -> None:
    with pytest.raises(QueryError) as caught:
        graph.query("SELECT ?m\nWHERE {\n  ?m tw:displayName ?name\n  ?m ?p\n}")
    assert (caught.value.line, caught.value.column) == (4, 3)
    assert "  ?m ?p\n    ^" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_an_unknown_prefix_is_named(graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"line 2, column 4: the prefix of foo:bar is not declared"):
        graph.query("ASK {\n?s foo:bar ?o }")


@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL"])
def test_nothing_is_changed_by_an_update(graph: Graph, update: str) -> None:
    before = graph.store.describe().triples
    with pytest.raises(TwingraphError):
        graph.query(update)
    assert graph.store.describe().triples == before


def test_a_time_limit_stops_the_query(store: Store) -> None:
    import time

    start = time.monotonic()
    with pytest.raises(QueryTimeoutError):
        store.query(ENDLESS, timeout=0.7)
    assert time.monotonic() - start < 3


def test_a_store_works_after_a_time_limit(store: Store) -> None:
    for _ in range(2):
        with pytest.raises(QueryTimeoutError):
            store.query(ENDLESS, timeout=0.3)
        assert store.query("ASK { ?s ?p ?o }", timeout=20).answer


def test_the_description_counts(store: Store) -> None:
    description = store.describe()
    assert description.triples == len(memory_database())
    assert len(description.graphs) == 3


def test_the_rdflib_view_reads(store: Store) -> None:
    from rdflib import Literal, URIRef

    view = store.graph
    subjects = set(view.subjects(URIRef(TW + "displayName"), Literal("Vitré")))
    assert subjects == {URIRef(ID + "municipality/m2")}
    rows = list(view.query(f"SELECT ?n WHERE {{ ?m <{TW.displayName}> ?n }} ORDER BY ?n"))
    assert [str(row[0]) for row in rows] == ["Helmstedt", "Vitré", "西安"]
    assert Literal("Helmstedt") in set(view.objects(None, URIRef(TW + "displayName")))


def test_the_rdflib_view_refuses_changes(store: Store) -> None:
    from rdflib import URIRef

    triple = (URIRef("a:a"), URIRef("a:b"), URIRef("a:c"))
    with pytest.raises((TwingraphError, TypeError)):
        store.graph.add(triple)
    with pytest.raises((TwingraphError, TypeError)):
        store.graph.remove((None, None, None))
    with pytest.raises((TwingraphError, TypeError)):
        store.graph.update("INSERT DATA { GRAPH <a:g> { <a:a> <a:b> <a:c> } }")


def test_a_graph_has_no_rows_and_rows_no_graph(graph: Graph) -> None:
    with pytest.raises(ResultFormatError, match="SELECT query can't be written as turtle"):
        graph.query(NAMES, frame="result").serialize("turtle")
    with pytest.raises(ResultFormatError, match="CONSTRUCT or DESCRIBE query can't be written as csv"):
        graph.query("DESCRIBE twm:m1", frame="result").serialize("csv")
    with pytest.raises(ResultFormatError, match="no format 'pdf'"):
        graph.query(NAMES, frame="result").serialize("pdf")


def test_pandas_frames_have_types(graph: Graph) -> None:
    pytest.importorskip("pandas")
    frame = graph.query(
        "SELECT ?day ?year ?both ?start WHERE { ?p tw:startEarliest ?day ; tw:start ?start ; "
        "tw:isReciprocated ?both OPTIONAL { ?p tw:startYear ?year } } ORDER BY ?day",
        frame="pandas",
    )
    assert [str(dtype) for dtype in frame.dtypes] == ["datetime64[s]", "Int64", "boolean", "string"]
    assert frame["year"].isna().tolist() == [True, False]


def test_hostile_text_survives_every_form(store: Store, tmp_path: Path) -> None:
    text = "SELECT ?l WHERE { ?c tw:locator ?l }"
    result = store.query(f"PREFIX tw: <{TW}> {text}")
    assert result.records() == [{"l": 'row 1\twith tab, "quotes" and\nline'}]
    (tmp_path / "x.parquet").write_bytes(result.serialize("parquet"))
    assert pl.read_parquet(tmp_path / "x.parquet")["l"].to_list() == [result.records()[0]["l"]]
    assert result.serialize("markdown").count(b"\n") == 3
    assert result.serialize("table").count(b"\n") == 3
