"""Syntax errors of the engine as messages a person can act on: place, line with a caret, short reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from twingraph.errors import QueryError
from twingraph.querying.lexer import Token, position, tokenise

__all__ = ["QuerySyntaxError", "locate_syntax_error"]

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_ITEM = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\'(?:\\.|[^\'\\])*\'|[^\]\'])*\]|[^,"\[]+')
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})

# Wider than the longest keyword, so that an error inside one token is never reported in the next.
_GAP = " " * 48
# Longer queries are written by programs; the engine's own place has to do for them.
_SPREAD_TOKENS = 5_000
_SHOWN_TOKENS = 8
_SHOWN_WIDTH = 100


class QuerySyntaxError(QueryError):
    """A query that is not SPARQL, with its line and a caret under the place.

    Attributes:
        reason: what is wrong, without the place.
        offset: the place as an offset into the query text.
    """

    def __init__(self, text: str, offset: int, reason: str, *, name: str = "") -> None:
        self.reason = reason
        self.offset = offset
        line, column = position(text, offset)
        where = f"{name}, line {line}, column {column}" if name else f"line {line}, column {column}"
        super().__init__(f"{where}: {reason}\n{_caret(text, line, column)}", line=line, column=column)


def locate_syntax_error(text: str, message: str, parse: Callable[[str], object]) -> QuerySyntaxError:
    """Turn the engine's message into an error that points at the right token.

    Oxigraph reports where its furthest attempt ended, which is up to a keyword's length behind the
    token it could not take, and often the end of the text. Parsed again with wide gaps between the tokens,
    the place falls into the gap behind the culprit.

    Args:
        text: the query as the engine saw it.
        message: what the engine said.
        parse: parses a query without running it; raises SyntaxError.
    """
    tokens = [token for token in tokenise(text) if token.kind not in ("space", "comment")]
    found = _PLACE.match(message)
    if found is None:
        return QuerySyntaxError(text, len(text.rstrip()), message)
    reason = found[3]
    offset = _offset(text, int(found[1]), int(found[2]))
    if len(tokens) > _SPREAD_TOKENS:
        return QuerySyntaxError(text, offset, _explain(reason, None))
    spread, starts = _spread(tokens)
    try:
        parse(spread)
    except SyntaxError as error:
        again = _PLACE.match(str(error))
        if again and int(again[1]) == 1:
            reason = again[3]
            reached = int(again[2]) - 1
            index = sum(1 for _ in takewhile(lambda start: start <= reached, starts)) - 1
            offset = tokens[index].start if 0 <= index < len(tokens) else len(text.rstrip())
    unclosed = next((token for token in tokens if token.kind == "other" and token.text in "\"'"), None)
    if unclosed is not None and unclosed.start <= offset:
        # Three quotation marks are an empty string and one more where they are never closed.
        start = next((t.start for t in tokens if t.text == unclosed.text * 2 and t.end == unclosed.start), None)
        return QuerySyntaxError(
            text, unclosed.start if start is None else start, "the string that starts here is not closed"
        )
    culprit = next((token for token in tokens if token.start <= offset < token.end), None)
    if culprit is not None and culprit is tokens[0]:
        return QuerySyntaxError(text, offset, _explain_start(culprit))
    return QuerySyntaxError(text, offset, _explain(reason, culprit))


def _spread(tokens: list[Token]) -> tuple[str, list[int]]:
    """Return the query on one line with wide gaps, and where each token starts (the end comes last)."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        apart = before is None or before.end < token.start
        loose = token.text in ("{", "}", ")", "]", ";", ",") or (before is not None and before.text in "{};,")
        if apart or loose:
            parts.append(_GAP)
            length += len(_GAP)
        starts.append(length)
        # Line breaks inside a long string would move the rest to another line.
        piece = token.text.replace("\r", " ").replace("\n", " ")
        parts.append(piece)
        length += len(piece)
    starts.append(length + len(_GAP))
    return "".join([*parts, _GAP, _GAP]), starts


def _offset(text: str, line: int, column: int) -> int:
    """Return the offset of an engine's place; it counts line feeds only."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _explain(reason: str, culprit: Token | None) -> str:
    items: list[str] = [
        item.strip() for item in _ITEM.findall(reason.removeprefix("expected ").removeprefix("one of "))
    ]
    sentence: str | None = next((item for item in items if " " in item and item[:1].isalpha()), None)
    if sentence == "Prefix not found" and culprit is not None:
        return f"the prefix of {_clip(culprit.text)} is not declared; add a PREFIX line"
    if sentence == "IRI parsing failed" and culprit is not None:
        return f"{_clip(culprit.text)} is not a full IRI"
    if sentence is not None:
        return sentence[0].lower() + sentence[1:]
    near = f"unexpected {_clip(culprit.text)}" if culprit is not None else "unexpected end of the query"
    # Keywords stay out: the engine names only the longest of those it would have taken.
    expected = sorted({item.strip('"') for item in items if item.startswith('"') and "\\" not in item})
    if not expected:
        return near
    more = "" if len(expected) <= _SHOWN_TOKENS else f" or {len(expected) - _SHOWN_TOKENS} more"
    return f"{near}; expected one of {'  '.join(expected[:_SHOWN_TOKENS])}{more}"


def _explain_start(first: Token) -> str:
    if first.text.upper() in _UPDATES:
        return f"{first.text} changes data, and a store is only read here; edit the sources and build again"
    return f"unexpected {_clip(first.text)}; a query starts with PREFIX, SELECT, ASK, CONSTRUCT or DESCRIBE"


def _clip(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _caret(text: str, line: int, column: int) -> str:
    shown = re.split(r"\r\n|\n|\r", text)[line - 1].replace("\t", " ")
    start = max(0, column - 1 - _SHOWN_WIDTH // 2) if len(shown) > _SHOWN_WIDTH else 0
    cut = shown[start : start + _SHOWN_WIDTH]
    return f"  {cut}\n  {' ' * (column - 1 - start)}^"
