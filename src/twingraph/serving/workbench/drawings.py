"""Small pictures within a page, as SVG: a map, the partners around a town, the ties along time."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from twingraph.dates import parse_edtf
from twingraph.exporting.cartography import boundary, chart, outlines
from twingraph.exporting.colours import GREY, KIND_COLOURS
from twingraph.exporting.layouts import positions

if TYPE_CHECKING:
    import networkx as nx

    from twingraph.portraits.model import Tie

__all__ = ["draw_map", "draw_network", "draw_timeline"]

_WIDTH, _HEIGHT = 520.0, 340.0
_ROW = 20
_LABELLED = 14


def draw_map(graph: nx.Graph, centre: str, label: str) -> str | None:
    """Return the places of a network on a map; None where none has coordinates.

    Args:
        graph: with ``lat``, ``long`` and ``name`` of its nodes.
        centre: the node that stands out.
        label: what the picture shows, for those who don't see it.
    """
    found = chart(graph)
    if not found.places:
        return None
    middle: tuple[float, float]
    (left, bottom), (right, top) = found.extent
    grown = max(right - left, (top - bottom) * _WIDTH / _HEIGHT) * 1.15
    middle = (left + right) / 2, (bottom + top) / 2
    edge = boundary(found.projection)
    if edge is not None:
        # On a map of the world the picture stays within the world.
        grown = min(grown, float(np.ptp(edge[:, 0])))
        spare = np.abs(edge).max(axis=0) - np.array([grown / 2, grown / 2 * _HEIGHT / _WIDTH])
        x, y = np.clip(middle, -np.maximum(spare, 0), np.maximum(spare, 0)).tolist()
        middle = x, y
    scale = _WIDTH / grown

    def at(points: Any) -> Any:
        flat = np.asarray(points, dtype=float).reshape(-1, 2)
        return np.column_stack(
            [_WIDTH / 2 + (flat[:, 0] - middle[0]) * scale, _HEIGHT / 2 - (flat[:, 1] - middle[1]) * scale]
        )

    parts = []
    if edge is None:
        parts.append(f'<rect width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" fill="#eef3f7"/>')
    else:
        parts.append(f'<path d="{_path(at(edge))}" fill="#eef3f7"/>')
    for ring in outlines(found.projection):
        shown = at(ring)
        low, high = shown.min(axis=0), shown.max(axis=0)
        if (high < 0).any() or low[0] > _WIDTH or low[1] > _HEIGHT or (high - low).max() < 1:
            continue
        # Coasts to the pixel: more would be the larger part of the page.
        parts.append(f'<path d="{_path(shown, digits=0)}" fill="#e6e2d8" stroke="#b8b2a3" stroke-width=".5"/>')
    for (one, other), lines in found.lines.items():
        colour = KIND_COLOURS.get(graph.edges[one, other].get("kind", ""), GREY)
        for line in lines:
            drawn = _path(at(line), closed=False)
            parts.append(f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="1.4" opacity=".75"/>')
    parts += _places(graph, centre, {node: tuple(at([place])[0]) for node, place in found.places.items()})
    return _svg(parts, _HEIGHT, label)


def draw_network(graph: nx.Graph, centre: str, label: str) -> str | None:
    """Return a network as a picture; None where it has one place only."""
    if len(graph) < 2:
        return None
    placed = positions(graph)
    points = np.array(list(placed.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1e-6)
    scale = min((_WIDTH - 170) / size[0], (_HEIGHT - 60) / size[1])
    middle = (low + high) / 2
    at = {
        node: (_WIDTH / 2 + (x - middle[0]) * scale, _HEIGHT / 2 + (y - middle[1]) * scale)
        for node, (x, y) in placed.items()
    }
    parts = []
    for one, other, values in graph.edges(data=True):
        colour = KIND_COLOURS.get(values.get("kind", ""), GREY)
        dash = "" if values["certainty"] == "certain" else ' stroke-dasharray="4 3"'
        (x1, y1), (x2, y2) = at[one], at[other]
        parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="1.4"{dash}/>'
        )
    return _svg([*parts, *_places(graph, centre, at)], _HEIGHT, label)


def draw_timeline(ties: Iterable[Tie], key: str, today: int, label: str) -> str | None:
    """Return the ties of a town as bars from their start to their end or today; None without a dated one.

    Args:
        ties: the ties.
        key: of the town, whose name is left out.
        today: the year.
        label: what the picture shows.
    """
    rows = []
    for tie in ties:
        begin, end = _year(tie.start), _year(tie.end)
        if begin is not None:
            names = ", ".join(member.name for member in tie.members if member.key != key)
            rows.append((begin, max(end or today, begin), end is not None, names, tie))
    if not rows:
        return None
    rows.sort(key=lambda row: (row[0], row[3]))
    first = min(row[0] for row in rows) // 10 * 10
    left, right = 190.0, 1000.0
    step = (right - left) / max(today - first, 1)
    height = _ROW * len(rows) + 34
    parts = []
    for year in range(first, today + 1, 10 if today - first <= 120 else 50):
        x = left + (year - first) * step
        parts.append(f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height - 22}" stroke="#e1e5ea"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{height - 6}" text-anchor="middle" font-size="12" fill="#586271">{year}</text>'
        )
    for number, (begin, end, is_over, names, tie) in enumerate(rows):
        y = _ROW * number + 4
        colour = KIND_COLOURS.get(tie.kind.id, GREY)
        shown = names if len(names) < 28 else names[:27] + "…"
        span = f"{tie.start}–{tie.end or ''}"
        parts.append(f'<text x="{left - 8}" y="{y + 11}" text-anchor="end" font-size="13">{html.escape(shown)}</text>')
        width = max((end - begin) * step, 3)
        opacity = ".55" if is_over else ".9"
        parts.append(
            f'<rect x="{left + (begin - first) * step:.1f}" y="{y}" width="{width:.1f}" height="13" rx="2" '
            f'fill="{colour}" opacity="{opacity}"><title>{html.escape(names)}: {html.escape(span)}</title></rect>'
        )
    return _svg(parts, float(height), label, width=1020.0)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        date = parse_edtf(text)
    except ValueError:
        return None
    bound = date.earliest or date.latest
    return int(bound[:4]) if bound else None


def _places(graph: nx.Graph, centre: str, at: dict[Any, tuple[float, float]]) -> list[str]:
    parts = []
    ranked = sorted(at, key=lambda node: (node != centre, -graph.degree(node), str(node)))
    taken: list[tuple[float, float, float, float]] = []
    for number, node in enumerate(ranked):
        x, y = at[node]
        name = str(graph.nodes[node].get("name", node))
        fill, radius = ("#b3261e", 5.5) if node == centre else ("#0b5cad", 4.0)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="#fff">'
            f"<title>{html.escape(name)}</title></circle>"
        )
        width = 6.4 * len(name)
        for left in (x + 8, x - 8 - width):
            box = (left, y - 8, left + width, y + 8)
            if left < 2 or box[2] > _WIDTH - 2 or any(_overlap(box, other) for other in taken):
                continue
            if number < _LABELLED:
                taken.append(box)
                parts.append(
                    f'<text x="{left:.1f}" y="{y + 4:.1f}" font-size="12" stroke="#fff" stroke-width="3" '
                    f'paint-order="stroke" fill="#1d2430">{html.escape(name)}</text>'
                )
            break
    return parts


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(points: Any, *, closed: bool = True, digits: int = 1) -> str:
    # What lies far outside of the picture may lie anywhere outside.
    rounded = np.round(np.clip(points, -3 * _WIDTH, 3 * _WIDTH), digits)
    kept = np.concatenate([[True], (np.abs(np.diff(rounded, axis=0)) > 0.4).any(axis=1)])
    text = "L".join(f"{x:g} {y:g}" for x, y in rounded[kept])
    return f"M{text}{'Z' if closed else ''}"


def _svg(parts: list[str], height: float, label: str, width: float = _WIDTH) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{html.escape(label)}" font-family="system-ui, sans-serif">{"".join(parts)}</svg>'
    )
