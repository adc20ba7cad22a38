"""Networks of partnerships: from a store or a file to NetworkX graphs, by a selection that is said in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twingraph.networks.network import network as network

__all__ = ["network"]


def __getattr__(name: str) -> Any:
    # A selection can be made and told without NetworkX, which takes long to import.
    if name == "network":
        from twingraph.networks.network import network

        return network
    raise AttributeError(f"module 'twingraph.networks' has no attribute {name!r}")
