"""The pages that show and give away a selection of ties."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from twingraph.errors import TwingraphError
from twingraph.portraits.asking import Asker, key_of
from twingraph.serving.workbench.page import HTML, ROWS, Page, Reply, countries_of, ties_of, told
from twingraph.vocab import ID

if TYPE_CHECKING:
    from twingraph.exporting.model import Export
    from twingraph.graph import Graph
    from twingraph.networks.selection import Selection

__all__ = ["CHOICES", "explore", "export", "export_chain", "read_selection"]

#: Parameters of the page that are a selection, and what they are called by it.
_CHOICES = {
    "as_of": "as_of",
    "kind": "kinds",
    "status": "statuses",
    "multilateral": "multilateral",
    "source": "sources",
}
#: The same of those that have no field on the page, but are kept and shown in words.
_FURTHER = {
    "level": "levels",
    "continent": "continents",
    "scope": "scope",
    "without_source": "without_sources",
    "without": "without",
}
_LISTS = ("kind", "status", "source", "level", "continent", "without_source", "without")
#: Everything that an address can choose; lists are parted by commas.
CHOICES = (
    *(*_CHOICES, "period", "country", "other_country", "around", "steps"),
    *(*_FURTHER, "checked", "min_sources"),
)


def read_selection(graph: Graph, choices: Mapping[str, str]) -> Selection:
    """Return the selection that the parameters of a page make.

    Raises:
        SelectionError: a value can't be chosen.
        UnknownNameError, AmbiguousNameError: the town that it is around.
    """
    from twingraph.errors import SelectionError
    from twingraph.networks.selection import Selection
    from twingraph.portraits.finding import find_municipality

    given = {name: value.strip() for name, value in choices.items() if value.strip()}
    chosen: dict[str, Any] = {
        argument: [part.strip() for part in given[name].split(",") if part.strip()] if name in _LISTS else given[name]
        for name, argument in (_CHOICES | _FURTHER).items()
        if name in given
    }
    if "period" in given:
        first, slash, last = (part.strip() for part in given["period"].partition("/"))
        if not slash:
            raise SelectionError("period: give the first and the last date with a slash between, as in 1945/1989.")
        chosen["period"] = first, last
    if "checked" in given:
        chosen["checked"] = given["checked"] not in ("0", "false")
    if "min_sources" in given:
        chosen["min_sources"] = int(given["min_sources"]) if given["min_sources"].isdecimal() else given["min_sources"]
    countries = [given[name] for name in ("country", "other_country") if name in given]
    if countries:
        chosen["countries"] = countries
        if len(countries) == 2:
            chosen["ends"] = "both"
            if countries[0] != countries[1]:
                # With both ends in the two countries, ties within one of them would count too.
                chosen["scope"] = "international"
    if "around" in given:
        chosen["around"] = key_of(find_municipality(Asker(graph), given["around"]).iri)
        steps = given.get("steps", "1")
        chosen["steps"] = int(steps) if steps.isdecimal() and len(steps) < 3 else steps
    return Selection(**chosen)


@told
def explore(graph: Graph, page: Page, choices: dict[str, str], view: str, row: int) -> Reply:
    """Ties by time, kind, status, countries or around a town: as a table, a network and a map, and to take away."""
    from twingraph.exporting.figures.figures import FIGURES
    from twingraph.exporting.figures.sheet import SUFFIXES
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.pages.texts import TERMS
    from twingraph.networks.selecting import select
    from twingraph.networks.selection import KINDS, STATUSES

    terms = TERMS[page.lang]
    shown: dict[str, Any] = {
        "v": {name: choices.get(name, "") for name in CHOICES},
        "further": [name for name in (*_FURTHER, "checked", "min_sources") if choices.get(name)],
        "view": view,
        "kinds": _options(KINDS, terms["kinds"], choices.get("kind", "")),
        "statuses": _options(STATUSES, terms["statuses"], choices.get("status", "")),
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

    def export_link(kind: str, **further: str) -> str:
        return f"{page.base}/export/{kind}?{params}{''.join(f'&{name}={value}' for name, value in further.items())}"

    nodes = network.possible.nodes
    edges: list[dict[str, Any]] = []
    for one, other, edge in islice(network.possible.edges(data=True), row, row + ROWS):
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
        row=row,
        rows=ROWS,
        count=network.possible.number_of_edges(),
        export=export_link,
        kinds_of_files=[(kind, form.purpose) for kind, form in EXPORTS.items() if kind != "figure"],
        figures=list(FIGURES),
        forms=SUFFIXES,
    )


def _options(known: Sequence[str], terms: Mapping[str, str], chosen: str) -> list[tuple[str, str]]:
    """Return what a field offers; several that an address names at once are one more choice."""
    found = [(value, terms.get(value, value)) for value in known]
    if "," in chosen:
        found.append((chosen, ", ".join(terms.get(part.strip(), part.strip()) for part in chosen.split(","))))
    return found


def export(
    graph: Graph,
    frame: Mapping[str, Any],
    kind: str,
    choices: dict[str, str],
    show: str,
    form: str,
    is_packed: bool,
    is_inline: bool,
) -> Reply:
    """A selection as a file of one of the kinds of `twingraph export`.

    Args:
        graph: the open graph.
        frame: of a page that says what is wrong.
        kind: one of `EXPORTS`.
        choices: the selection.
        show: what a figure shows.
        form: of the file of a figure: ``svg``, ``pdf`` or ``png``.
        is_packed: whether the file comes as a ZIP, with what the command writes beside it.
        is_inline: whether it is shown within the workbench, so that its IRIs lead to the pages of this server.
    """
    from twingraph.exporting.figures.figures import FIGURES, draw_figure
    from twingraph.exporting.figures.sheet import Sheet
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.gathering import gather, write

    page = Page(frame, graph)
    if kind not in EXPORTS:
        return page.render("problem.html", 404, problem=f"there are {', '.join(EXPORTS)}.", q=None)
    if show not in FIGURES:
        return page.render("problem.html", 400, problem=f"a figure shows {', '.join(FIGURES)}.", q=None)
    try:
        made: Export = gather(
            ties_of(graph, fresh=page.lang == "de"),
            graph,
            read_selection(graph, choices),
            language=page.lang if page.lang == "de" else "local",
            with_claims=EXPORTS[kind].shows_claims,
        )
        content = draw_figure(made, show, Sheet(form=form)) if kind == "figure" else write(kind, made, graph)
    except TwingraphError as error:
        return page.render("problem.html", 400, problem=str(error), q=None)
    if is_inline:
        # As JSON within a script, in which no character may end it.
        space = json.dumps(f"{page.site}/id/")[:-1].replace("<", "\\u003c")
        content = content.replace(f'"{ID}'.encode(), space.encode())
    suffix = f".{form}" if kind == "figure" else EXPORTS[kind].suffix
    if is_packed:
        suffix, content = ".zip", _packed(kind, made, f"twingraph{suffix}", content)
    # Kinds with the same ending are told apart by their names.
    stem = f"twingraph-{show}" if kind == "figure" else f"twingraph-{kind}"
    return {
        "status": 200,
        "type": _MEDIA.get(suffix, "application/octet-stream"),
        "name": f"{stem}{suffix}",
    }, content


@told
def export_chain(graph: Graph, page: Page, one: str, two: str, as_of: str, form: str) -> Reply:
    """A shortest chain of ties as a figure, or as a table of its ties.

    Args:
        graph: the open graph.
        page: the frame of what is said where it goes wrong.
        one: an end, as a person writes it.
        two: the other end.
        as_of: the time at which its ties were in force; empty for any.
        form: ``svg``, ``pdf``, ``png``, ``csv`` or ``json``.
    """
    import polars as pl

    from twingraph.analysis.paths import describe_path
    from twingraph.errors import ExportError
    from twingraph.exporting.figures.figures import chain_figure, chain_of
    from twingraph.exporting.figures.sheet import SUFFIXES, Sheet
    from twingraph.exporting.gathering import gather
    from twingraph.networks.selection import Selection
    from twingraph.portraits.finding import find_municipality
    from twingraph.spreadsheets import safe_cell

    if form not in (*SUFFIXES, "csv", "json"):
        raise ExportError(f"a chain can be had as {', '.join(SUFFIXES)}, csv or json.")
    keys = [key_of(find_municipality(Asker(graph), name).iri) for name in (one, two)]
    made = gather(
        ties_of(graph, fresh=page.lang == "de"),
        graph,
        Selection(as_of=as_of or None),
        language=page.lang if page.lang == "de" else "local",
    )
    found = chain_of(made, *keys)
    if form in SUFFIXES:
        content = chain_figure(found, Sheet(form=form))
    else:
        rows = describe_path(made.network.possible, found.path)
        if form == "csv":
            rows = rows.with_columns(pl.col(pl.String).map_elements(safe_cell, return_dtype=pl.String))
        content = (rows.write_csv() if form == "csv" else rows.write_json()).encode()
    return {"status": 200, "type": _MEDIA[f".{form}"], "name": f"twingraph-chain.{form}"}, content


def _packed(kind: str, made: Export, name: str, content: bytes) -> bytes:
    """Return a file with those that belong beside it: the nodes of a table, and the sources as a bibliography."""
    import io
    import zipfile

    from twingraph.exporting.formats import companions

    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in {Path(name): content, **companions(kind, made, Path(name))}.items():
            packed.writestr(zipfile.ZipInfo(path.name, made.today.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return box.getvalue()


_MEDIA = {
    ".html": HTML,
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".zip": "application/zip",
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
