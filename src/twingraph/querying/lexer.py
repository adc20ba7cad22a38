"""SPARQL text as tokens with their places, enough to bind parameters and to judge a query.

It does not parse: whether a query is right is for the engine to say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

__all__ = ["QueryShape", "Token", "chooses_graphs", "position", "query_shape", "tokenise"]

# A bare word never holds a full stop, a prefixed name may: `true.SERVICE` is three tokens to an engine,
# `ex:a.SERVICE` one.
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
               | '''(?:[^'\\]|\\.|'(?!''))*'''
               | "(?:[^"\\\n\r]|\\.)*"
               | '(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
    | (?P<number>[0-9]+)
    | (?P<prefixed>(?:[^\W\d](?:[\w.-]*[\w-])?)?:(?:[\w.:%-]|\\.)*)
    | (?P<word>[^\W\d]\w*)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "construct"}


class Token(NamedTuple):
    """One token: its kind (a group of the pattern above), its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset behind the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class QueryShape:
    """What can be told of a query without parsing it.

    Attributes:
        form: ``select``, ``ask``, ``construct`` (``DESCRIBE`` too), or None for what is no query.
        variables: the projected variables without ``?``; None for ``SELECT *`` and other forms.
    """

    form: str | None
    variables: tuple[str, ...] | None


def tokenise(text: str) -> list[Token]:
    """Cut `text` into tokens without gaps; space and comments are tokens too.

    >>> [token.text for token in tokenise("ASK{?a a <b:c>}") if token.kind != "space"]
    ['ASK', '{', '?a', 'a', '<b:c>', '}']
    """
    return [Token(match.lastgroup or "other", match[0], match.start()) for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=256)
def query_shape(text: str) -> QueryShape:
    """Tell the form of a query and what it projects.

    >>> query_shape("SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a").variables
    ('a', 'n')
    """
    form: str | None = None
    variables: list[str] = []
    everything = False
    depth = 0
    previous = ""
    for token in tokenise(text):
        if token.kind in ("space", "comment"):
            continue
        word = token.text.upper() if token.kind == "word" else ""
        if form is None:
            form = _FORMS.get(word)
        elif depth == 0 and (token.text == "{" or word in ("WHERE", "FROM")):
            break
        elif token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
        elif token.kind == "variable" and (depth == 0 or (depth == 1 and previous == "AS")):
            variables.append(token.text[1:])
        elif depth == 0 and token.text == "*":
            everything = True
        previous = word
    return QueryShape(form, tuple(variables) if form == "select" and not everything else None)


def chooses_graphs(text: str) -> bool:
    """Tell whether a query has a dataset clause (``FROM``), so that no default graph may be forced on it."""
    # Looked for first, since cutting a query up takes longer than most lookups.
    if "from" not in text.lower():
        return False
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokenise(text))


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of an offset, as editors count them."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
