"""From what a person types to the one thing meant, or to an error that says what to type instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from twingraph.errors import AmbiguousNameError, UnknownNameError
from twingraph.names import search_key
from twingraph.portraits.asking import Asker, Row, key_of
from twingraph.querying.wording import plural, shown
from twingraph.vocab import ID, PREFIXES

__all__ = ["Found", "find_municipality", "find_thing", "near_municipalities"]

_KEY = re.compile(r"(?:Q[1-9][0-9]*|m[a-z2-7]{6})\Z")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}\Z")
_TYPES = ("municipality", "country", "association", "event", "wave")
_ELSEWHERE = {"source": "`twingraph sources` describes sources", "partnership": "`twingraph explain` shows ties"}
_NEAREST = 6
_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means: its type (``municipality``, ``country``, ``association``, …) and IRI."""

    type: str
    iri: str


def find_municipality(asker: Asker, name: str, country: str | None = None) -> Found:
    """Return the municipality that a name in any language, ``Name@CC``, a key or an IRI means.

    Raises:
        UnknownNameError: there is none; near names are given.
        AmbiguousNameError: there are several; all are given with how to choose.
    """
    found = _by_id(asker, name) or _by_name(asker, name, country)
    if found is None or found.type != "municipality":
        raise _unknown(asker, name, None, ("municipality",))
    return found


def find_thing(asker: Asker, name: str, country: str | None = None) -> Found:
    """Return what a name means: a municipality first, else a country, an association, an event or a wave.

    ``country:FR``, ``association:…`` and so on name the type, which may be left out where it is clear. A
    former state is also found by the two letters that it had (``SU`` for ``SUHH``).

    Raises:
        UnknownNameError: nothing has this name.
        AmbiguousNameError: several have it.
    """
    found = _by_id(asker, name) or _by_name(asker, name, country)
    if found:
        return found
    things = asker.ask("portrait/thing-index") if country is None else []
    wanted, key = search_key(name), name.strip()
    matches = {row["subject"]: row for row in things if search_key(str(row["name"])) == wanted}
    matches |= {row["subject"]: row for row in things if key in (key_of(row["subject"]), row["code"])}
    if not matches and _TWO_LETTERS.match(key):
        codes = {row["subject"]: row for row in things if row["code"] and len(row["code"]) > len(key)}
        matches = {iri: row for iri, row in codes.items() if row["code"].startswith(key.upper())}
    if len(matches) == 1:
        row = next(iter(matches.values()))
        return Found(row["type"], row["subject"])
    if matches:
        lines = [f"{row['name']}: {row['type']}:{key_of(iri)}" for iri, row in matches.items()]
        raise AmbiguousNameError(
            f"several things are called {shown(name)}:\n  " + "\n  ".join(lines) + "\nGive one as type:key.",
            candidates=list(matches),
        )
    raise _unknown(asker, name, things, _TYPES)


def _by_id(asker: Asker, name: str) -> Found | None:
    """Return what an IRI, a key or ``type:key`` stands for; None when it is none of them."""
    text = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = text.partition(":")
    kind = ""
    if _KEY.match(text):
        kind, text = "municipality", f"{ID}municipality/{text}"
    elif prefix in _TYPES and colon:
        kind, text = prefix, f"{ID}{prefix}/{local}"
    elif colon and prefix in PREFIXES and PREFIXES[prefix].startswith(ID):
        text = PREFIXES[prefix] + local
    elif colon and prefix == "wd" and _KEY.match(local):
        text = f"{ID}municipality/{local}"
    if not text.startswith(ID):
        return None
    kind = text.removeprefix(ID).partition("/")[0]
    if kind not in _TYPES:
        hint = _ELSEWHERE.get(kind, f"show takes a {', '.join(_TYPES[:-1])} or {_TYPES[-1]}")
        raise UnknownNameError(f"{name} is no municipality; {hint}.")
    if not asker.ask("portrait/type-of", subject=text):
        raise UnknownNameError(f"the graph holds no {kind} {shown(key_of(text))}.")
    return Found(kind, text)


def _by_name(asker: Asker, name: str, country: str | None) -> Found | None:
    text, at, code = name.rpartition("@")
    if at and re.fullmatch(r"[A-Za-z]{2}", code):
        name, country = text, country or code
    if not search_key(name):
        raise UnknownNameError(f"{shown(name)} is no name; give a municipality such as Helmstedt.")
    rows = asker.ask("portrait/bearers-of-name", name=name)
    fitting = [row for row in rows if country is None or row["country"] == country.upper()]
    # A namesake without any partner stands in the gazetteer only because it was ruled out.
    likely = fitting if len(fitting) == 1 else [row for row in fitting if row["partners"]]
    if len(likely) == 1:
        return Found("municipality", likely[0]["municipality"])
    if fitting:
        raise _ambiguous(name, fitting)
    if rows:
        raise UnknownNameError(
            f"there is no {shown(name)} in {(country or '').upper()}; known are:\n  "
            + "\n  ".join(_candidate(row) for row in rows),
            candidates=[row["municipality"] for row in rows],
        )
    return None


def _candidate(row: Row) -> str:
    level = "" if row["level"] == "municipality" else f", {row['level']}"
    partners = f", {plural(row['partners'], 'partner')}" if row["partners"] else ""
    return f"{row['name']}, {row['country_name']} ({row['country']}){level}{partners}: {key_of(row['municipality'])}"


def _ambiguous(name: str, rows: list[Row]) -> AmbiguousNameError:
    first = rows[0]
    countries = [row["country"] for row in rows]
    by_country = f"a country, as in {name}@{first['country']} or --country {first['country']}, or with "
    choose = by_country if len(set(countries)) > 1 else ""
    return AmbiguousNameError(
        f"several municipalities are called {shown(name)}:\n  "
        + "\n  ".join(_candidate(row) for row in rows)
        + f"\nChoose with {choose}the key, as in {key_of(first['municipality'])}.",
        candidates=[row["municipality"] for row in rows],
    )


def _named(asker: Asker, iri: str) -> str:
    card = asker.ask_named("portrait/municipality-card", municipality=iri)[0]
    return f"{card['name']} ({card['country']})"


def _alike(wanted: str, keys: Iterable[str]) -> list[str]:
    """Return the keys worth an exact comparison, which is slow: those with the most letters in common."""
    letters = set(wanted)
    pairs = {wanted[index : index + 2] for index in range(len(wanted) - 1)}
    counted = []
    for key in keys:
        if abs(len(key) - len(wanted)) <= len(wanted) // 2 + 1:
            common = len(letters.intersection(key))
            if common * 3 >= len(letters) * 2:
                counted.append((-common - sum(pair in key for pair in pairs), abs(len(key) - len(wanted)), key))
    return [key for _, _, key in sorted(counted)[:_COMPARED]]


def near_municipalities(asker: Asker, name: str) -> list[str]:
    """Return the municipalities whose names are nearest to one that nobody bears, with their countries."""
    return _near(asker, search_key(name), _name_index(asker), {})


def _name_index(asker: Asker) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for row in asker.ask("portrait/name-index"):
        index.setdefault(str(row["key"]), []).append(row["municipality"])
    return index


def _near(asker: Asker, wanted: str, index: dict[str, list[str]], labels: dict[str, str]) -> list[str]:
    near = [key for key in index if f" {wanted} " in f" {key} "][:_NEAREST]
    near += difflib.get_close_matches(wanted, _alike(wanted, index), _NEAREST, 0.7)
    found = list(dict.fromkeys(iri for key in near for iri in index[key]))[:_NEAREST]
    return list(dict.fromkeys(labels.get(iri) or _named(asker, iri) for iri in found))


def _unknown(asker: Asker, name: str, things: list[Row] | None, types: Iterable[str]) -> UnknownNameError:
    """Say what is near, and whether sources write this name without it being identified."""
    wanted = search_key(name)
    index = _name_index(asker)
    labels = {}
    for row in things or ():
        index.setdefault(search_key(str(row["name"])), []).append(row["subject"])
        labels[row["subject"]] = f"{row['name']} ({row['type']})"
    near = _near(asker, wanted, index, labels)
    what = "municipality" if tuple(types) == ("municipality",) else "municipality, country, association or event"
    message = f"there is no {what} called {shown(name)}."
    if near:
        message += f" Near are: {'; '.join(near)}."
    open_claims = [row for row in asker.ask("portrait/unidentified") if search_key(str(row["name"])) == wanted]
    if open_claims:
        claims = ", ".join(key_of(row["claim"]) for row in open_claims[:_NEAREST])
        noun = "claim writes" if len(open_claims) == 1 else "claims write"
        message += (
            f" But {len(open_claims)} {noun} this name, and it is not yet decided which municipality is meant: "
            f"{claims}{' …' if len(open_claims) > _NEAREST else ''}; `twingraph check` lists all such names."
        )
    return UnknownNameError(message, candidates=near)
