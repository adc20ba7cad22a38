"""The pages that show and give away a selection of ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from twingraph.errors import TwingraphError
from twingraph.portraits.asking import Asker, key_of
from twingraph.serving.workbench.page import HTML, ROWS, Page, Reply, countries_of, ties_of, told

if TYPE_CHECKING:
    from twingraph.exporting.model import Export
    from twingraph.graph import Graph
    from twingraph.networks.selection import Selection

__all__ = ["explore", "export"]

#: Parameters of the page that are a selection, and what they are called by it.
_CHOICES = {"as_of": "as_of", "kind": "kinds", "status": "statuses", "multilateral": "multilateral"}


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


@told
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
        "countries": countries_of(graph, page.lang),
        "problem": None,
        "q": None,
    }
    try:
        table = ties_of(graph)
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
        if len(edges) == ROWS:
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
            ties_of(graph, fresh=page.lang == "de"),
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
    ".html": HTML,
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
