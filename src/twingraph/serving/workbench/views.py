"""What each page shows, made in a worker from the opened graph.

Every function gets the graph, the frame of the page (`Frame` as a dictionary) and its own arguments, and returns a head
for the server (``status``, ``type``, or ``location`` for another address) and the bytes of the page.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from twingraph.errors import AmbiguousNameError, QueryNotFoundError, TwingraphError, UnknownNameError
from twingraph.portraits.asking import Asker, key_of
from twingraph.serving.workbench.texts import TEXTS
from twingraph.vocab import ID, PREFIXES

if TYPE_CHECKING:
    from twingraph.exporting.model import Export
    from twingraph.graph import Graph
    from twingraph.networks.model import TieTable
    from twingraph.networks.selection import Selection
    from twingraph.querying.library import QueryLibrary

__all__ = [
    "chain", "country", "editor", "explore", "export", "home", "municipality", "partnership", "queries", "question",
    "search", "source", "sources", "thing",
]  # fmt: skip

Reply = tuple[dict[str, Any], bytes]
View = Callable[..., Reply]
_HTML = "text/html; charset=utf-8"
_FOLDER = Path(__file__).resolve().parent
_ROWS = 500
_NEAR = 12
#: Parameters of the page that are a selection, and what they are called by it.
_CHOICES = {"as_of": "as_of", "kind": "kinds", "status": "statuses", "multilateral": "multilateral"}
EXAMPLES = ("Helmstedt", "Dortmund", "Hildesheim", "Albuquerque")


class Page:
    """What all templates share.

    Args:
        frame: ``lang``, ``base`` (address of the server), ``build``, ``path`` and ``query`` of the page.
        graph: has the names of properties, kinds and statuses.
    """

    def __init__(self, frame: Mapping[str, Any], graph: Graph) -> None:
        self._graph = graph
        self._terms: dict[str, str] | None = None
        self.lang: str = frame["lang"]
        self.base: str = frame["base"]
        self._frame = frame
        self._texts = TEXTS[self.lang]

    def t(self, key: str, *values: object) -> str:
        """Return a text of the pages."""
        return self._texts[key].format(*values)

    def term(self, notation: str | None) -> str:
        """Return what the ontology calls a property, a kind or a status in the language of the page."""
        if self._terms is None:
            rows = self._graph.query(
                f"""SELECT ?term ?label WHERE {{
                    {{ ?term rdfs:label ?label FILTER(STRSTARTS(STR(?term), STR(tw:))) }}
                    UNION
                    {{ ?term skos:prefLabel ?label FILTER(REGEX(STR(?term), "/id/(kind|status)/[^/]*$")) }}
                    FILTER(LANG(?label) = "{self.lang}") }}""",
                frame="result",
            ).records()
            self._terms = {re.split("[/#]", str(row["term"]))[-1]: str(row["label"]) for row in rows}
        return self._terms.get(notation or "", notation or "")

    def summary(self, query: Any) -> str:
        """Return what a query of the library asks, in the language of the page where it says so."""
        return str((query.summary_de if self.lang == "de" else "") or query.summary)

    def link(self, path: str, **params: object) -> str:
        """Return the address of another page in the same language."""
        given = {name: value for name, value in params.items() if value not in (None, "")}
        return f"{self.base}/{quote(path)}?{urlencode({**given, 'lang': self.lang})}"

    def render(self, template: str, status: int = 200, **values: Any) -> Reply:
        """Return a page."""
        query = [(name, value) for name, value in self._frame["query"] if name != "lang"]
        other = urlencode([*query, ("lang", "en" if self.lang == "de" else "de")])
        text = _templates().get_template(template).render(
            **values,
            status=status,
            t=self.t, term=self.term, summary=self.summary, link=self.link,
            lang=self.lang, base=self.base, build=self._frame["build"], web=_web,
            other=f"{self.base}{quote(self._frame['path'])}?{other}",
        )  # fmt: skip
        return {"status": status, "type": _HTML}, text.encode()

    def go(self, path: str) -> Reply:
        """Return the way to another page."""
        return {"status": 303, "location": self.link(path)}, b""


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_FOLDER / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _web(url: str | None) -> str:
    """Return an address that may become a link: one of the web, and nothing that runs."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


def _told(view: View) -> View:
    """Turn an error of twingraph into a page."""

    @wraps(view)
    def show(graph: Graph, frame: Mapping[str, Any], **arguments: Any) -> Reply:
        page = Page(frame, graph)
        try:
            return view(graph, page, **arguments)
        except (UnknownNameError, QueryNotFoundError) as error:
            return page.render("problem.html", 404, problem=str(error), q=None)
        except TwingraphError as error:
            return page.render("problem.html", 400, problem=str(error), q=None)

    return show


def _asker(graph: Graph, page: Page) -> Asker:
    # Concepts in the reader's language; towns as they call themselves, but for those in other scripts.
    return Asker(graph, page.lang)


@_told
def home(graph: Graph, page: Page) -> Reply:
    """The first page: how much there is, where to begin, and a description for search engines."""
    asker = _asker(graph, page)
    counts = graph.query(
        "SELECT (COUNT(DISTINCT ?p) AS ?partnerships) (COUNT(DISTINCT ?m) AS ?municipalities) "
        "WHERE { ?p a tw:Partnership ; tw:hasParticipant ?m }",
        frame="result",
    ).records()[0]
    counts["sources"] = graph.query("SELECT (COUNT(?s) AS ?n) WHERE { ?s a tw:Source }", frame="result").records()[0][
        "n"
    ]
    rows = graph.query(
        "SELECT ?code (COUNT(DISTINCT ?p) AS ?ties) WHERE { ?p a tw:Partnership ; tw:hasParticipant ?m . "
        "?m tw:isInCountry ?c . ?c tw:countryCode ?code } GROUP BY ?code ORDER BY DESC(?ties) ?code",
        frame="result",
    ).records()
    names = dict(_countries(graph, page.lang))
    listed = [{**row, "name": names.get(str(row["code"]), row["code"])} for row in rows]
    examples = []
    for name in EXAMPLES:
        found = asker.ask("portrait/bearers-of-name", name=name)
        if found:
            examples.append((key_of(found[0]["municipality"]), found[0]["name"]))
    dataset = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "twingraph: the knowledge graph of municipal partnerships",
        "description": page.t("intro", counts["partnerships"], counts["municipalities"], counts["sources"]),
        "url": f"{page.base}/",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": ["en", "de"],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{page.base}/export/{name}"}
            for kind, name in (("application/n-quads", "nquads"), ("application/trig", "trig"), ("text/csv", "csv"))
        ],
    }
    return page.render("home.html", n=counts, countries=listed, examples=examples, dataset=dataset, q=None)


@_told
def search(graph: Graph, page: Page, q: str) -> Reply:
    """Towns by any of their names; a single one is shown at once."""
    asker = _asker(graph, page)
    try:
        rows = asker.ask("portrait/bearers-of-name", name=q)
    except TwingraphError:
        rows = []
    if len(rows) == 1:
        return page.go(f"municipality/{key_of(rows[0]['municipality'])}")
    found = [{**row, "key": key_of(row["municipality"])} for row in rows]
    near = [] if found else _near(asker, graph, q)
    return page.render("search.html", q=q, rows=found, near=near)


def _near(asker: Asker, graph: Graph, q: str) -> list[dict[str, Any]]:
    """Return towns whose name begins with or contains a text, or is spelt much like it."""
    import difflib

    from twingraph.names import search_key

    wanted = search_key(q)
    if not wanted:
        return []
    index: dict[str, list[str]] = {}
    for row in asker.ask("portrait/name-index"):
        index.setdefault(row["key"], []).append(row["municipality"])
    keys = [key for key in index if key.startswith(wanted)] + [key for key in index if wanted in key[1:]]
    keys += difflib.get_close_matches(wanted, index, _NEAR, 0.7)
    found: dict[str, dict[str, Any]] = {}
    for key in dict.fromkeys(keys):
        for row in asker.ask("portrait/bearers-of-name", name=key):
            if row["municipality"] in index[key]:
                found.setdefault(row["municipality"], {**row, "key": key_of(row["municipality"])})
        if len(found) >= _NEAR:
            break
    return list(found.values())[:_NEAR]


@_told
def municipality(graph: Graph, page: Page, key: str) -> Reply:
    """All that is known of a town."""
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import Selection
    from twingraph.portraits.municipality import portray_municipality
    from twingraph.serving.workbench.drawings import draw_map, draw_network, draw_timeline

    asker = _asker(graph, page)
    iri = f"{ID}municipality/{quote(key, safe='')}"
    _require(asker, "municipality", key, iri)
    portrait = portray_municipality(asker, iri)
    pictures: dict[str, str | None] = {"map": None, "network": None}
    table = _ties(graph)
    if key in table.places:
        around = select(table, Selection(around=key, steps=1)).possible
        if key in around:
            label = f"{portrait.name}: {page.t('partners')}"
            pictures = {
                "map": draw_map(_spokes(around, key), key, f"{page.t('map')}, {label}"),
                "network": draw_network(around, key, f"{page.t('network')}, {label}"),
            }
    year = datetime.date.today().year
    timeline = draw_timeline(portrait.partnerships, key, year, f"{page.t('timeline')}, {portrait.name}")
    return page.render(
        "municipality.html", p=portrait, timeline=timeline, q=None, map=pictures["map"], network=pictures["network"]
    )


def _spokes(around: Any, key: str) -> Any:
    """Return the ties of the town itself, without those among its partners."""
    import networkx as nx

    star = nx.Graph()
    star.add_nodes_from((node, around.nodes[node]) for node in [key, *around[key]])
    star.add_edges_from((key, other, around.edges[key, other]) for other in around[key])
    return star


@_told
def partnership(graph: Graph, page: Page, key: str) -> Reply:
    """A partnership with its claims side by side, and how the conclusion follows from them."""
    from twingraph.portraits.explanation import explain_pair

    asker = _asker(graph, page)
    iri = f"{ID}partnership/{quote(key, safe='')}"
    rows = graph.query(f"SELECT ?m WHERE {{ <{iri}> tw:hasParticipant ?m }} ORDER BY ?m", frame="result").records()
    if len(rows) < 2:
        raise UnknownNameError(f"the graph holds no partnership {key[:100]!r}.")
    found = explain_pair(asker, str(rows[0]["m"]), str(rows[1]["m"]), page.lang, page.term)
    tie = next(one for one in found.partnerships if one.iri == iri)
    wanted = {claim.source for claim in tie.claims}
    cards = [card for card in found.sources if card.id in wanted]
    return page.render(
        "partnership.html",
        tie=tie,
        reasons=found.reasons.get(iri, []),
        events=found.events,
        sources=cards,
        titles={card.id: card.title for card in cards},
        q=None,
    )


@_told
def source(graph: Graph, page: Page, key: str) -> Reply:
    """A source and what it states."""
    from twingraph.portraits.source_list import report_source

    report = report_source(_asker(graph, page), key)
    return page.render("source.html", s=report.source, statements=report.statements, q=None)


@_told
def sources(graph: Graph, page: Page) -> Reply:
    """All sources."""
    from twingraph.portraits.source_list import list_sources

    return page.render("sources.html", sources=list_sources(_asker(graph, page)), q=None)


@_told
def country(graph: Graph, page: Page, key: str) -> Reply:
    """A country or former state."""
    from twingraph.portraits.things import portray_country

    asker = _asker(graph, page)
    iri = f"{ID}country/{quote(key.upper(), safe='')}"
    _require(asker, "country", key, iri)
    return page.render("country.html", p=portray_country(asker, iri), q=None)


@_told
def thing(graph: Graph, page: Page, type: str, key: str) -> Reply:
    """An association, an event or a wave."""
    from twingraph.portraits.things import portray_thing

    asker = _asker(graph, page)
    iri = f"{ID}{type}/{quote(key, safe='')}"
    _require(asker, type, key, iri)
    return page.render("thing.html", p=portray_thing(asker, type, iri), q=None)


def _require(asker: Asker, type: str, key: str, iri: str) -> None:
    if not asker.ask("portrait/type-of", subject=iri):
        raise UnknownNameError(f"the graph holds no {type} {key[:100]!r}.")


@_told
def chain(graph: Graph, page: Page, one: str, two: str) -> Reply:
    """How two towns are linked, each tie with its date and sources."""
    from itertools import pairwise

    from twingraph.analysis.paths import shortest_path
    from twingraph.exporting.pages.texts import TERMS
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import Selection
    from twingraph.portraits.chains import read_place
    from twingraph.portraits.finding import find_municipality

    shown: dict[str, Any] = {"one": one, "two": two, "told": None, "steps": [], "q": None}
    if not one or not two:
        return page.render("chain.html", **shown)
    asker = _asker(graph, page)
    try:
        ends = [read_place(asker, find_municipality(asker, name).iri) for name in (one, two)]
    except (UnknownNameError, AmbiguousNameError) as error:
        return page.render("chain.html", 400, **{**shown, "told": str(error)})
    table = _ties(graph)
    network = select(table, Selection())
    keys = [key_of(end.iri) for end in ends]
    path = shortest_path(network.possible, *keys) if all(key in network.possible for key in keys) else []
    if len(path) < 2:
        return page.render("chain.html", **{**shown, "told": page.t("nochain", ends[0].name, ends[1].name)})
    names, terms = dict(_countries(graph, page.lang)), TERMS[page.lang]["kinds"]
    steps = []
    for pair in pairwise(path):
        edge = network.possible.edges[pair]
        places = [network.places[str(key)] for key in pair]
        kind = edge.get("kind", "unknown")
        steps.append(
            {
                "ends": [(place.key, place.name, names.get(place.country or "", place.country)) for place in places],
                "key": edge["tie"],
                "label": ", ".join([terms.get(kind, kind), edge.get("start") or page.t("undated")]),
                "sources": [(name, table.sources.get(name, name)) for name in edge.get("source_ids", "").split()],
            }
        )
    told = page.t("chainof", ends[0].name, ends[1].name, len(steps))
    return page.render("chain.html", **{**shown, "told": told, "steps": steps})


def read_selection(graph: Graph, choices: Mapping[str, str]) -> Selection:
    """Return the selection that the parameters of a page make.

    Raises:
        SelectionError: a value can't be chosen.
        UnknownNameError, AmbiguousNameError: the town that it is around.
    """
    from twingraph.networks.selection import Selection
    from twingraph.portraits.finding import find_municipality

    given = {name: value.strip() for name, value in choices.items() if value.strip()}
    chosen: dict[str, Any] = {argument: given[name] for name, argument in _CHOICES.items() if name in given}
    countries = [given[name] for name in ("country", "other_country") if name in given]
    if countries:
        chosen["countries"] = countries
        if len(countries) == 2:
            chosen["ends"] = "both"
            if countries[0] != countries[1]:
                chosen["scope"] = "international"
    if "around" in given:
        chosen["around"] = key_of(find_municipality(Asker(graph), given["around"]).iri)
        steps = given.get("steps", "1")
        chosen["steps"] = int(steps) if steps.isdecimal() and len(steps) < 3 else steps
    return Selection(**chosen)


@_told
def explore(graph: Graph, page: Page, choices: dict[str, str], view: str) -> Reply:
    """Ties by time, kind, status, countries or around a town: as a table, a network and a map, and to take away."""
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.pages.texts import TERMS
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import KINDS, STATUSES

    terms = TERMS[page.lang]
    shown: dict[str, Any] = {
        "v": {name: choices.get(name, "") for name in (*_CHOICES, "country", "other_country", "around", "steps")},
        "view": view,
        "kinds": [(kind, terms["kinds"].get(kind, kind)) for kind in KINDS],
        "statuses": [(status, terms["statuses"].get(status, status)) for status in STATUSES],
        "countries": _countries(graph, page.lang),
        "problem": None,
        "q": None,
    }
    try:
        table = _ties(graph)
        selection = read_selection(graph, choices)
        network = select(table, selection)
    except TwingraphError as error:
        return page.render("explore.html", 400, **{**shown, "problem": str(error)})
    towns = sum(kind != "union" for _, kind in network.possible.nodes(data="type"))
    if selection.days is None:
        told = page.t("selected", network.selected, towns)
    else:
        told = page.t("selectedthen", network.certain_count, network.selected, towns, network.undated)
    params = urlencode({**{name: value for name, value in shown["v"].items() if value}, "lang": page.lang})

    def export_link(kind: str) -> str:
        return f"{page.base}/export/{kind}?{params}"

    nodes = network.possible.nodes
    edges: list[dict[str, Any]] = []
    for one, other, edge in network.possible.edges(data=True):
        if len(edges) == _ROWS:
            break
        edges.append(
            {
                "one": one,
                "one_name": nodes[one].get("name", one),
                "one_country": nodes[one].get("country"),
                "two": other,
                "two_name": nodes[other].get("name", other),
                "two_country": nodes[other].get("country"),
                "kind": terms["kinds"].get(edge.get("kind", "unknown"), edge.get("kind")),
                "status": terms["statuses"].get(edge.get("status", "unknown"), edge.get("status")),
                **{name: edge.get(name) for name in ("start", "end", "certainty", "tie", "sources")},
            }
        )
    return page.render(
        "explore.html",
        **shown,
        told=told,
        words=network.described(page.lang),
        edges=edges,
        count=network.possible.number_of_edges(),
        export=export_link,
        kinds_of_files=[(kind, form.purpose) for kind, form in EXPORTS.items() if kind != "figure"]
        + [("figure", "SVG")],
    )


def export(graph: Graph, frame: Mapping[str, Any], kind: str, choices: dict[str, str]) -> Reply:
    """A selection as a file of one of the kinds of `twingraph export`."""
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.gathering import gather, write

    page = Page(frame, graph)
    if kind not in EXPORTS:
        return page.render("problem.html", 404, problem=f"there are {', '.join(EXPORTS)}.", q=None)
    try:
        made: Export = gather(
            _ties(graph, fresh=page.lang == "de"),
            graph,
            read_selection(graph, choices),
            language=page.lang if page.lang == "de" else "local",
            with_claims=EXPORTS[kind].shows_claims,
        )
        content = write(kind, made, graph)
    except TwingraphError as error:
        return page.render("problem.html", 400, problem=str(error), q=None)
    suffix = EXPORTS[kind].suffix
    return {
        "status": 200,
        "type": _MEDIA.get(suffix, "application/octet-stream"),
        "name": f"twingraph{suffix}",
    }, content


_MEDIA = {
    ".html": _HTML,
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".bib": "application/x-bibtex",
    ".dot": "text/vnd.graphviz",
    ".gexf": "application/gexf+xml",
    ".graphml": "application/graphml+xml",
}


@_told
def queries(graph: Graph, page: Page) -> Reply:
    """The query library as a gallery."""
    groups: dict[str, list[Any]] = {}
    for query in graph.queries():
        group = query.id.partition("/")[0]
        if group not in ("portrait", "check", "graph"):
            groups.setdefault(group, []).append(query)
    return page.render("queries.html", groups=list(groups.items()), q=None)


@cache
def _library() -> QueryLibrary:
    from twingraph.querying.library import QueryLibrary

    return QueryLibrary()


@_told
def question(graph: Graph, page: Page, name: str, values: dict[str, str], run: bool) -> Reply:
    """A query of the library: a form for its parameters, and its answer."""
    # Only by name: elsewhere a query may also be given as a file or as text.
    query = _library().find(name)
    given = {key: value for key, value in values.items() if value.strip()}
    shown: dict[str, Any] = {"query": query, "values": values, "rows": None, "columns": [], "count": 0, "problem": None}
    shown |= {"cell": _cell(page), "q": None, "api": f"{page.base}/api/queries/{query.id}?{urlencode(given)}"}
    text = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()
    try:
        if run:
            bound = query.bind(given)
            text = "\n".join(line for line in bound.text.splitlines() if not line.startswith("#+")).strip()
            result = graph.run(bound)
            if result.kind == "select":
                records = result.records()
                shown |= {"rows": records[:_ROWS], "columns": result.variables, "count": len(records)}
            elif result.kind == "ask":
                shown |= {"rows": [{"answer": result.answer}], "columns": ["answer"], "count": 1}
            else:
                lines = result.payload.decode().splitlines()
                shown |= {
                    "rows": [{"triple": line} for line in lines[:_ROWS]],
                    "columns": ["triple"],
                    "count": len(lines),
                }
    except TwingraphError as error:
        return page.render("question.html", 400, **{**shown, "problem": str(error), "editor": ""})
    return page.render("question.html", **shown, editor=page.link("query", query=text))


def _cell(page: Page) -> Callable[[Any], Any]:
    from markupsafe import Markup, escape

    def show(value: Any) -> Any:
        if value is None:
            return ""
        text = str(value)
        if text.startswith(ID):
            return Markup('<a href="{}">{}</a>').format(
                f"{page.base}/id/{text.removeprefix(ID)}", text.removeprefix(ID)
            )
        if _web(text):
            return Markup('<a href="{}" rel="noopener">{}</a>').format(text, text)
        return escape(text)

    return show


@_told
def editor(graph: Graph, page: Page) -> Reply:
    """The SPARQL editor."""
    rows = graph.query(
        "SELECT DISTINCT ?iri ?kind WHERE { ?iri a ?type . VALUES (?type ?kind) { (owl:Class 'class') "
        "(rdfs:Class 'class') (owl:ObjectProperty 'property') "
        "(owl:DatatypeProperty 'property') (rdf:Property 'property') } "
        f"FILTER(STRSTARTS(STR(?iri), '{PREFIXES['tw']}')) }} ORDER BY ?iri",
        frame="result",
    ).records()
    return page.render("editor.html", prefixes=dict(PREFIXES), terms=rows or _ontology_terms(), q=None)


@cache
def _ontology_terms() -> list[dict[str, str]]:
    """Return the ontology's classes and properties from its file, where the store does not hold it."""
    import pyoxigraph as ox

    from twingraph.resources import ontology_dir

    found = []
    for quad in ox.parse((ontology_dir() / "twingraph.ttl").read_bytes(), ox.RdfFormat.TURTLE):
        kind = str(getattr(quad.object, "value", "")).rpartition("#")[2]
        iri = str(getattr(quad.subject, "value", ""))
        if quad.predicate.value.endswith("#type") and iri.startswith(PREFIXES["tw"]):
            if kind == "Class":
                found.append({"iri": iri, "kind": "class"})
            elif kind in ("ObjectProperty", "DatatypeProperty", "Property"):
                found.append({"iri": iri, "kind": "property"})
    return sorted(found, key=lambda term: term["iri"])


_kept: dict[int, TieTable] = {}


def _ties(graph: Graph, *, fresh: bool = False) -> TieTable:
    """Return the ties of the graph, read once; anew for who changes them."""
    from twingraph.networks.network import read_ties

    if fresh:
        return read_ties(graph)
    if id(graph) not in _kept:
        _kept[id(graph)] = read_ties(graph)
    return _kept[id(graph)]


def _countries(graph: Graph, lang: str) -> list[tuple[str, str]]:
    """Return code and name of the countries that have ties, by name."""
    from twingraph.names import search_key

    rows = graph.query(
        "SELECT DISTINCT ?code ?name WHERE { ?p tw:hasParticipant ?m . ?m tw:isInCountry ?c . "
        f"?c tw:countryCode ?code . OPTIONAL {{ ?c rdfs:label ?label FILTER(LANG(?label) = '{lang}') }} "
        "?c tw:displayName ?shown BIND(STR(COALESCE(?label, ?shown)) AS ?name) }",
        frame="result",
    ).records()
    names = {str(row["code"]): str(row["name"]) for row in rows}
    return sorted(names.items(), key=lambda item: search_key(item[1]))
