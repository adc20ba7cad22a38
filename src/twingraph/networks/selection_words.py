"""How a selection is said in words, in English and in German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twingraph.networks.selection import Selection

__all__ = ["LANGUAGES", "in_words"]

LANGUAGES = ("en", "de")

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "on": "ties in force on {0}",
        "in": "ties in force in {0}",
        "between": "ties in force between {0} and {1}",
        "always": "ties on record, of any date",
        "and_status": " and status",
        "status": "status {0}",
        "kind": "kind {0}",
        "level": "between places of level {0}",
        "any": "at least one end in {0}",
        "both": "both ends in {0}",
        "domestic": "only domestic ties",
        "international": "only international ties",
        "sources": "stated by {0}",
        "without_source": "without ties that only the source {0} states",
        "without_sources": "without ties that only the sources {0} state",
        "checked": "with a claim that was checked against its source",
        "min_sources": "stated by at least {0} sources",
        "without": "without {0}",
        "around_one": "within a tie of {1}",
        "around": "within {0} ties of {1}",
        "clique": "a partnership of three or more as a tie between every two of its participants",
        "star": "a partnership of three or more as a node with a tie to each participant",
        "exclude": "partnerships of three or more left out",
        "isolated": "places without a tie included",
        "no_isolated": "places without a tie left out",
        "or": "or",
        "and": "and",
    },
    "de": {
        "on": "Verbindungen, die am {0} in Kraft waren",
        "in": "Verbindungen, die {0} in Kraft waren",
        "between": "Verbindungen, die zwischen {0} und {1} in Kraft waren",
        "always": "verzeichnete Verbindungen jeden Datums",
        "and_status": " und Standes",
        "status": "Stand {0}",
        "kind": "Art {0}",
        "level": "zwischen Orten der Ebene {0}",
        "any": "mindestens ein Ende in {0}",
        "both": "beide Enden in {0}",
        "domestic": "nur Verbindungen innerhalb eines Landes",
        "international": "nur Verbindungen zwischen Ländern",
        "sources": "genannt von {0}",
        "without_source": "ohne Verbindungen, die nur die Quelle {0} nennt",
        "without_sources": "ohne Verbindungen, die nur die Quellen {0} nennen",
        "checked": "mit einer Aussage, die an ihrer Quelle geprüft wurde",
        "min_sources": "von mindestens {0} Quellen genannt",
        "without": "ohne {0}",
        "around_one": "höchstens eine Verbindung entfernt von {1}",
        "around": "höchstens {0} Verbindungen entfernt von {1}",
        "clique": "eine Partnerschaft von dreien oder mehr als Verbindung zwischen je zweien",
        "star": "eine Partnerschaft von dreien oder mehr als Knoten mit einer Verbindung zu jedem Mitglied",
        "exclude": "Partnerschaften von dreien oder mehr ausgelassen",
        "isolated": "auch Orte ohne Verbindung",
        "no_isolated": "ohne Orte, die keine Verbindung haben",
        "or": "oder",
        "and": "und",
    },
}
#: Notations of kinds, statuses, levels and continents in German; those that are missing stay as they are.
_GERMAN = {
    "partnership": "Partnerschaft",
    "friendship": "Freundschaft",
    "contact": "Kontakt",
    "project": "Projektpartnerschaft",
    "sponsorship": "Patenschaft",
    "other": "andere Form",
    "active": "aktiv",
    "suspended": "ausgesetzt",
    "dormant": "eingeschlafen",
    "ended": "beendet",
    "unknown": "unbekannt",
    "municipality": "Gemeinde",
    "district": "Kreis",
    "Europe": "Europa",
    "Asia": "Asien",
    "Africa": "Afrika",
    "North America": "Nordamerika",
    "South America": "Südamerika",
    "Oceania": "Ozeanien",
}


def in_words(selection: Selection, names: Mapping[str, str], language: str = "en") -> str:
    """Return a selection as a sentence in which places are called by their names.

    Args:
        selection: the selection.
        names: name by key; a place that is not in it is called by its key.
        language: one of `LANGUAGES`.
    """
    words = _WORDS[language]

    def say(key: str, *values: object) -> str:
        return words[key].format(*values)

    def term(value: str) -> str:
        return _GERMAN.get(value, value) if language == "de" else value

    def listed(values: Sequence[str], conjunction: str = "or") -> str:
        shown = [term(value) for value in values]
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {words[conjunction]} {shown[-1]}"

    if selection.as_of is not None:
        parts = [say("on" if len(selection.as_of) > 7 else "in", selection.as_of)]
    elif selection.period is not None:
        parts = [say("between", *selection.period)]
    else:
        parts = [say("always")]
    if selection.statuses:
        parts.append(say("status", listed(selection.statuses)))
    elif selection.days is None:
        parts[0] += say("and_status")
    if selection.kinds:
        parts.append(say("kind", listed(selection.kinds)))
    if selection.levels:
        parts.append(say("level", listed(selection.levels)))
    where = [*selection.countries, *selection.continents]
    if where:
        parts.append(say(selection.ends, listed(where)))
    if selection.scope:
        parts.append(say(selection.scope))
    if selection.sources:
        parts.append(say("sources", listed(selection.sources)))
    if selection.without_sources:
        key = "without_sources" if len(selection.without_sources) > 1 else "without_source"
        parts.append(say(key, listed(selection.without_sources, "and")))
    if selection.checked:
        parts.append(say("checked"))
    if selection.min_sources > 1:
        parts.append(say("min_sources", selection.min_sources))
    if selection.without:
        parts.append(say("without", listed(selection.without, "and")))
    if selection.around:
        centres = [f"{names[key]} ({key})" if key in names else key for key in selection.around]
        parts.append(say("around_one" if selection.steps == 1 else "around", selection.steps, listed(centres)))
    parts.append(say(selection.multilateral))
    if selection.isolated is not None:
        parts.append(say("isolated" if selection.isolated else "no_isolated"))
    return "; ".join(parts)
