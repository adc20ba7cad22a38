"""Networks of partnerships: from a store or a file to NetworkX graphs, by a selection that is said in words."""

from __future__ import annotations

from twingraph.networks.network import network as network

__all__ = ["network"]
