"""``twingraph export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twingraph.cli.options import path_type
from twingraph.cli.progress import Progress
from twingraph.cli.query_command import write_answer
from twingraph.cli.selection_options import Request, find_key, network_options

if TYPE_CHECKING:
    from twingraph.exporting.figures.sheet import Sheet
    from twingraph.exporting.model import Export, Source
    from twingraph.graph import Graph
    from twingraph.networks.model import Network, TieTable

__all__ = ["command"]

_PICTURES = ("html", "map", "figure")
_CITING = (*_PICTURES, "gexf", "graphml", "cytoscape", "geojson", "kml", "lpf")


def _list(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from twingraph.exporting.formats import EXPORTS

    for kind, form in EXPORTS.items():
        click.echo(f"{kind:10} {form.suffix:9} {form.purpose} Note: {form.lost}")
    ctx.exit()


def _size(ctx: click.Context, param: click.Parameter, value: str) -> tuple[float, float]:
    width, _, height = value.lower().replace("×", "x").partition("x")
    try:
        return float(width), float(height)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no size; give width and height in mm, as in 170x120.") from None


@click.command(
    "export",
    epilog="Examples: twingraph export gexf --around Helmstedt --steps 2 -o helmstedt.gexf; "
    "twingraph export geojson --country FR --language de | head",
)
@click.argument("kind", metavar="KIND")
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Say what each KIND is for."
)
@click.option(
    "--language",
    type=click.Choice(("local", "de", "en", "fr")),
    default="local",
    show_default=True,
    help="Language of the names of places.",
)
@click.option("--output", "-o", type=path_type, metavar="FILE", help="Write to a file [default: stdout].")
@click.option(
    "--show",
    type=click.Choice(("network", "map", "growth", "matrix", "chain")),
    default="network",
    show_default=True,
    help="What a figure shows; chain needs --between.",
)
@click.option("--between", nargs=2, metavar="ONE OTHER", help="The ends of the chain that a figure shows.")
@click.option(
    "--size", default="170x120", metavar="WxH", show_default=True, callback=_size, help="Of a figure, in millimetres."
)
@click.option(
    "--dpi", type=click.IntRange(50, 1200), default=300, show_default=True, help="Pixels per inch of a .png figure."
)
@click.option("--font", metavar="NAME", help="An installed font for figures [default: DejaVu Sans].")
@network_options
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    kind: str,
    language: str,
    output: Path | None,
    show: str,
    between: tuple[str, str] | None,
    size: tuple[float, float],
    dpi: int,
    font: str | None,
) -> None:
    """Write a selection of ties as a file for another program.

    KIND is one of html, map, figure, gexf, graphml, cytoscape, dot, csv, parquet, geojson, kml, lpf, turtle, nquads,
    trig, jsonld, bibtex, csl. A figure takes its format from the end of FILE: .svg, .pdf or .png. A bibliography of
    the sources is written beside a file that names them, as FILE.bib and FILE.csl.json.
    """
    from twingraph.errors import SelectionError
    from twingraph.exporting.bibliography import to_bibtex, to_csl
    from twingraph.exporting.evidence import read_statements
    from twingraph.exporting.formats import EXPORTS, companions
    from twingraph.exporting.maps import places_without_coordinates
    from twingraph.exporting.model import Export
    from twingraph.networks.selecting import select

    if kind not in EXPORTS:
        raise click.UsageError(f"There is no kind {kind!r}; there are {', '.join(EXPORTS)}.")
    for name in ("show", "between", "size", "dpi", "font"):
        if kind != "figure" and ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for figures only, as in: twingraph export figure --{name} …")
    if between is not None:
        show = "chain"
    elif show == "chain":
        raise click.UsageError('A chain has two ends: give --between ONE OTHER, as in --between Helmstedt "Xi\'an".')
    with Progress() as progress, request.opened() as (table, graph):
        progress.say("selecting ties")
        if graph is not None and language != "local":
            _rename(table, graph, language)
        network = select(table, request.selection)
        if not network.possible.number_of_edges():
            raise SelectionError(f"no tie fits the selection ({network.description}); nothing was written.")
        export = Export(network, _sources(network, graph), language="de" if language == "de" else "en")
        if EXPORTS[kind].shows_claims and graph is not None:
            progress.say("reading what sources say")
            export.statements = read_statements(graph, export)
        progress.say(
            f"drawing {network.selected:,} ties" if kind in _PICTURES else f"writing {network.selected:,} ties"
        )
        if kind == "figure":
            from twingraph.exporting.figures.sheet import Sheet

            sheet = Sheet(*size, form=output.suffix[1:].lower() if output else "svg", dpi=dpi, font=font)
            ends = [find_key(table, graph, name) for name in between or ()]
            content = _figure(export, show, ends, sheet)
        else:
            content = _content(kind, export, graph)
    if output is None:
        write_answer(content, None)
        return
    for ending, beside in companions(kind, export).items():
        write_answer(beside, output.with_name(f"{output.stem}{ending}{output.suffix}"))
    if kind in _CITING and export.sources:
        write_answer(to_bibtex(export), output.with_suffix(".bib"))
        write_answer(to_csl(export), output.with_suffix(".csl.json"))
    write_answer(content, output)
    missing = places_without_coordinates(export) if kind in ("map", "geojson", "kml") or show == "map" else []
    if missing:
        click.echo(f"Not on the map, for want of coordinates: {', '.join(missing)}.", err=True)


def _figure(export: Export, show: str, ends: list[str], sheet: Sheet) -> bytes:
    """Return a figure; say which characters no font has."""
    from twingraph.exporting.figures.figures import chain_figure, draw_figure
    from twingraph.exporting.figures.sheet import missing_characters

    names = [str(values.get("name", node)) for node, values in export.network.possible.nodes(data=True)]
    unknown = missing_characters([*names, *(source.title for source in export.sources)], sheet.fonts)
    if unknown:
        click.echo(
            f"No installed font has these characters, which the figure may show as boxes: {unknown[:40]} "
            "(for Chinese and Japanese install Noto Sans CJK, for other scripts the Noto Sans of that script).",
            err=True,
        )
    return chain_figure(export, ends[0], ends[1], sheet) if ends else draw_figure(export, show, sheet)


def _content(kind: str, export: Export, graph: Graph | None) -> bytes:
    from twingraph.errors import SelectionError
    from twingraph.exporting.formats import EXPORTS
    from twingraph.exporting.rdf_files import to_rdf

    write = EXPORTS[kind].write
    if write is not None:
        return write(export)
    if graph is None:
        raise SelectionError(f"{kind} is taken from a graph; a file from elsewhere holds no RDF.")
    return to_rdf(graph, export, kind)


def _rename(table: TieTable, graph: Graph, language: str) -> None:
    """Give places their names in a language, where they have one."""
    import dataclasses

    rows = graph.query("graph/labels-in", frame="result", lang=language).records()
    names = {str(row["municipality"]): str(row["name"]) for row in rows}
    for key, place in table.places.items():
        if place.iri in names:
            table.places[key] = dataclasses.replace(place, name=names[place.iri])


def _sources(network: Network, graph: Graph | None) -> list[Source]:
    from twingraph.exporting.model import Source

    selected = {edge["tie"] for *_, edge in network.possible.edges(data=True)}
    cited = sorted({s.source for tie in network.ties if tie.key in selected for s in tie.supports})
    if graph is None:
        return [Source(source, source) for source in cited]
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.bibliography import read_sources

    wanted = set(cited)
    cards: list[Any] = [card for card in read_sources(Asker(graph)) if card.id in wanted]
    return [
        Source(card.id, card.title, card.publisher, card.url, card.date, card.retrieved, card.language)
        for card in cards
    ]
