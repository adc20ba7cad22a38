"""Write docs/ontology.html, the page about the ontology, from the Turtle files in ontology/.

Run it after a change to the ontology. With --check it writes nothing and exits 1 if the committed page
is not what it would write. Texts about single terms belong in the Turtle files; here is only what ties them
together.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, SH, Namespace

from committed_page import write_or_check

__all__ = ["EXAMPLE", "render"]

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
PAGE = ROOT / "docs" / "ontology.html"

TW = Namespace("https://w3id.org/twingraph/ontology#")
HEADER = URIRef("https://w3id.org/twingraph/ontology")
LANGUAGES = ("en", "de", "fr")
KINDS_OF_TERM = {OWL.Class: "class", OWL.ObjectProperty: "link", OWL.DatatypeProperty: "value"}
RELATIONS = {
    RDFS.subClassOf: "a kind of",
    RDFS.subPropertyOf: "a kind of",
    SKOS.closeMatch: "close to",
    SKOS.narrowMatch: "wider than",
}

#: Terms of other vocabularies that the data use as they are: prefix, name, where it stands, what it holds.
REUSED = (
    (
        "rdfs",
        "label",
        "municipality, country, partnership, association, event",
        "a name, with its language where it has one",
    ),
    ("skos", "altLabel", "municipality", "a further name with its language"),
    (
        "skos",
        "exactMatch",
        "municipality",
        "the same place in Wikidata or GeoNames, as some source states it",
    ),
    ("skos", "note", "claim", "a short remark"),
    ("geo", "lat", "municipality", "latitude (WGS84), a decimal"),
    ("geo", "long", "municipality", "longitude (WGS84), a decimal"),
    ("geosparql", "asWKT", "municipality", "the point as WKT, for distance functions"),
    ("dcterms", "title", "source", "its title"),
    ("dcterms", "publisher", "source", "who published it"),
    ("dcterms", "language", "source", "the language in which it writes names"),
    ("dcterms", "date", "source", "the date that it states itself, as EDTF"),
    ("dcterms", "license", "source", "its licence, if known"),
)

EXAMPLE = """\
@prefix conflict: <https://w3id.org/twingraph/id/conflict/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix first: <https://w3id.org/twingraph/id/claim/first/> .
@prefix kind: <https://w3id.org/twingraph/id/kind/> .
@prefix municipality: <https://w3id.org/twingraph/id/municipality/> .
@prefix partnership: <https://w3id.org/twingraph/id/partnership/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix second: <https://w3id.org/twingraph/id/claim/second/> .
@prefix source: <https://w3id.org/twingraph/id/source/> .
@prefix source-type: <https://w3id.org/twingraph/id/source-type/> .
@prefix status: <https://w3id.org/twingraph/id/status/> .
@prefix tw: <https://w3id.org/twingraph/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# What the sources say: two claims, each with its place in its source.

source:first a tw:Source ;
    dcterms:title "Our partner towns" ;
    dcterms:publisher "A town" ;
    dcterms:language "de" ;
    tw:hasSourceType source-type:municipal-page ;
    tw:webpage <https://town.example/partners> .

first:1 a tw:Claim ;
    tw:isStatedBy source:first ;
    tw:locator "list item 2" ;
    tw:writtenName "Schaffhausen" , "Sindelfingen" ;
    tw:start "1948"^^edtf:EDTF ;
    tw:startEarliest "1948-01-01"^^xsd:date ;
    tw:startLatest "1948-12-31"^^xsd:date .

source:second a tw:Source ;
    dcterms:title "History of a partnership" ;
    dcterms:publisher "A society" ;
    dcterms:language "de" ;
    tw:hasSourceType source-type:document .

second:1 a tw:Claim ;
    tw:isStatedBy source:second ;
    tw:locator "paragraph 3" ;
    tw:writtenName "Schaffhausen" , "Sindelfingen" ;
    tw:start "1952"^^edtf:EDTF ;
    tw:startEarliest "1952-01-01"^^xsd:date ;
    tw:startLatest "1952-12-31"^^xsd:date .

# What the graph concludes: one partnership, which names its claims and shows that they disagree.

partnership:a-b a tw:Partnership ;
    rdfs:label "Schaffhausen – Sindelfingen" ;
    tw:hasParticipant municipality:a , municipality:b ;
    tw:hasKind kind:partnership ;
    tw:hasStatus status:active ;
    tw:start "1948"^^edtf:EDTF ;
    tw:startEarliest "1948-01-01"^^xsd:date ;
    tw:startLatest "1948-12-31"^^xsd:date ;
    tw:isSupportedBy first:1 , second:1 ;
    tw:hasConflict conflict:a-b-start .

conflict:a-b-start a tw:Conflict ;
    rdfs:label "The claims disagree on the start" ;
    tw:concernsProperty tw:start ;
    tw:hasClaim first:1 , second:1 .

# Derived from the partnership, which is in force, in both directions.

municipality:a tw:isTwinnedWith municipality:b .

municipality:b tw:isTwinnedWith municipality:a .
"""


@dataclass(frozen=True)
class Box:
    """A class in the diagram: its middle, its width and the named graph that its members stand in."""

    x: int
    y: int
    layer: str
    width: int = 150
    height: int = 56


@dataclass(frozen=True)
class Arrow:
    """A property in the diagram, drawn through points from the box of `start` to the box of `end`."""

    start: str
    name: str
    end: str
    points: tuple[tuple[int, int], ...]
    label: tuple[int, int]
    anchor: str = "middle"
    both: bool = False


BOXES = {
    "Source": Box(115, 70, "source"),
    "Claim": Box(115, 240, "source"),
    "Mention": Box(115, 420, "source"),
    "Conflict": Box(405, 70, "conclusion"),
    "CountryPair": Box(635, 70, "conclusion"),
    "Partnership": Box(520, 240, "conclusion", width=380),
    "Phase": Box(405, 420, "conclusion"),
    "Association": Box(645, 420, "conclusion"),
    "Event": Box(645, 560, "conclusion"),
    "Country": Box(930, 70, "gazetteer"),
    "Municipality": Box(930, 240, "gazetteer"),
    "Wave": Box(1160, 70, "conclusion"),
    "Concept": Box(405, 560, "vocabulary"),
}

ARROWS = (
    Arrow("Claim", "isStatedBy", "Source", ((115, 212), (115, 98)), (125, 160), "start"),
    Arrow("Claim", "hasMention", "Mention", ((115, 268), (115, 392)), (125, 335), "start"),
    Arrow("Partnership", "isSupportedBy", "Claim", ((330, 255), (190, 255)), (260, 274)),
    Arrow("Conflict", "hasClaim", "Claim", ((330, 70), (260, 70), (260, 226), (190, 226)), (268, 150), "start"),
    Arrow("Partnership", "hasConflict", "Conflict", ((405, 212), (405, 98)), (415, 160), "start"),
    Arrow("Partnership", "hasCountryPair", "CountryPair", ((635, 212), (635, 98)), (645, 160), "start"),
    Arrow("CountryPair", "ofCountry", "Country", ((710, 70), (855, 70)), (782, 60)),
    Arrow("Partnership", "hasParticipant", "Municipality", ((710, 232), (855, 232)), (782, 222)),
    Arrow("Partnership", "hasPhase", "Phase", ((405, 268), (405, 392)), (395, 335), "end"),
    Arrow("Partnership", "hasKind", "Concept", ((525, 268), (525, 560), (480, 560)), (517, 500), "end"),
    Arrow("Partnership", "hasStatus", "Concept", (), (517, 500), "end"),
    Arrow("Partnership", "hasField", "Concept", (), (517, 500), "end"),
    Arrow("Association", "supports", "Partnership", ((645, 392), (645, 268)), (635, 335), "end"),
    Arrow(
        "Association",
        "supports",
        "Municipality",
        ((720, 420), (790, 420), (790, 256), (855, 256)),
        (798, 340),
        "start",
    ),
    Arrow("Association", "organises", "Event", ((645, 448), (645, 532)), (655, 495), "start"),
    Arrow("Event", "takesPlaceIn", "Municipality", ((720, 560), (905, 560), (905, 268)), (812, 550)),
    Arrow("Mention", "refersTo", "Municipality", ((115, 448), (115, 640), (960, 640), (960, 268)), (260, 630)),
    Arrow("Municipality", "isInCountry", "Country", ((930, 212), (930, 98)), (940, 160), "start"),
    Arrow("Wave", "hasSide", "Country", ((1085, 70), (1005, 70)), (1045, 60)),
    Arrow(
        "Municipality",
        "isTwinnedWith",
        "Municipality",
        ((1005, 226), (1060, 226), (1060, 256), (1005, 256)),
        (1070, 246),
        "start",
        both=True,
    ),
)

LAYERS = {
    "source": "what a source says",
    "conclusion": "what the graph concludes",
    "gazetteer": "places",
    "vocabulary": "lists of concepts",
}

STYLE = """\
:root { color-scheme: light dark; --ground: #ffffff; --text: #1d232b; --quiet: #55606e; --line: #d5dbe2;
  --link: #0b5394; --panel: #f5f7f9; --source: #dcebfa; --conclusion: #fbecd0; --gazetteer: #dff1df;
  --vocabulary: #ece6f6; --edge: #4a5563; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181d; --text: #e6eaef; --quiet: #a3aebb;
  --line: #353d47; --link: #8ec1f5; --panel: #1c222a; --source: #1d3a57; --conclusion: #4d3b17;
  --gazetteer: #21442a; --vocabulary: #3a2f55; --edge: #aab5c2; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
header, main, footer, nav { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.5rem; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.12rem; margin: 1.75rem 0 .35rem; }
p, ul, dl { max-width: 46rem; margin: .5rem 0; }
.lead { font-size: 1.12rem; }
.quiet, .labels { color: var(--quiet); font-size: .9rem; font-weight: 400; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, pre:focus-visible, .wide:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0;
  margin: 1.25rem 0 0; max-width: none; }
code, pre { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 1rem;
  overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1.5rem; font-size: .93rem; }
caption { text-align: left; color: var(--quiet); padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--edge); white-space: nowrap; }
tbody th code, h3 code { font-weight: 600; font-size: 1em; }
.concepts td, .concepts tbody th { padding-top: .3rem; padding-bottom: .3rem; }
.terms { columns: 3 14rem; padding-left: 1.1rem; max-width: none; }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); font-size: .9rem; }
svg { width: 100%; min-width: 62rem; height: auto; display: block; }
svg text { fill: var(--text); font: 14px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
svg .name { font-weight: 600; font-size: 16px; }
svg .arrow { stroke: var(--edge); stroke-width: 1.5; fill: none; }
svg .head { fill: var(--edge); }
svg rect { stroke: var(--edge); stroke-width: 1.2; }
svg a:focus-visible rect { stroke: var(--link); stroke-width: 3; }
svg .source { fill: var(--source); } svg .conclusion { fill: var(--conclusion); }
svg .gazetteer { fill: var(--gazetteer); } svg .vocabulary { fill: var(--vocabulary); stroke-dasharray: 5 4; }
footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--quiet); font-size: .9rem; }
@media print { :root { --ground: #fff; --text: #000; --quiet: #333; --line: #bbb; --link: #000; --panel: #fff;
  --source: #eef4fb; --conclusion: #fdf5e4; --gazetteer: #eef8ee; --vocabulary: #f4f0fa; --edge: #444; }
  nav, .skip { display: none; } body { font-size: 10pt; } svg { min-width: 0; } pre { white-space: pre-wrap; }
  tr, h3, figure { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""


class Vocabulary:
    """The ontology, its concepts and its alignments, with what a page needs to know of them."""

    def __init__(self) -> None:
        self.core = _parse("twingraph.ttl")
        self.concepts = _parse("concepts.ttl")
        self.alignments = _parse("alignments.ttl")
        self.prefixes = {str(p): str(n) for p, n in [*self.alignments.namespaces(), *self.core.namespaces()]}

    def terms(self, kind: URIRef) -> list[URIRef]:
        """Return the twingraph terms of one kind in alphabetical order."""
        found = {t for t in self.core.subjects(RDF.type, kind) if isinstance(t, URIRef) and t.startswith(TW)}
        return sorted(found, key=lambda t: (t.lower(), t))

    def term(self, name: str) -> URIRef:
        """Return the term with this name; raise `KeyError` if the ontology does not have it."""
        if (TW[name], None, None) not in self.core:
            raise KeyError(f"The page draws tw:{name}, which ontology/twingraph.ttl does not declare.")
        return TW[name]

    def text(self, subject: URIRef, predicate: URIRef, language: str = "en", graph: Graph | None = None) -> str:
        """Return the text of a property in one language, or ""."""
        source = self.core if graph is None else graph
        found = sorted(
            str(o) for o in source.objects(subject, predicate) if isinstance(o, Literal) and o.language == language
        )
        return " ".join(found)

    def ends(self, prop: URIRef, predicate: URIRef) -> list[URIRef]:
        """Return the classes of a domain or range, a union taken apart."""
        found: list[URIRef] = []
        for end in self.core.objects(prop, predicate):
            if isinstance(end, BNode):
                for members in self.core.objects(end, OWL.unionOf):
                    found += [m for m in Collection(self.core, members) if isinstance(m, URIRef)]
            elif isinstance(end, URIRef):
                found.append(end)
        return sorted(found)

    def short(self, iri: URIRef) -> str:
        """Return the short form of an IRI, such as schema:Event."""
        fits = [(len(n), p, n) for p, n in self.prefixes.items() if iri.startswith(n)]
        if not fits:
            return str(iri)
        _, prefix, namespace = max(fits)
        return f"{prefix}:{iri[len(namespace) :]}"


def _parse(name: str) -> Graph:
    return Graph(bind_namespaces="none").parse(ONTOLOGY / name, format="turtle")


def _link(vocabulary: Vocabulary, iri: URIRef) -> str:
    """Return a link to a term: to its place in the page if it is ours, else to where it is defined."""
    if iri.startswith(TW):
        name = iri[len(TW) :]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    return f'<a href="{escape(iri)}">{escape(vocabulary.short(iri))}</a>'


def _links(vocabulary: Vocabulary, iris: list[URIRef]) -> str:
    return ", ".join(_link(vocabulary, iri) for iri in iris) or "any"


def _alignments(vocabulary: Vocabulary, term: URIRef) -> str:
    """Return the links of a term to other vocabularies, grouped by what the link means."""
    groups: dict[str, list[URIRef]] = defaultdict(list)
    for predicate, words in RELATIONS.items():
        groups[words] += sorted(o for o in vocabulary.alignments.objects(term, predicate) if isinstance(o, URIRef))
    parts = [f"{words} {_links(vocabulary, iris)}" for words, iris in groups.items() if iris]
    comment = vocabulary.text(term, RDFS.comment, graph=vocabulary.alignments)
    if comment:
        parts.append(f'<span class="quiet">{escape(comment)}</span>')
    return "<br>".join(parts)


def _labels(vocabulary: Vocabulary, term: URIRef) -> str:
    return " · ".join(
        f'<span lang="{language}">{escape(vocabulary.text(term, RDFS.label, language))}</span>'
        for language in LANGUAGES
    )


def _explanation(vocabulary: Vocabulary, term: URIRef) -> str:
    """Return definition, note and example of a term."""
    parts = [escape(vocabulary.text(term, SKOS.definition))]
    note = vocabulary.text(term, SKOS.scopeNote)
    if note:
        parts.append(escape(note))
    example = vocabulary.text(term, SKOS.example)
    if example:
        parts.append(f'<span class="quiet">Example: {escape(example)}</span>')
    return "<br>".join(parts)


def _check_arrow(vocabulary: Vocabulary, arrow: Arrow) -> None:
    """Raise `ValueError` if the ontology does not let this property lead from one class to the other."""
    prop = vocabulary.term(arrow.name)
    for name, predicate in ((arrow.start, RDFS.domain), (arrow.end, RDFS.range)):
        end = SKOS.Concept if name == "Concept" else vocabulary.term(name)
        if end not in vocabulary.ends(prop, predicate):
            raise ValueError(f"The diagram draws tw:{arrow.name} at {name}, which is not its {predicate.fragment}.")


def _arrow(arrow: Arrow) -> str:
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    start = ' marker-start="url(#head)"' if arrow.both else ""
    return f'<polyline class="arrow" points="{points}"{start} marker-end="url(#head)"/>'


def _arrow_labels() -> list[str]:
    """Return one text for each place, so that properties that share a line share a label."""
    places: dict[tuple[int, int], list[Arrow]] = defaultdict(list)
    for arrow in ARROWS:
        places[arrow.label].append(arrow)
    texts = []
    for (x, y), arrows in places.items():
        words = escape(" · ".join(arrow.name for arrow in arrows))
        texts.append(f'<text x="{x}" y="{y}" text-anchor="{arrows[0].anchor}">{words}</text>')
    return texts


def _box(vocabulary: Vocabulary, name: str, box: Box) -> str:
    if name == "Concept":
        target, german = "#schemes", "kinds, statuses, …"
    else:
        target, german = f"#{name}", vocabulary.text(vocabulary.term(name), RDFS.label, "de")
    left, top = box.x - box.width // 2, box.y - box.height // 2
    return (
        f'<a href="{target}"><rect class="{box.layer}" x="{left}" y="{top}" rx="8"'
        f' width="{box.width}" height="{box.height}"/>'
        f'<text class="name" x="{box.x}" y="{box.y - 3}" text-anchor="middle">{escape(name)}</text>'
        f'<text x="{box.x}" y="{box.y + 17}" text-anchor="middle">{escape(german)}</text></a>'
    )


def _legend() -> list[str]:
    parts = []
    for number, (layer, words) in enumerate(LAYERS.items()):
        x = 40 + number * 250
        parts.append(f'<rect class="{layer}" x="{x}" y="676" width="26" height="18" rx="4"/>')
        parts.append(f'<text x="{x + 36}" y="690">{escape(words)}</text>')
    return parts


def _diagram(vocabulary: Vocabulary) -> str:
    """Return the classes and their main relations as SVG. Every name in it is looked up in the ontology."""
    for arrow in ARROWS:
        _check_arrow(vocabulary, arrow)
    return "\n".join(
        [
            '<svg viewBox="0 0 1250 710" role="group" aria-labelledby="diagram-title">',
            '<title id="diagram-title">The classes of twingraph and how they point to each other</title>',
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
            ' orient="auto-start-reverse"><path class="head" d="M0,0 L10,5 L0,10 z"/></marker></defs>',
            *[_arrow(arrow) for arrow in ARROWS if arrow.points],
            *_arrow_labels(),
            *[_box(vocabulary, name, box) for name, box in BOXES.items()],
            *_legend(),
            "</svg>",
        ]
    )


def _class_section(vocabulary: Vocabulary, cls: URIRef) -> str:
    name = cls[len(TW) :]
    properties = [
        prop
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for prop in vocabulary.terms(kind)
        if cls in vocabulary.ends(prop, RDFS.domain)
    ]
    links = "".join(f"<li>{_link(vocabulary, prop)}</li>" for prop in sorted(properties, key=str.lower))
    parts = [
        f'<h3 id="{name}"><code>tw:{name}</code></h3>',
        f'<p class="labels">{_labels(vocabulary, cls)}</p>',
        f"<p>{_explanation(vocabulary, cls)}</p>",
    ]
    aligned = _alignments(vocabulary, cls)
    if aligned:
        parts.append(f"<p>{aligned}</p>")
    if links:
        parts.append(f'<p class="quiet">Properties:</p>\n<ul class="terms">{links}</ul>')
    return "\n".join(parts)


def _table(caption: str, heads: tuple[str, ...], rows: str, css: str = "terms-table") -> str:
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">\n<table class="{css}">'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        "</table></div>"
    )


def _property_row(vocabulary: Vocabulary, prop: URIRef) -> str:
    name = prop[len(TW) :]
    symmetric = (prop, RDF.type, OWL.SymmetricProperty) in vocabulary.core
    arrow = "↔" if symmetric else "→"
    spoken = "to and from" if symmetric else "to"
    start, end = (_links(vocabulary, vocabulary.ends(prop, side)) for side in (RDFS.domain, RDFS.range))
    cells = (
        f'{start} <span role="img" aria-label="{spoken}">{arrow}</span> {end}',
        _explanation(vocabulary, prop),
        _alignments(vocabulary, prop),
    )
    labels = f'<span class="labels">{_labels(vocabulary, prop)}</span>'
    head = f'<tr id="{name}"><th scope="row"><code>tw:{name}</code><br>{labels}</th>'
    return head + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _property_table(vocabulary: Vocabulary, kind: URIRef, caption: str) -> str:
    rows = "\n".join(_property_row(vocabulary, prop) for prop in vocabulary.terms(kind))
    return _table(caption, ("Property", "From → to", "What it says", "Elsewhere"), rows)


def _scheme_section(vocabulary: Vocabulary, scheme: URIRef) -> str:
    graph = vocabulary.concepts
    name = scheme.rsplit("/", 1)[-1]

    def text(subject: URIRef, predicate: URIRef, language: str = "en") -> str:
        return escape(vocabulary.text(subject, predicate, language, graph))

    concepts = sorted(c for c in graph.subjects(SKOS.inScheme, scheme) if isinstance(c, URIRef))
    rows = "\n".join(
        f'<tr id="{c.rsplit("/", 2)[-2]}-{graph.value(c, SKOS.notation)}">'
        f'<th scope="row"><code>{escape(str(graph.value(c, SKOS.notation)))}</code></th>'
        + "".join(f'<td lang="{language}">{text(c, SKOS.prefLabel, language)}</td>' for language in LANGUAGES)
        + f"<td>{text(c, SKOS.definition)}</td></tr>"
        for c in concepts
    )
    title = text(scheme, SKOS.prefLabel)
    base = concepts[0].rsplit("/", 1)[0] + "/"
    return (
        f'<h3 id="scheme-{name}">{title[:1].upper()}{title[1:]}</h3>\n'
        f"<p>{text(scheme, SKOS.definition)}</p>\n"
        + _table(f"IRIs: {base}…", ("Notation", "English", "German", "French", "Definition"), rows, "concepts")
    )


def _reused_table(vocabulary: Vocabulary) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{_link(vocabulary, URIRef(_namespaces(vocabulary)[prefix] + name))}</th>'
        f"<td>{escape(where)}</td><td>{escape(what)}</td></tr>"
        for prefix, name, where, what in REUSED
    )
    return _table("Used as they are", ("Property", "Stands on", "What it holds"), rows)


def _namespaces(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the prefixes that the ontology declares for queries."""
    declared = {}
    for node in vocabulary.core.objects(HEADER, SH.declare):
        declared[str(vocabulary.core.value(node, SH.prefix))] = str(vocabulary.core.value(node, SH.namespace))
    return dict(sorted(declared.items()))


def _prefix_list(vocabulary: Vocabulary) -> str:
    lines = "\n".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in _namespaces(vocabulary).items())
    return f'<pre tabindex="0" aria-label="Prefixes for SPARQL"><code>{escape(lines)}</code></pre>'


def _example(vocabulary: Vocabulary) -> str:
    """Return the worked example, after a look whether each of its terms is in the ontology."""
    for name in sorted(set(re.findall(r"\btw:([A-Za-z]+)", EXAMPLE))):
        vocabulary.term(name)
    Graph().parse(data=EXAMPLE, format="turtle")
    return f'<pre tabindex="0" aria-label="Example in Turtle"><code>{escape(EXAMPLE.rstrip())}</code></pre>'


def render() -> str:
    """Return the whole page."""
    vocabulary = Vocabulary()
    version = str(vocabulary.core.value(HEADER, OWL.versionInfo))
    licence = str(vocabulary.core.value(HEADER, DCTERMS.license))
    schemes = sorted(s for s in vocabulary.concepts.subjects(RDF.type, SKOS.ConceptScheme) if isinstance(s, URIRef))
    counts = {kind: len(vocabulary.terms(kind)) for kind in KINDS_OF_TERM}
    edtf = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
    classes = "\n".join(_class_section(vocabulary, cls) for cls in vocabulary.terms(OWL.Class))
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The twingraph ontology</title>
<style>
{STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>The twingraph ontology</h1>
<p class="lead">{escape(vocabulary.text(HEADER, DCTERMS.description))}</p>
<p class="quiet">Version {escape(version)} · {counts[OWL.Class]} classes ·
{counts[OWL.ObjectProperty]} properties that link two things ·
{counts[OWL.DatatypeProperty]} properties with a value · {len(schemes)} lists of concepts ·
licence <a href="{escape(licence)}">CC0 1.0</a></p>
</header>
<nav aria-label="Sections">
<ul>
<li><a href="#idea">The idea</a></li>
<li><a href="#diagram">Diagram</a></li>
<li><a href="#example">Example</a></li>
<li><a href="#classes">Classes</a></li>
<li><a href="#properties">Properties</a></li>
<li><a href="#dates">Dates</a></li>
<li><a href="#schemes">Concepts</a></li>
<li><a href="#prefixes">Prefixes</a></li>
</ul>
</nav>
<main id="main">
<section aria-labelledby="idea">
<h2 id="idea">The idea</h2>
<p>Ask two sources when a town partnership began and you may get two years. twingraph keeps both. What one
source says about one partnership is a <a href="#Claim">claim</a>: the names as they are written, the
date, the kind of tie, and the place in the source where it stands. Claims are never merged or
corrected.</p>
<p>From its claims the graph concludes a <a href="#Partnership">partnership</a>: which <a
href="#Municipality">municipalities</a> are meant, what kind of tie it is, when it started and whether it
is in force. Where claims disagree, a <a href="#Conflict">conflict</a> names the property and the claims.
So every value can be followed back to a line of a page, and nobody has to take the graph’s word for
it.</p>
<p>A partnership is a thing of its own with two or more participants, not a line between two towns: a
union of many towns is one partnership. For questions about paths through the network there is the derived
property <a href="#isTwinnedWith">isTwinnedWith</a>, which ties two municipalities directly.</p>
</section>
<section aria-labelledby="diagram">
<h2 id="diagram">Diagram</h2>
<figure>
<div class="wide" tabindex="0" role="region" aria-label="Diagram of the classes">
{_diagram(vocabulary)}
</div>
<figcaption>The main classes, each with its German name, and the properties between them. An arrow leads
from the thing that has the property to its value. Not every property is drawn; the tables below have all
of them.</figcaption>
</figure>
</section>
<section aria-labelledby="example">
<h2 id="example">A worked example</h2>
<p>Two sources, two years, one partnership. The addresses and keys are made up; that the start of this
partnership is given as 1948 by some and as 1952 by others is not. The conclusion uses one of the two
years and says that it is in dispute.</p>
{_example(vocabulary)}
</section>
<section aria-labelledby="classes">
<h2 id="classes">Classes</h2>
{classes}
</section>
<section aria-labelledby="properties">
<h2 id="properties">Properties</h2>
<p>A property that stands on a claim says what that one source says; the same property on a partnership,
municipality, association or event is the conclusion. Links to other vocabularies are of two sorts: <em>a
kind of</em> holds by logic, <em>close to</em> is a hint for people who map data.</p>
{_property_table(vocabulary, OWL.ObjectProperty, "Properties that link two things")}
{_property_table(vocabulary, OWL.DatatypeProperty, "Properties with a text, number, date or truth value")}
<h3 id="reused">Properties of other vocabularies</h3>
{_reused_table(vocabulary)}
</section>
<section aria-labelledby="dates">
<h2 id="dates">Dates</h2>
<p>{_explanation(vocabulary, edtf)}</p>
</section>
<section aria-labelledby="schemes">
<h2 id="schemes">Concepts</h2>
<p>Kinds, statuses, fields of activity and the like are SKOS concepts in flat lists. The notation is the
last part of the IRI.</p>
{chr(10).join(_scheme_section(vocabulary, scheme) for scheme in schemes)}
</section>
<section aria-labelledby="prefixes">
<h2 id="prefixes">Prefixes</h2>
<p>For the top of a SPARQL query:</p>
{_prefix_list(vocabulary)}
</section>
</main>
<footer>
<p>Generated from the Turtle files of the ontology.</p>
</footer>
</body>
</html>
"""


def main() -> int:
    """Write or check the page; return the exit code."""
    return write_or_check(PAGE, render())


if __name__ == "__main__":
    sys.exit(main())
