"""Refuses queries that would crash the engine or reach other servers, before the engine sees them.

Running time and memory are not judged here: they are limited while a query runs.
"""

from __future__ import annotations

from collections.abc import Collection

from twingraph.errors import QueryError
from twingraph.querying.lexer import Token, position, tokenise
from twingraph.querying.wording import SHOWN

__all__ = [
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "MAX_LENGTH",
    "MAX_OPERATORS",
    "MAX_PATTERNS",
    "RefusedQueryError",
    "check_query",
]

# Oxigraph 0.5.13 recurses over the query. On a stack of 8 MiB it survives 770 nested EXISTS, 900 nested
# function calls and 2,470 groups in a row (OPTIONAL, MINUS, BIND); on one of 512 KiB, which threads of some
# systems have, 50, 57 and 152, 384 operators and 156 triple patterns or path steps.
MAX_DEPTH = 40
MAX_ELEMENTS = 120
MAX_PATTERNS = 100
MAX_OPERATORS = 300
MAX_LENGTH = 1 << 20

_OPERATORS = frozenset("!+-*/|&^")
_COUNTED_WORDS = frozenset({"FILTER", "BIND", "OPTIONAL", "MINUS", "UNION", "EXISTS", "LATERAL", "AS"})
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


class RefusedQueryError(QueryError):
    """A query that no engine gets to see.

    Attributes:
        reason: why, without the place.
        offset: the place as an offset into the query text; None: all of it.
    """

    def __init__(self, text: str, offset: int | None, reason: str, *, name: str = "") -> None:
        self.reason = reason
        self.offset = offset
        line, column = (None, None) if offset is None else position(text, offset)
        where = [name] if name else []
        if offset is not None:
            where += [f"line {line}", f"column {column}"]
        super().__init__(f"{', '.join(where)}: {reason}" if where else reason, line=line, column=column)


def check_query(text: str, *, allow_service: bool | Collection[str] = False) -> None:
    """Refuse a query that is too deep or too large for the engine, or that calls another server.

    Args:
        text: the query, with its parameters bound.
        allow_service: let ``SERVICE`` through, to any address or to those given.

    Raises:
        RefusedQueryError: with the place in the query where one can be named.
    """
    if len(text) > MAX_LENGTH:
        raise RefusedQueryError(
            text,
            None,
            f"the query has {len(text):,} characters; at most {MAX_LENGTH:,} are taken. "
            "Split it, or load the data it carries into a store of its own",
        )
    mentions_service = allow_service is not True and "service" in text.lower()
    if not mentions_service and _is_small(text):
        return
    tokens = [token for token in tokenise(text) if token.kind not in ("space", "comment")]
    if mentions_service:
        _refuse_service(text, tokens, allow_service or ())  # type: ignore[arg-type]
    _refuse_overload(text, tokens)
    _refuse_ambiguity(text, tokens)


def _is_small(text: str) -> bool:
    """Tell whether a query stays within the limits even if every sign in it counted, without reading it."""
    return (
        text.count("(") + text.count("{") + text.count("[") <= MAX_DEPTH
        and text.count(".") + text.count(";") + text.count(",") + text.count("/") <= MAX_PATTERNS
        and sum(map(text.count, _OPERATORS)) <= MAX_OPERATORS
    )


def _refuse_service(text: str, tokens: list[Token], allowed: Collection[str]) -> None:
    for token, *following in zip(tokens, [*tokens[1:], None], [*tokens[2:], None, None], strict=False):
        # Oxigraph needs no space before a keyword (`trueSERVICE<x>{}` calls a server), so any word that
        # ends that way counts, and so does the prefix of a name, which may be none.
        if token.kind == "word":
            found = "SERVICE" in token.text.upper()
        elif token.kind == "prefixed":
            # `SERVICESILENT:a{}` too. A name that only has a prefix of this kind stands before no group.
            is_called = following[0] is not None and following[0].text == "{"
            found = is_called and "SERVICE" in token.text.partition(":")[0].upper()
        else:
            continue
        if found and allowed and token.text.upper() == "SERVICE":
            if following[0] is not None and following[0].text.upper() == "SILENT":
                following.pop(0)
            # Only an address written out can be compared; a name with a prefix or a variable can't.
            if following[0] is not None and following[0].kind == "iri" and following[0].text[1:-1] in allowed:
                continue
        if found:
            raise RefusedQueryError(
                text,
                token.start,
                f"SERVICE may call only {', '.join(f'<{iri}>' for iri in sorted(allowed))}, written out as here"
                if allowed
                else "SERVICE is not allowed, since it makes the store call another server; ask that endpoint itself",
            )


def _refuse_overload(text: str, tokens: list[Token]) -> None:
    brackets: list[str] = []
    elements = operators = joins = 0
    for token in tokens:
        sign = token.text
        if token.kind == "open":
            brackets.append(sign)
            if len(brackets) > MAX_DEPTH:
                raise _too_much(text, token, f"more than {MAX_DEPTH} brackets inside each other")
            elements += sign != "("
        elif token.kind == "close":
            if brackets and _CLOSERS[brackets[-1]] == sign:
                brackets.pop()
        elif token.kind == "word" and sign.upper() in _COUNTED_WORDS:
            elements += 1
        elif sign in _OPERATORS and not (sign == "^" and text[token.start - 1] in "\"'^"):
            # The ^^ of a typed literal is no operator: VALUES may hold thousands of them.
            operators += 1
        elif sign in (".", ";", ",") and brackets and brackets[-1] != "(":
            joins += 1
        if sign == "/":
            joins += 1
        if elements > MAX_ELEMENTS:
            raise _too_much(text, token, f"more than {MAX_ELEMENTS} groups, filters and bindings")
        if operators > MAX_OPERATORS:
            raise _too_much(text, token, f"more than {MAX_OPERATORS} operators")
        if joins > MAX_PATTERNS:
            raise _too_much(text, token, f"more than {MAX_PATTERNS} triple patterns and path steps")


def _too_much(text: str, token: Token, what: str) -> RefusedQueryError:
    return RefusedQueryError(
        text,
        token.start,
        f"the query has {what}, which can crash the engine; write it flatter, or put lists of values into VALUES",
    )


def _refuse_ambiguity(text: str, tokens: list[Token]) -> None:
    """Refuse ``?a<b:c#>`` in brackets, which is an IRI here and a comparison with a comment there.

    Only the grammar can tell the two apart. What follows may be code to the engine while it looks like
    a comment or a string, so nothing found above would be certain.
    """
    brackets: list[str] = []
    previous = Token("open", "{", 0)
    for token in tokens:
        if token.kind == "open":
            brackets.append(token.text)
        elif token.kind == "close" and brackets:
            brackets.pop()
        elif (
            token.kind == "iri"
            and brackets
            and brackets[-1] == "("
            and ("#" in token.text or "'" in token.text)
            and _ends_operand(previous)
        ):
            raise RefusedQueryError(
                text,
                token.start,
                f"{token.text[:SHOWN]} can be read as an IRI or as a comparison; "
                "write the IRI with a prefix, or put a space behind '<'",
            )
        previous = token


def _ends_operand(token: Token) -> bool:
    return token.kind in ("variable", "string", "language", "number", "iri", "prefixed", "word", "close")
