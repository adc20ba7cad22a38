"""The header of a ``.rq`` file: YAML behind ``#+`` at the start of lines, as grlc has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twingraph.errors import QueryError
from twingraph.querying.parameters import TYPES, Parameter

__all__ = ["Header", "header_error", "read_header"]

_KEYS = frozenset({"summary", "summary_de", "description", "tags", "params", "columns"})
_PARAMETER_KEYS = frozenset({"type", "default", "required", "enum", "example", "description", "description_de"})
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Header:
    """What a query says about itself.

    Attributes:
        summary: one line for people.
        summary_de: the same in German, or "".
        description: a paragraph, or "".
        tags: words for finding it.
        parameters: in the order of the file.
        columns: the type of each column of the answer.
    """

    summary: str = ""
    summary_de: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


def read_header(text: str, name: str) -> Header | None:
    """Return the header of a query, or None if it has none.

    Args:
        text: the query.
        name: its id or file, for messages.

    Raises:
        QueryError: it is no YAML, or has keys or types that do not exist.
    """
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    if not lines:
        return None
    data = _mapping(_load("\n".join(lines), name), name, "the header")
    _check_keys(data, _KEYS, name, "")
    params = _mapping(data.get("params"), name, "params")
    columns = _mapping(data.get("columns"), name, "columns")
    return Header(
        summary=_text(data, "summary"),
        summary_de=_text(data, "summary_de"),
        description=_text(data, "description"),
        tags=tuple(_strings(data.get("tags"), name, "tags")),
        parameters=tuple(_parameter(key, spec, name) for key, spec in params.items()),
        columns={key: str(value) for key, value in columns.items()},
    )


def header_error(name: str, what: str) -> QueryError:
    """Return the error for a broken header."""
    return QueryError(f"the header of the query{f' {name}' if name else ''} is broken: {what}")


def _load(text: str, name: str) -> Any:
    import yaml

    # The base loader keeps every scalar as the text it is: no country `NO` becomes false, no day a date.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 - makes nothing but strings, lists and dicts
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (its line {mark.line + 1})" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise header_error(name, f"it is no YAML{place}: {problem}") from None


def _parameter(key: str, value: object, name: str) -> Parameter:
    spec = _mapping(value, name, f"params.{key}")
    _check_keys(spec, _PARAMETER_KEYS, name, f"params.{key} has the ")
    if spec.get("type") not in TYPES:
        raise header_error(name, f"params.{key}.type must be one of {', '.join(sorted(TYPES))}")
    default = spec.get("default")
    required = spec.get("required", "true" if default is None else "false")
    if required not in _BOOLEANS:
        raise header_error(name, f"params.{key}.required must be true or false")
    return Parameter(
        name=key,
        type=spec["type"],
        description=_text(spec, "description"),
        description_de=_text(spec, "description_de"),
        example=str(spec.get("example", "")),
        default=default,
        is_required=_BOOLEANS[required],
        enum=tuple(_strings(spec.get("enum"), name, f"params.{key}.enum")),
    )


def _check_keys(data: Mapping[str, Any], known: frozenset[str], name: str, where: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise header_error(name, f"{where}unknown key {', '.join(unknown)}")


def _mapping(value: object, name: str, what: str) -> dict[str, Any]:
    if value in (None, ""):
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise header_error(name, f"{what} must be keys with values")
    return value


def _strings(value: object, name: str, what: str) -> list[str]:
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise header_error(name, f"{what} must be a list")
    return [str(item) for item in value]


def _text(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key, "")).strip()
