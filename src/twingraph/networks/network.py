"""The one call that makes a network: what is opened, what is selected, and the two graphs that come of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from twingraph.networks.from_graphs import read_graph
from twingraph.networks.model import Network, TieTable
from twingraph.networks.selecting import select
from twingraph.networks.selection import Selection

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["network", "read_ties"]


def network(
    target: Graph | TieTable | nx.Graph | str | os.PathLike[str] | None = None,
    selection: Selection | None = None,
    *,
    file: str | os.PathLike[str] | None = None,
    say: Callable[[str], None] = lambda _: None,
    **chosen: Any,
) -> Network:
    """Return a selection of ties as NetworkX graphs.

    >>> import twingraph
    >>> found = twingraph.network(as_of="1989-11-09", kinds="partnership")    # doctest: +SKIP
    >>> found.certain.number_of_edges(), found.possible.number_of_edges()     # doctest: +SKIP

    Args:
        target: an open graph, what `twingraph.open` takes (by default the built store), a NetworkX graph with
            attributes of the same names, or a table of ties from `read_ties`.
        selection: what to choose; by default every tie on record.
        file: instead of `target`, a file from elsewhere: GraphML, GEXF, CSV or TSV edge list, KONECT ``out.*``.
        say: is told in a few words what is being done.
        **chosen: arguments of `Selection`, instead of `selection`.

    Returns:
        A `Network`: the graphs ``certain`` and ``possible``, which are the same where no time is chosen.

    Raises:
        SelectionError: an argument can't be chosen, or the data says nothing about it.
        StoreError, DataError: the target can't be read.
    """
    wanted = selection.replace(**chosen) if selection is not None else Selection(**chosen)
    table = target if isinstance(target, TieTable) else read_ties(target, file=file, say=say)
    return select(table, wanted)


def read_ties(
    target: Graph | nx.Graph | str | os.PathLike[str] | None = None,
    *,
    file: str | os.PathLike[str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> TieTable:
    """Return all ties of a graph, a store or a file, for several selections from the same data.

    Raises:
        StoreError, DataError: the target can't be read.
    """
    if file is not None:
        from twingraph.networks.from_files import read_file

        say(f"reading {file}")
        return read_file(Path(file))
    if isinstance(target, nx.Graph):
        return read_graph(target)
    from twingraph.graph import Graph
    from twingraph.graph import open as open_graph
    from twingraph.networks.from_store import read_store

    say("reading the ties of the graph")
    if isinstance(target, Graph):
        return read_store(target)
    with open_graph(target) as graph:
        return read_store(graph)
