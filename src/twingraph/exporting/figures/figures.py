"""Each figure for print, from an export to the bytes of its file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from twingraph.answers.layout import safe_text
from twingraph.errors import ExportError
from twingraph.exporting.cartography import boundary, chart, outlines
from twingraph.exporting.colours import GREY, KIND_COLOURS
from twingraph.exporting.figures.drawing import (
    DASHES,
    LIGHTER,
    draw_names,
    draw_places,
    draw_ties,
    grouped_places,
    rim_of,
    stroke_marker,
)
from twingraph.exporting.figures.sheet import Sheet
from twingraph.exporting.figures.texts import TEXTS, plot_in_german
from twingraph.exporting.layouts import positions
from twingraph.exporting.maps import places_without_coordinates
from twingraph.exporting.model import Export
from twingraph.exporting.pages.texts import TERMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "Chain", "chain_figure", "chain_of", "draw_figure"]

#: Half of the least that a picture shows: half the length of a tie in a layout.
_SLIGHT = 30.0
_SAMPLES = 200
#: Points of the letters of a legend, and in millimetres: a line, a letter on average, a mark with what is around it,
#: the edge.
_LEGEND_SIZE = 6
_LEGEND_LINE, _LEGEND_LETTER, _LEGEND_MARK, _LEGEND_EDGE = 2.75, 1.2, 9.5, 2.5


def draw_figure(export: Export, show: str, sheet: Sheet) -> bytes:
    """Return a figure of a network as a file.

    Args:
        export: the network with its sources.
        show: one of `FIGURES`.
        sheet: size and form.

    Raises:
        ExportError: the figure has no room, or nothing to show.
    """
    with sheet.drawn() as figure:
        FIGURES[show](export, sheet, figure)
        return sheet.content(figure)


def _words(export: Export) -> Callable[..., str]:
    texts = TEXTS[export.language]
    return lambda key, *values: texts[key].format(*values)


def _caption(export: Export, sheet: Sheet, *more: str) -> list[str]:
    say, network = _words(export), export.network
    about = export.about()
    then = network.selection.days is not None
    count = (
        say("ties_then", network.certain_count, network.selected, network.undated)
        if then
        else say("ties", network.selected, _towns(export), network.undated)
    )
    lines = [f"{say('selection', about['selection'])} {count}", *more]
    lines.append(say("data", about["data"], about["twingraph"], export.today.isoformat()))
    if export.sources:
        lines.append(_cited(export, sheet))
    return lines


def _towns(export: Export) -> int:
    return sum(kind != "union" for _, kind in export.network.possible.nodes(data="type"))


def _cited(export: Export, sheet: Sheet) -> str:
    """Return the titles of the sources, as many as a few lines hold; the bibliography beside the figure has all."""
    say, sources = _words(export), export.sources
    text, left = _some(list(dict.fromkeys(source.title for source in sources)), "; ", 3 * sheet.letters)
    return say("sources_some", len(sources), text, left) if left else say("sources", len(sources), text)


def _some(texts: list[str], between: str, room: int) -> tuple[str, int]:
    """Return as many texts as have room, joined, and how many are left."""
    shown: list[str] = []
    for text in texts:
        room -= len(text) + len(between)
        if room < 0:
            break
        shown.append(text)
    return between.join(shown), len(texts) - len(shown)


def _network(export: Export, sheet: Sheet, figure: Figure) -> None:
    graph = export.network.possible
    places = {node: (x, -y) for node, (x, y) in positions(graph).items()}
    lines = {(one, other): [np.array([places[one], places[other]])] for one, other in graph.edges if one != other}
    say = _words(export)

    def draw(axes: Axes) -> int:
        _fit(axes, np.array(list(places.values())), sheet)
        draw_ties(axes, graph, lines)
        draw_places(axes, graph, places)
        return draw_names(axes, graph, places)

    _compose(export, sheet, figure, say("network"), draw, places, [say("places")])


def _map(export: Export, sheet: Sheet, figure: Figure) -> None:
    from matplotlib.collections import PolyCollection

    graph = export.network.possible
    say = _words(export)
    found_map = chart(graph)
    if not found_map.places:
        raise ExportError("no place of the selection has coordinates, so that there is no map of it.")
    projection, places = found_map.projection, found_map.places
    missing = places_without_coordinates(export)
    more = [say("projection", say(projection.name)) + " " + say("places")]
    if missing:
        named, left = _some(missing, ", ", 2 * sheet.letters)
        more.append(say("missing_some", named, left) if left else say("missing", named))

    def draw(axes: Axes) -> int:
        curves = [line for lines in found_map.lines.values() for line in lines]
        sea = boundary(projection)
        if sea is None:
            _fit(axes, np.concatenate([np.array(found_map.extent), *curves]), sheet)
            (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
            sea = np.array([(left, low), (right, low), (right, high), (left, high)])
        else:
            _fit(axes, sea, sheet, margin=1.01)
        axes.add_collection(
            PolyCollection([sea], facecolors="#f4f7f9", edgecolors="#c9d3da", linewidths=0.4, zorder=0), autolim=False
        )
        land = PolyCollection(
            outlines(projection), facecolors="#e9e6dd", edgecolors="#b3ad9e", linewidths=0.25, zorder=1
        )
        axes.add_collection(land, autolim=False)
        draw_ties(axes, graph, found_map.lines)
        draw_places(axes, graph, places)
        if projection.centre is not None:
            _scale_bar(axes)
        return draw_names(axes, graph, places)

    _compose(export, sheet, figure, say("map"), draw, places, more)


def _compose(
    export: Export,
    sheet: Sheet,
    figure: Figure,
    title: str,
    draw: Callable[[Axes], int],
    places: Iterable[Hashable],
    more: list[str],
) -> None:
    """Draw a picture with its legend and caption; the caption says how many names found no room."""
    say = _words(export)
    legend = _legend(export, places)
    # As many columns as the longest of the texts leaves room for.
    widest = _LEGEND_MARK + max(len(handle.get_label()) for handle in legend) * _LEGEND_LETTER
    columns = max(1, int((sheet.width - 2 * _LEGEND_EDGE) / widest))
    room = _LEGEND_EDGE + -(-len(legend) // columns) * _LEGEND_LINE
    # Room for the line about names is kept, since only the finished picture tells how many are left out.
    bottom, top = sheet.arrange(figure, title, _caption(export, sheet, *more, say("labels", 0)), room)
    axes = sheet.axes(figure, bottom, top)
    axes.set_axis_off()
    axes.grid(visible=False)
    left_out = draw(axes)
    for text in list(figure.texts):
        text.remove()
    sheet.arrange(
        figure, title, _caption(export, sheet, *more, *([say("labels", left_out)] if left_out else [""])), room
    )
    figure.legend(
        handles=legend, loc="upper left", bbox_to_anchor=(0.02, bottom), ncols=columns, handlelength=2.2,
        columnspacing=1.2, labelspacing=0.3, borderaxespad=0.2, fontsize=_LEGEND_SIZE,
    )  # fmt: skip


def _legend(export: Export, places: Iterable[Hashable]) -> list[Any]:
    """Return what stands in a legend: countries, kinds and how sure the ties are."""
    from matplotlib.lines import Line2D

    say = _words(export)
    terms = TERMS[export.language]["kinds"]
    edges = [values for *_, values in export.network.possible.edges(data=True)]
    handles = []
    for country, colour, mark in grouped_places(export.network.possible, places):
        name = say("union") if country == "union" else safe_text(export.country(country)) if country else say("others")
        handle = Line2D([], [], color=colour, marker=mark, linestyle="", markersize=4, label=name)
        handle.set(markeredgecolor=rim_of(colour), markeredgewidth=0.4)
        handles.append(handle)
    kinds = {values.get("kind", "") for values in edges}
    for kind in [*KIND_COLOURS, ""]:
        if kind in kinds:
            label = terms.get(kind or "unknown", kind)
            handle = Line2D([], [], color=KIND_COLOURS.get(kind, GREY), linewidth=1.2, label=label)
            handle.set(**stroke_marker(kind))
            handles.append(handle)
    certainties = {values["certainty"] for values in edges}
    # Without a time nobody asks whether a tie was in force, only whether its start is known.
    timed = export.network.selection.days is not None
    for certainty, dash in DASHES.items():
        if certainty in certainties:
            label = say("dated" if certainty == "certain" and not timed else certainty)
            handles.append(Line2D([], [], color="#444444", linestyle=dash, linewidth=0.9, label=label))
    if any(values.get("status") in LIGHTER for values in edges):
        handles.append(Line2D([], [], color="#444444", alpha=0.4, linewidth=0.9, label=say("lighter")))
    return handles


def _fit(axes: Axes, points: Any, sheet: Sheet, margin: float | None = None) -> None:
    """Show all points with a margin, by default one for names, at the same scale both ways."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, _SLIGHT) * np.array([margin or 1.2, margin or 1.12])
    box = axes.get_position()
    ratio = (box.width * sheet.width) / (box.height * sheet.height)
    if half[0] / half[1] < ratio:
        half[0] = half[1] * ratio
    else:
        half[1] = half[0] / ratio
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])


def _scale_bar(axes: Axes) -> None:
    """Draw a bar of a round number of kilometres, about a fifth of the width; true in the middle of the map."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    wanted = (right - left) / 5
    unit = 10 ** int(np.floor(np.log10(wanted)))
    length = max(step for step in (unit, 2 * unit, 5 * unit) if step <= wanted)
    x, y = left + 0.02 * (right - left), bottom + 0.03 * (top - bottom)
    axes.plot([x, x + length], [y, y], color="black", linewidth=1.2, solid_capstyle="butt", zorder=5)
    axes.text(
        x + length / 2, y + 0.01 * (top - bottom), f"{length:,} km", ha="center", va="bottom", fontsize=5.5, zorder=5
    )


def _growth(export: Export, sheet: Sheet, figure: Figure) -> None:
    from twingraph.findings.growth import find_growth

    selected = export.keys()
    # A network of a time keeps the ties of other times for analyses; here they would rest on sources not named.
    network = replace(export.network, ties=[tie for tie in export.network.ties if tie.key in selected])
    more = [_words(export)("whole_time")] if network.selection.days is not None else []
    _chart(export, sheet, figure, "growth", find_growth(network, today=export.today)[0], (14, 14), more)


def _matrix(export: Export, sheet: Sheet, figure: Figure) -> None:
    from twingraph.findings.countries import find_countries

    finding = find_countries(export.network, samples=_SAMPLES)[0]
    named = {code for column in ("country_1", "country_2") for code in finding.frame[column]} & set(export.countries)
    longest = max((len(export.country(code)) + len(f" ({code})") for code in named), default=0)
    axes = _chart(export, sheet, figure, "matrix", finding, (max(10, longest * _LEGEND_LETTER), 4))
    # Codes fit below, names only beside.
    codes = [label.get_text() for label in axes.get_yticklabels()]
    texts = [f"{export.country(code)} ({code})" if code in export.countries else code for code in codes]
    axes.set_yticks(axes.get_yticks(), [safe_text(text) for text in texts])


def _chart(
    export: Export,
    sheet: Sheet,
    figure: Figure,
    key: str,
    finding: Any,
    sides: tuple[float, float],
    more: Sequence[str] = (),
) -> Axes:
    from matplotlib.text import Text

    from twingraph.reporting.plots import PLOTS

    say = _words(export)
    # What the plot says of itself is known only once it is drawn; a sentence of its length keeps the room.
    bottom, top = sheet.arrange(figure, say(key), _caption(export, sheet, "x" * 260, *more), 8.0)
    axes = sheet.axes(figure, bottom, top, sides)
    told = PLOTS[finding.key](axes, finding)
    if told is None:
        raise ExportError(f"the selection holds nothing that a figure of the {key} could show.")
    for text in list(figure.texts):
        text.remove()
    if export.language == "de":
        told = plot_in_german(told)
        for text in figure.findobj(Text):
            text.set_text(plot_in_german(text.get_text()))
    sheet.arrange(figure, say(key), _caption(export, sheet, told, *more), 8.0)
    return axes


FIGURES: Mapping[str, Callable[[Export, Sheet, Figure], None]] = {
    "network": _network,
    "map": _map,
    "growth": _growth,
    "matrix": _matrix,
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A shortest chain of ties between two places.

    Attributes:
        path: the places along it, both ends included.
        count: how many chains are as short.
        export: the network, with the sources of the ties of the chain only.
    """

    path: list[Hashable]
    count: int
    export: Export


def chain_of(export: Export, one: Hashable, other: Hashable) -> Chain:
    """Return the shortest chain of ties between two places.

    Raises:
        AnalysisError: an end is no place of the network.
        ExportError: no chain links the two, or they are one.
    """
    from twingraph.analysis.paths import count_shortest_paths, shortest_paths

    graph = export.network.possible
    paths = shortest_paths(graph, one, other, limit=1)
    names = [str(graph.nodes[key].get("name", key)) for key in (one, other)]
    if one == other:
        raise ExportError(f"a chain has two ends, and both that were given are {names[0]} ({one}).")
    if not paths:
        raise ExportError(f"no chain of the selected ties links {names[0]} with {names[1]}.")
    path = paths[0]
    cited = {name for pair in pairwise(path) for name in str(graph.edges[pair].get("source_ids", "")).split()}
    sources = [source for source in export.sources if source.id in cited]
    return Chain(path, count_shortest_paths(graph, one, other), replace(export, sources=sources))


def chain_figure(chain: Chain, sheet: Sheet) -> bytes:
    """Return a chain of ties as a file: each tie with its kind, dates and sources.

    Raises:
        ExportError: the sheet has no room for it.
    """
    export, path, count = chain.export, chain.path, chain.count
    graph = export.network.possible
    names = [str(graph.nodes[key].get("name", key)) for key in (path[0], path[-1])]
    say, terms = _words(export), TERMS[export.language]["kinds"]
    titles = {source.id: source.title for source in export.sources} or dict(export.network.sources)
    with sheet.drawn() as figure:
        caption = _caption(export, sheet, *([say("chains", count)] if count > 1 else []))[
            : -1 if export.sources else None
        ]
        bottom, top = sheet.arrange(figure, say("chain", *names), caption)
        axes = sheet.axes(figure, bottom, top, (2, 2))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(-len(path) + 0.5, 0.5)
        letters = max(20, int(0.62 * sheet.width / (5.5 * 0.56 * 0.3528)))
        for number, node in enumerate(path):
            values = graph.nodes[node]
            country = f" ({export.country(values['country'])})" if "country" in values else ""
            axes.text(
                0.27, -number, safe_text(f"{values.get('name', node)}{country}"), ha="right", va="center", weight="bold"
            )
            axes.plot([0.3], [-number], "o", color=KIND_COLOURS["friendship"], markersize=5, zorder=3)
            if number + 1 == len(path):
                break
            edge = graph.edges[node, path[number + 1]]
            colour = KIND_COLOURS.get(edge.get("kind", ""), GREY)
            dash = DASHES[edge["certainty"]]
            axes.plot([0.3, 0.3], [-number, -number - 1], color=colour, linestyle=dash, linewidth=1.6, zorder=2)
            kind = edge.get("kind") or "unknown"
            told = [terms.get(kind, kind), say("since", edge["start"]) if "start" in edge else say("undated")]
            told += [say("until", edge["end"])] if "end" in edge else []
            cited = [titles.get(name, name) for name in str(edge.get("source_ids", "")).split()]
            shown, left = _some(list(dict.fromkeys(cited)), "; ", letters)
            line = say("sources_of_tie", shown, left) if left else shown or say("nosources")
            axes.text(0.34, -number - 0.36, safe_text(", ".join(told)), va="center", fontsize=6.5)
            axes.text(0.34, -number - 0.66, safe_text(line), va="center", fontsize=5.5, color="#444444")
        return sheet.content(figure)
