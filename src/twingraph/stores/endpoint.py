"""One query to a remote SPARQL 1.1 endpoint, with a deadline, retries, and no trust in the answer."""

from __future__ import annotations

import contextlib
import email.utils
import importlib.metadata
import time
import urllib.error
import urllib.parse
import urllib.request

import pyoxigraph as ox

from twingraph.answers.results import Result
from twingraph.errors import EndpointError
from twingraph.querying.lexer import query_shape, tokenise
from twingraph.stores.exchange import Exchange
from twingraph.vocab import PREFIXES

__all__ = ["DEFAULT_TIMEOUT", "MAX_ANSWER_BYTES", "ask_endpoint"]

#: Seconds for everything: connecting, waiting, all attempts and the whole answer.
DEFAULT_TIMEOUT = 60.0
MAX_ANSWER_BYTES = 256 << 20

_RETRIED = (429, 503)
_MAX_ATTEMPTS = 5
_EXCERPT = 300
_ROWS_TYPE = "application/sparql-results+json"
_ROWS_TYPES = (_ROWS_TYPE, "application/json")
_TRIPLE_FORMATS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
_TRIPLES_ACCEPTED = "application/n-triples, text/turtle;q=0.9"


def ask_endpoint(
    url: str,
    text: str,
    *,
    timeout: float | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
    agent: str | None = None,
    attempts: int = _MAX_ATTEMPTS,
) -> Result:
    """Send a query and return the complete, checked answer, in the same form as from a local store.

    Rows are taken as JSON only: CSV cut short can't be told from a short answer.

    Args:
        url: the endpoint.
        text: the query; known prefixes need not be declared.
        timeout: seconds for everything; by default `DEFAULT_TIMEOUT`.
        max_bytes: the largest answer taken.
        agent: what the endpoint is told of who asks; by default twingraph's own name.
        attempts: how often it is asked where it is overloaded; who asks only once hears of the pause it wants.

    Raises:
        QueryTimeoutError: the time is over.
        EndpointError: no connection, a refusal, or an answer that is none.
    """
    deadline = time.monotonic() + (DEFAULT_TIMEOUT if timeout is None else timeout)
    request = _request(url, _with_prefixes(text), is_graph=query_shape(text).form == "construct", agent=agent)
    for attempt in range(1, attempts + 1):
        exchange = Exchange(url, deadline, max_bytes)
        try:
            content_type, body = exchange.run(request)
        except urllib.error.HTTPError as error:
            with contextlib.closing(error):
                if error.code not in _RETRIED:
                    raise _refusal(url, error) from None
                named = _named_pause(error)
                wait = float(2 ** (attempt - 1)) if named is None else named
                if time.monotonic() + wait >= deadline:
                    said = _excerpt(error.read())
                    raise EndpointError(
                        f"{url} answered {error.code} and wants {wait:g} s of pause, longer than the time "
                        f"allowed; try again later{'. It says: ' if said else ''}{said}",
                        url=url,
                        status=error.code,
                        pause=wait,
                    ) from None
                if attempt == attempts:
                    raise _refusal(url, error, attempts, named) from None
            time.sleep(wait)
            continue
        return _read_answer(url, text, content_type, body)
    raise AssertionError("the last attempt returns or raises")


def _request(url: str, text: str, *, is_graph: bool, agent: str | None = None) -> urllib.request.Request:
    from SPARQLWrapper import POST, URLENCODED, SPARQLWrapper

    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(f"{url} is no address of an endpoint; it starts with http:// or https://", url=url)
    version = importlib.metadata.version("twingraph")
    wrapper = SPARQLWrapper(url, agent=agent or f"twingraph/{version} (+https://w3id.org/twingraph) SPARQLWrapper/2")
    wrapper.setMethod(POST)
    # Virtuoso hangs on a query sent as the body itself.
    wrapper.setRequestMethod(URLENCODED)
    wrapper.setOnlyConneg(True)
    wrapper.setQuery(text)
    # It guesses from the words of comments, too, and would send a query as an update.
    wrapper.queryType = "CONSTRUCT" if is_graph else "SELECT"
    request: urllib.request.Request = wrapper._createRequest()
    request.add_header("Accept", _TRIPLES_ACCEPTED if is_graph else _ROWS_TYPE)
    return request


def _with_prefixes(text: str) -> str:
    """Declare the known prefixes that a query uses and leaves out, as local stores do."""
    used: set[str] = set()
    declared: set[str] = set()
    before = ""
    for token in tokenise(text):
        if token.kind in ("space", "comment"):
            continue
        if token.kind == "prefixed":
            (declared if before == "PREFIX" else used).add(token.text.partition(":")[0])
        before = token.text.upper()
    missing = sorted(prefix for prefix in used - declared if prefix in PREFIXES)
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + text


def _named_pause(error: urllib.error.HTTPError) -> float | None:
    """Return how long to wait before another attempt, as the server says; None where it does not."""
    wanted = (error.headers.get("Retry-After") or "").strip()
    if wanted.isdigit():
        return float(wanted)
    if wanted:
        with contextlib.suppress(ValueError, TypeError):
            return max(0.0, email.utils.parsedate_to_datetime(wanted).timestamp() - time.time())
    return None


def _refusal(url: str, error: urllib.error.HTTPError, attempts: int = 1, pause: float | None = None) -> EndpointError:
    code = error.code
    said = _excerpt(error.read())
    if 300 <= code < 400:
        target = error.headers.get("Location", "")
        what = f"redirects to {urllib.parse.urljoin(url, target)}; give that address if it can be trusted"
    elif code == 400:
        what = f"takes the query for wrong: {said}"
    elif code in (401, 403):
        what = f"refuses access ({code}): {said}"
    elif code in (404, 405):
        what = f"is no SPARQL endpoint ({code}); check the path, often it ends in /sparql or /query"
    elif code in _RETRIED:
        stayed = f" and stayed so for {attempts} attempts" if attempts > 1 else ""
        what = f"is overloaded ({code}){stayed}; try again later"
    else:
        what = f"failed with status {code}: {said}"
    return EndpointError(f"{url} {what}", url=url, status=code, pause=pause)


def _excerpt(body: bytes) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in body.decode(errors="replace")).split())
    return (text[:_EXCERPT] + "…" if len(text) > _EXCERPT else text) or "(no reason given)"


def _read_answer(url: str, text: str, content_type: str, body: bytes) -> Result:
    shape = query_shape(text)
    is_graph = shape.form == "construct"
    accepted = tuple(_TRIPLE_FORMATS) if is_graph else _ROWS_TYPES
    if content_type not in accepted:
        raise EndpointError(
            f"{url} answered with {content_type} instead of {accepted[0]}; is it a SPARQL endpoint? "
            f"It says: {_excerpt(body)}",
            url=url,
            status=200,
        )
    try:
        if is_graph:
            quads = ox.parse(body, format=_TRIPLE_FORMATS[content_type])
            triples = (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
            return Result("construct", ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
        result = _read_rows(body)
    except (SyntaxError, ValueError, OSError) as error:
        reason = error.args[0] if error.args else error
        raise EndpointError(
            f"{url} sent an answer that is cut off or broken ({reason}); nothing of it was taken. "
            "Often the server ran into its own time limit: narrow the query",
            url=url,
            status=200,
        ) from error
    if shape.form == "ask" and result.kind == "select":
        result = _virtuoso_answer(result)
    expected = set(shape.variables or result.variables)
    if result.kind != shape.form or set(result.variables) != expected:
        raise EndpointError(
            f"{url} answered another question: asked for {', '.join(sorted(expected)) or shape.form}, "
            f"got {', '.join(sorted(result.variables)) or result.kind}",
            url=url,
            status=200,
        )
    return result


def _virtuoso_answer(result: Result) -> Result:
    """Read a row of ``__ASK_RETVAL``, which Virtuoso sends for ASK in place of a boolean."""
    if result.variables != ("__ASK_RETVAL",):
        return result
    is_true = any(str(row[0]) in ("1", "true") for row in result.rows)
    return Result("ask", b"true" if is_true else b"false")


def _read_rows(body: bytes) -> Result:
    answer = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    try:
        if isinstance(answer, ox.QueryBoolean):
            return Result("ask", b"true" if answer else b"false")
        return Result("select", answer.serialize(format=ox.QueryResultsFormat.TSV) or b"")
    finally:
        # An error's traceback would keep it, and it must not be freed in another thread.
        del answer
