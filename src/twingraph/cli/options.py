"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["endpoint_option", "format_option", "open_target", "store_option", "timeout_option"]

F = TypeVar("F", bound=Callable[..., Any])


def store_option(function: F) -> F:
    """``--store DIR``."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The store to read [default: build/store in a checkout, else the user's data folder].",
    )(function)


def endpoint_option(function: F) -> F:
    """``--endpoint URL``."""
    return click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a store.")(function)


def timeout_option(function: F) -> F:
    """``--timeout SECONDS``."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Stop the query after this time.",
    )(function)


def format_option(*names: str, default: str | None) -> Callable[[F], F]:
    """``--format NAME`` with the formats of a command."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(names),
        default=default,
        show_default=default is not None,
        help="Form of the output.",
    )


def open_target(store: Path | None, endpoint: str | None) -> Graph:
    """Open what ``--store`` and ``--endpoint`` name; the default store when neither is given."""
    if store is not None and endpoint is not None:
        raise click.UsageError("--store and --endpoint exclude each other; give one of them.")
    from twingraph.graph import open as open_graph

    return open_graph(endpoint or store)
