"""Parameters of library queries: their types, and values as SPARQL terms that can't be anything else.

A value never becomes query text by pasting: each type reads the value, refuses what it is not, and writes
one term.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from twingraph.names import search_key
from twingraph.vocab import ID, PREFIXES, XSD

__all__ = ["CONCEPT_TYPES", "TYPES", "Parameter", "bare_integer", "term_text"]

#: Types whose values are concepts of the vocabulary, given by their notation.
CONCEPT_TYPES = ("kind", "status", "field", "purpose", "level", "region", "distinction")

_INTEGER = re.compile(r"[+-]?\d{1,19}\Z", re.ASCII)
_DIGITS = re.compile(r"[+-]?\d+\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})\Z", re.ASCII)
_YEAR = re.compile(r"\d{4}\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}(?:[A-Za-z]{2})?\Z", re.ASCII)
_NOTATION = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z", re.ASCII)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f-\x9f]+\Z")
_LOCAL = re.compile(r"[\w.%-]+\Z")
# Neither XML results nor some servers can carry these; lone surrogates are no text at all.
_UNFIT = re.compile(r"[\x00\ufffe\uffff\ud800-\udfff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_QUOTED = re.compile(r'["\\\n\r\t\b\f]')
_CONTROL = re.compile(r"[\x01-\x1f\x7f]")
_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as a query's header declares it.

    Attributes:
        name: without ``?_``.
        type: one of `TYPES`.
        description: for people.
        example: a value that gives an answer on the shipped graph, as text.
        default: the value when none is given; None: there is none.
        is_required: whether a value must be given. Without value and default a variable stays open.
        enum: the only values allowed; empty: any of the type.
        description_de: for people, in German, or "".
    """

    name: str
    type: str
    description: str = ""
    example: str = ""
    default: Any = None
    is_required: bool = True
    enum: tuple[str, ...] = ()
    description_de: str = ""


def term_text(parameter: Parameter, value: object) -> str:
    """Return a value as one SPARQL term.

    Raises:
        ValueError: the value is not of the parameter's type; the message says what was expected.
    """
    if isinstance(value, str) and _UNFIT.search(value):
        raise ValueError("text without NUL, U+FFFE, U+FFFF and lone surrogates")
    if parameter.enum:
        text = _as_text(value)
        if text not in parameter.enum:
            raise ValueError(f"one of {', '.join(parameter.enum)}")
    return TYPES[parameter.type](value, parameter.type)


def bare_integer(parameter: Parameter, value: object) -> str:
    """Return a value for LIMIT or OFFSET, which take digits only.

    Raises:
        ValueError: not a whole number from 0.
    """
    term_text(parameter, value)
    number = _whole_number(value)
    if number < 0:
        raise ValueError("a whole number from 0")
    return str(number)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a whole number")
    if isinstance(value, str):
        text = value.strip()
        if not _INTEGER.match(text):
            # Python refuses to read thousands of digits, so their number is looked at first.
            raise ValueError("a whole number of at most 64 bits" if _DIGITS.match(text) else "a whole number")
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a whole number of at most 64 bits")
    return number


def _literal(text: str, datatype: str = "") -> str:
    quoted = _QUOTED.sub(lambda match: _ESCAPES[match[0]], text)
    quoted = _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04X}", quoted)
    return f'"{quoted}"^^<{XSD}{datatype}>' if datatype else f'"{quoted}"'


def _iri(value: object, _: str) -> str:
    text = str(value).strip()
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and _LOCAL.match(local):
        text = PREFIXES[prefix] + local
    text = text[1:-1] if text[:1] == "<" and text[-1:] == ">" else text
    if not _IRI.match(text):
        raise ValueError("a full IRI or a known prefix with a name")
    return f"<{text}>"


def _string(value: object, _: str) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return _literal(value)


def _integer(value: object, _: str) -> str:
    return _literal(str(_whole_number(value)), "integer")


def _decimal(value: object, _: str) -> str:
    if isinstance(value, bool):
        raise ValueError("a decimal number with a point")
    text = _decimal_text(value)
    if not _DECIMAL.match(text) and _NUMBER.match(text):
        raise ValueError("a decimal number of at most 18 digits before the point and 18 behind it")
    if not _DECIMAL.match(text):
        raise ValueError("a decimal number with a point")
    return _literal(text, "decimal")


def _decimal_text(value: object) -> str:
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    try:
        return str(value).strip()
    except ValueError:  # an int of thousands of digits
        raise ValueError("a decimal number of at most 18 digits before the point and 18 behind it") from None


def _year(value: object, _: str) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not _YEAR.match(text) or text == "0000":
        raise ValueError("a year of four digits")
    return _literal(str(int(text)), "integer")


def _date(value: object, _: str) -> str:
    text = str(value.date() if isinstance(value, datetime.datetime) else value).strip()
    try:
        if not _DATE.match(text):
            raise ValueError
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day as YYYY-MM-DD") from None
    return _literal(text, "date")


def _language(value: object, _: str) -> str:
    text = str(value).strip()
    if not _LANGUAGE.match(text):
        raise ValueError("a language tag")
    # The engine holds language tags in lower case.
    return _literal(text.lower())


def _boolean(value: object, _: str) -> str:
    text = _as_text(value).strip().lower()
    if text not in _TRUE | _FALSE:
        raise ValueError("true or false")
    return _literal("true" if text in _TRUE else "false", "boolean")


def _concept(value: object, scheme: str) -> str:
    text = str(value).strip()
    for start in (f"{ID}{scheme}/", f"{scheme}:"):
        text = text.removeprefix(start)
    if not _NOTATION.match(text):
        raise ValueError(f"the notation of a {scheme}: lower-case words joined by hyphens")
    return f"<{ID}{scheme}/{text}>"


def _country(value: object, _: str) -> str:
    text = str(value).strip().removeprefix(f"{ID}country/").removeprefix("country:")
    if not _COUNTRY.match(text):
        raise ValueError("a country code of ISO 3166: two letters, four for a former state")
    return f"<{ID}country/{text.upper()}>"


def _name(value: object, _: str) -> str:
    key = search_key(value) if isinstance(value, str) else ""
    if not key:
        raise ValueError("the name of a municipality")
    return _literal(key)


#: Every type with the function that reads a value of it and writes the term.
TYPES: Mapping[str, Callable[[object, str], str]] = {
    "iri": _iri,
    "string": _string,
    "integer": _integer,
    "decimal": _decimal,
    "year": _year,
    "date": _date,
    "language": _language,
    "boolean": _boolean,
    "country": _country,
    "name": _name,
    **dict.fromkeys(CONCEPT_TYPES, _concept),
}
