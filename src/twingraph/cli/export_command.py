"""``twingraph export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import path_type
from twingraph.cli.progress import Progress
from twingraph.cli.query_command import is_stream, require_writable, write_answer
from twingraph.cli.selection_options import Request, find_key, network_options

if TYPE_CHECKING:
    from twingraph.exporting.figures.sheet import Sheet
    from twingraph.exporting.model import Export

__all__ = ["command"]

_PICTURES = ("html", "map", "figure")


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
    type=click.Choice(("local", "own", "de", "en", "fr")),
    default="local",
    show_default=True,
    help="Language of the names of places; local takes the place's own name, in Latin letters if known; own takes it "
    "in its own letters.",
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
    the sources is written beside each file, as FILE.bib and FILE.csl.json with the whole name of FILE before.
    """
    from twingraph.answers.layout import safe_text
    from twingraph.exporting.figures.sheet import SUFFIXES, Sheet
    from twingraph.exporting.formats import EXPORTS, companions
    from twingraph.exporting.gathering import gather, write
    from twingraph.exporting.maps import places_without_coordinates

    if kind not in EXPORTS:
        raise click.UsageError(f"There is no kind {kind!r}; there are {', '.join(EXPORTS)}.")
    for name in ("show", "between", "size", "dpi", "font"):
        if kind != "figure" and ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for figures only, as in: twingraph export figure --{name} …")
    if between is not None:
        if ctx.get_parameter_source("show") is click.core.ParameterSource.COMMANDLINE and show != "chain":
            raise click.UsageError(f"--between is for a chain of ties; leave --show {show} out, or --between.")
        show = "chain"
    elif show == "chain":
        raise click.UsageError('A chain has two ends: give --between ONE OTHER, as in --between Helmstedt "Xi\'an".')
    sheet: Sheet | None = None
    if kind == "figure":
        form = output.suffix[1:].lower() if output else "svg"
        if form not in SUFFIXES:
            raise click.UsageError(
                f"A figure takes its format from the end of FILE: .svg, .pdf or .png; {output} ends in none of them."
            )
        sheet = Sheet(*size, form=form, dpi=dpi, font=font)
    if output is not None:
        require_writable(output)
    with Progress() as progress, request.opened() as (table, graph):
        progress.say("selecting ties")
        export = gather(
            table,
            graph,
            request.selection,
            language=language,
            with_claims=EXPORTS[kind].shows_claims,
            say=progress.say,
        )
        count = export.network.selected
        progress.say(f"drawing {count:,} ties" if kind in _PICTURES else f"writing {count:,} ties")
        if sheet is not None:
            ends = [find_key(table, graph, name) for name in between or ()]
            content, export = _figure(export, show, ends, sheet)
        else:
            content = write(kind, export, graph)
        beside = {} if output is None or is_stream(output) else companions(kind, export, output)
    for path in beside:
        require_writable(path)
    write_answer(content, output)
    for path, further in beside.items():
        write_answer(further, path)
    if beside:
        click.echo(f"Beside it: {', '.join(path.name for path in beside)}.", err=True)
    missing = places_without_coordinates(export) if kind in ("map", "geojson", "kml") or show == "map" else []
    if missing:
        click.echo(f"Not on the map, for want of coordinates: {', '.join(map(safe_text, missing))}.", err=True)


def _figure(export: Export, show: str, ends: list[str], sheet: Sheet) -> tuple[bytes, Export]:
    """Return a figure and what is on it; say which characters no font has."""
    from twingraph.exporting.figures.figures import chain_figure, chain_of, draw_figure
    from twingraph.exporting.figures.sheet import missing_characters

    names = [str(values.get("name", node)) for node, values in export.network.possible.nodes(data=True)]
    unknown = missing_characters([*names, *(source.title for source in export.sources)], sheet.fonts)
    if unknown:
        click.echo(
            f"No installed font has these characters, which the figure may show as boxes: {unknown[:40]} "
            "(for Chinese and Japanese install Noto Sans CJK, for other scripts the Noto Sans of that script).",
            err=True,
        )
    if ends:
        chain = chain_of(export, ends[0], ends[1])
        return chain_figure(chain, sheet), chain.export
    return draw_figure(export, show, sheet), export
