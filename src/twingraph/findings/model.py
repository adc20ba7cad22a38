"""What every answer about a network consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

    from twingraph.networks.model import Network

__all__ = ["OF_CERTAIN", "Finding", "Progress", "compare", "describe", "silent"]

#: What is added to the meaning of a column that stands for the certain ties.
OF_CERTAIN = "; of the certain ties"

#: Is told what is being done, how much of it is done and how much there is: ``("distances", 3, 160)``.
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Finding:
    """One question and its answer.

    Attributes:
        key: name of its table, in JSON and for choosing it: ``countries``, ``brokers`` …
        question: as a person asks it.
        answer: sentences that a person reads, with the figures in them.
        frame: the table.
        columns: what each column of the table means, with its unit; every column is described.
        caveats: sentences on what the answer does not say.
        about: further values for JSON and for plots, such as a seed, a number of samples or a fit.
        excerpt: what of the table people read first: some of its columns or rows, or sums of them; None for the
            first rows of the table.
        digits: significant digits that people read.
    """

    key: str
    question: str
    answer: list[str]
    frame: pl.DataFrame
    columns: Mapping[str, str]
    caveats: Sequence[str] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    excerpt: pl.DataFrame | None = None
    digits: int = 4


def silent(task: str, done: int, total: int) -> None:
    """Take a report of progress and show nothing."""


def compare(network: Network, measure: Callable[[nx.Graph], pl.DataFrame], on: Sequence[str]) -> pl.DataFrame:
    """Return a table for a network whose ties may be uncertain at the chosen time.

    Where the certain and the possible graph differ, the table is made of both and each figure stands twice, with
    ``_certain`` and ``_possible`` at the end of its column; a row that only one graph has is empty in the other.

    Args:
        network: the network.
        measure: makes the table of one graph.
        on: the columns that name a row (a municipality, a country), which stay single.
    """
    import polars as pl

    widest = measure(network.possible)
    if network.certain is network.possible:
        return widest
    surest = measure(network.certain)
    figures = [name for name in widest.columns if name not in on]
    certain = surest.rename({name: f"{name}_certain" for name in figures})
    possible = widest.rename({name: f"{name}_possible" for name in figures})
    joined = possible.join(
        certain, on=list(on), how="full", coalesce=True, maintain_order="left_right", nulls_equal=True
    )
    ordered = [*on, *(f"{name}_{which}" for name in figures for which in ("certain", "possible"))]
    return joined.select(pl.col(ordered))


def describe(columns: Mapping[str, str], present: Sequence[str]) -> dict[str, str]:
    """Return what each column of a table means, also where it stands for certain and possible ties."""
    told = {}
    for name in present:
        base = name.removesuffix("_certain").removesuffix("_possible")
        suffix = name[len(base) :]
        of = {"": "", "_certain": OF_CERTAIN, "_possible": "; of the possible ties"}[suffix]
        told[name] = columns[base] + of
    return told
