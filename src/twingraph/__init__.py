"""The knowledge graph of municipal partnerships.

>>> import twingraph
>>> graph = twingraph.open()                                    # doctest: +SKIP
>>> graph.query("partners", town="Helmstedt")                   # doctest: +SKIP

Importing this package is cheap: what needs rdflib, polars or pyoxigraph is imported when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twingraph.errors import TwingraphError

if TYPE_CHECKING:
    from twingraph.building import build as build
    from twingraph.graph import Graph as Graph
    from twingraph.graph import open as open
    from twingraph.networks.network import network as network

__all__ = ["Graph", "TwingraphError", "build", "network", "open"]


def __getattr__(name: str) -> Any:
    if name in ("Graph", "open"):
        from twingraph import graph

        return getattr(graph, name)
    if name == "build":
        from twingraph.building import build

        return build
    if name == "network":
        from twingraph.networks.network import network

        return network
    if name == "__version__":
        from importlib.metadata import version

        return version("twingraph")
    raise AttributeError(f"module 'twingraph' has no attribute {name!r}")
