"""The pages of towns, partnerships, sources, countries and chains, made in a worker from the opened graph.

Every function gets the graph, the frame of the page (`Frame` as a dictionary) and its own arguments, and returns a head
for the server (``status``, ``type``, or ``location`` for another address) and the bytes of the page. So do those of
`exploring` and `asking`.
"""

from __future__ import annotations

import datetime
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from twingraph.errors import TwingraphError, UnknownNameError
from twingraph.portraits.asking import Asker, key_of
from twingraph.serving.workbench.page import Page, Reply, asker_of, countries_of, ties_of, told
from twingraph.vocab import ID

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.networks.model import Network

__all__ = [
    "chain", "country", "home", "municipality", "partnership", "search", "source", "sources", "thing",
]  # fmt: skip

_NEAR = 12
#: Chains that are as short as the shortest one; more are only counted.
_CHAINS = 12
EXAMPLES = ("Helmstedt", "Dortmund", "Hildesheim", "Albuquerque")


@told
def home(graph: Graph, page: Page) -> Reply:
    """The first page: how much there is, where to begin, and a description for search engines."""
    asker = asker_of(graph, page)
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
    names = dict(countries_of(graph, page.lang))
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
        "url": f"{page.site}/",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": ["en", "de"],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{page.site}/export/{name}"}
            for kind, name in (("application/n-quads", "nquads"), ("application/trig", "trig"), ("text/csv", "csv"))
        ],
    }
    return page.render("home.html", n=counts, countries=listed, examples=examples, dataset=dataset, q=None)


@told
def search(graph: Graph, page: Page, q: str) -> Reply:
    """Towns by any of their names or by their key; a single one is shown at once."""
    asker = asker_of(graph, page)
    if re.fullmatch(r"Q[1-9][0-9]*|m[a-z2-7]{6}", q) and asker.ask("portrait/type-of", subject=f"{ID}municipality/{q}"):
        return page.go(f"municipality/{q}")
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


@told
def municipality(graph: Graph, page: Page, key: str) -> Reply:
    """All that is known of a town."""
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import Selection
    from twingraph.portraits.municipality import portray_municipality
    from twingraph.serving.workbench.drawings import draw_map, draw_network, draw_timeline

    asker = asker_of(graph, page)
    iri = f"{ID}municipality/{quote(key, safe='')}"
    _require(asker, "municipality", key, iri)
    portrait = portray_municipality(asker, iri)
    pictures: dict[str, str | None] = {"map": None, "network": None}
    table = ties_of(graph)
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


@told
def partnership(graph: Graph, page: Page, key: str) -> Reply:
    """A partnership with its claims side by side, and how the conclusion follows from them."""
    from twingraph.portraits.explanation import explain_pair

    asker = asker_of(graph, page)
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


@told
def source(graph: Graph, page: Page, key: str) -> Reply:
    """A source and what it states."""
    from twingraph.portraits.source_list import report_source

    report = report_source(asker_of(graph, page), key)
    return page.render("source.html", s=report.source, statements=report.statements, q=None)


@told
def sources(graph: Graph, page: Page) -> Reply:
    """All sources."""
    from twingraph.portraits.source_list import list_sources

    return page.render("sources.html", sources=list_sources(asker_of(graph, page)), q=None)


@told
def country(graph: Graph, page: Page, key: str) -> Reply:
    """A country or former state."""
    from twingraph.portraits.things import portray_country

    asker = asker_of(graph, page)
    iri = f"{ID}country/{quote(key.upper(), safe='')}"
    _require(asker, "country", key, iri)
    return page.render("country.html", p=portray_country(asker, iri), q=None)


@told
def thing(graph: Graph, page: Page, type: str, key: str) -> Reply:
    """An association, an event or a wave."""
    from twingraph.portraits.things import portray_thing

    asker = asker_of(graph, page)
    iri = f"{ID}{type}/{quote(key, safe='')}"
    _require(asker, type, key, iri)
    return page.render("thing.html", p=portray_thing(asker, type, iri), q=None)


def _require(asker: Asker, type: str, key: str, iri: str) -> None:
    if not asker.ask("portrait/type-of", subject=iri):
        raise UnknownNameError(f"the graph holds no {type} {key[:100]!r}.")


@told
def chain(graph: Graph, page: Page, one: str, two: str, as_of: str) -> Reply:
    """How two towns are linked, each tie with its dates, status and sources."""
    from twingraph.analysis.paths import count_shortest_paths, shortest_paths
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import Selection
    from twingraph.portraits.chains import read_place
    from twingraph.portraits.finding import find_municipality

    shown: dict[str, Any] = {
        "one": one, "two": two, "as_of": as_of, "told": None, "words": None, "steps": [], "others": [], "more": 0,
        "dated": None, "export": None, "q": None,
    }  # fmt: skip
    if not one or not two:
        return page.render("chain.html", **shown)
    asker = asker_of(graph, page)
    try:
        ends = [read_place(asker, find_municipality(asker, name).iri) for name in (one, two)]
        table = ties_of(graph)
        network = select(table, Selection(as_of=as_of or None))
    except TwingraphError as error:
        return page.render("chain.html", 400, **{**shown, "told": str(error)})
    names, keys = [end.name for end in ends], [key_of(end.iri) for end in ends]
    shown["words"] = network.described(page.lang)
    if keys[0] == keys[1]:
        return page.render("chain.html", 400, **{**shown, "told": page.t("sametown", names[0])})
    drawn = network.possible
    paths = shortest_paths(drawn, keys[0], keys[1], limit=_CHAINS) if all(key in drawn for key in keys) else []
    if not paths:
        said = page.t("nochainthen", *names, as_of) if as_of else page.t("nochain", *names)
        return page.render("chain.html", **{**shown, "told": said})
    steps = _steps(graph, page, network, paths[0])
    shown |= {
        "told": page.t("chainof", *names, len(steps)),
        "steps": steps,
        "others": [[network.places[str(key)].name for key in path] for path in paths[1:]],
        "dated": None if as_of else _dated(page, network, keys),
        "more": count_shortest_paths(drawn, keys[0], keys[1]) - len(paths),
        "export": urlencode({"from": keys[0], "to": keys[1], **({"as_of": as_of} if as_of else {}), "lang": page.lang}),
    }
    return page.render("chain.html", **shown)


def _dated(page: Page, network: Network, keys: list[str]) -> str:
    """Return what the known dates allow: when something could first have gone from one town to the other, or never."""
    from twingraph.analysis.paths import earliest_chain

    found = earliest_chain(network, keys[0], keys[1])
    if found.is_empty():
        return page.t("neverdated")
    towns = " → ".join([found["from_name"][0], *found["to_name"]])
    return page.t("firstdated", found["crossed_on"][-1].isoformat(), towns)


def _steps(graph: Graph, page: Page, network: Network, path: list[Any]) -> list[dict[str, Any]]:
    """Return the ties along a chain in words."""
    from twingraph.exporting.pages.texts import TERMS

    names, terms = dict(countries_of(graph, page.lang)), TERMS[page.lang]
    steps = []
    for pair in pairwise(path):
        edge = network.possible.edges[pair]
        places = [network.places[str(key)] for key in pair]
        kind, status = edge.get("kind") or "unknown", edge.get("status") or "unknown"
        start, end = edge.get("start"), edge.get("end")
        is_over = bool(end) or status == "ended"
        since = f"{start or '?'} – {end or '?'}" if is_over else start or page.t("undated")
        steps.append(
            {
                "ends": [(place.key, place.name, names.get(place.country or "", place.country)) for place in places],
                "key": edge["tie"],
                "label": ", ".join([terms["kinds"].get(kind, kind), since, terms["statuses"].get(status, status)]),
                "is_over": is_over,
                "sources": [(name, network.sources.get(name, name)) for name in edge.get("source_ids", "").split()],
            }
        )
    return steps
