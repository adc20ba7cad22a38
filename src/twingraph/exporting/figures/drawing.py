"""Networks and maps on matplotlib axes: ties by kind and certainty, places by country, names without overlap."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from twingraph.answers.layout import safe_text
from twingraph.exporting.colours import GREY, KIND_COLOURS, colours_of, rgb
from twingraph.reporting.plots import luminance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from numpy.typing import NDArray

__all__ = ["LIGHTER", "draw_names", "draw_places", "draw_ties", "grouped_places", "rim_of", "stroke_marker"]

#: Dashes by certainty.
DASHES: dict[str, Any] = {"certain": "solid", "possible": (0, (5, 2)), "undated": (0, (1, 1.8))}
#: Statuses whose ties are drawn lighter.
LIGHTER = ("ended", "suspended", "dormant")
#: Strokes across the middle of a tie, by its kind: in grey, colours alone don't tell kinds apart.
_STROKES = {"friendship": 1, "other": 2, "contact": 3, "project": 4, "sponsorship": 5}
#: Points from the line to the end of a stroke, between two of them, and of their width.
_STROKE_HALF, _STROKE_GAP, _STROKE_WIDTH = 1.6, 1.2, 0.6
_MARKERS = "os^DvPX"
#: Points of the rim of a marker.
_RIM = 0.4
#: So many names at most are tried: more fit on no sheet, and each costs time.
_NAMES = 250
#: Up to so many places the names are larger and may stand further off.
_FEW = 80


def draw_ties(
    axes: Axes, graph: nx.Graph, lines: Mapping[tuple[Hashable, Hashable], Sequence[NDArray[np.float64]]]
) -> None:
    """Draw ties; colour and strokes tell the kind, the dash how sure it is that it was in force; `LIGHTER` by status.

    The axes must show what they are to show, at the same scale both ways.
    """
    from matplotlib.collections import LineCollection

    groups: dict[tuple[str, str, bool], list[NDArray[np.float64]]] = {}
    strokes: dict[tuple[str, bool], list[NDArray[np.float64]]] = {}
    for one, other, values in graph.edges(data=True):
        kind, is_lighter = values.get("kind", ""), values.get("status") in LIGHTER
        found = lines.get((one, other), ())
        groups.setdefault((kind, values["certainty"], is_lighter), []).extend(found)
        if kind in _STROKES and len(found):
            strokes.setdefault((kind, is_lighter), []).extend(_strokes(axes, found, _STROKES[kind]))
    many = min(1.0, 14 / math.sqrt(max(1, graph.number_of_edges())) + 0.15)
    for (kind, certainty, is_lighter), found in sorted(
        groups.items(), key=lambda item: (item[0][1] == "certain", item[0])
    ):
        axes.add_collection(
            LineCollection(
                found,
                colors=KIND_COLOURS.get(kind, GREY),
                linewidths=0.8 if certainty == "certain" else 0.6,
                linestyles=[DASHES[certainty]],
                alpha=many * (0.45 if is_lighter else 0.85),
                zorder=2,
            )
        )
    for (kind, is_lighter), found in sorted(strokes.items()):
        axes.add_collection(
            LineCollection(
                found,
                colors=KIND_COLOURS[kind],
                linewidths=_STROKE_WIDTH,
                alpha=many * (0.45 if is_lighter else 1.0),
                zorder=2.5,
            ),
            autolim=False,
        )


def _strokes(axes: Axes, pieces: Sequence[NDArray[np.float64]], count: int) -> list[NDArray[np.float64]]:
    """Return strokes across the middle of the longest piece of a tie."""
    lengths = [np.hypot(*np.diff(piece, axis=0).T) for piece in pieces]
    longest = max(range(len(pieces)), key=lambda index: float(lengths[index].sum()))
    piece, steps = np.asarray(pieces[longest]), lengths[longest]
    half = steps.sum() / 2
    if not half:
        return []
    at = min(int(np.searchsorted(np.cumsum(steps), half)), len(steps) - 1)
    along = (piece[at + 1] - piece[at]) / steps[at]
    middle = piece[at] + along * (half - steps[:at].sum())
    (left, right), width = axes.get_xlim(), axes.get_window_extent().width
    point = (right - left) / width * _dpi(axes) / 72
    across = np.array([-along[1], along[0]]) * _STROKE_HALF * point
    middles = [middle + along * (number - (count - 1) / 2) * _STROKE_GAP * point for number in range(count)]
    return [np.array([here - across, here + across]) for here in middles]


def stroke_marker(kind: str) -> dict[str, Any]:
    """Return what marks a line of a legend with the strokes of a kind; nothing for a kind without."""
    from matplotlib.path import Path

    count = _STROKES.get(kind, 0)
    if not count:
        return {}
    places = [(number - (count - 1) / 2) * _STROKE_GAP for number in range(count)]
    corners = [(x, y) for x in places for y in (-_STROKE_HALF, _STROKE_HALF)]
    path: Path = Path(corners, [Path.MOVETO, Path.LINETO] * count)
    # A marker is scaled to its size, which is twice the furthest of its corners.
    size = 2 * max(_STROKE_HALF, *map(abs, places))
    return {"marker": path, "markersize": size, "markeredgewidth": _STROKE_WIDTH}


def grouped_places(graph: nx.Graph, places: Iterable[Hashable]) -> dict[tuple[str, str, str], list[Hashable]]:
    """Return places by country, colour and marker, as a legend has them; the country of all others is ``""``."""
    countries = {node: graph.nodes[node].get("country") for node in places}
    colours = colours_of(countries.values())
    marks = dict(zip(colours, _MARKERS, strict=False))
    groups: dict[tuple[str, str, str], list[Hashable]] = {}
    for node, country in countries.items():
        if graph.nodes[node].get("type") == "union":
            key = "union", "#222222", "*"
        elif country in colours:
            key = str(country), colours[country], marks[country]
        else:
            key = "", GREY, "."
        groups.setdefault(key, []).append(node)
    order = [*colours, "union", ""]
    return {key: groups[key] for key in sorted(groups, key=lambda key: order.index(key[0]))}


def rim_of(colour: str) -> str:
    """Return the colour of a marker's rim: dark where the marker alone would hardly show on paper, else white.

    Source: WCAG 2.1, 1.4.11, asks for a contrast of 3 to 1.
    """
    return "#444444" if 1.05 / (luminance([part / 255 for part in rgb(colour)]) + 0.05) < 3 else "white"


def draw_places(axes: Axes, graph: nx.Graph, places: Mapping[Hashable, tuple[float, float]]) -> None:
    """Draw places: colour and marker tell the country, the size how many ties they have."""
    areas = _areas(graph, places)
    for (_, colour, mark), found in grouped_places(graph, places).items():
        x, y = np.array([places[node] for node in found]).T
        sizes = [areas[node] for node in found]
        axes.scatter(x, y, s=sizes, c=colour, marker=mark, edgecolors=rim_of(colour), linewidths=_RIM, zorder=3)


def _areas(graph: nx.Graph, places: Iterable[Hashable]) -> dict[Hashable, float]:
    """Return the squares of the markers' widths, in points: more for places with more ties, less if many are shown."""
    groups = grouped_places(graph, places)
    small = min(1.0, 6 / max(1.0, sum(map(len, groups.values())) ** 0.3))
    return {
        # A dot is drawn smaller than other markers of its size.
        node: (6 + 3 * graph.degree(node)) * small * (1.8 if mark == "." else 1)
        for (_, _, mark), found in groups.items()
        for node in found
    }


def _dpi(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert figure is not None, "axes of a sheet stand on a figure"
    return float(figure.dpi)


def draw_names(axes: Axes, graph: nx.Graph, places: Mapping[Hashable, tuple[float, float]]) -> int:
    """Write names beside places, none over another or over a marker; return how many found no room.

    Those with most partners come first: a few are placed at a time, and what is placed stays.
    """
    import textalloc
    from matplotlib.patheffects import Stroke

    ranked = sorted(places, key=lambda node: (-graph.degree(node), str(graph.nodes[node].get("name", node))))
    every = np.array([places[node] for node in ranked]).reshape(-1, 2)
    # Half the widths of the markers with their rims, in pixels, which textalloc reckons in; half a pixel more, since
    # letters stand on whole ones.
    areas = _areas(graph, ranked)
    radii: list[Any] = [(math.sqrt(areas[node]) + _RIM) / 2 * _dpi(axes) / 72 + 0.5 for node in ranked]
    radius = dict(zip(ranked, radii, strict=True))
    few = len(ranked) <= _FEW
    drawn: list[Any] = []
    tried = ranked[:_NAMES]
    # textalloc weighs all names of one call alike, so that hubs would lose their place to villages around them.
    for part in (tried[:12], tried[12:60], tried[60:]):
        if not part:
            break
        points = np.array([places[node] for node in part])
        taken = [text.get_window_extent().transformed(axes.transData.inverted()) for text in drawn]
        # textalloc prints what it finds no room for, where a file may be going.
        with contextlib.redirect_stdout(io.StringIO()):
            _, _, texts, _ = textalloc.allocate(
                axes,
                points[:, 0],
                points[:, 1],
                [safe_text(str(graph.nodes[node].get("name", node))) for node in part],
                x_scatter=every[:, 0],
                y_scatter=every[:, 1],
                scatter_sizes=radii,
                text_scatter_sizes=[radius[node] for node in part],
                # What stands already is an obstacle: the outline of each name and a line across it.
                **_outlines(taken),
                textsize=6 if few else 5,
                margin=0.004,
                min_distance=0.007,
                max_distance=0.06 if few else 0.03,
                draw_all=False,
                draw_lines=True,
                linecolor="#888888",
                linewidth=0.3,
                nbr_candidates=120,
                zorder=4,
            )
        drawn += [text for text in texts if text is not None]
    for text in drawn:
        # A text with an effect is drawn as shapes, in a PDF too, so that the white around a name is a text of its own.
        around = copy(text)
        around.set_path_effects([Stroke(linewidth=1.4, foreground="white", alpha=0.85)])
        around.set_zorder(3.5)
        axes.add_artist(around)
    return len(ranked) - len(drawn)


def _outlines(boxes: list[Any]) -> dict[str, Any]:
    """Return boxes as lines in textalloc's way: around each and across it; it takes no empty lists."""
    if not boxes:
        return {}
    return {
        "x_lines": [np.array([b.x0, b.x1, b.x1, b.x0, b.x0, b.x1]) for b in boxes],
        "y_lines": [np.array([b.y0, b.y0, b.y1, b.y1, b.y0, b.y1]) for b in boxes],
    }
