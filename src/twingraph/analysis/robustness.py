"""Would a figure change if something were left out? The same measures for a declared set of variations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx

from twingraph.analysis.structure import MEASURES, measure_structure
from twingraph.analysis.wiring import wire
from twingraph.errors import AnalysisError
from twingraph.networks.model import Network, TieTable
from twingraph.networks.selecting import select
from twingraph.querying.wording import shown

__all__ = ["VARIATIONS", "Variation", "default_variations", "read_variations", "without_cliques"]

#: Sources left out one by one unless others are named: those that most ties rest on alone.
_SOURCES = 5
#: Partnerships of three or more left out one by one: those with most participants.
_UNIONS = 5
#: A group of so many places that are all tied with each other is likely a union that was written down pair by pair.
_SUSPICIOUS = 6


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to compute the figures again.

    Attributes:
        name: as it is asked for, such as ``without-source=kiel-town``.
        apply: returns the network with this changed.
    """

    name: str
    apply: Callable[[TieTable, Network], Network]


def _changing(name: str, **changes: object) -> Variation:
    return Variation(name, lambda table, network: select(table, network.selection.replace(**changes)))


def _without_domestic() -> Variation:
    return _changing("without-domestic", scope="international")


def _without(key: str, option: str) -> Variation:
    def apply(table: TieTable, network: Network) -> Network:
        return select(table, network.selection.replace(without=(*network.selection.without, key)))

    return Variation(f"{option}={key}", apply)


def _without_source(source: str) -> Variation:
    def apply(table: TieTable, network: Network) -> Network:
        left_out = (*network.selection.without_sources, source)
        return select(table, network.selection.replace(without_sources=left_out))

    return Variation(f"without-source={source}", apply)


def _without_place(key: str) -> Variation:
    def drop(graph: nx.Graph) -> nx.Graph:
        if key not in graph:
            return graph
        copy = graph.copy()
        copy.remove_node(key)
        # Those left without a tie were only there because of it.
        copy.remove_nodes_from([node for node in graph.neighbors(key) if node in copy and not copy.degree(node)])
        return copy

    def apply(table: TieTable, network: Network) -> Network:
        if key not in table.places:
            raise AnalysisError(f"without-place: there is no place {shown(key)} in the data; give its key.")
        return _with_graphs(network, drop)

    return Variation(f"without-place={key}", apply)


def _without_cliques(least: int) -> Variation:
    return Variation(
        f"without-cliques={least}",
        lambda table, network: _with_graphs(network, lambda graph: without_cliques(graph, least)),
    )


def _with_graphs(network: Network, change: Callable[[nx.Graph], nx.Graph]) -> Network:
    import dataclasses

    possible = change(network.possible)
    certain = possible if network.certain is network.possible else change(network.certain)
    return dataclasses.replace(
        network,
        certain=certain,
        possible=possible,
        selected=possible.number_of_edges(),
        certain_count=certain.number_of_edges(),
    )


def without_cliques(graph: nx.Graph, least: int) -> nx.Graph:
    """Return a copy without the edges inside groups of `least` or more nodes that are all tied with each other.

    A union of many towns that was written down as ties between every two shows as such a group. Nodes left without
    an edge are left out too.
    """
    if least < 3:
        raise AnalysisError(f"without-cliques: {least} is no size of a group; give 3 or more.")
    wiring = wire(graph)
    copy = graph.copy()
    for clique in wiring.native.maximal_cliques(min=least):
        nodes = [wiring.nodes[place] for place in clique]
        copy.remove_edges_from([(one, other) for one in nodes for other in nodes if copy.has_edge(one, other)])
    copy.remove_nodes_from([node for node in graph if graph.degree(node) and not copy.degree(node)])
    return copy


#: What can be asked for, with what it means. A ``=`` at the end wants a value.
VARIATIONS: dict[str, str] = {
    "without-domestic": "only ties between countries",
    "without-multilateral": "partnerships of three or more left out",
    "multilateral-as-star": "a partnership of three or more as a node with a tie to each participant",
    "without-union=": "one partnership left out, by its key",
    "each-union": "each partnership of three or more left out in turn",
    "without-source=": "one source not counted: ties that only it states disappear",
    "each-source": "each source that states a tie alone not counted in turn",
    "only-checked": "only ties with a claim that was checked against its source",
    "two-sources": "only ties that two sources or more state",
    "without-cliques=": "ties left out that lie in a group of so many places or more, all tied with each other",
    "without-place=": "one place left out, by its key",
}


def read_variations(texts: Sequence[str], table: TieTable, network: Network) -> list[Variation]:
    """Return the variations that texts such as ``without-domestic`` and ``without-cliques=27`` ask for.

    Raises:
        AnalysisError: a text asks for none of `VARIATIONS`, or its value is missing or wrong.
    """
    found: list[Variation] = []
    for text in texts:
        name, equals, value = text.partition("=")
        if (f"{name}=" if equals else name) not in VARIATIONS or (equals and not value):
            known = ", ".join(f"{key}VALUE" if key.endswith("=") else key for key in VARIATIONS)
            raise AnalysisError(f"there is no variation {shown(text)}; there are {known}.")
        if name == "without-cliques":
            if not value.isdecimal():
                raise AnalysisError(f"without-cliques: {shown(value)} is no number; write without-cliques=27.")
            found.append(_without_cliques(int(value)))
        elif equals:
            of_value = {
                "without-union": lambda key: _without(key, "without-union"),
                "without-source": _without_source,
                "without-place": _without_place,
            }
            found.append(of_value[name](value))
        elif name == "each-union":
            found += [_without(tie.key, "without-union") for tie in network.ties if tie.is_multilateral]
        elif name == "each-source":
            found += [_without_source(source) for source, _ in _alone(network).most_common()]
        else:
            found.append(_PLAIN[name]())
    return found


_PLAIN: dict[str, Callable[[], Variation]] = {
    "without-domestic": _without_domestic,
    "without-multilateral": lambda: _changing("without-multilateral", multilateral="exclude"),
    "multilateral-as-star": lambda: _changing("multilateral-as-star", multilateral="star"),
    "only-checked": lambda: _changing("only-checked", checked=True),
    "two-sources": lambda: _changing("two-sources", min_sources=2),
}


def default_variations(table: TieTable, network: Network) -> list[Variation]:
    """Return the variations that fit what the data says, other than those that change nothing."""
    found: list[Variation] = []
    selection = network.selection
    if "country" in table.attributes and selection.scope is None:
        found.append(_without_domestic())
    unions = sorted(
        (tie for tie in network.ties if tie.is_multilateral), key=lambda tie: (-len(tie.participants), tie.key)
    )
    if unions and selection.multilateral != "exclude":
        found += [_PLAIN["without-multilateral"](), _PLAIN["multilateral-as-star"]()]
        found += [_without(tie.key, "without-union") for tie in unions[:_UNIONS]]
    if "sources" in table.attributes:
        found += [_without_source(source) for source, _ in _alone(network).most_common(_SOURCES)]
        found.append(_PLAIN["two-sources"]())
    if (
        any(not support.is_checked for tie in network.ties for support in tie.supports)
        and "checked" in table.attributes
    ):
        found.append(_PLAIN["only-checked"]())
    if not unions and network.possible.number_of_edges():
        largest = wire(network.possible).native.clique_number()
        if largest >= _SUSPICIOUS:
            found.append(_without_cliques(largest))
    return found


def _alone(network: Network) -> Counter[str]:
    """Return how many ties rest on each source alone."""
    return Counter(tie.supports[0].source for tie in network.ties if len(tie.supports) == 1)


def check_measures(measures: Sequence[str]) -> None:
    """Raise an error if one is no measure of the structure."""
    for name in measures:
        if name not in MEASURES:
            raise AnalysisError(f"there is no measure {shown(name)}; there are {', '.join(MEASURES)}.")


@dataclass(frozen=True, slots=True)
class Varied:
    """The measures under one variation.

    Attributes:
        name: of the variation; ``as selected`` for the network as it is.
        ties: how many ties are left.
        pairs: how many pairs of places have one.
        certain, possible: the measures of the ties that certainly were in force, and of those that possibly were.
    """

    name: str
    ties: int
    pairs: int
    certain: dict[str, float | int | None]
    possible: dict[str, float | int | None]


def vary(
    table: TieTable,
    network: Network,
    variations: Sequence[Variation],
    measures: Sequence[str],
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Varied]:
    """Return the measures of the network as it is, and under each variation."""
    check_measures(measures)
    every = [Variation("as selected", lambda _, same: same), *variations]
    rows = []
    for number, variation in enumerate(every):
        if progress:
            progress("variations", number, len(every))
        changed = variation.apply(table, network)
        possible = measure_structure(changed.possible, measures)
        same = changed.certain is changed.possible
        certain = possible if same else measure_structure(changed.certain, measures)
        rows.append(Varied(variation.name, changed.selected, changed.possible.number_of_edges(), certain, possible))
    return rows
