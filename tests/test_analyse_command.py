"""``twingraph analyse`` as a user runs it: formats, selections, foreign files, wrong input, the report."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

CONTRACT = {
    *("n", "m", "wedges", "claws", "triangles", "squares", "max_degree", "components", "largest_component", "diameter"),
    *("mean_distance", "median_distance", "effective_diameter_50", "effective_diameter_90", "degree_assortativity"),
    *("transitivity", "average_clustering", "gini", "power_law_exponent", "power_law_exponent_tail", "spectral_norm"),
    *("algebraic_connectivity", "bridges", "articulation_points"),
}
TABLES = {
    "structure": ["structure", "degrees", "components"],
    "centrality": ["municipalities", "countries", "brokers", "bridges"],
    "communities": ["methods", "communities", "members"],
    "countries": ["pairs", "matrix", "countries", "distances", "reciprocity"],
    "growth": ["growth", "by_kind", "by_country_pair", "first_ties", "waves", "survival"],
    "robustness": ["robustness"],
}
QUICK = {"countries": ["--samples", "50"], "robustness": ["--measure", "transitivity"]}


@pytest.fixture
def store(shipped_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWINGRAPH_STORE", str(shipped_store))
    return shipped_store


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """A ring of six towns, of which two ties have dates."""
    file = tmp_path / "ring.csv"
    rows = [f"{number},{(number + 1) % 6},{'1960' if number < 2 else ''}" for number in range(6)]
    file.write_text("source,target,start\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_report_on_nothing_is_quiet(store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    """No library complains to the reader that it has nothing to draw."""
    empty = tmp_path / "empty.csv"
    empty.write_text("source,target\n")
    for options in (["--around", "Helmstedt", "--steps", "0"], ["--graph", str(empty)]):
        done = run_twingraph("analyse", "report", *options, "-o", str(tmp_path / "report.html"))
        assert done.returncode == 0
        assert "Warning" not in done.stderr


@pytest.mark.parametrize("family", TABLES)
def test_tables_are_described_in_every_format(store: Path, run_twingraph: Run, family: str) -> None:
    options = [family, *QUICK.get(family, []), "--as-of", "2000"]
    done = run_twingraph("analyse", *options, "--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["selection"]["as_of"] == "2000"
    assert "version of the data" in document["data"]
    assert 0 < document["ties"]["undated_share"] < 1
    for name in TABLES[family]:
        table = document["tables"][name]
        assert table["question"].endswith("?")
        for row in table["rows"]:
            assert set(row) == set(table["columns"])
        assert all(table["columns"].values())
    text = run_twingraph("analyse", *options)
    assert text.returncode == 0, text.stderr
    flat = " ".join(text.stdout.split())
    for name in TABLES[family]:
        assert document["tables"][name]["question"] in flat
        for sentence in [*document["tables"][name]["answer"], *document["tables"][name]["caveats"]]:
            assert " ".join(sentence.split()) in flat
    first = run_twingraph("analyse", *options, "--format", "csv")
    assert first.returncode == 0, first.stderr
    rows = list(csv.DictReader(io.StringIO(first.stdout)))
    assert len(rows) == len(document["tables"][TABLES[family][0]]["rows"])


def test_structure_as_json_is_one_object_of_measures(store: Path, run_twingraph: Run) -> None:
    found = json.loads(run_twingraph("analyse", "structure", "--format", "json").stdout)
    assert set(found) >= CONTRACT
    assert isinstance(found["n"], int)
    assert isinstance(found["transitivity"], float)
    assert "possible" not in found, "without a time there is nothing to tell apart"
    dated = json.loads(run_twingraph("analyse", "structure", "--as-of", "1989-11-09", "--format", "json").stdout)
    assert set(dated["possible"]) >= CONTRACT
    assert dated["m"] < dated["possible"]["m"]


def test_a_ring_from_elsewhere(run_twingraph: Run, ring: Path) -> None:
    found = json.loads(run_twingraph("analyse", "structure", "--graph", str(ring), "--format", "json").stdout)
    assert (found["n"], found["m"], found["diameter"], found["squares"], found["triangles"]) == (6, 6, 3, 0, 0)
    assert found["mean_distance"] == 1.8
    assert found["algebraic_connectivity"] == pytest.approx(1.0)
    piped = run_twingraph(
        "analyse", "structure", "--graph", "-", "--format", "json", text=ring.read_text(encoding="utf-8")
    )
    assert json.loads(piped.stdout)["n"] == 6


def test_one_table_as_csv_and_parquet(store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    done = run_twingraph("analyse", "centrality", "--table", "countries", "--format", "csv")
    frame = pl.read_csv(io.StringIO(done.stdout))
    assert {"country", "municipalities", "betweenness_sum", "leading"} <= set(frame.columns)
    target = tmp_path / "countries.parquet"
    done = run_twingraph("analyse", "centrality", "--table", "countries", "--format", "parquet", "-o", str(target))
    assert done.returncode == 0, done.stderr
    written = pl.read_parquet(target)
    assert written.columns == frame.columns
    assert written["country"].to_list() == frame["country"].to_list()
    assert written["betweenness_sum"].to_list() == pytest.approx(frame["betweenness_sum"].to_list())
    several = run_twingraph("analyse", "centrality", "--format", "csv")
    assert "--table chooses another: countries, brokers, bridges" in several.stderr


def test_all_rows_and_few_rows(store: Path, run_twingraph: Run) -> None:
    few = run_twingraph("analyse", "centrality", "--table", "municipalities", "--top", "3").stdout
    assert "more rows; --all shows them." in few
    every = run_twingraph("analyse", "centrality", "--table", "municipalities", "--all").stdout
    assert "more rows" not in every
    assert len(every.splitlines()) > 600


def test_the_chain_between_two_municipalities(store: Path, run_twingraph: Run) -> None:
    done = run_twingraph("analyse", "path", "helmstedt", "西安", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["tables"]
    rows = found["chain"]["rows"]
    assert rows[0]["from_name"] == "Helmstedt"
    assert [row["to"] for row in rows[:-1]] == [row["from"] for row in rows[1:]]
    assert all(row["source_titles"] and row["partnership"].startswith("https://") for row in rows)
    assert found["chain"]["about"]["shortest_chains"] == len(found["chains"]["rows"])
    text = run_twingraph("analyse", "path", "Helmstedt", "Vitré").stdout
    assert "Over 1 tie: Helmstedt – Vitré." in text
    for reading in ("may have existed from 1978-10-22", "certainly existed by 1978-10-22"):
        assert reading in " ".join(text.split())


def test_places_that_are_not_linked_are_told_apart(run_twingraph: Run, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("source,target\na,b\nc,d\nd,e\n", encoding="utf-8")
    done = run_twingraph("analyse", "path", "a", "e", "--graph", str(file))
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "They are not linked in this network: a is in a group of 2 places, e in another of 3." in text


def test_published_figures(run_twingraph: Run, ring: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.toml"
    figures.write_text(
        'title = "Ring"\nurl = "https://example.org"\n[measures]\nn = { value = "6" }\ndiameter = { value = "4" }\n',
        encoding="utf-8",
    )
    done = run_twingraph(
        "analyse", "structure", "--graph", str(ring), "--published", str(figures), "--table", "published"
    )
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "1 of 2 published figures come out to the last digit." in text
    assert "not explained yet" in text


def test_the_same_command_gives_the_same_answer(store: Path, run_twingraph: Run) -> None:
    for options in (["communities", "--seed", "3"], ["countries", "--samples", "50", "--seed", "3"]):
        first, again = (run_twingraph("analyse", *options, "--format", "json").stdout for _ in range(2))
        assert first == again
        assert first != run_twingraph("analyse", *options[:-1], "4", "--format", "json").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["structure", "--graph", "none.csv"], 1, "can't be read"),
        (["structure", "--table", "beauty"], 2, "there are structure, degrees, components"),
        (["structure", "--published", "nothing"], 1, "there are konect-sister-cities"),
        (["path", "Helmstedt", "Nowhere"], 1, "there is no municipality called 'Nowhere'"),
        (["path", "Leeds", "Helmstedt", "--country", "CN"], 1, "Helmstedt (Q486562) has no tie in this selection"),
        (["path", "Helmstedt"], 2, "Missing argument"),
        (["communities", "--seed", "x"], 2, "is not a valid integer"),
        (["countries", "--samples", "0"], 2, "is not in the range"),
        (["growth", "--by", "colour"], 2, "is not one of"),
        (["robustness", "--variation", "without-luck"], 2, "there is no variation"),
        (["robustness", "--measure", "beauty"], 2, "there is no measure"),
        (["countries", "--seed", "-1"], 2, "-1 is not in the range"),
        (["report", "--seed", "-1"], 2, "-1 is not in the range"),
        (["path", "Helmstedt", "Dortmund", "--as-of", "1650"], 1, "Helmstedt (Q486562) has no tie in this selection"),
        (["growth", "--around", "Helmstedt", "--steps", "0"], 1, "the selection holds no tie"),
        (["report"], 2, "Missing option '--output'"),
        (["report", "-o", "report.pdf"], 2, "must end with .html or .md"),
        (["report", "-o", "none/report.html"], 1, "can't be written"),
        (["beauty"], 2, "There is no command 'beauty'"),
    ],
)
def test_wrong_input_is_told_with_what_to_do(
    store: Path, run_twingraph: Run, arguments: list[str], code: int, message: str
) -> None:
    done = run_twingraph("analyse", *arguments)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("family", ["countries", "growth"])
def test_what_a_file_does_not_say_is_named(run_twingraph: Run, tmp_path: Path, family: str) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("a,b\nb,c\n", encoding="utf-8")
    done = run_twingraph("analyse", family, "--graph", str(file))
    assert done.returncode == 1
    assert "attribute" in done.stderr


@pytest.mark.parametrize("family", [*TABLES, "path"])
def test_an_empty_network_has_an_answer(run_twingraph: Run, tmp_path: Path, family: str) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("source,target\n", encoding="utf-8")
    ends = ["a", "b"] if family == "path" else []
    done = run_twingraph("analyse", family, *ends, "--graph", str(file))
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if family in ("path", "growth") else 0), done.stderr


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_page_that_needs_nothing_else(store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    done = run_twingraph("analyse", "report", "--as-of", "2000", "-o", str(target))
    assert done.returncode == 0, done.stderr
    html = target.read_text(encoding="utf-8")
    page = _Page()
    page.feed(html)
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "img", "iframe")
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, name)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids)), "ids of plots do not meet"
    for word in ("in force in 2000", "certainly in force", "version of the data", "Is everything connected"):
        assert word in page.text
    assert "twingraph analyse growth --as-of 2000 --table survival --all" in page.text
    plots = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(plots) >= 8
    for plot in plots:
        assert ElementTree.fromstring(plot).get("aria-label")


def test_the_report_as_markdown_has_its_plots_beside_it(store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    done = run_twingraph("analyse", "report", "--country", "FR", "-o", str(target))
    assert done.returncode == 0, done.stderr
    text = target.read_text(encoding="utf-8")
    plots = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(plots) >= 8
    for plot in plots:
        assert ElementTree.parse(tmp_path / plot)
    assert text.count("\n### ") >= 18


def test_a_report_on_a_plain_file_says_what_it_cannot_answer(run_twingraph: Run, ring: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    done = run_twingraph("analyse", "report", "--graph", str(ring), "-o", str(target))
    assert done.returncode == 0, done.stderr
    assert "Not answered, countries: no place of the network has a country" in done.stderr
    assert "Not answered: no place of the network has a country" in target.read_text(encoding="utf-8")


def test_names_are_text_in_the_report(run_twingraph: Run, tmp_path: Path) -> None:
    file = tmp_path / "hostile.csv"
    names = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a | b `c`", '"quoted" & \u202eturned']
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["source", "target", "source_name", "target_name"])
    for number, name in enumerate(names):
        rows.writerow([f"n{number}", f"n{number + 1}", name, names[(number + 1) % 4]])
    file.write_text(out.getvalue(), encoding="utf-8")
    for suffix in ("html", "md"):
        target = tmp_path / f"report.{suffix}"
        done = run_twingraph("analyse", "report", "--graph", str(file), "-o", str(target))
        assert done.returncode == 0, done.stderr
        text = target.read_text(encoding="utf-8")
        # In Markdown a backslash before it makes any sign a plain letter.
        assert not re.search(r"(?<!\\)<(script>alert|img src=x)", text)
        assert "\u202e" not in text
