"""Every query of the library: its header, and its answer on a small fixture and on the graph that is shipped.

``python tests/test_query_library.py --refresh-expected`` writes the expected answers anew, after a change on
purpose. Read the diff: a wrong answer that is recorded stays wrong.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import twingraph
from store_fixtures import oxigraph_server
from twingraph.building.pipeline import build
from twingraph.graph import Graph
from twingraph.querying.lexer import tokenise
from twingraph.querying.library import QueryLibrary
from twingraph.querying.queries import LibraryQuery
from twingraph.stores.storage import current_build
from twingraph.vocab import PREFIXES

HERE = Path(__file__).resolve().parent
MINI = HERE / "fixtures" / "mini"
EXPECTED = HERE / "queries" / "expected"

#: Queries behind commands, which have tests of their own.
INTERNAL = ("checks/", "graph/", "portrait/")
LIBRARY = QueryLibrary()
IDS = [name for name in LIBRARY.ids() if not name.startswith(INTERNAL)]
FOLDERS = {"association", "country", "event", "gaps", "municipality", "network", "partnership", "provenance"}
COLUMN_TYPES = {"iri", "string", "integer", "decimal", "date", "edtf", "boolean"}

#: What is asked of the fixture where the example in the header, made for the shipped graph, finds nothing in it.
ON_FIXTURE: dict[str, dict[str, str]] = {
    "municipality/common-partners": {"town": "Kiel", "other": "Klagenfurt"},
    "municipality/search": {"part": "stedt"},
    "municipality/within-distance": {"town": "Helmstedt", "km": "90"},
    "municipality/names": {"town": "Kiel"},
    "municipality/in-many-countries": {"countries": "3"},
    "network/chain": {"town": "Haldensleben", "other": "Tallinn"},
    "partnership/anniversaries": {"year": "2020", "every": "10"},
    "partnership/in-force-on": {"date": "1960-06-30"},
    "partnership/started-between": {"from": "1960-07-01", "to": "1978-12-31"},
}
#: Queries that may find nothing in the shipped graph, and why.
MAY_BE_EMPTY = {
    "gaps/unchecked": "every claim that is shipped has been checked",
    "gaps/unresolved-names": "every name that is shipped is resolved",
}

pytestmark = pytest.mark.filterwarnings("error")


def examples(query: LibraryQuery) -> dict[str, object]:
    """Return the example of each parameter that has one but no default."""
    return {p.name: p.example for p in query.parameters if p.example and p.default is None}


def answer(graph: Graph, query: LibraryQuery, parameters: dict[str, object]) -> bytes:
    """Return the answer as SPARQL CSV, or as sorted N-Triples."""
    result = graph.run(query.bind(parameters))
    return result.serialize("ntriples" if result.kind == "construct" else "csv")


def fixture_answer(graph: Graph, name: str) -> bytes:
    query = LIBRARY.find(name)
    return answer(graph, query, examples(query) | ON_FIXTURE.get(name, {}))


def expected_file(name: str) -> Path:
    is_graph = "CONSTRUCT" in LIBRARY.find(name).text
    return EXPECTED / f"{name}.{'nt' if is_graph else 'csv'}"


def body(query: LibraryQuery) -> str:
    """Return the query without its header and comments."""
    return "".join(token.text for token in tokenise(query.text) if token.kind != "comment")


@pytest.fixture(scope="module")
def mini_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mini") / "store"
    build(MINI, folder)
    return folder


@pytest.fixture(scope="module", params=["memory", "disk", "server"])
def mini_graph(request: pytest.FixtureRequest, mini_store: Path) -> Iterator[Graph]:
    current = current_build(mini_store)
    if request.param == "memory":
        with twingraph.open([current / "release" / "twingraph.nq"]) as graph:
            yield graph
    elif request.param == "disk":
        with twingraph.open(mini_store) as graph:
            yield graph
    else:
        with oxigraph_server(current / "db") as url, twingraph.open(url) as graph:
            yield graph


@pytest.fixture(scope="module")
def shipped_graph(shipped_store: Path) -> Iterator[Graph]:
    with twingraph.open(shipped_store) as graph:
        yield graph


@pytest.mark.parametrize("name", IDS)
def test_answer_on_fixture(mini_graph: Graph, name: str) -> None:
    assert fixture_answer(mini_graph, name).decode() == expected_file(name).read_bytes().decode()


@pytest.mark.parametrize("name", IDS)
def test_example_finds_something_in_the_shipped_graph(shipped_graph: Graph, name: str) -> None:
    query = LIBRARY.find(name)
    result = shipped_graph.run(query.bind(examples(query)))
    assert len(result) > 0 or name in MAY_BE_EMPTY


@pytest.mark.parametrize("town", ["Helmstedt", "Kassel", "Hannover", "Wolfsburg"])
def test_distances_are_those_of_the_great_circle(shipped_graph: Graph, town: str) -> None:
    """Rounded to 100 metres, on the sphere of GeoSPARQL's engines: 6,371,008.8 m, the mean radius of the Earth."""
    places = {
        row["place"]: (math.radians(row["lat"]), math.radians(row["long"]))
        for row in shipped_graph.query(
            "SELECT ?place ?lat ?long WHERE { ?place geo:lat ?lat ; geo:long ?long }", frame="result"
        ).records()
    }
    rows = shipped_graph.query("partners-by-distance", town=town, frame="result").records()
    here = places[_place(shipped_graph, town)]
    measured = {row["municipality"]: row["distance_km"] for row in rows}
    near = shipped_graph.query("within-distance", town=town, km=500, frame="result").records()
    measured |= {row["municipality"]: row["distance_km"] for row in near}
    assert len([one for one in measured.values() if one is not None]) > 10
    for place, found in measured.items():
        if place not in places:
            assert found is None
            continue
        there = places[place]
        across, along = math.sin((there[0] - here[0]) / 2), math.sin((there[1] - here[1]) / 2)
        chord = across**2 + math.cos(here[0]) * math.cos(there[0]) * along**2
        assert float(found) == round(2 * 6371.0088 * math.asin(math.sqrt(chord)), 1)


def _place(graph: Graph, town: str) -> str:
    (row,) = graph.query("find", town=town, frame="result").records()
    return str(row["municipality"])


def test_what_can_be_reached_is_what_paths_reach(shipped_graph: Graph) -> None:
    ties = shipped_graph.query("SELECT ?a ?b WHERE { ?a tw:isTwinnedWith ?b }", frame="result").records()
    network = nx.Graph([(row["a"], row["b"]) for row in ties])
    for town in ("Helmstedt", "Büddenstedt", "Hannover"):
        this = _place(shipped_graph, town)
        found = {row["municipality"] for row in shipped_graph.query("reachable", town=town, frame="result").records()}
        assert found == nx.node_connected_component(network, this) - {this}
    components = shipped_graph.query(
        "SELECT ?component (COUNT(?m) AS ?n) WHERE { ?m tw:component ?component } GROUP BY ?component", frame="result"
    )
    assert sorted(row["n"] for row in components.records()) == sorted(map(len, nx.connected_components(network)))


@pytest.mark.parametrize("name", IDS)
def test_header(name: str) -> None:
    query = LIBRARY.find(name)
    folder, _, last = name.partition("/")
    assert folder in FOLDERS
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", last)
    assert query.summary.endswith("?")
    assert "\n" not in query.summary
    assert query.summary_de.endswith("?")
    assert query.summary_de != query.summary
    assert len(query.description) > 60
    assert query.tags
    for parameter in query.parameters:
        assert parameter.description, parameter.name
        assert parameter.description_de, parameter.name
        assert parameter.example or not parameter.is_required, parameter.name
        assert parameter.default is None or not parameter.is_required, parameter.name
    if "CONSTRUCT" in body(query):
        assert not query.columns
    else:
        assert query.columns
        assert set(query.columns.values()) <= COLUMN_TYPES


@pytest.mark.parametrize("name", IDS)
def test_form(name: str) -> None:
    query = LIBRARY.find(name)
    text = body(query)
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", text, re.MULTILINE))
    used = set(re.findall(r"(?<![\w?<])([a-z]+):[A-Za-z]", re.sub(r'<[^>\s]*>|"[^"]*"', "", text)))
    assert set(declared) == used
    assert set(declared.items()) <= set((PREFIXES | _MORE_PREFIXES).items())
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", text)
    if "CONSTRUCT" not in text:
        assert "ORDER BY" in text[text.rindex("}") :], "the outermost group is not ordered"
    projected = text[: text.index("WHERE")]
    assert "?_" not in projected


_MORE_PREFIXES = {
    kind: f"https://w3id.org/twingraph/id/{kind}/" for kind in ("basis", "country", "kind", "level", "status")
}


@pytest.mark.parametrize("name", IDS)
def test_columns_are_those_declared(mini_store: Path, name: str) -> None:
    query = LIBRARY.find(name)
    if not query.columns:
        return
    with twingraph.open(mini_store) as graph:
        result = graph.run(query.bind(examples(query) | ON_FIXTURE.get(name, {})))
    assert list(result.variables) == list(query.columns)
    frame = result.frame()
    for column, kind in query.columns.items():
        values = frame[column].drop_nulls()
        if values.is_empty():
            continue
        found = str(values.dtype)
        if kind == "integer":
            assert found == "Int64", column
        elif kind == "decimal":
            assert found in ("Float64", "Int64"), column
        elif kind == "boolean":
            assert found == "Boolean", column
        elif kind == "date":
            assert found == "Date", column
        else:
            assert found == "String", column
        if kind == "iri":
            assert all(re.match(r"https?://", value) for value in values), column


def test_dates_are_never_padded() -> None:
    """Days stand only in columns of bounds, and where a source gives a day."""
    for name in IDS:
        for column, kind in LIBRARY.find(name).columns.items():
            if kind == "date":
                assert column.endswith(("_earliest", "_latest", "_on")), f"{name}: {column}"


def test_last_parts_are_unique() -> None:
    """So that ``twingraph query partners`` needs no folder."""
    for name in IDS:
        assert LIBRARY.find(name.rpartition("/")[2]).id == name


def test_nothing_is_expected_of_queries_that_are_gone() -> None:
    recorded = {path.relative_to(EXPECTED).with_suffix("").as_posix() for path in EXPECTED.rglob("*.*")}
    assert recorded == set(IDS)


def test_most_answers_on_the_fixture_have_rows() -> None:
    for name in IDS:
        lines = expected_file(name).read_text(encoding="utf-8").splitlines()
        assert len(lines) > 1, f"{name}: the fixture does not exercise this query"


def refresh() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build(MINI, Path(folder) / "store")
        with twingraph.open(Path(folder) / "store") as graph:
            for name in IDS:
                file = expected_file(name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(fixture_answer(graph, name))


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh-expected"]:
        sys.exit("usage: python tests/test_query_library.py --refresh-expected")
    refresh()


def test_a_source_that_contradicts_itself_on_a_date(shipped_store: Path) -> None:
    """Dates are of a datatype that engines don't know, so that two of them can't be told apart by ``!=``."""
    with twingraph.open(shipped_store) as graph:
        rows = graph.query("conflicts-within-source", frame="result").records()
        pairs = graph.query(
            """SELECT DISTINCT ?conflict ?one WHERE {
              ?conflict a tw:Conflict ; tw:concernsProperty tw:start ; tw:hasClaim ?one , ?two .
              ?one tw:isStatedBy ?same ; tw:start ?first . ?two tw:isStatedBy ?same ; tw:start ?second .
              FILTER(STR(?first) != STR(?second)) }""",
            frame="result",
        ).records()
    expected = {(str(row["conflict"]), str(row["one"])) for row in pairs}
    assert expected
    assert expected <= {(str(row["conflict"]), str(row["claim"])) for row in rows}
