"""What every command on a network takes: where the ties come from, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from twingraph.cli.options import endpoint_option, open_target, path_type, store_option
from twingraph.cli.progress import Progress
from twingraph.errors import SelectionError
from twingraph.networks.selection import ENDS, KINDS, MULTILATERAL, STATUSES, Selection

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.networks.model import Network, TieTable

__all__ = ["Request", "find_key", "network_options"]

F = TypeVar("F", bound=Callable[..., Any])

_SELECTION_NAMES = (
    *("as_of", "period", "kinds", "statuses", "levels", "countries", "continents", "ends", "sources"),
    *("without_sources", "checked", "min_sources", "without", "multilateral", "around", "steps", "isolated"),
)


@dataclass(slots=True)
class Request:
    """What a command was asked to work on.

    Attributes:
        selection: the ties that are chosen.
        store, endpoint, file: where they come from; at most one is given.
    """

    selection: Selection
    store: Path | None
    endpoint: str | None
    file: Path | None

    @contextmanager
    def opened(self) -> Iterator[tuple[TieTable, Graph | None]]:
        """Read all ties; yield them with the open graph, which is None for a file."""
        from twingraph.networks.network import read_ties

        with Progress() as progress:
            if self.file is not None:
                table = read_ties(file=self.file, say=progress.say)
                progress.clear()
                self._find_places(table, None)
                yield table, None
                return
            with open_target(self.store, self.endpoint) as graph:
                table = read_ties(graph, say=progress.say)
                progress.clear()
                self._find_places(table, graph)
                yield table, graph

    def _find_places(self, table: TieTable, graph: Graph | None) -> None:
        """Put keys in the place of the names that the selection is around."""
        if self.selection.around:
            keys = [find_key(table, graph, name) for name in self.selection.around]
            self.selection = self.selection.replace(around=keys)

    def network(self) -> Network:
        """Read the ties and choose."""
        from twingraph.networks.selecting import select

        with self.opened() as (table, _):
            return select(table, self.selection)

    def words(self) -> list[str]:
        """Return the words of the command line that name the same data and selection."""
        words: list[str] = []
        for name, value in (("--store", self.store), ("--endpoint", self.endpoint), ("--graph", self.file)):
            if value is not None:
                words += [name, str(value)]
        return [*words, *self.selection.options()]


def find_key(table: TieTable, graph: Graph | None, name: str) -> str:
    """Return the key of the place that a name means: one of the gazetteer, or one of the file.

    Raises:
        UnknownNameError, AmbiguousNameError: there is none, or several; the message says what to type.
    """
    if graph is None:
        from twingraph.networks.places import find_place

        return find_place({key: place.name for key, place in table.places.items()}, name)
    from twingraph.portraits.asking import Asker, key_of
    from twingraph.portraits.finding import find_municipality

    return key_of(find_municipality(Asker(graph), name).iri)


def network_options(function: F) -> F:
    """The options that name the data and the selection; the command gets them as one `Request`."""
    import functools

    @functools.wraps(function)
    def call(**values: Any) -> Any:
        store, endpoint, file = values.pop("store"), values.pop("endpoint"), values.pop("graph_file")
        if sum(value is not None for value in (store, endpoint, file)) > 1:
            raise click.UsageError("--store, --endpoint and --graph exclude each other; give one of them.")
        chosen = {name: values.pop(name) for name in _SELECTION_NAMES}
        given = click.get_current_context().get_parameter_source("steps")
        if given is click.core.ParameterSource.COMMANDLINE and not chosen["around"]:
            raise click.UsageError("--steps says how far around a place; give --around NAME with it.")
        domestic, international = values.pop("domestic"), values.pop("international")
        if domestic and international:
            raise click.UsageError("--domestic and --international exclude each other; without either both count.")
        if chosen["period"] is not None:
            first, slash, last = chosen["period"].partition("/")
            if not slash:
                raise click.UsageError("--period takes two dates, as in 1945/1989; for one date take --as-of.")
            chosen["period"] = (first, last)
        try:
            scope = "domestic" if domestic else "international" if international else None
            selection = Selection(scope=scope, **chosen)
        except SelectionError as error:
            raise click.UsageError(str(error)) from None
        return function(request=Request(selection, store, endpoint, file), **values)

    for option in reversed(_OPTIONS):
        call = option(call)
    return call  # type: ignore[return-value]


def _many(name: str, parameter: str, help: str, metavar: str, type: Any = None) -> Callable[[F], F]:
    return click.option(name, parameter, multiple=True, metavar=metavar, type=type, help=help + " May be repeated.")


_OPTIONS: list[Callable[[Any], Any]] = [
    store_option,
    endpoint_option,
    click.option(
        "--graph",
        "graph_file",
        type=path_type,
        metavar="FILE",
        help="A network from elsewhere instead: GraphML, GEXF, CSV or TSV edge list (- for stdin), KONECT out.*.",
    ),
    click.option("--as-of", metavar="DATE", help="Ties in force on a day, in a month or year, or today."),
    click.option("--period", metavar="FROM/TO", help="Ties in force at some moment between two dates."),
    _many("--kind", "kinds", "Only ties of this kind.", "KIND", click.Choice(KINDS)),
    _many("--status", "statuses", "Only ties of this present status.", "STATUS", click.Choice(STATUSES)),
    _many("--level", "levels", "Only ties between places of this level.", "LEVEL"),
    _many("--country", "countries", "Only ties with an end in this country.", "CC"),
    _many("--continent", "continents", "Only ties with an end on this continent.", "NAME"),
    click.option(
        "--ends",
        type=click.Choice(ENDS),
        default="any",
        show_default=True,
        help="Whether --country and --continent ask for one end of a tie or both.",
    ),
    click.option("--domestic", is_flag=True, help="Only ties within a country."),
    click.option("--international", is_flag=True, help="Only ties between countries."),
    _many("--source", "sources", "Only ties that this source states.", "ID"),
    _many("--without-source", "without_sources", "Without ties that only this source states.", "ID"),
    click.option("--checked", is_flag=True, help="Only ties with a claim that was checked against its source."),
    click.option(
        "--min-sources",
        type=click.IntRange(min=1),
        default=1,
        metavar="N",
        help="Only ties that at least N sources state.",
    ),
    _many("--without", "without", "Leave out this tie, such as union-douzelage.", "TIE"),
    click.option(
        "--multilateral",
        type=click.Choice(MULTILATERAL),
        default="clique",
        show_default=True,
        help="How a partnership of three or more counts: a tie between every two, a node of its own, not at all.",
    ),
    _many("--around", "around", "Only what lies within --steps ties of this municipality.", "NAME"),
    click.option("--steps", type=click.IntRange(min=0), default=1, show_default=True, help="Ties away from --around."),
    click.option(
        "--isolated/--no-isolated",
        default=None,
        help="Count places without a tie [default: those of a file, not those of a store].",
    ),
]
