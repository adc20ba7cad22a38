"""Why the graph holds a tie, or what joins two municipalities without one."""

from __future__ import annotations

from collections.abc import Callable

from twingraph.errors import UnknownNameError
from twingraph.portraits.asking import Asker
from twingraph.portraits.bibliography import read_sources
from twingraph.portraits.chains import find_chain, read_place
from twingraph.portraits.municipality import cited
from twingraph.portraits.reasoning import explain_tie
from twingraph.portraits.subjects import Explanation
from twingraph.portraits.things import read_thing
from twingraph.portraits.ties import gather_ties

__all__ = ["explain_pair"]


def explain_pair(
    asker: Asker, one: str, other: str, language: str = "en", name: Callable[[str], str] = str
) -> Explanation:
    """Return the partnerships of two municipalities with all claims; without one, the shortest chain.

    Args:
        asker: asks the graph, with the language of names.
        one: a municipality.
        other: the other one.
        language: of the reasons, ``en`` or ``de``.
        name: what a kind or status is called in it, by its notation.

    Raises:
        UnknownNameError: both are the same municipality.
    """
    if one == other:
        raise UnknownNameError("both names mean the same municipality; give two.")
    places = read_place(asker, one), read_place(asker, other)
    ties = gather_ties(asker, one, other)
    events = []
    associations: dict[str, list[str]] = {}
    if ties:
        events = [
            read_thing(asker, "event", row["event"], row["name"])
            for row in asker.ask("portrait/events-of-tie", one=one, other=other)
        ]
        for row in asker.ask("portrait/associations-of-tie", one=one, other=other):
            associations.setdefault(row["tie"], []).append(row["name"])
    found = Explanation(
        one=places[0],
        other=places[1],
        partnerships=ties,
        reasons={tie.iri: explain_tie(tie, language, name) for tie in ties},
        associations=associations,
        events=events,
        chain=None if ties else find_chain(asker, *places),
    )
    found.sources.extend(read_sources(asker, {evidence.source for evidence in cited(found)}))
    return found
