"""``twingraph analyse``: one command for each family of questions."""

from __future__ import annotations

import click

from twingraph.cli.lazy import LazyGroup

__all__ = ["command"]

_FAMILIES = {
    "structure": "How does the network hang together? All measures in one table.",
    "centrality": "Which municipalities, countries and ties hold it together?",
    "path": "How are two municipalities linked, and since when?",
    "communities": "Which groups are tied more among themselves than with others?",
    "countries": "Which countries pair more often than chance would have it, and how far?",
    "growth": "How did the network grow, in which waves, and how long do ties last?",
    "robustness": "Would a figure change if something were left out?",
    "report": "Write a report with all of it, with plots.",
}


@click.group(
    "analyse",
    cls=LazyGroup,
    members={name: (f"twingraph.cli.analyse.{name}", line) for name, line in _FAMILIES.items()},
    epilog="Example: twingraph analyse structure --as-of 1989-11-09 --kind partnership",
)
def command() -> None:
    """Analyse how the network of ties hangs together.

    Every command takes the same options for the data (--store, --endpoint, --graph) and for the selection of ties.
    Where dates are uncertain, figures stand twice: for the ties that certainly were in force and for those that
    possibly were.
    """
