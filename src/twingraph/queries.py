"""The query library: documented ``.rq`` files, found by name and bound to parameters.

Nothing here runs a query.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from twingraph.errors import QueryError, QueryNotFoundError, QueryParameterError
from twingraph.lexer import Token, tokenise
from twingraph.parameters import TYPES, Parameter, bare_integer, term_text
from twingraph.resources import queries_dir
from twingraph.syntax import QuerySyntaxError

__all__ = ["BoundQuery", "LibraryQuery", "QueryLibrary", "parse_query"]

_HEADER_KEYS = frozenset({"summary", "description", "tags", "params", "columns"})
_PARAMETER_KEYS = frozenset({"type", "default", "required", "enum", "example", "description"})


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

    def relocate(self, error: QuerySyntaxError) -> QuerySyntaxError:
        """Return the error with its place and line in the text that the author wrote."""
        offset = error.offset
        for start, end, source_start, source_end in reversed(self.edits):
            if offset >= end:
                offset += source_end - end
                break
            if offset >= start:
                offset = source_start
                break
        return QuerySyntaxError(self.source, offset, error.reason, name=self.name)


@dataclass(frozen=True)
class LibraryQuery:
    """A query with its documentation.

    Attributes:
        id: path below the library without suffix, such as ``municipality/partners``.
        text: the whole file.
        summary: one line for people.
        description: a paragraph, or "".
        tags: for finding it.
        parameters: in the order of the header.
        columns: type of each column of the answer.
    """

    id: str
    text: str
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _slots(self) -> list[tuple[Token, bool]]:
        """Every place of a parameter, and whether it stands in LIMIT or OFFSET."""
        slots = []
        before = ""
        for token in tokenise(self.text):
            if token.kind in ("space", "comment"):
                continue
            if token.kind == "variable" and token.text[1] == "_" and len(token.text) > 2:
                slots.append((token, before in ("LIMIT", "OFFSET")))
            before = token.text.upper()
        return slots

    def bind(self, values: Mapping[str, object] | Iterable[tuple[str, object]] = ()) -> BoundQuery:
        """Put values in place of the parameters.

        A parameter that is not required and has neither value nor default stays a variable, so that
        ``BOUND(?_name)`` is false.

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
                self._refuse(f"the parameter {name!r} is given twice; give it once")
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
        for token, is_bare in self._slots:
            name = token.text[2:]
            if name not in values:
                if name in known and is_bare:
                    self._refuse(f"the parameter {name!r} is missing; {_expectation(known[name])}")
                continue
            parameter = known[name]
            try:
                term = (bare_integer if is_bare else term_text)(parameter, values[name])
            except ValueError as error:
                self._refuse(
                    f"the parameter {name!r} can't be {_shown(values[name])}; "
                    f"{_expectation(parameter, str(error))}"
                )
            gap = self.text[done : token.start]
            length += len(gap)
            parts += [gap, term]
            edits.append((length, length + len(term), token.start, token.end))
            length += len(term)
            done = token.end
        parts.append(self.text[done:])
        return BoundQuery("".join(parts), self.text, self.id, tuple(edits))

    def _refuse(self, what: str) -> NoReturn:
        raise QueryParameterError(f"query {self.id}: {what}" if self.id else what)

    def _refuse_unknown(self, name: str, known: list[str]) -> NoReturn:
        if not known:
            self._refuse(f"there is no parameter {name!r}; this query takes none")
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known)}"
        self._refuse(f"there is no parameter {name!r}; {hint}")


class QueryLibrary:
    """The ``.rq`` files below a directory.

    Args:
        directory: by default the library that comes with twingraph.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = queries_dir() if directory is None else directory
        self._read: dict[str, LibraryQuery] = {}

    def ids(self) -> list[str]:
        """Return the ids of all queries, sorted."""
        files = self.directory.rglob("*.rq")
        return sorted(path.relative_to(self.directory).with_suffix("").as_posix() for path in files)

    def __iter__(self) -> Any:
        """Yield all queries in the order of their ids."""
        return (self.find(query_id) for query_id in self.ids())

    def find(self, name: str) -> LibraryQuery:
        """Return the query with this id, or the only one whose last part is `name`.

        Raises:
            QueryNotFoundError: there is none, or more than one; near ones are named.
            QueryError: its header is broken.
        """
        if name not in self._read:
            query_id = self._resolve(name)
            path = self.directory / f"{query_id}.rq"
            self._read[name] = parse_query(path.read_text(encoding="utf-8-sig"), query_id)
        return self._read[name]

    def _resolve(self, name: str) -> str:
        wanted = name.removesuffix(".rq").strip("/")
        ids = self.ids()
        if wanted in ids:
            return wanted
        ending = [query_id for query_id in ids if query_id.endswith("/" + wanted)] if wanted else []
        if len(ending) == 1:
            return ending[0]
        if ending:
            raise QueryNotFoundError(
                f"several queries are called {name!r}: {', '.join(ending)}; give one in full"
            )
        last_parts = {query_id.rpartition("/")[2]: query_id for query_id in ids}
        near = difflib.get_close_matches(wanted, ids, n=3)
        near += [last_parts[part] for part in difflib.get_close_matches(wanted, last_parts, n=3)]
        hint = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`twingraph query` lists them"
        raise QueryNotFoundError(f"there is no query {name!r}; {hint}")


def parse_query(text: str, name: str = "") -> LibraryQuery:
    """Read a query and its header: the YAML behind ``#+`` at the start of lines, if there is any.

    Args:
        text: the query.
        name: its id or file, for messages.

    Raises:
        QueryError: the header is broken, or does not fit the parameters that the query uses.
    """
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    if not lines:
        return LibraryQuery(name, text)
    header = _read_header("\n".join(lines), name)
    parameters = tuple(
        _parameter(str(key), spec, name)
        for key, spec in _mapping(header.get("params"), name, "params").items()
    )
    query = LibraryQuery(
        id=name,
        text=text,
        summary=str(header.get("summary", "")).strip(),
        description=str(header.get("description", "")).strip(),
        tags=tuple(str(tag) for tag in header.get("tags") or ()),
        parameters=parameters,
        columns={str(k): str(v) for k, v in _mapping(header.get("columns"), name, "columns").items()},
    )
    used = {token.text[2:] for token, _ in query._slots}
    declared = {parameter.name for parameter in parameters}
    if used != declared:
        odd = ", ".join(sorted(used ^ declared))
        _refuse_header(name, f"params must name exactly the variables ?_… of the query; look at {odd}")
    return query


def _read_header(yaml_text: str, name: str) -> dict[str, Any]:
    import yaml

    try:
        header = yaml.load(yaml_text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1} of it" if mark else ""
        _refuse_header(name, f"it is no YAML{place}: {getattr(error, 'problem', None) or error}")
    header = _mapping(header, name, "the header")
    unknown = set(header) - _HEADER_KEYS
    if unknown:
        _refuse_header(name, f"unknown key {', '.join(sorted(map(str, unknown)))}")
    return header


def _parameter(key: str, spec: object, name: str) -> Parameter:
    spec = _mapping(spec, name, f"params.{key}")
    unknown = set(spec) - _PARAMETER_KEYS
    if unknown:
        _refuse_header(name, f"params.{key} has the unknown key {', '.join(sorted(map(str, unknown)))}")
    if spec.get("type") not in TYPES:
        _refuse_header(name, f"params.{key}.type must be one of {', '.join(sorted(TYPES))}")
    default = spec.get("default")
    return Parameter(
        name=key,
        type=spec["type"],
        description=str(spec.get("description", "")).strip(),
        example="" if spec.get("example") is None else _yaml_text(spec["example"]),
        default=None if default is None else _yaml_text(default),
        is_required=bool(spec.get("required", default is None)),
        enum=tuple(_yaml_text(value) for value in spec.get("enum") or ()),
    )


def _yaml_text(value: object) -> str:
    # YAML reads `NO`, the country, as false in some versions; headers quote it. True stays a boolean.
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _mapping(value: object, name: str, what: str) -> dict[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        _refuse_header(name, f"{what} must be keys with values")
    return value


def _refuse_header(name: str, what: str) -> NoReturn:
    raise QueryError(f"the header of the query{f' {name}' if name else ''} is broken: {what}")


def _expectation(parameter: Parameter, what: str = "") -> str:
    wanted = what or (
        f"one of {', '.join(parameter.enum)}" if parameter.enum else f"a value of type {parameter.type}"
    )
    example = f", such as {parameter.example}" if parameter.example else ""
    return f"expected is {wanted} ({parameter.type}){example}" if what else f"give {wanted}{example}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
