"""A request of the SPARQL 1.1 Protocol (W3C 2013, section 2.1) as a question."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import ClientDisconnect, Request

from twingraph.serving.problems import ProblemError

__all__ = ["Question", "read_body", "read_question"]

_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_READ_ONLY = "this endpoint is for reading: updates (INSERT, DELETE, LOAD, CLEAR …) are refused"


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the dataset that it is asked of.

    Attributes:
        text: the query.
        default_graphs, named_graphs: IRIs; where both are empty, the query's own dataset counts.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


async def read_question(request: Request, *, max_bytes: int, seconds: float) -> Question | None:
    """Return what a request asks; None where a GET asks nothing, which means the description of the service.

    Args:
        request: by GET, by POST with a form, or by POST with the query itself.
        max_bytes: of a body.
        seconds: in which the body must be there.

    Raises:
        ProblemError: it is no request of the protocol, or it wants to change something.
    """
    pairs = _pairs(request.url.query)
    if request.method == "POST":
        media_type, charset = _content_type(request)
        if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise ProblemError(415, "send the query as it is, without Content-Encoding")
        if media_type == _UPDATE:
            raise ProblemError(403, _READ_ONLY)
        if media_type not in (_FORM, _QUERY):
            raise ProblemError(
                415, f"send the query as {_FORM} or as {_QUERY}", headers={"Accept-Post": f"{_FORM}, {_QUERY}"}
            )
        if charset not in ("utf-8", "utf8", "us-ascii"):
            raise ProblemError(415, f"the charset {charset[:40]!r} is not taken; send UTF-8")
        text = _utf_8(await read_body(request, max_bytes=max_bytes, seconds=seconds))
        if media_type == _QUERY:
            if any(name in ("query", "update") for name, _ in pairs):
                raise ProblemError(400, "the query stands in the body and in the address; give it once")
            pairs.append(("query", text))
        else:
            if any(name in ("query", "update") for name, _ in pairs):
                raise ProblemError(400, "with a form, the query stands in the body, not in the address")
            pairs += _pairs(text)
    if any(name == "update" for name, _ in pairs):
        raise ProblemError(403, _READ_ONLY)
    if any(name in ("using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise ProblemError(400, "using-graph-uri belongs to updates; a query has default-graph-uri and named-graph-uri")
    queries = [value for name, value in pairs if name == "query"]
    if not queries and request.method != "POST":
        return None
    if len(queries) != 1:
        raise ProblemError(400, f"the parameter 'query' is given {len(queries)} times; give it once")
    default, named = (
        tuple(_iri(value, name) for name, value in pairs if name == wanted)
        for wanted in ("default-graph-uri", "named-graph-uri")
    )
    return Question(queries[0], default, named)


async def read_body(request: Request, *, max_bytes: int, seconds: float) -> bytes:
    """Return a request's body.

    Raises:
        ProblemError: it is too large, or too slow.
    """
    too_large = ProblemError(413, f"the request has more than {max_bytes:,} bytes", headers={"Connection": "close"})
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > max_bytes:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > max_bytes:
                    raise too_large
                parts.append(part)
    except TimeoutError:
        raise ProblemError(
            408, f"the request was not complete after {seconds:g} s", headers={"Connection": "close"}
        ) from None
    except ClientDisconnect:
        raise ProblemError(400, "the request ended before it was complete") from None
    return b"".join(parts)


def _content_type(request: Request) -> tuple[str, str]:
    name, *parameters = (part.strip() for part in request.headers.get("content-type", "").split(";"))
    charset = "utf-8"
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return name.lower(), charset


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise ProblemError(400, "the parameters are not UTF-8, percent-encoded") from None
    except ValueError:
        raise ProblemError(400, "the request has more than 1,000 parameters") from None


def _utf_8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise ProblemError(400, f"the body is not UTF-8 (byte {error.start + 1})") from None


def _iri(text: str, name: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError:
        raise ProblemError(400, f"{name}: {text[:100]!r} is no IRI") from None
