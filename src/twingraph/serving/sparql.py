"""The endpoint ``/sparql``: from a request of the protocol to an answer that streams."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from twingraph.serving.description import describe_service
from twingraph.serving.negotiation import MEDIA_TYPES, RDF_TYPES, RESULT_TYPES, choose
from twingraph.serving.observing import Watch
from twingraph.serving.pool import Answer, BusyError, Pool, WorkerError
from twingraph.serving.presence import ClientGoneError, while_present
from twingraph.serving.problems import ProblemError
from twingraph.serving.protocol import Question, read_question
from twingraph.serving.settings import Settings
from twingraph.serving.snapshot import Served

__all__ = ["Endpoint", "base_url", "caching", "entity_tag", "is_known"]

#: Functions whose values change from one time to the next; what they give is never called unchanged.
_CHANGING = re.compile(r"\b(now|rand|uuid|struuid|bnode)\s*\(", re.IGNORECASE)

#: Bytes of an answer that is gathered before it is sent.
_MOST_WHOLE = 8 << 20


def base_url(request: Request, settings: Settings) -> str:
    """Return the address of the server as its visitors see it, without a slash at its end."""
    return (settings.base_url or str(request.base_url)).rstrip("/")


class Endpoint:
    """What answers queries.

    Args:
        settings: the limits.
        served: the build in use.
        watch: what counts.
    """

    def __init__(self, settings: Settings, served: Served, watch: Watch) -> None:
        self._settings = settings
        self._served = served
        self._watch = watch

    async def handle(self, request: Request) -> Response:
        """Answer a request of the SPARQL protocol, or describe the service."""
        settings = self._settings
        question = await read_question(request, max_bytes=settings.max_request_bytes, seconds=settings.request_seconds)
        if question is None:
            return self._describe(request)
        return await self.answer(request, question)

    async def answer(
        self, request: Request, question: Question, *, results: Sequence[str] = tuple(RESULT_TYPES)
    ) -> Response:
        """Return the answer to a question, in the form that the request accepts.

        Args:
            request: for its headers.
            question: the query and its dataset.
            results: media types that a SELECT or ASK can have, in the order of preference.

        Raises:
            ProblemError: the query is wrong, refused, too slow or too large, or nobody has time for it.
        """
        settings, snapshot = self._settings, self._served.now
        accept = request.headers.get("accept")
        chosen = {"select": choose(accept, results), "construct": choose(accept, list(RDF_TYPES))}
        tag = self._tag(question, chosen)
        if tag is not None and is_known(request, tag):
            return Response(status_code=304, headers=caching(tag))
        formats = {
            "select": RESULT_TYPES[chosen["select"]] if chosen["select"] else None,
            "construct": RDF_TYPES[chosen["construct"]] if chosen["construct"] else None,
        }
        asked: dict[str, Any] = {
            "query": question.text,
            "default_graphs": question.default_graphs,
            "named_graphs": question.named_graphs,
            "formats": formats,
            "max_bytes": settings.max_answer_bytes,
            "services": sorted(settings.services),
        }
        begun = time.monotonic()
        try:
            found, content = await while_present(request, _begin(snapshot.queries, asked, settings.timeout))
        except ClientGoneError:
            self._count("left", begun)
            raise
        except BusyError:
            self._count("refused", begun)
            raise ProblemError(
                503, "too many queries are running; ask again in a moment", headers={"Retry-After": "5"}
            ) from None
        except WorkerError as error:
            self._count(error.problem, begun)
            raise self._problem(error, results) from None
        if request.method == "HEAD":
            await found.close()
            self._count("answered", begun)
            response = Response(headers=caching(tag), media_type=_media_type(found, chosen))
            # Nobody knows how long the answer would be; it is not empty.
            del response.headers["content-length"]
            return response
        if content is not None:
            # Most answers are short; to stream them would cost as much as many of the queries.
            self._count("answered", begun)
            return Response(content, headers=caching(tag), media_type=_media_type(found, chosen))
        if request.scope["http_version"] == "1.0":
            return await self._whole(found, begun, caching(tag), _media_type(found, chosen))
        parts = self._parts(found, begun)
        return StreamingResponse(parts, headers=caching(tag), media_type=_media_type(found, chosen))

    async def _whole(self, found: Answer, begun: float, headers: dict[str, str], media_type: str) -> Response:
        """Gather an answer for HTTP/1.0, where a stream that breaks off can't be told from one that ended."""
        parts: list[bytes] = []
        try:
            async for part in self._parts(found, begun):
                parts.append(part)
                if sum(map(len, parts)) > _MOST_WHOLE:
                    raise ProblemError(
                        400, f"by HTTP/1.0 an answer may have {_MOST_WHOLE:,} bytes; ask by HTTP/1.1, or for less"
                    )
        except WorkerError as error:
            raise self._problem(error, ()) from None
        finally:
            await found.close()
        return Response(b"".join(parts), headers=headers, media_type=media_type)

    async def _parts(self, found: Answer, begun: float) -> AsyncIterator[bytes]:
        outcome = "stopped"
        try:
            async for part in found.parts():
                yield part
            outcome = "answered"
        except WorkerError as error:
            # What was sent can't be taken back; the connection breaks off, so that no client takes it for the whole.
            outcome = error.problem
            raise
        finally:
            await found.close()
            self._count(outcome, begun)

    async def rows(self, query: str) -> list[str]:
        """Return the first column of a query of the server's own."""
        import json

        asked = {
            "query": query,
            "default_graphs": [],
            "named_graphs": [],
            "formats": {"select": "json", "construct": None},
            "max_bytes": self._settings.max_answer_bytes,
            "services": [],
        }
        try:
            answer = await self._served.now.queries.ask(asked, self._settings.timeout)
            found = json.loads(await answer.content())
        except (BusyError, WorkerError):
            raise ProblemError(503, "the server is busy; ask again in a moment", headers={"Retry-After": "5"}) from None
        if "boolean" in found:
            return ["true"] if found["boolean"] else []
        name = found["head"]["vars"][0]
        return [row[name]["value"] for row in found["results"]["bindings"] if name in row]

    async def ask(self, query: str) -> bool:
        """Return the answer to an ASK of the server's own."""
        return bool(await self.rows(query))

    def _count(self, outcome: str, begun: float) -> None:
        self._watch.seconds.labels(outcome).observe(time.monotonic() - begun)

    def _problem(self, error: WorkerError, results: Sequence[str]) -> ProblemError:
        settings = self._settings
        if error.problem in ("refused", "syntax"):
            return ProblemError(400, str(error), line=error.line, column=error.column)
        if error.problem == "timeout":
            detail = f"the query took longer than {settings.timeout:g} s and was stopped; narrow it, or add a LIMIT"
            return ProblemError(503, detail, headers={"Retry-After": "60"})
        if error.problem == "evicted":
            detail = "the query takes long, and others are waiting: it was stopped; narrow it, or ask again later"
            return ProblemError(503, detail, headers={"Retry-After": "60"})
        if error.problem == "not-acceptable":
            return _not_acceptable(str(error), results)
        if error.problem == "not-xml":
            other = "Turtle or N-Triples" if str(error) == "construct" else "JSON, CSV or TSV"
            return ProblemError(406, f"the answer holds what can't be written as XML; ask for {other}")
        if error.problem == "too-large":
            return ProblemError(400, f"{error}; add a LIMIT, or ask for less")
        if error.problem == "memory":
            return ProblemError(503, "the query needs more memory than it may take; narrow it")
        if error.problem == "crash":
            return ProblemError(500, "the query crashed the engine, or took too much memory; simplify it")
        if error.problem == "unsupported":
            return ProblemError(400, str(error)[:1].lower() + str(error)[1:])
        return ProblemError(500, "the engine failed on this query; simplify it")

    def _tag(self, question: Question, chosen: dict[str, str | None]) -> str | None:
        if _CHANGING.search(question.text) or self._settings.services:
            return None
        parts = [self._served.now.manifest.name, question.text, *question.default_graphs, "", *question.named_graphs]
        parts += [str(value) for value in chosen.values()]
        return entity_tag(*parts)

    def _describe(self, request: Request) -> Response:
        offered = ["text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"]
        accept = request.headers.get("accept")
        if choose(accept, [*offered, "text/html"]) == "text/html":
            # A person who opens the address in a browser.
            return RedirectResponse(f"{base_url(request, self._settings)}/", 303)
        media_type = choose(accept, offered)
        if media_type is None:
            raise ProblemError(406, f"the description of the service can be had as {', '.join(offered)}")
        snapshot, base = self._served.now, base_url(request, self._settings)
        tag = entity_tag(snapshot.manifest.name, base, media_type, "service")
        if is_known(request, tag):
            return Response(status_code=304, headers=caching(tag))
        content = describe_service(
            snapshot.build,
            f"{base}/sparql",
            RDF_TYPES[media_type],
            snapshot.manifest.triples,
            bool(self._settings.services),
        )
        return Response(content, media_type=MEDIA_TYPES[RDF_TYPES[media_type]], headers=caching(tag))


async def _begin(queries: Pool, asked: dict[str, Any], timeout: float) -> tuple[Answer, bytes | None]:
    """Return an answer that has begun, and its content if that is short."""
    found = await queries.ask(asked, timeout)
    return found, await found.whole()


def _not_acceptable(form: str, results: Sequence[str]) -> ProblemError:
    offered = list(RDF_TYPES) if form == "construct" else list(results)
    return ProblemError(406, f"the answer can be had as {', '.join(dict.fromkeys(offered))}")


def _media_type(found: Answer, chosen: dict[str, str | None]) -> str:
    kind, form = found.head["kind"], found.head["format"]
    asked = chosen["construct" if kind == "construct" else "select"] or ""
    # A client that asked for a general type gets what it asked for.
    return asked if asked in ("application/json", "application/xml", "text/xml", "text/plain") else MEDIA_TYPES[form]


def caching(tag: str | None) -> dict[str, str]:
    """Return the headers that say what may be kept; None for what changes each time."""
    if tag is None:
        return {"Vary": "Accept", "Cache-Control": "no-store"}
    return {"Vary": "Accept", "Cache-Control": "no-cache", "ETag": tag}


def entity_tag(*parts: str) -> str:
    """Return the tag of what depends on these texts and nothing else."""
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode(errors="replace")).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether a client that only reads has what this tag stands for (RFC 9110, 13.1.2: compared weakly)."""
    if request.method not in ("GET", "HEAD"):
        return False
    header = request.headers.get("if-none-match", "")
    return tag in {f"W/{known.strip().removeprefix('W/')}" for known in header.split(",") if known.strip()}
