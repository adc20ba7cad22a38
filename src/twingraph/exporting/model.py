"""What an export is made of."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twingraph.networks.lifetimes import FIRST, FOREVER, NEVER, Lifetime
from twingraph.networks.model import Network, Origin

__all__ = ["Export", "Source", "Statement", "printable", "shown_time", "today"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source as a bibliography names it.

    Attributes:
        id: its id in the graph.
        title, publisher: as it gives them.
        url: where it is found; None where unknown.
        date: of publication, as EDTF; None where unknown.
        retrieved: when it was read, ``YYYY-MM-DD``; None where unknown.
        language: tag of its language.
    """

    id: str
    title: str
    publisher: str | None = None
    url: str | None = None
    date: str | None = None
    retrieved: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim about a tie, as a page shows it.

    Attributes:
        source: id of the source.
        locator: where in the source it stands.
        kind, status: notations; None where it says nothing.
        start, end: EDTF; None where it says nothing.
        is_checked: whether it was compared with the source.
    """

    source: str
    locator: str | None = None
    kind: str | None = None
    status: str | None = None
    start: str | None = None
    end: str | None = None
    is_checked: bool = False


@dataclass(slots=True)
class Export:
    """A network with the sources that it rests on.

    Attributes:
        network: the network; all its possible ties are written.
        sources: of these ties, by id.
        today: the day of the export, on which ties that last are cut off where a format needs an end.
        statements: what sources say of each tie, by its key; filled only for pictures that show it.
        language: of texts in pictures and pages, ``en`` or ``de``.
        countries: names of countries in this language, by code; empty for a file from elsewhere.
    """

    network: Network
    sources: Sequence[Source] = ()
    today: datetime.date = field(default_factory=lambda: today())
    statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    language: str = "en"
    countries: Mapping[str, str] = field(default_factory=dict)

    def country(self, code: str) -> str:
        """Return the name of a country in the language of the export, its code where no name is known."""
        return self.countries.get(code, code)

    def edges(self) -> Iterator[tuple[Hashable, Hashable, list[str]]]:
        """Yield the edges: both nodes, and the keys of their ties, the one that the edge shows first."""
        for one, other, edge in self.network.possible.edges(data=True):
            yield one, other, [edge["tie"], *edge.get("other_ties", "").split()]

    def keys(self) -> set[str]:
        """Return the keys of the ties that are exported; `Network.ties` also holds those of other times."""
        return {key for *_, keys in self.edges() for key in keys}

    def about(self) -> dict[str, Any]:
        """Return what every file says of itself."""
        from importlib.metadata import version

        network = self.network
        return {
            "selection": network.described(self.language),
            "data": _origin(network.origin, self.language),
            "twingraph": version("twingraph"),
            "exported": self.today.isoformat(),
            # Without a time nothing is asked of it: ties count whenever they were in force.
            **(
                {"ties": network.selected}
                if network.selection.days is None
                else {"ties_certain": network.certain_count, "ties_possible": network.selected}
            ),
            "ties_undated": network.undated,
            "sources": [source.id for source in self.sources],
        }

    def sentence(self) -> str:
        """Return what every file says of itself as one line of text, for formats with room for a comment only."""
        about = self.about()
        data, cited = ("Daten", "Quellen") if self.language == "de" else ("data", "sources")
        sources = f"; {cited}: {', '.join(about['sources'])}" if self.sources else ""
        made = f"twingraph {about['twingraph']}, {about['exported']}"
        text = f"{about['selection']}; {data}: {about['data']}; {made}{sources}"
        return " ".join(printable(text).split())


def today() -> datetime.date:
    """Return the day of an export: that of ``SOURCE_DATE_EPOCH`` where it is set, so that files can be made again.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date()
    return datetime.date.today()


def printable(text: str) -> str:
    """Return a text without the characters that XML 1.0 has no way to write (its production 2, Char)."""
    return _UNPRINTABLE.sub("", text)


_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def _origin(origin: Origin, language: str) -> str:
    """Say where the data comes from without the folders of the machine, since what is exported gets published."""
    german = language == "de"
    version = f", {'Fassung der Daten' if german else 'version of the data'} {origin.version}" if origin.version else ""
    if origin.kind == "store":
        return f"{'Wissensgraph' if german else 'knowledge graph'}{version}"
    if origin.kind == "file":
        return f"{'Datei' if german else 'file'} {Path(origin.name).name}{version}"
    return f"{origin.name}{version}" if german else str(origin)


def shown_time(life: Lifetime, today: datetime.date) -> tuple[str | None, str | None]:
    """Return first and last day on which a tie possibly was in force, for a timeline.

    The first is None where it is open. A tie that lasts gets `today` as its last day, since timelines such as Gephi's
    need an end to show it at all; the last is None only where a tie was in force on no day.
    """
    first, last = life.possible
    if life.possible == NEVER or first > last:
        return None, None
    end = today if last == FOREVER else datetime.date.fromordinal(last)
    begin = None if first == FIRST else datetime.date.fromordinal(first)
    if begin is not None and begin > end:
        end = begin
    return None if begin is None else begin.isoformat(), end.isoformat()
