"""A NetworkX backend: the functions of NetworkX that take long, under NetworkX's own names, in native code.

>>> import networkx as nx
>>> nx.betweenness_centrality(nx.path_graph(3), backend="twingraph")    # doctest: +SKIP
{0: 0.0, 1: 1.0, 2: 0.0}

Numbers are those that NetworkX approaches: `networkx.pagerank` stops at its `tol`, by default with an error of up to
1e-6 for each node, where this backend goes on to 1e-14 for all of them together.

Only what is computed to the same numbers is taken: simple undirected graphs without weights, samples or start
vectors. Anything else NetworkX refuses with its own message.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

    from twingraph.analysis.wiring import Wiring

__all__ = ["backend", "info"]

_FUNCTIONS = (
    "average_clustering",
    "average_shortest_path_length",
    "betweenness_centrality",
    "diameter",
    "harmonic_centrality",
    "pagerank",
    "transitivity",
)
#: Arguments that may have another value than NetworkX's own; all others must be left alone.
_TAKEN: Mapping[str, frozenset[str]] = {
    "betweenness_centrality": frozenset({"normalized"}),
    "pagerank": frozenset({"alpha"}),
}
#: Arguments that make no difference to an exact computation.
_IDLE = frozenset({"seed", "max_iter", "tol"})


def info() -> dict[str, Any]:
    """Return what NetworkX wants to know of a backend while it starts; imports nothing."""
    return {
        "backend_name": "twingraph",
        "project": "twingraph",
        "package": "twingraph",
        "short_summary": "Exact all-pairs measures in native code.",
        "functions": {name: {} for name in _FUNCTIONS},
    }


class _Converted:
    """A graph as this backend holds it."""

    __networkx_backend__ = "twingraph"

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph

    @property
    def wiring(self) -> Wiring:
        # NetworkX keeps this object even for a view, which is not told of changes; `wire` knows.
        from twingraph.analysis.wiring import wire

        return wire(self.graph)

    def is_directed(self) -> bool:
        return False

    def is_multigraph(self) -> bool:
        return False


class _Backend:
    """What NetworkX calls."""

    @staticmethod
    def convert_from_nx(graph: nx.Graph, **_: Any) -> _Converted:
        return _Converted(graph)

    @staticmethod
    def convert_to_nx(result: Any, **_: Any) -> Any:
        return result.graph if isinstance(result, _Converted) else result

    @staticmethod
    def can_run(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool | str:
        """Return whether a call can be taken, or the reason why not."""
        import inspect

        import networkx as nx

        signature = inspect.signature(getattr(nx, name))
        given = {**signature.bind(*args, **kwargs).arguments}
        graph = given.pop("G")
        if graph.is_directed() or graph.is_multigraph():
            return "the graph must be undirected, with one edge between two nodes"
        if isinstance(graph, nx.Graph) and nx.number_of_selfloops(graph):
            return "the graph must have no self-loops"
        weighted = isinstance(graph, nx.Graph) and any("weight" in values for *_, values in graph.edges(data=True))
        if weighted and "weight" in signature.parameters and signature.parameters["weight"].default == "weight":
            return "the graph must have no weights"
        for argument, value in given.items():
            if argument in ("backend", "backend_kwargs", *_IDLE, *_TAKEN.get(name, ())):
                continue
            parameter = signature.parameters.get(argument)
            if parameter is None or value != parameter.default:
                return f"{argument} must be left as it is"
        if name == "pagerank" and not 0 <= given.get("alpha", 0.85) < 1:
            return "alpha must be at least 0 and less than 1"
        return True

    def betweenness_centrality(
        self,
        G: _Converted,  # noqa: N803
        k: None = None,
        normalized: bool = True,
        *_: Any,
        **__: Any,
    ) -> dict[Hashable, float]:
        from twingraph.analysis.centrality import betweenness

        values = betweenness(G.wiring)
        pairs = (G.wiring.n - 1) * (G.wiring.n - 2) / 2
        if normalized or pairs <= 0:
            return values
        return {node: value * pairs for node, value in values.items()}

    def harmonic_centrality(self, G: _Converted, *_: Any, **__: Any) -> dict[Hashable, float]:  # noqa: N803
        from twingraph.analysis.centrality import harmonic

        return harmonic(G.wiring)

    def pagerank(self, G: _Converted, alpha: float = 0.85, *_: Any, **__: Any) -> dict[Hashable, float]:  # noqa: N803
        from twingraph.analysis.centrality import pagerank

        return pagerank(G.wiring, alpha=alpha)

    def average_shortest_path_length(self, G: _Converted, *_: Any, **__: Any) -> float:  # noqa: N803
        return float(_of_connected(G, "mean_distance"))

    def diameter(self, G: _Converted, *_: Any, **__: Any) -> int:  # noqa: N803
        return int(_of_connected(G, "diameter"))

    def transitivity(self, G: _Converted) -> float:  # noqa: N803
        return _measure(G, "transitivity") or 0

    def average_clustering(self, G: _Converted, *_: Any, **__: Any) -> float:  # noqa: N803
        if not G.wiring.n:
            raise ZeroDivisionError("the mean over no nodes is not defined")
        return _measure(G, "average_clustering") or 0.0


def _measure(graph: _Converted, name: str) -> Any:
    from twingraph.analysis.structure import measure_structure

    return measure_structure(graph.wiring, [name])[name]


def _of_connected(graph: _Converted, name: str) -> Any:
    import networkx as nx

    wiring = graph.wiring
    if wiring.n == 0:
        raise nx.NetworkXPointlessConcept("the graph has no nodes")
    if len(wiring.component_sizes) > 1:
        raise nx.NetworkXError("the graph is not connected, so some distances are infinite")
    return 0 if wiring.n == 1 else _measure(graph, name)


backend: Any = _Backend()
