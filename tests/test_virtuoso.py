"""A second, quite different SPARQL server as the remote store: Virtuoso, if it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import twingraph
from store_fixtures import virtuoso_server
from twingraph.answers.results import Result
from twingraph.errors import EndpointError, QueryError
from twingraph.graph import Graph
from twingraph.querying.library import QueryLibrary
from twingraph.querying.queries import LibraryQuery

pytestmark = pytest.mark.slow

DISTANCE = Path(__file__).resolve().parents[1] / "docs" / "virtuoso.sql"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, shipped_store: Path) -> Iterator[str]:
    """Start Virtuoso in a folder of its own and load the shipped graph's N-Quads into it."""
    folder = tmp_path_factory.mktemp("virtuoso")
    (release,) = shipped_store.glob("builds/*/release/twingraph.nq")
    shutil.copy(release, folder / "twingraph.nq")
    with virtuoso_server(folder) as (url, run):
        # Flag 512: N-Quads, each triple into the graph it names.
        run(f"DB.DBA.TTLP_MT(file_to_string_output('{folder}/twingraph.nq'), '', 'urn:none', 512);")
        # The distance of GeoSPARQL, which it lacks.
        run(f"LOAD {DISTANCE};")
        yield f"{url}/sparql"


@pytest.fixture(scope="module")
def remote(endpoint: str) -> Iterator[Graph]:
    with twingraph.open(endpoint) as graph:
        yield graph


@pytest.fixture(scope="module")
def local(shipped_store: Path) -> Iterator[Graph]:
    with twingraph.open(shipped_store) as graph:
        yield graph


@pytest.mark.parametrize("query", list(QueryLibrary()), ids=lambda one: one.id)
def test_library_query_gives_the_same_rows(remote: Graph, local: Graph, query: LibraryQuery) -> None:
    ours = local.query(query.id, frame="result", **_example(query))
    theirs = remote.query(query.id, frame="result", **_example(query))
    assert theirs.kind == ours.kind
    if ours.kind == "select":
        assert _comparable(theirs) == _comparable(ours)
    else:
        assert theirs.payload == ours.payload


def _example(query: LibraryQuery) -> dict[str, object]:
    return {one.name: one.example for one in query.parameters if one.example not in (None, "")}


def _comparable(result: Result) -> Counter[tuple[str, ...]]:
    """Return the rows, each as often as it occurs, without what servers may do as they like."""

    def plain(value: object) -> str:
        if isinstance(value, bool):
            # Virtuoso gives booleans as 1 and 0.
            return str(int(value))
        if isinstance(value, float | Decimal):
            return f"{value:.6f}"
        # The order within a GROUP_CONCAT is free.
        return " ".join(sorted(str(value).split(" ")))

    return Counter(tuple(plain(value) for value in row.values()) for row in result.records())


def test_the_library_finds_something(local: Graph) -> None:
    """Equal answers say little if all of them are empty."""
    found = [query.id for query in QueryLibrary() if len(local.query(query.id, frame="result", **_example(query)))]
    assert len(found) > 60


def test_names_in_any_script(remote: Graph) -> None:
    found = remote.query('SELECT ?l WHERE { ?m tw:searchName "vitre" ; rdfs:label ?l }')
    assert "Vitré" in found["l"].to_list()


def test_ask_and_construct(remote: Graph) -> None:
    assert remote.query("ASK { ?p a tw:Partnership }") is True
    assert remote.query("ASK { ?p a tw:Nothing }") is False
    graph = remote.query("CONSTRUCT { ?p rdfs:label ?l } WHERE { ?p a tw:Partnership ; rdfs:label ?l }")
    assert len(graph) > 0


def test_syntax_error_is_told_with_its_place(remote: Graph) -> None:
    with pytest.raises((QueryError, EndpointError), match=r"line 1|syntax"):
        remote.query("SELECT ?x WHERE { ?x }")


def test_command_line(endpoint: str, run_twingraph: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = run_twingraph("query", "partners", "--param", "town=Helmstedt", "--endpoint", endpoint, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "Vitré" in done.stdout


def test_a_portrait(endpoint: str, run_twingraph: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = run_twingraph("show", "Helmstedt", "--endpoint", endpoint)
    assert done.returncode == 0, done.stderr
    assert "Vitré" in done.stdout
