"""Figures under variations, and against those that others published."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import twingraph
from twingraph.analysis.robustness import VARIATIONS, default_variations, read_variations, without_cliques
from twingraph.analysis.structure import measure_structure
from twingraph.errors import AnalysisError, DataError, SelectionError
from twingraph.findings.published import compare_with_published, published_names
from twingraph.findings.robustness import find_robustness
from twingraph.findings.structure import find_structure
from twingraph.networks.model import TieTable
from twingraph.networks.network import read_ties


@pytest.fixture(scope="module")
def table(shipped_store: Path) -> TieTable:
    return read_ties(shipped_store)


def rows_of(finding, measure: str) -> dict[str, dict[str, object]]:
    rows = finding.frame.iter_rows(named=True)
    return {row["variation"]: row for row in rows if row["measure"] == measure}


def test_each_variation_is_the_selection_that_it_names(table: TieTable) -> None:
    network = twingraph.network(table)
    variations = ["without-domestic", "without-multilateral", "multilateral-as-star", "two-sources", "only-checked"]
    (finding,) = find_robustness(table, network, measures=["transitivity", "m"], variations=variations)
    rows = rows_of(finding, "m")
    choices = [
        {"scope": "international"},
        {"multilateral": "exclude"},
        {"multilateral": "star"},
        {"min_sources": 2},
        {"checked": True},
    ]
    for name, choice in zip(variations, choices, strict=True):
        chosen = twingraph.network(table, **choice)
        assert rows[name]["value"] == chosen.possible.number_of_edges(), name
        assert rows[name]["ties"] == chosen.selected
    base = rows["as selected"]
    changed = rows["without-domestic"]
    assert base["change_percent"] == 0
    assert changed["change_percent"] == pytest.approx(100 * (changed["value"] - base["value"]) / base["value"])
    assert (
        rows_of(finding, "transitivity")["without-multilateral"]["value"]
        < rows_of(finding, "transitivity")["as selected"]["value"]
    )


def test_sources_and_unions_are_left_out_one_by_one(table: TieTable) -> None:
    network = twingraph.network(table, as_of="2000")
    found = read_variations(["each-union", "each-source"], table, network)
    unions = {tie.key for tie in network.ties if tie.is_multilateral}
    assert {v.name for v in found if v.name.startswith("without-union")} == {f"without-union={key}" for key in unions}
    source = next(v for v in found if v.name.startswith("without-source"))
    changed = source.apply(table, network)
    assert changed.selected < network.selected
    (finding,) = find_robustness(table, network, measures=["n"], variations=[source.name])
    assert {"value_certain", "value_possible", "change_percent_certain"} <= set(finding.frame.columns)
    assert set(finding.columns) == set(finding.frame.columns)


def test_defaults_fit_the_data(table: TieTable) -> None:
    names = [variation.name for variation in default_variations(table, twingraph.network(table))]
    assert {"without-domestic", "without-multilateral", "multilateral-as-star", "two-sources"} <= set(names)
    assert sum(name.startswith("without-source=") for name in names) == 5
    plain = twingraph.network(nx.complete_graph(9))
    foreign = TieTable(plain.places, plain.ties, plain.origin)
    assert [v.name for v in default_variations(foreign, plain)] == ["without-cliques=9"]


def test_a_union_that_was_written_down_pair_by_pair() -> None:
    graph = nx.disjoint_union(nx.complete_graph(8), nx.cycle_graph(5))
    graph.add_edge(0, 8)
    graph.add_node(99)
    without = without_cliques(graph, 8)
    assert set(without) == {0, 8, 9, 10, 11, 12, 99}, "isolated places of the file stay, those left without a tie go"
    assert measure_structure(without)["triangles"] == 0
    assert graph.number_of_edges() == 28 + 5 + 1, "the graph itself stays as it was"
    with pytest.raises(AnalysisError, match="3 or more"):
        without_cliques(graph, 2)


def test_one_place_left_out(table: TieTable) -> None:
    network = twingraph.network(table, countries="DE")
    key = max(network.possible, key=network.possible.degree)
    (finding,) = find_robustness(table, network, measures=["n"], variations=[f"without-place={key}"])
    alone = sum(network.possible.degree(node) == 1 for node in network.possible[key])
    rows = rows_of(finding, "n")
    assert rows[f"without-place={key}"]["value"] == rows["as selected"]["value"] - 1 - alone


@pytest.mark.parametrize(
    ("variations", "measures", "error", "message"),
    [
        (["without-luck"], [], AnalysisError, "there is no variation 'without-luck'; there are without-domestic"),
        (["without-union"], [], AnalysisError, "there is no variation"),
        (["without-domestic=yes"], [], AnalysisError, "there is no variation"),
        (["without-cliques=many"], [], AnalysisError, "no number"),
        (["without-place=nowhere"], [], AnalysisError, "no place 'nowhere'"),
        (["without-source=nobody"], [], SelectionError, "'nobody' does not occur"),
        ([], ["beauty"], AnalysisError, "there is no measure 'beauty'"),
    ],
)
def test_wrong_requests_are_refused(table: TieTable, variations, measures, error, message: str) -> None:
    with pytest.raises(error, match=message):
        find_robustness(table, twingraph.network(table), variations=variations, measures=measures)


def test_every_variation_is_explained() -> None:
    assert all(text and not text.endswith(".") for text in VARIATIONS.values())


FIGURES = """title = "A ring"
url = "https://example.org/ring"
[measures]
n = { value = "5" }
diameter = { value = "2" }
mean_distance = { value = "1.5" }
transitivity = { value = "0.1", explanation = "guessed" }
[explanations]
guessed = "They guessed."
"""


def test_published_figures_are_compared_to_their_last_digit(tmp_path: Path) -> None:
    file = tmp_path / "ring.toml"
    file.write_text(FIGURES, encoding="utf-8")
    structure = find_structure(twingraph.network(nx.cycle_graph(5)))[0]
    finding = compare_with_published(structure, str(file))
    rows = {row["measure"]: row for row in finding.frame.iter_rows(named=True)}
    assert [row["agrees"] for row in rows.values()] == [True, True, True, False]
    assert rows["transitivity"]["difference"] == pytest.approx(-0.1)
    assert rows["transitivity"]["explanation"] == "They guessed."
    assert finding.answer[0] == "3 of 4 published figures come out to the last digit."
    file.write_text(FIGURES.replace('"1.5"', '"1.51"'), encoding="utf-8")
    other = compare_with_published(structure, str(file))
    assert other.frame["agrees"].to_list() == [True, True, False, False]
    assert other.frame["explanation"][2] == "not explained yet"


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("x", DataError, "can't be read"),
        ('title = "x"\nurl = "y"\n', DataError, "has no measures"),
        (FIGURES.replace('"5"', '"five"'), DataError, "n needs a value that is a number"),
        (FIGURES.replace("diameter", "beauty"), AnalysisError, "there is no measure 'beauty'"),
    ],
)
def test_broken_figures_are_refused(tmp_path: Path, text: str, error, message: str) -> None:
    file = tmp_path / "ring.toml"
    file.write_text(text, encoding="utf-8")
    structure = find_structure(twingraph.network(nx.cycle_graph(5)))[0]
    with pytest.raises(error, match=message):
        compare_with_published(structure, str(file))


def test_figures_that_come_along_name_measures_that_exist() -> None:
    structure = find_structure(twingraph.network(nx.cycle_graph(5)))[0]
    assert published_names() == ["konect-sister-cities"]
    finding = compare_with_published(structure, "konect-sister-cities")
    assert finding.frame.height == 20
    with pytest.raises(AnalysisError, match="there are konect-sister-cities, or give a TOML file"):
        compare_with_published(structure, "nothing")
