"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from twingraph.stores.limits import MAX_TIMEOUT

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = [
    "endpoint_option",
    "format_option",
    "native_path",
    "open_target",
    "path_type",
    "store_option",
    "timeout_option",
]

F = TypeVar("F", bound=Callable[..., Any])


class _PathType(click.Path):
    """A path; an empty one, which would mean the current directory, is refused."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("an empty text is no path.", param, ctx)
        return super().convert(native_path(value) if isinstance(value, str) else value, param, ctx)


class _SecondsType(click.FloatRange):
    """Seconds that clocks can count."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=MAX_TIMEOUT)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


def native_path(text: str) -> str:
    """Return an argument that was read as UTF-8 in the form in which this system names files."""
    return os.fsdecode(text.encode(errors="surrogateescape")) if os.name == "posix" else text


path_type = _PathType()


def store_option(function: F) -> F:
    """``--store DIR``."""
    return click.option(
        "--store",
        type=path_type,
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
        type=_SecondsType(),
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
    if endpoint is not None and not endpoint.strip():
        raise click.UsageError("--endpoint is empty; give an address that starts with http:// or https://.")
    from twingraph.graph import open as open_graph

    return open_graph(store if endpoint is None else endpoint)
