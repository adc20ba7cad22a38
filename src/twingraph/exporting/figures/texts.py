"""What figures say, in English and German."""

from __future__ import annotations

import re

__all__ = ["TEXTS", "plot_in_german"]

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "network": "Partnerships between municipalities",
        "map": "Partnerships between municipalities",
        "growth": "How the network of partnerships grew",
        "matrix": "Which countries pair",
        "chain": "How {0} is linked with {1}",
        "selection": "Selection: {0}.",
        "ties": "{0} ties between {1} places, {2} of them without a known start.",
        "ties_then": "{0} ties certainly in force, {1} possibly; {2} of these have no known start.",
        "labels": "{0} names are left out for want of room.",
        "missing": "Not on the map, for want of coordinates: {0}.",
        "missing_some": "Not on the map, for want of coordinates: {0} and {1} more.",
        "projection": "Projection: {0}. Outlines: Natural Earth.",
        "data": "Data: {0}; twingraph {1}, {2}.",
        "sources": "Sources ({0}): {1}.",
        "sources_some": "Sources ({0}): {1}, and {2} more titles in the bibliography.",
        "Lambert azimuthal equal-area": "Lambert azimuthal equal-area",
        "Equal Earth": "Equal Earth",
        "dated": "start known",
        "certain": "certainly in force",
        "possible": "possibly in force",
        "undated": "start unknown",
        "lighter": "ended or at rest",
        "others": "other countries",
        "union": "partnership of several",
        "since": "since {0}",
        "until": "until {0}",
        "sources_of_tie": "{0}, and {1} more",
        "nosources": "no source named",
        "whole_time": "Only ties of this selection count, each in all of its time.",
        "chains": "One of {0} shortest chains.",
        "places": "Shape and colour: country. Strokes across and colour: kind.",
    },
    "de": {
        "network": "Partnerschaften zwischen Kommunen",
        "map": "Partnerschaften zwischen Kommunen",
        "growth": "Wie das Netz der Partnerschaften wuchs",
        "matrix": "Welche Länder sich verbinden",
        "chain": "Wie {0} mit {1} verbunden ist",
        "selection": "Auswahl: {0}.",
        "ties": "{0} Verbindungen zwischen {1} Orten, {2} davon ohne bekannten Beginn.",
        "ties_then": "{0} Verbindungen sicher in Kraft, {1} möglicherweise; {2} davon ohne bekannten Beginn.",
        "labels": "{0} Namen fehlen, weil kein Platz ist.",
        "missing": "Nicht auf der Karte, weil Koordinaten fehlen: {0}.",
        "missing_some": "Nicht auf der Karte, weil Koordinaten fehlen: {0} und {1} weitere.",
        "projection": "Projektion: {0}. Umrisse: Natural Earth.",
        "data": "Daten: {0}; twingraph {1}, {2}.",
        "sources": "Quellen ({0}): {1}.",
        "sources_some": "Quellen ({0}): {1} und {2} weitere Titel im Literaturverzeichnis.",
        "Lambert azimuthal equal-area": "Lamberts flächentreue Azimutalprojektion",
        "Equal Earth": "Equal Earth",
        "dated": "Beginn bekannt",
        "certain": "sicher in Kraft",
        "possible": "möglicherweise in Kraft",
        "undated": "Beginn unbekannt",
        "lighter": "beendet oder ruhend",
        "others": "andere Länder",
        "union": "Partnerschaft von mehreren",
        "since": "seit {0}",
        "until": "bis {0}",
        "sources_of_tie": "{0} und {1} weitere",
        "nosources": "keine Quelle genannt",
        "whole_time": "Nur Verbindungen dieser Auswahl zählen, jede in ihrer ganzen Zeit.",
        "chains": "Eine von {0} kürzesten Ketten.",
        "places": "Form und Farbe: Land. Querstriche und Farbe: Art.",
    },
}


def plot_in_german(text: str) -> str:
    """Return in German what a plot of the report says, sentence by sentence; what it has no words for stays."""
    return " ".join(_sentence_in_german(sentence) for sentence in re.split(r"(?<=\.) ", text))


def _sentence_in_german(sentence: str) -> str:
    numbers = iter(re.findall(r"\d+", sentence))
    german = _PLOTS_IN_GERMAN.get(re.sub(r"\d+", "#", sentence))
    return sentence if german is None else re.sub("#", lambda _: next(numbers), german)


#: What the plots of the report say, where a figure shows them; # is a number.
_PLOTS_IN_GERMAN: dict[str, str] = {
    "possibly in force": "möglicherweise in Kraft",
    "certainly in force": "sicher in Kraft",
    "began in the year": "in dem Jahr begonnen",
    "ties at the end of the year": "Verbindungen am Ende des Jahres",
    "certainly begun in the year": "sicher in dem Jahr begonnen",
    "Ties in force at the end of each year: the line counts those that certainly were, the area reaches up to "
    "those that possibly were; bars are ties that certainly began in the year.": "Verbindungen, die am Ende jedes "
    "Jahres in Kraft waren: die Linie zählt die sicheren, die Fläche reicht bis zu den möglichen; Balken sind "
    "Verbindungen, die sicher in dem Jahr begannen.",
    "times as often as by chance": "mal so oft wie durch Zufall",
    "Numbers are ties between two countries; the colour says how many times as often as by chance they pair, the "
    "darker the more often.": "Zahlen sind Verbindungen zwischen zwei Ländern; die Farbe sagt, wievielmal so oft wie "
    "durch Zufall sie sich verbinden, je dunkler, desto öfter.",
    "Shown are the # of # countries with most ties; # of # tied pairs of places have an end in another.": "Gezeigt "
    "sind # von # Ländern, die mit den meisten Verbindungen; # von # verbundenen "
    "Ortspaaren haben ein Ende in einem anderen.",
}
