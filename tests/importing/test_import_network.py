"""Graph files become sources; what twingraph itself exports comes back with the same ties."""

import json
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.errors import DataError
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
    assert not any(claim.get("end") for claim in vitre)


def edges(path: Path, **values: object) -> Path:
    found = nx.Graph()
    found.add_node("a", label="Ulm", country="DE")
    found.add_node("b", label="Opole", country="PL")
    found.add_edge("a", "b", **values)
    nx.write_graphml(found, path)
    return path


@pytest.mark.parametrize(
    ("name", "value", "column", "read"),
    [
        ("until", "2010", "end", "2010"),
        ("end_date", "2010-05-01", "end", "2010-05-01"),
        ("endDate", "2010", "end", "2010"),
        ("ended", 2010, "end", "2010"),
        ("bis", "2010", "end", "2010"),
        ("Ende", 2010.0, "end", "2010"),
        ("date", "22.10.1978", "start", "1978-10-22"),
        ("begin", "1978", "start", "1978"),
        ("type", "friendship", "kind", "friendship"),
        ("relationship", "Freundschaft", "kind", "friendship"),
        ("remark", "by letter", "note", "by letter"),
    ],
)
def test_data_of_edges_have_the_names_that_columns_have(tmp_path, name, value, column, read):
    outcome = import_network(edges(tmp_path / "net.graphml", **{name: value}), tmp_path / "data")
    assert outcome.intake.claims[0].get(column) == read
    assert not [note for note in outcome.notes if "not read" in note]


def test_data_of_edges_that_are_not_read_are_told(tmp_path):
    values = {"to": "2010", "founded": "1978", "type": "undirected", "start": "1960", "year": "1961"}
    outcome = import_network(edges(tmp_path / "net.graphml", **values), tmp_path / "data")
    assert outcome.intake.claims[0]["start"] == "1960"
    told = "data of edges that are not read: to (1), founded (1), type 'undirected' (1), year (1)"
    assert told in outcome.notes


GEXF = """<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="undirected"{graph}>
<attributes class="node"><attribute id="0" title="country" type="string"><default>DE</default></attribute></attributes>
<attributes class="edge"><attribute id="1" title="type" type="string"><default>friendship</default></attribute></attributes>
<nodes><node id="a" label="Ulm"/><node id="b" label="Opole"><attvalues><attvalue for="0" value="PL"/></attvalues></node>
{nodes}</nodes><edges><edge id="0" source="a" target="b"{edge}</edges></graph></gexf>"""
DYNAMIC = ' mode="dynamic" timeformat="date"'


def gexf(path: Path, edge: str = "/>", graph: str = DYNAMIC, nodes: str = "") -> Path:
    path.write_text(GEXF.format(edge=edge, graph=graph, nodes=nodes), encoding="utf-8")
    return path


def test_defaults_of_attributes_are_stated_of_each(tmp_path):
    (claim,) = import_network(gexf(tmp_path / "net.gexf"), tmp_path / "data").intake.claims
    assert (claim["country"], claim["partner_country"], claim["kind"]) == ("DE", "PL", "friendship")


@pytest.mark.parametrize(
    ("spell", "start", "end"),
    [
        ('start="1990" end="1999"', "1990", "1999"),
        ('start="1990"', "1990", None),
        ('end="1999-05-01"', None, "1999-05-01"),
    ],
)
def test_the_time_of_an_edge_is_start_and_end(tmp_path, spell, start, end):
    path = gexf(tmp_path / "net.gexf", f"><spells><spell {spell}/></spells></edge>")
    (claim,) = import_network(path, tmp_path / "data").intake.claims
    assert (claim.get("start"), claim.get("end")) == (start, end)


def test_an_edge_of_several_times_is_kept_apart(tmp_path):
    spells = '><spells><spell start="1990" end="1995"/><spell start="2001"/></spells></edge>'
    with pytest.raises(DataError, match="'spells': it has 2 times"):
        import_network(gexf(tmp_path / "net.gexf", spells), tmp_path / "data")
    assert "2 times" in (tmp_path / "data" / "rejected" / "net.csv").read_text(encoding="utf-8")


def test_times_that_are_written_in_no_known_way_are_told(tmp_path):
    with pytest.raises(DataError, match='timeformat="date"'):
        import_network(gexf(tmp_path / "net.gexf", ' start="1990"/>', graph=""), tmp_path / "data")


def test_gexf_of_another_namespace_is_told(tmp_path):
    path = gexf(tmp_path / "net.gexf")
    path.write_text(path.read_text(encoding="utf-8").replace("www.gexf.net/1.2draft", "www.gexf.net/1.3"))
    with pytest.raises(DataError, match=r"net\.gexf: is no GEXF, or .*http://gexf\.net/1\.3"):
        import_network(path, tmp_path / "data")


def test_two_nodes_of_one_id_are_refused(tmp_path):
    with pytest.raises(DataError, match="two nodes have the id 'b'"):
        import_network(gexf(tmp_path / "net.gexf", nodes='<node id="b" label="Brest"/>'), tmp_path / "data")
    path = edges(tmp_path / "net.graphml")
    path.write_text(path.read_text(encoding="utf-8").replace("<edge ", '<node id="a"/><edge ', 1), encoding="utf-8")
    with pytest.raises(DataError, match="two nodes have the id 'a'"):
        import_network(path, tmp_path / "data")


def linked_places(path: Path, *relations: dict[str, object]) -> Path:
    features = [
        {"@id": "http://example.org/1", "properties": {"title": "Ulm", "ccodes": ["DE"]}, "relations": relations},
        {"@id": "http://example.org/2", "names": [{"toponym": "Opole"}], "properties": {"ccodes": ["PL"]}},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def relation(kind: str, target: str = "http://example.org/2", **more: object) -> dict[str, object]:
    return {"relationType": kind, "relationTo": target, **more}


def test_only_relations_that_mean_a_partnership_are_ties(tmp_path):
    path = linked_places(
        tmp_path / "places.json",
        relation("twin_town"),
        relation("wdt:P190"),
        relation("http://example.org/sisterCity"),
        relation("gvp:tgn3000_related_to", label="friendship with Opole"),
        relation("gvp:tgn3000_related_to", label="tie with Opole"),
        relation("gvp:tgn3000_related_to", label="linked to Opole by a canal"),
        relation("gvp:broader_partitive", label="part of Silesia"),
        relation("gvp:broaderPartitive"),
        {"relationTo": "http://example.org/2"},
    )
    outcome = import_network(path, tmp_path / "data")
    assert [claim["kind"] for claim in outcome.intake.claims if claim.get("kind")] == [
        *["partnership"] * 3,
        "friendship",
    ]
    assert len(outcome.intake.claims) == 5
    assert (
        "relations that mean no partnership are not read: gvp:tgn3000_related_to (1), gvp:broader_partitive (1), "
        "gvp:broaderPartitive (1), without a type (1)" in outcome.notes
    )


@pytest.mark.parametrize(
    ("start", "edtf"),
    [
        ({"in": "1980-05-01"}, "1980-05-01"),
        ({"earliest": "1980", "latest": "1982"}, "1980/1982"),
        ({"earliest": "1980", "latest": "1980"}, "1980"),
        ({"earliest": "1980"}, "1980/.."),
        ({"latest": "1982"}, "../1982"),
    ],
)
def test_a_date_between_two_stays_one_between_two(tmp_path, start, edtf):
    path = linked_places(tmp_path / "places.json", relation("twin_town", when={"timespans": [{"start": start}]}))
    (claim,) = import_network(path, tmp_path / "data").intake.claims
    assert (claim["start"], claim.get("end")) == (edtf, None)


def test_a_relation_to_a_place_that_is_not_there_is_kept_apart(tmp_path):
    path = linked_places(
        tmp_path / "places.json",
        relation("twin_town"),
        relation("twin_town", "http://example.org/99", label="twin town"),
        relation("twin_town", "http://www.wikidata.org/entity/Q12548"),
    )
    intake = import_network(path, tmp_path / "data").intake
    assert [(claim["partner"], claim["partner_id"]) for claim in intake.claims] == [
        ("Opole", "http://example.org/2"),
        ("Q12548", "Q12548"),
    ]
    assert [row.reason for row in intake.rejected] == ["the file says nothing about the node 'http://example.org/99'"]
