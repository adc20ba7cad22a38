"""What goes wrong around a query is told in one line: limits, streams, names, a store that is gone or damaged."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import twingraph
from store_fixtures import ENDLESS, memory_database, write_store
from twingraph.cli import cli
from twingraph.errors import QueryError, QueryParameterError, QueryTimeoutError, StoreError
from twingraph.graph import Graph
from twingraph.querying.guard import RefusedQueryError
from twingraph.querying.parameters import Parameter, term_text
from twingraph.stores import storage
from twingraph.stores.store import MemoryStore, RemoteStore, open_disk

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_store(tmp_path / "s")


def flip(store: Path) -> None:
    """Change one byte of the last table that is not read on opening."""
    build = storage.builds_dir(store) / "first"
    for file in sorted((build / "db").glob("*.sst")):
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 3] + bytes([whole[len(whole) // 3] ^ 1]) + whole[len(whole) // 3 + 1 :])
        try:
            open_disk(store).close()
            return
        except StoreError:
            file.write_bytes(whole)
    raise AssertionError("every table is read on opening")


@pytest.mark.parametrize("timeout", [math.nan, math.inf, -math.inf, 1e300, 10**400, 99999999999, 0, -1, "x", True])
def test_a_time_limit_is_a_number_of_seconds(folder: Path, timeout: object) -> None:
    for store in (MemoryStore(memory_database()), open_disk(folder), RemoteStore("http://127.0.0.1:9/")):
        with pytest.raises(QueryError, match="timeout is a number of seconds"):
            Graph(store).query("ASK {}", timeout=timeout)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="timeout is a number of seconds"):
        twingraph.open(folder, timeout=timeout)  # type: ignore[arg-type]
    done = CliRunner().invoke(cli, ["query", "partners", "--store", str(folder), "--timeout", str(timeout)])
    assert done.exit_code == 2


@pytest.mark.parametrize("target", [5, b"x", [], [5], "", " ", "ftp://x/y", object(), 1.5])
def test_what_can_not_be_opened_is_named(target: object) -> None:
    with pytest.raises(StoreError):
        twingraph.open(target)  # type: ignore[arg-type]


@pytest.mark.parametrize("query", [None, 5, b"ASK {}", ["ASK {}"]])
def test_what_is_no_query_is_named(query: object) -> None:
    with pytest.raises(QueryError, match="a query is a name, a path or SPARQL text"):
        Graph(MemoryStore()).query(query)  # type: ignore[call-overload]


def test_a_closed_graph_answers_nothing(folder: Path) -> None:
    for store in (MemoryStore(memory_database()), open_disk(folder)):
        graph = Graph(store)
        graph.close()
        graph.close()
        for ask in (lambda: graph.query("ASK {}"), lambda: graph.graph, graph.verify):  # noqa: B023
            with pytest.raises(StoreError, match="is closed"):
                ask()
    with pytest.raises(StoreError, match="is closed"):
        store.query("ASK {}", timeout=5)


def test_a_flipped_byte_is_found(folder: Path) -> None:
    flip(folder)
    store = open_disk(folder)
    with pytest.raises(StoreError, match=r"damaged: the content of .*\.sst has changed"):
        store.verify()
    with pytest.raises(StoreError, match="damaged"):
        store.query(ENDLESS, timeout=0.3)
    store.close()
    done = CliRunner().invoke(cli, ["check", "--no-shapes", "--store", str(folder)])
    assert isinstance(done.exception, StoreError)


def test_a_whole_store_is_read_once_after_time_outs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_disk(folder)
    for _ in range(2):
        with pytest.raises(QueryTimeoutError):
            store.query(ENDLESS, timeout=0.2)
        monkeypatch.setattr("twingraph.stores.store.verify_contents", None)
    store.close()


def test_a_wrong_count_and_a_store_without_digests(folder: Path) -> None:
    path = storage.builds_dir(folder) / "first" / "manifest.json"
    data = json.loads(path.read_text())
    assert data["sha256"].keys() == data["files"].keys()
    del data["sha256"]
    path.write_text(json.dumps(data))
    open_disk(folder).verify()
    path.write_text(json.dumps(data | {"triples": data["triples"] + 1}))
    with pytest.raises(StoreError, match="triples instead of"):
        open_disk(folder).verify()


@POSIX
def test_a_store_that_is_gone_is_named(folder: Path) -> None:
    store = open_disk(folder)
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="the store is gone"):
        store.query("ASK { ?s ?p ?o }", timeout=5)
    store.close()


@pytest.mark.parametrize(
    "text",
    ["ASK { SERVICE <a:b> {} }", "ASK " + "{" * 60 + "}" * 60, "ASK { " + "?a ?b ?c . " * 200 + "}", "#" * 2**21],
)
def test_refusals_name_the_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "e8.rq"
    file.write_text("#+ summary: x\n" + text)
    with pytest.raises(RefusedQueryError) as caught:
        Graph(MemoryStore()).query(file)
    assert str(caught.value).startswith(str(file))
    assert len(text) > 2**20 or ", line 2, column" in str(caught.value)


def test_long_numbers_and_names_are_told_apart_and_cut() -> None:
    for value in ("9" * 56, 10**56, 1e300, 10**5000):
        with pytest.raises(ValueError, match="at most 18 digits"):
            term_text(Parameter("km", "decimal"), value)
    with pytest.raises(ValueError, match="64 bits"):
        term_text(Parameter("n", "integer"), "9" * 5000)
    with pytest.raises(QueryParameterError) as caught:
        Graph(MemoryStore()).query("partners", **{"x" * 500: 1})
    assert "x" * 61 not in str(caught.value)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command.replace("twingraph", f"{sys.executable} -m twingraph", 1)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@POSIX
def test_closed_streams_are_named(folder: Path, tmp_path: Path) -> None:
    done = shell(f"twingraph query - --store '{folder}' <&-")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "standard input is closed" in done.stderr
    query = f"echo 'ASK {{}}' | twingraph query - --store '{folder}'"
    done = shell(f"{query} >&-")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "standard output is closed" in done.stderr
    assert shell(f"{query} -o '{tmp_path}/o' >&-").returncode == 0
    assert shell(f"{query} 2>&-").returncode == 0
    assert shell(f"twingraph check --no-shapes --store '{folder}' 2>&-").stdout


@POSIX
def test_arguments_are_utf8_in_any_locale(folder: Path) -> None:
    file = folder.with_name("é.rq")
    file.write_text("#+ params: {town: {type: name}}\nASK { ?m tw:searchName ?_town }", encoding="utf-8")
    done = shell(
        f"twingraph query '{file}' --param town=Vitré --store '{folder}'",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert (done.stdout.strip(), done.stderr) == ("true", "")


def test_an_unknown_name_is_told_when_there_are_no_rows(shipped_store: Path) -> None:
    done = CliRunner().invoke(cli, ["query", "partners", "--param", "town=Helmstet", "--store", str(shipped_store)])
    assert done.exit_code == 0
    assert done.stderr.startswith("no municipality is called 'Helmstet'; near are Helmstedt (DE)")
    assert done.stderr.count("\n") == 1
    known = CliRunner().invoke(cli, ["query", "partners", "--param", "town=Helmstedt", "--store", str(shipped_store)])
    assert not known.stderr
