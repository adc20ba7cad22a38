"""Graph files become sources; what twingraph itself exports comes back with the same ties."""

from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.importing.networks import import_network
from twingraph.sourcedata.reader import read_dataset


def graph() -> nx.Graph:
    found = nx.Graph()
    found.add_node("Q1", label="Ulm", country="Germany", lat=48.4, lon=9.98, pop=120714)
    found.add_node("Q2", label="Opole", country="Poland", lat=50.67, lon=17.92)
    found.add_node("n3", label="Brest", country="FR")
    found.add_edge("Q1", "Q2", since="1980")
    found.add_edge("Q1", "n3")
    found.add_edge("n3", "n3")
    return found


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
def test_nodes_are_places_and_edges_claims(tmp_path: Path, suffix: str):
    path = tmp_path / f"net.{suffix}"
    getattr(nx, f"write_{suffix}")(graph(), path)
    outcome = import_network(path, tmp_path / "data")
    assert [(c["name"], c["id"], c["partner"], c["partner_id"], c.get("start", "")) for c in outcome.intake.claims] == [
        ("Ulm", "Q1", "Opole", "Q2", "1980"),
        ("Ulm", "Q1", "Brest", "n3", ""),
    ]
    assert [row.reason for row in outcome.intake.rejected] == ["a municipality can't be a partner of itself"]
    places = {place.id: place for place in read_dataset(tmp_path / "data").source_places}
    assert (places["Q1"].wikidata_id, places["Q1"].population, places["Q1"].lat) == ("Q1", "120714", "48.4")
    assert (places["n3"].wikidata_id, places["n3"].country) == ("", "FR")


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
def test_an_edge_to_a_node_that_is_not_there_is_kept_apart(tmp_path: Path, suffix: str):
    path = tmp_path / f"net.{suffix}"
    getattr(nx, f"write_{suffix}")(graph(), path)
    text = path.read_text(encoding="utf-8")
    end = "</edges>" if suffix == "gexf" else "</graph>"
    path.write_text(text.replace(end, f'<edge id="99" source="Q1" target="9" />{end}'), encoding="utf-8")
    outcome = import_network(path, tmp_path / "data")
    assert ("9", "") not in {(claim["partner"], claim["id"]) for claim in outcome.intake.claims}
    assert len(outcome.intake.claims) == 2
    assert "the file says nothing about the node '9'" in [row.reason for row in outcome.intake.rejected]


@pytest.mark.parametrize(("kind", "suffix"), [("lpf", "json"), ("gexf", "gexf"), ("graphml", "graphml")])
def test_an_export_comes_back(tmp_path: Path, shipped_store: Path, kind: str, suffix: str):
    path = tmp_path / f"around.{suffix}"
    made = CliRunner().invoke(
        cli, ["export", kind, "--around", "Helmstedt", "--store", str(shipped_store), "-o", str(path)]
    )
    assert made.exit_code == 0, made.output
    outcome = import_network(path, tmp_path / "data", source="back")
    pairs = {frozenset((claim["name"], claim["partner"])) for claim in outcome.intake.claims}
    assert frozenset(("Helmstedt", "Vitré")) in pairs
    assert len(pairs) >= 5
    assert all(claim["country"] for claim in outcome.intake.claims)
    vitre = [claim for claim in outcome.intake.claims if {claim["name"], claim["partner"]} == {"Helmstedt", "Vitré"}]
    assert vitre[0]["start"]
