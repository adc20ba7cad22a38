"""``twingraph network`` as a user runs it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def store(shipped_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWINGRAPH_STORE", str(shipped_store))
    return shipped_store


def test_it_says_what_was_selected(store: Path, run_twingraph: Run) -> None:
    done = run_twingraph("network", "--as-of", "1989-11-09", "--kind", "partnership", "--international")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Selection: ties in force on 1989-11-09; kind partnership; only international ties" in text
    assert "Certainly in force:" in text
    assert "Possibly in force:" in text
    assert "version of the data" in text


def test_json_holds_the_choices_and_the_sizes(store: Path, run_twingraph: Run) -> None:
    done = run_twingraph("network", "--country", "fr", "--multilateral", "exclude", "--format", "json")
    summary = json.loads(done.stdout)
    assert summary["choices"] == {"countries": ["FR"], "multilateral": "exclude"}
    assert summary["certain"] == summary["possible"]
    assert summary["possible"]["pairs"] > 50
    assert 0 <= summary["undated_share"] <= 1


def test_a_file_is_written_whole_or_not_at_all(store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    target = tmp_path / "network.graphml"
    done = run_twingraph("network", "--as-of", "1970", "-o", str(target))
    assert done.returncode == 0, done.stderr
    graph = nx.read_graphml(target)
    assert {values["certainty"] for *_, values in graph.edges(data=True)} <= {"certain", "possible", "undated"}
    assert [path.name for path in tmp_path.iterdir()] == ["network.graphml"]
    failed = run_twingraph("network", "-o", str(tmp_path / "none" / "network.csv"))
    assert failed.returncode == 1
    assert "can't be written" in failed.stderr


def test_a_file_from_elsewhere_and_from_stdin(run_twingraph: Run, tmp_path: Path) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("source,target,start\na,b,1960\nb,c,\n", encoding="utf-8")
    done = run_twingraph("network", "--graph", str(file), "--as-of", "1970", "--format", "json")
    summary = json.loads(done.stdout)
    assert (summary["certain"]["ties"], summary["possible"]["ties"], summary["undated"]) == (1, 2, 1)
    piped = run_twingraph("network", "--graph", "-", "--format", "json", text=file.read_text(encoding="utf-8"))
    assert json.loads(piped.stdout)["possible"]["places"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--country", "XX"], 1, "'XX' does not occur in the data"),
        (["--as-of", "1.5.1960"], 2, "write 1960-05-01"),
        (["--period", "1960"], 2, "as in 1945/1989"),
        (["--as-of", "1960", "--period", "1950/1960"], 2, "exclude each other"),
        (["--domestic", "--international"], 2, "exclude each other"),
        (["--kind", "marriage"], 2, "is not one of"),
        (["--graph", "none.csv"], 1, "can't be read"),
        (["--graph", "none.csv", "--store", "x"], 2, "exclude each other"),
        (["--store", "none"], 1, "there is no store"),
        (["-o", "network.xyz"], 2, "must end with one of .graphml, .gexf, .csv, .json"),
        (["--without", "union-x"], 1, "'union-x' does not occur"),
        (["--min-sources", "0"], 2, "0 is not in the range"),
    ],
)
def test_wrong_input_is_told_with_what_to_do(
    store: Path, run_twingraph: Run, arguments: list[str], code: int, message: str
) -> None:
    done = run_twingraph("network", *arguments)
    assert done.returncode == code
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not done.stdout
