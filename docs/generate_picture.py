"""Draw ``docs/helmstedt.svg``, the picture in the README: Helmstedt's partners and their partners.

Drawn from the source data, so that it shows what the graph says.

Usage: python docs/generate_picture.py [--check]
"""

from __future__ import annotations

import math
import sys
from html import escape
from pathlib import Path

from committed_page import write_or_check
from twingraph.building.gazetteer_quads import display_name
from twingraph.conclusions.model import Conclusions, Partnership
from twingraph.conclusions.partnerships import conclude
from twingraph.conclusions.resolution import Resolver
from twingraph.names import search_key
from twingraph.resources import data_dir
from twingraph.sourcedata.reader import read_dataset

TARGET = Path(__file__).resolve().parent / "helmstedt.svg"
CENTRE = "Q486562"  # Helmstedt
WIDTH, HEIGHT = 1120, 900
INNER, OUTER = 190, 330
#: Colour of a tie by status; a dash pattern says the same to those who don't see the colours.
STROKES = {
    "active": ("#1b6ca8", ""),
    "unknown": ("#7a7a7a", "1 4"),
    "suspended": ("#c77700", "7 4"),
    "dormant": ("#c77700", "2 3"),
    "ended": ("#a0322d", "7 4"),
}


def main() -> int:
    return write_or_check(TARGET, draw())


def draw() -> str:
    dataset = read_dataset(data_dir())
    conclusions = conclude(dataset, Resolver(dataset))
    names = {key: display_name(place) for key, place in dataset.municipalities.items()}
    ties = _ties(conclusions)
    first = sorted(ties[CENTRE], key=lambda key: _when(ties[CENTRE][key]))
    second = {
        key: sorted(set(ties[key]) - {CENTRE} - set(first), key=lambda other: search_key(names[other])) for key in first
    }
    places, angles = _places(first, second)
    lines, dots, labels = [], [], []
    for key in first:
        tie = ties[CENTRE][key]
        lines.append(_line(places[CENTRE], places[key], tie, 2.6))
        lines += [_line(places[key], places[key, other], ties[key][other], 1.1) for other in second[key]]
        dots.append(_dot(places[key], 7, "#1b6ca8"))
        dots += [_dot(places[key, other], 3.2, "#4d4d4d") for other in second[key]]
        when = tie.start.text if tie.start else "?"
        if tie.end:
            when += f" – {tie.end.text}"
        mark = "  ≠" if tie.conflicts else ""
        labels.append(_label(places[key], angles[key], names[key], 15, f"{when}{mark}", bool(second[key])))
        labels += [
            _label(places[key, other], angles[key, other], names[other], 10.5, "", False) for other in second[key]
        ]
    dots.append(_dot(places[CENTRE], 11, "#12324a"))
    count = len({other for key in first for other in second[key]})
    title = f"Helmstedt, its {len(first)} partners and their {count} further partners"
    x, y = places[CENTRE]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(title)}" font-family="Helvetica, Arial, sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *lines,
            *dots,
            *labels,
            f'<text x="{x:.0f}" y="{y + 30:.0f}" font-size="18" font-weight="bold" text-anchor="middle" {_HALO}>Helmstedt</text>',
            *_legend(),
            "</svg>\n",
        ]
    )


_HALO = 'fill="#222" stroke="#ffffff" stroke-width="4" paint-order="stroke"'


def _ties(conclusions: Conclusions) -> dict[str, dict[str, Partnership]]:
    ties: dict[str, dict[str, Partnership]] = {}
    for found in conclusions.partnerships.values():
        if len(found.participants) == 2:
            one, other = found.participants
            ties.setdefault(one, {})[other] = found
            ties.setdefault(other, {})[one] = found
    return ties


def _when(tie: Partnership) -> str:
    return (tie.start.earliest or "9") if tie.start else "9"


def _places(
    first: list[str], second: dict[str, list[str]]
) -> tuple[dict[object, tuple[float, float]], dict[object, float]]:
    """Give each partner a sector as wide as its own partners need, in the order of the dates, from the top."""
    x, y = WIDTH / 2, HEIGHT / 2 - 20
    places: dict[object, tuple[float, float]] = {CENTRE: (x, y)}
    angles: dict[object, float] = {}
    weights = [max(len(second[key]), 2) + 1.5 for key in first]
    angle = -math.pi / 2
    for key, weight in zip(first, weights, strict=True):
        width = 2 * math.pi * weight / sum(weights)
        middle = angle + width / 2
        places[key] = (x + INNER * math.cos(middle), y + INNER * math.sin(middle))
        angles[key] = middle
        count = len(second[key])
        for number, other in enumerate(second[key]):
            turn = angle + width * (number + 1) / (count + 1)
            places[key, other] = (x + OUTER * math.cos(turn), y + OUTER * math.sin(turn))
            angles[key, other] = turn
        angle += width
    return places, angles


def _line(one: tuple[float, float], other: tuple[float, float], tie: Partnership, width: float) -> str:
    colour, dashes = STROKES[tie.status]
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"{style}/>'
    )


def _dot(place: tuple[float, float], radius: float, colour: str) -> str:
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius}" fill="{colour}"/>'


def _label(place: tuple[float, float], angle: float, name: str, size: float, when: str, is_hub: bool) -> str:
    """Write a name along its ray, never upside down; a hub's name stands beside its dot instead."""
    x, y = place
    on_left = math.cos(angle) < 0
    if when:
        shift = -14 if is_hub else 0
        anchor = "end" if on_left else "start"
        x += -12 if on_left else 12
        return (
            f'<text x="{x:.1f}" y="{y + shift:.1f}" font-size="{size}" font-weight="bold" text-anchor="{anchor}" {_HALO}>'
            f"{escape(name)}</text>"
            f'<text x="{x:.1f}" y="{y + shift + 14:.1f}" font-size="11.5" text-anchor="{anchor}" {_HALO}>{escape(when)}</text>'
        )
    turn = math.degrees(angle) + (180 if on_left else 0)
    gap = -7 if on_left else 7
    anchor = "end" if on_left else "start"
    return (
        f'<text transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f})" x="{gap}" y="3.5" font-size="{size}" '
        f'text-anchor="{anchor}" fill="#333">{escape(name)}</text>'
    )


def _legend() -> list[str]:
    parts = []
    x, y = 24, HEIGHT - 92
    rows = [
        ("active", "active"),
        ("suspended", "suspended or dormant"),
        ("ended", "ended"),
        ("unknown", "status unknown"),
    ]
    for number, (status, text) in enumerate(rows):
        colour, dashes = STROKES[status]
        style = f' stroke-dasharray="{dashes}"' if dashes else ""
        row = y + number * 20
        parts.append(
            f'<line x1="{x}" y1="{row}" x2="{x + 40}" y2="{row}" stroke="{colour}" stroke-width="2.6"{style}/>'
        )
        parts.append(f'<text x="{x + 50}" y="{row + 4}" font-size="12.5" fill="#333">{text}</text>')
    parts.append(
        f'<text x="{WIDTH - 24}" y="{HEIGHT - 32}" font-size="12.5" text-anchor="end" fill="#333">'
        "Dates as the sources state them; ≠ marks ties on which sources disagree.</text>"
    )
    return parts


if __name__ == "__main__":
    sys.exit(main())
