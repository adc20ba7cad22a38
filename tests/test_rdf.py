"""The graph as RDF: the contract of names, one graph for each triple, dates as stated."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from twingraph.building import BuildSummary, build
from twingraph.building.terms import text_literal
from twingraph.graph import Graph
from twingraph.graph import open as open_graph
from twingraph.resources import ontology_dir
from twingraph.spreadsheets import safe_cell

Add = Callable[..., Path]
TW = "https://w3id.org/twingraph/ontology#"


@pytest.fixture
def built(data: Path, tmp_path: Path, add_claim: Add) -> BuildSummary:
    """A build with a year, a span, a written spelling, a phase, a conflict and a hostile note."""
    add_claim(partner="Sønderborg", partner_country="DK", start="1925", written_country="Dänemark")
    add_claim("newspaper", partner="Sonderburg", partner_country="DK", start="1974/1975", note='a "b"\n\\c\t<d>')
    add_claim(partner="Brest", partner_country="BY", kind="friendship", start="1987~", then_country="DDDE")
    return build(data, tmp_path / "store")


@pytest.fixture
def graph(built: BuildSummary) -> Graph:
    return open_graph(built.folder.parent.parent)


def rows(graph: Graph, query: str) -> list[tuple[object, ...]]:
    return graph.query(query).rows()


def test_walk_from_partnership_to_the_place_in_the_source(graph: Graph) -> None:
    found = rows(
        graph,
        """SELECT ?title ?url ?locator ?start WHERE {
             ?p a tw:Partnership ; tw:hasParticipant ?a , ?b ; tw:isSupportedBy ?c .
             ?a rdfs:label "Kiel"@de . ?b rdfs:label "Brest"@fr .
             ?c tw:isStatedBy ?s ; tw:locator ?locator ; tw:start ?start .
             ?s dcterms:title ?title ; tw:webpage ?url }""",
    )
    assert found == [("Partner towns", "https://example.org/partners", "list item 1", "1964-03-07")]


def test_each_triple_stands_in_one_graph(built: BuildSummary) -> None:
    quads = ox.parse((built.release / "twingraph.nq").read_bytes(), ox.RdfFormat.N_QUADS)
    seen = Counter((str(q.subject), str(q.predicate), str(q.object)) for q in quads)
    assert [triple for triple, times in seen.items() if times > 1] == []


def test_graphs_are_those_of_the_model(graph: Graph) -> None:
    found = {str(row[0]) for row in rows(graph, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}
    base = "https://w3id.org/twingraph/graph/"
    assert found == {
        base + name for name in ("gazetteer", "conclusions", "vocabulary", "source/town", "source/newspaper")
    }


def test_every_term_is_in_the_ontology(built: BuildSummary) -> None:
    terms = rdflib.Graph().parse(ontology_dir() / "twingraph.ttl")
    declared = {str(s) for s in terms.subjects(rdflib.RDF.type) if isinstance(s, rdflib.URIRef)}
    used = set()
    for quad in ox.parse((built.release / "twingraph.nq").read_bytes(), ox.RdfFormat.N_QUADS):
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(TW):
                used.add(term.value)
    assert used - declared - {TW.rstrip("#"), TW} == set()


def test_dates_keep_their_precision_everywhere(built: BuildSummary, graph: Graph) -> None:
    found = {row[0] for row in rows(graph, "SELECT DISTINCT ?d WHERE { ?x tw:start ?d }")}
    assert {"1925", "1974/1975", "1987~", "1964-03-07"} <= found
    for name in ("twingraph.nq", "twingraph.trig", "conclusions.ttl", "twingraph.jsonld"):
        for line in (built.release / name).read_text(encoding="utf-8").splitlines():
            if "1925-01-01" in line:
                assert "Earliest" in line, f"{name}: {line}"
    table = list(csv.DictReader(io.StringIO((built.release / "partnerships.csv").read_text(encoding="utf-8"))))
    assert [row["start"] for row in table if row["start_earliest"] == "1925-01-01"] == ["1925"]


def test_bounds_filter_and_sort(graph: Graph) -> None:
    found = rows(
        graph,
        """SELECT ?s WHERE { ?p a tw:Partnership ; tw:start ?s ; tw:startEarliest ?e ; tw:startLatest ?l
           FILTER(?l < "1970-01-01"^^xsd:date) } ORDER BY ?e""",
    )
    assert found == [("1925",), ("1964-03-07",)]


def test_conflict_names_the_property_and_the_claims(graph: Graph) -> None:
    found = rows(
        graph,
        """SELECT ?property (COUNT(?c) AS ?n) WHERE { ?p a tw:Partnership ; tw:hasConflict ?x .
           ?x tw:concernsProperty ?property ; tw:hasClaim ?c } GROUP BY ?property""",
    )
    assert found == [(TW + "start", 2)]


def test_written_names_become_alternative_labels(graph: Graph) -> None:
    found = rows(
        graph, 'SELECT ?l ?a WHERE { ?m rdfs:label ?l ; tw:searchName "sonderborg" OPTIONAL { ?m skos:altLabel ?a } }'
    )
    labels = {str(label) for label, _ in found}
    assert labels == {"Sønderborg", "Sonderburg"}


def test_country_then_stands_on_the_claim(graph: Graph) -> None:
    found = rows(
        graph, "SELECT ?code WHERE { ?c a tw:Claim ; tw:countryAsStated ?x . ?x tw:countryCode ?code } ORDER BY ?code"
    )
    assert [row[0] for row in found] == ["DDDE", "DK", "FR"]


def test_twinned_with_is_symmetric_and_only_from_ties_in_force(data: Path, add_claim: Add, tmp_path: Path) -> None:
    add_claim(partner="Sønderborg", partner_country="DK", start="1925", end="1930", status="ended")
    graph = open_graph(build(data, tmp_path / "store").folder.parent.parent)
    found = rows(graph, "SELECT ?a ?b WHERE { ?x tw:isTwinnedWith ?y . ?x tw:displayName ?a . ?y tw:displayName ?b }")
    assert sorted(map(str, (pair for pair in found))) == sorted(map(str, [("Kiel", "Brest"), ("Brest", "Kiel")]))


@pytest.mark.parametrize("name", ["twingraph.trig", "twingraph.jsonld"])
def test_release_formats_hold_the_same_graph(built: BuildSummary, name: str) -> None:
    formats = {"trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    quads = {str(q) for q in ox.parse((built.release / "twingraph.nq").read_bytes(), ox.RdfFormat.N_QUADS)}
    other = {str(q) for q in ox.parse((built.release / name).read_bytes(), formats[name.rpartition(".")[2]])}
    assert other == quads


def test_rdflib_reads_the_jsonld(built: BuildSummary) -> None:
    found = rdflib.Dataset().parse(built.release / "twingraph.jsonld", format="json-ld")
    kiel = rdflib.URIRef("https://w3id.org/twingraph/id/municipality/Q1")
    context = json.loads((built.release / "twingraph.jsonld").read_text(encoding="utf-8"))["@context"]
    assert context["Partnership"] == "tw:Partnership"
    assert (kiel, rdflib.RDF.type, rdflib.URIRef(TW + "Municipality")) in {t[:3] for t in found.quads()}


def test_description_counts_are_right(built: BuildSummary) -> None:
    void = rdflib.Graph().parse(built.release / "void.ttl")
    triples = int(str(void.value(rdflib.URIRef("https://w3id.org/twingraph/dataset"), rdflib.VOID.triples)))
    lines = (built.release / "twingraph.nq").read_text(encoding="utf-8").count("\n")
    assert triples == lines == built.counts["triples"]


def test_tables_are_safe_in_a_spreadsheet() -> None:
    for text in ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert safe_cell(text) == "'" + text
    assert safe_cell("Vitré") == "Vitré"


@pytest.mark.parametrize("text", ['"', "\\", "\n\r\t", "\x00\x01\x1f\x7f", "西安 الرباط 😀", "</script>", "\u2028"])
def test_literals_survive(text: str) -> None:
    quad = next(iter(ox.parse(f"<a:a> <a:b> {text_literal(text, 'de')} .".encode(), ox.RdfFormat.N_TRIPLES)))
    assert quad.object == ox.Literal(text, language="de")
