"""``twingraph sources`` and ``twingraph queries``."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from people_data import people_store, run, run_json
from twingraph.cli import cli
from twingraph.querying.library import QueryLibrary

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def store(data: Path, add_claim: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return people_store(data, add_claim, tmp_path_factory)


def test_list_as_json_counts_claims(store: Path) -> None:
    sources = {source["id"]: source for source in run_json(store, "sources")}
    assert list(sources) == ["book", "press", "town"]
    # Three claims of the gazetteer: coordinates of Kiel, Sønderborg and Brest.
    assert sources["town"]["claims"] == 1 + 16 + 3
    assert (sources["book"]["claims"], sources["book"]["checked_claims"]) == (2, 0)
    assert (sources["press"]["is_checked"], sources["book"]["is_checked"]) == (True, False)
    assert sources["town"]["retrieved"] == "2026-01-02"


def test_unchecked_lists_what_is_to_do(store: Path) -> None:
    assert [source["id"] for source in run_json(store, "sources", "--unchecked")] == ["book"]
    text = run(store, "sources", "--unchecked").stdout
    assert text.startswith("1 source, 0 of them checked, 2 claims")


def test_csv_reads_back(store: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(store, "sources", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == ["book", "press", "town"]
    assert rows[0]["is_checked"] == "false"


def test_one_source_with_its_claims(store: Path) -> None:
    report = run_json(store, "sources", "town")
    assert report["speaks_for"] == ["Kiel"]
    statements = {claim["iri"].rpartition("/")[2]: claim for claim in report["statements"]}
    assert statements["1"]["names"] == ["Kiel", "Brest"]
    assert (statements["21"]["property"], statements["21"]["value"]) == ("foundedOn", "1965")
    assert statements["21"]["about_names"] == ["Kiel-Brest-Gesellschaft"]
    press = run_json(store, "sources", "press")
    assert [name for claim in press["statements"] for name in claim["unresolved"]] == ["Nirgendwo"]


def test_one_source_as_text(store: Path) -> None:
    text = run(store, "sources", "press").stdout
    assert text.startswith("Town of press: Partner towns")
    assert "Names not identified yet" in text and "press/4: Nirgendwo" in text
    assert run(store, "sources", "town", "--format", "markdown").stdout.startswith("# Town of Kiel")


def test_wrong_use(store: Path) -> None:
    unknown = run(store, "sources", "pres")
    assert unknown.returncode == 1 and "near are press" in unknown.stderr
    assert run(store, "sources", "town", "--unchecked").returncode == 2
    assert run(store, "sources", "town", "--format", "csv").returncode == 2


def test_every_query_is_listed_and_described() -> None:
    listed = CliRunner().invoke(cli, ["queries", "--format", "json"])
    assert listed.exit_code == 0, listed.output
    queries = json.loads(listed.output)
    assert {query["id"] for query in queries} == set(QueryLibrary().ids())
    assert all(query["summary"] for query in queries)


def test_tag_chooses_and_an_unknown_one_is_answered_with_all() -> None:
    done = CliRunner().invoke(cli, ["queries", "--tag", "waves", "--format", "json"])
    assert all("waves" in query["tags"] for query in json.loads(done.output))
    wrong = CliRunner().invoke(cli, ["queries", "--tag", "nosuch"])
    assert wrong.exit_code == 2 and "the tags are" in wrong.output


def test_query_is_described_with_a_command_that_runs(store: Path, run_twingraph: Run) -> None:
    done = CliRunner().invoke(cli, ["queries", "portrait/bearers-of-name"])
    assert "name in any language or spelling (name; required; for instance Xi'an)" in done.output.replace(
        "\n      ", " "
    )
    described = CliRunner().invoke(cli, ["queries", "portrait/bearers-of-name", "--format", "json"])
    words = shlex.split(json.loads(described.output)["command"])
    assert run_twingraph(*words[1:], "--store", str(store)).returncode == 0


def test_text_of_a_query_is_printed_as_it_is() -> None:
    done = CliRunner().invoke(cli, ["queries", "portrait/reach", "--text"])
    assert done.output == QueryLibrary().find("portrait/reach").text
    assert CliRunner().invoke(cli, ["queries", "--text"]).exit_code == 2


@pytest.mark.parametrize(
    "query_id", [name for name in QueryLibrary().ids() if name.startswith(("portrait/", "checks/"))]
)
def test_queries_of_portraits_and_checks_run_and_have_the_columns_they_promise(store: Path, query_id: str) -> None:
    from twingraph.graph import open as open_graph

    query = QueryLibrary().find(query_id)
    with open_graph(store) as graph:
        params = {parameter.name: parameter.example for parameter in query.parameters if parameter.example}
        result = graph.query(query_id, frame="result", **params)
    assert tuple(query.columns) == result.variables
