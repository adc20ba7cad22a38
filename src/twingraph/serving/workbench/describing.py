"""The page of whatever has no page of its own: claims, mentions, conflicts, concepts, named graphs and the like."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from twingraph.answers.layout import shorten_iri
from twingraph.errors import UnknownNameError
from twingraph.serving.workbench.page import Page, Reply, told
from twingraph.vocab import BASE, GRAPH, PREFIXES

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["ontology", "resource"]

#: Of what points to it by one property, so many are named.
_NAMED = 25
#: Statements about one thing; only lists of all ties would have more.
_MOST = 2000
#: What ?x is called: in the language of the page, as places call themselves, in English, by a title.
_NAMES = """
  OPTIONAL { ?x rdfs:label|skos:prefLabel ?own FILTER(LANG(?own) = "LANGUAGE") }
  OPTIONAL { ?x tw:displayName ?display }
  OPTIONAL { ?x skos:prefLabel|rdfs:label ?any FILTER(LANG(?any) IN ("", "en")) }
  OPTIONAL { ?x dcterms:title ?title }
  BIND(STR(COALESCE(?own, ?display, ?any, ?title)) AS ?name)
"""


@told
def resource(graph: Graph, page: Page, path: str) -> Reply:
    """All that the graph says of an IRI, and what points to it."""
    iri = BASE + quote(path, safe="/~._-")
    rows = _asked(
        graph,
        page,
        "?p ?x ?name (isIRI(?x) AS ?is_iri) (LANG(?x) AS ?language) "
        f"WHERE {{ <{iri}> ?p ?x FILTER(!isBlank(?x)) NAMES }} ORDER BY ?p ?x LIMIT {_MOST}",
    )
    facts = [(_property(page, p), _values(page, found)) for p, found in _by(rows, "p")]
    counts = _asked(graph, page, f"?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p <{iri}> }} GROUP BY ?p ORDER BY ?p")
    pointing = []
    for row in counts:
        some = _some(graph, page, f"?x <{row['p']}> <{iri}>")
        pointing.append((_property(page, row["p"]), int(row["n"]), some))
    held: list[dict[str, str]] = []
    holds = 0
    if iri.startswith(GRAPH):
        inside = f"GRAPH <{iri}> {{ ?x ?p ?o }}"
        holds = int(_asked(graph, page, f"(COUNT(*) AS ?n) WHERE {{ {inside} }}")[0]["n"])
        held = _some(graph, page, inside)
    if not (facts or pointing or holds):
        raise UnknownNameError(f"the graph holds nothing called {iri[:200]}")
    names = _asked(graph, page, f"?name WHERE {{ VALUES ?x {{ <{iri}> }} NAMES }}")
    title = next((str(row["name"]) for row in names if row["name"]), path.partition("/")[2] or path)
    return page.render(
        "resource.html",
        title=title,
        iri=iri,
        path=path,
        facts=facts,
        pointing=pointing,
        holds=holds,
        held=held,
        more_held=len(held) == _NAMED,
        q=None,
    )


@told
def ontology(graph: Graph, page: Page) -> Reply:
    """The words of the ontology with their names in the language of the page."""
    return page.render("ontology.html", groups=_terms(page.lang), q=None)


@cache
def _terms(lang: str) -> dict[str, list[dict[str, str]]]:
    """Return the classes and properties of the ontology by kind, and the concepts by the lists that they are in."""
    import pyoxigraph as ox

    from twingraph.resources import ontology_dir

    store = ox.Store()
    for name in ("twingraph.ttl", "concepts.ttl"):
        store.load((ontology_dir() / name).read_bytes(), ox.RdfFormat.TURTLE)
    rows: Any = store.query(
        """
        SELECT DISTINCT ?kind ?term ?name ?definition WHERE {
          { ?term a ?type ; rdfs:label ?name VALUES (?type ?kind) {
              (owl:Class "classes") (owl:ObjectProperty "properties") (owl:DatatypeProperty "properties") } }
          UNION { ?term a skos:Concept ; skos:prefLabel ?name ; skos:inScheme/skos:prefLabel ?kind
              FILTER(LANG(?kind) = "LANGUAGE") }
          FILTER(LANG(?name) = "LANGUAGE")
          OPTIONAL { ?term skos:definition ?definition FILTER(LANG(?definition) = "en") }
        } ORDER BY STRLEN(STR(?kind)) ?kind LCASE(?name)
        """.replace("LANGUAGE", lang),
        prefixes=PREFIXES,
    )
    groups: dict[str, list[dict[str, str]]] = {"classes": [], "properties": []}
    for row in rows:
        iri = row["term"].value
        found = {"iri": iri, "name": row["name"].value, "short": shorten_iri(iri).removeprefix(BASE)}
        found["definition"] = row["definition"].value if row["definition"] is not None else ""
        groups.setdefault(row["kind"].value, []).append(found)
    return groups


def _asked(graph: Graph, page: Page, query: str) -> list[dict[str, Any]]:
    names = _NAMES.replace("LANGUAGE", page.lang)
    return graph.query(f"SELECT DISTINCT {query.replace('NAMES', names)}", frame="result").records()


def _some(graph: Graph, page: Page, pattern: str) -> list[dict[str, str]]:
    """Return the first things that a pattern finds as ?x."""
    # In two steps: to name and sort all of them first would take long where there are many.
    found = _asked(graph, page, f"?x WHERE {{ {pattern} FILTER(isIRI(?x)) }} LIMIT {_NAMED}")
    given = " ".join(f"<{row['x']}>" for row in found)
    return _values(
        page, _asked(graph, page, f"?x ?name (true AS ?is_iri) WHERE {{ VALUES ?x {{ {given} }} NAMES }} ORDER BY ?x")
    )


def _by(rows: list[dict[str, Any]], key: str) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(str(name), list(found)) for name, found in groupby(rows, key=lambda row: row[key])]


def _property(page: Page, iri: str) -> str:
    """Return what the ontology calls a property, or its short name where another vocabulary has it."""
    short = shorten_iri(iri)
    return page.term(short.removeprefix("tw:")) if short.startswith("tw:") else short


def _values(page: Page, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return values as texts with the addresses of their pages; several names of one thing count once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        text, language = str(row["x"]), str(row.get("language") or "")
        shown = {"text": text, "language": language, "link": ""}
        if row["is_iri"]:
            own = text.removeprefix(BASE)
            shown["link"] = page.page_of(text)
            shown["text"] = str(
                row["name"] or (own.partition("/")[2] if own != text and "#" not in own else shorten_iri(text))
            )
        found.setdefault((text, language), shown)
    return list(found.values())
