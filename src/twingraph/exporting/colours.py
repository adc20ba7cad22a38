"""Colours of pictures: Okabe and Ito's (jfly.uni-koeln.de/color), which people with any colour vision tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

import networkx as nx

__all__ = ["GREY", "KIND_COLOURS", "colours_by_country", "colours_of", "rgb"]

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442")
#: Of what has no colour of its own; 3 to 1 against paper, as WCAG 2.1 asks of pictures.
GREY = "#949494"
#: Kinds of ties.
KIND_COLOURS = {
    "partnership": "#4d4d4d",
    "friendship": "#0072B2",
    "contact": "#E69F00",
    "project": "#009E73",
    "sponsorship": "#D55E00",
    "other": "#CC79A7",
}


def colours_of(groups: Iterable[str | None]) -> dict[str, str]:
    """Return a colour for each of the seven largest groups, the largest first; all others are `GREY`."""
    counts = Counter(group for group in groups if group is not None)
    largest = sorted(counts, key=lambda group: (-counts[group], group))
    return dict(zip(largest, _COLOURS, strict=False))


def colours_by_country(graph: nx.Graph) -> dict[Hashable, str]:
    """Return the colour of every node, by its country."""
    countries = dict(graph.nodes(data="country"))
    colours = colours_of(countries.values())
    return {node: colours.get(country, GREY) for node, country in countries.items()}


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a colour as red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
