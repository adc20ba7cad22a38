"""A documented query and the values of its parameters, put into its text as terms.

Nothing here runs a query.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, NoReturn

from twingraph.errors import QueryError, QueryParameterError
from twingraph.querying.guard import RefusedQueryError
from twingraph.querying.headers import Header, header_error, read_header
from twingraph.querying.lexer import tokenise
from twingraph.querying.parameters import Parameter, bare_integer, term_text
from twingraph.querying.syntax import QuerySyntaxError
from twingraph.querying.wording import shown

__all__ = ["BoundQuery", "LibraryQuery", "parse_query"]

_PARAMETER = re.compile(r"[?$]_\w")


class _Slot(NamedTuple):
    """A place of a parameter; in LIMIT and OFFSET it takes digits only."""

    name: str
    start: int
    end: int
    role: Literal["term", "bare", "bound"]


_WRITERS: dict[str, Callable[[Parameter, object], str]] = {
    "term": term_text,
    "bare": bare_integer,
    "bound": lambda parameter, value: "true" if term_text(parameter, value) else "",
}


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """A query with its parameters in place, which knows where they were.

    Attributes:
        text: what the engine gets.
        source: what the author wrote.
        name: the query's id or file, for messages; "" for text given directly.
        edits: start and end of each bound term in `text`, and of its variable in `source`.
    """

    text: str
    source: str
    name: str = ""
    edits: tuple[tuple[int, int, int, int], ...] = ()

    def relocate(self, error: QuerySyntaxError | RefusedQueryError) -> QueryError:
        """Return the error with its place and line in the text that the author wrote."""
        if isinstance(error, RefusedQueryError):
            offset = None if error.offset is None else self._source_offset(error.offset)
            return RefusedQueryError(self.source, offset, error.reason, name=self.name)
        return QuerySyntaxError(self.source, self._source_offset(error.offset), error.reason, name=self.name)

    def _source_offset(self, offset: int) -> int:
        for start, end, source_start, source_end in reversed(self.edits):
            if offset >= end:
                return offset + source_end - end
            if offset >= start:
                return source_start
        return offset


@dataclass(frozen=True)
class LibraryQuery:
    """A query with its documentation.

    Attributes:
        id: path below the library without suffix, such as ``municipality/partners``.
        text: the whole file.
        header: what its header says.
    """

    id: str
    text: str
    header: Header = field(default_factory=Header)

    @property
    def summary(self) -> str:
        """One line for people."""
        return self.header.summary

    @property
    def summary_de(self) -> str:
        """The same line in German, or ""."""
        return self.header.summary_de

    @property
    def description(self) -> str:
        """A paragraph, or ""."""
        return self.header.description

    @property
    def tags(self) -> tuple[str, ...]:
        """Words for finding it."""
        return self.header.tags

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the order of the header."""
        return self.header.parameters

    @property
    def columns(self) -> Mapping[str, str]:
        """The type of each column of the answer."""
        return self.header.columns

    @cached_property
    def _slots(self) -> list[_Slot]:
        """Every place where a parameter stands."""
        # Most SPARQL text has none, and cutting it up takes longer than asking it.
        if not _PARAMETER.search(self.text):
            return []
        tokens = [token for token in tokenise(self.text) if token.kind not in ("space", "comment")]
        slots = []
        for index, token in enumerate(tokens):
            if token.kind != "variable" or not _PARAMETER.match(token.text):
                continue
            around = [other.text.upper() for other in tokens[max(index - 2, 0) : index + 2]]
            if around[-4:-2] == ["BOUND", "("] and around[-1] == ")":
                slots.append(_Slot(token.text[2:], tokens[index - 2].start, tokens[index + 1].end, "bound"))
            else:
                is_bare = index > 0 and tokens[index - 1].text.upper() in ("LIMIT", "OFFSET")
                slots.append(_Slot(token.text[2:], token.start, token.end, "bare" if is_bare else "term"))
        return slots

    def bind(self, values: Mapping[str, object] | Iterable[tuple[str, object]] = ()) -> BoundQuery:
        """Put values in place of the parameters.

        A parameter that is not required and has neither value nor default stays a variable. So
        ``BOUND(?_name)`` tells whether it was given: a true ``BOUND`` is written as ``true``, since
        SPARQL allows no term in it.

        Args:
            values: by parameter; pairs may come from a command line, where a name can stand twice.

        Raises:
            QueryParameterError: unknown, missing, given twice, or not of its type.
        """
        if not self.parameters and not values:
            return BoundQuery(self.text, self.text, self.id)
        given: dict[str, object] = {}
        for name, value in values.items() if isinstance(values, Mapping) else values:
            if name in given:
                self._refuse(f"the parameter {shown(name)} is given twice; give it once")
            given[name] = value
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                self._refuse_unknown(name, list(known))
        values_by_name: dict[str, object] = {}
        for name, parameter in known.items():
            value = given.get(name, parameter.default)
            if value is not None:
                values_by_name[name] = value
            elif parameter.is_required:
                self._refuse(f"the parameter {name!r} is missing; {_expectation(parameter)}")
        return self._replace(known, values_by_name)

    def _replace(self, known: Mapping[str, Parameter], values: Mapping[str, object]) -> BoundQuery:
        parts: list[str] = []
        edits: list[tuple[int, int, int, int]] = []
        done = length = 0
        for slot in self._slots:
            name = slot.name
            if name not in values:
                if name in known and slot.role == "bare":
                    self._refuse(f"the parameter {name!r} is missing; {_expectation(known[name])}")
                continue
            parameter = known[name]
            try:
                term = _WRITERS[slot.role](parameter, values[name])
            except ValueError as error:
                self._refuse(
                    f"the parameter {name!r} can't be {shown(values[name])}; {_expectation(parameter, str(error))}"
                )
            gap = self.text[done : slot.start]
            length += len(gap)
            parts += [gap, term]
            edits.append((length, length + len(term), slot.start, slot.end))
            length += len(term)
            done = slot.end
        parts.append(self.text[done:])
        return BoundQuery("".join(parts), self.text, self.id, tuple(edits))

    def _refuse(self, what: str) -> NoReturn:
        raise QueryParameterError(f"query {self.id}: {what}" if self.id else what)

    def _refuse_unknown(self, name: str, known: list[str]) -> NoReturn:
        if not known:
            self._refuse(f"there is no parameter {shown(name)}; this query takes none")
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known)}"
        self._refuse(f"there is no parameter {shown(name)}; {hint}")


def parse_query(text: str, name: str = "") -> LibraryQuery:
    """Read a query and its header, if it has one.

    Args:
        text: the query.
        name: its id or file, for messages.

    Raises:
        QueryError: the header is broken, or does not fit the parameters that the query uses.
    """
    header = read_header(text, name)
    if header is None:
        return LibraryQuery(name, text)
    query = LibraryQuery(name, text, header)
    used = {slot.name for slot in query._slots}
    declared = {parameter.name for parameter in header.parameters}
    if used != declared:
        odd = ", ".join(sorted(used ^ declared))
        raise header_error(name, f"params must name exactly the variables ?_… of the query; look at {odd}")
    return query


def _expectation(parameter: Parameter, what: str = "") -> str:
    wanted = what or (f"one of {', '.join(parameter.enum)}" if parameter.enum else f"a value of type {parameter.type}")
    example = f", such as {parameter.example}" if parameter.example else ""
    return f"expected is {wanted} ({parameter.type}){example}" if what else f"give {wanted}{example}"
