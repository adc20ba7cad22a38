"""The application: its routes, and what holds for every request."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twingraph.serving.api import Api
from twingraph.serving.description import describe_dataset
from twingraph.serving.negotiation import MEDIA_TYPES, RDF_TYPES, choose
from twingraph.serving.observing import Watch
from twingraph.serving.pool import WorkerError
from twingraph.serving.problems import ProblemError
from twingraph.serving.settings import MOST_REQUESTS, Settings
from twingraph.serving.snapshot import Served
from twingraph.serving.sparql import Endpoint, base_url, caching, entity_tag, is_known
from twingraph.serving.workbench.routes import language
from twingraph.serving.workbench.routes import routes as workbench

__all__ = ["create_app"]

_LOG = logging.getLogger("uvicorn.error")
_VOID_TYPES = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
#: For everyone: a page may load nothing but what comes from here, and nobody may put it into a frame.
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


def create_app(settings: Settings) -> Starlette:
    """Return the application for a store.

    Raises:
        StoreError: there is no store, or it is damaged.
    """
    served = Served(settings)
    watch = Watch(served)
    endpoint = Endpoint(settings, served, watch)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await served.start()
        try:
            yield
        finally:
            await served.stop()

    async def health(_: Request) -> Response:
        manifest = served.now.manifest
        return JSONResponse(
            {"status": "ok", "build": manifest.name, "triples": manifest.triples}, headers={"Cache-Control": "no-store"}
        )

    async def metrics(_: Request) -> Response:
        return Response(watch.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def void(request: Request) -> Response:
        media_type = choose(request.headers.get("accept"), [*_VOID_TYPES, "text/html"])
        if media_type is None:
            raise ProblemError(406, f"the description can be had as {', '.join(_VOID_TYPES)}")
        form = RDF_TYPES.get(media_type, "turtle")
        snapshot, base = served.now, base_url(request, settings)
        tag = entity_tag(snapshot.manifest.name, base, form, "dataset")
        if is_known(request, tag):
            return Response(status_code=304, headers=caching(tag))
        content = describe_dataset(snapshot.build, f"{base}/sparql", form)
        return Response(content, media_type=MEDIA_TYPES[form], headers=caching(tag))

    async def tell(request: Request, error: ProblemError) -> Response:
        offered = ("application/problem+json", "text/html")
        if choose(request.headers.get("accept"), offered) != "text/html":
            return error.response()
        # A person in front of a browser.
        return error.page(language(request), urlsplit(base_url(request, settings)).path)

    async def tell_refusal(request: Request, error: HTTPException) -> Response:
        details = {
            404: f"there is nothing at {request.url.path[:200]}",
            405: f"{request.method[:20]} is not allowed here",
        }
        problem = ProblemError(
            error.status_code, details.get(error.status_code, error.detail), headers=dict(error.headers or {})
        )
        return await tell(request, problem)

    async def tell_nothing(request: Request, _: Exception) -> Response:
        # The log has the traceback; visitors learn nothing of the inside.
        return await tell(request, ProblemError(500, "the server failed on this request; its log says why"))

    def read_only(path: str, handle: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, handle, methods=["GET", "HEAD"])

    routes = [
        Route("/sparql", endpoint.handle, methods=["GET", "HEAD", "POST"]),
        read_only("/.well-known/void", void),
        read_only("/health", health),
        read_only("/metrics", metrics),
        *Api(settings, endpoint).routes(),
        *workbench(settings, served, endpoint),
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(_Watching, watch=watch),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["ETag", "Retry-After"],
                max_age=86_400,
            ),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
        exception_handlers={
            ProblemError: tell,  # type: ignore[dict-item]
            HTTPException: tell_refusal,  # type: ignore[dict-item]
            Exception: tell_nothing,
        },
    )
    # One address for each thing.
    app.router.redirect_slashes = False
    return app


def _takes_gzip(header: bytes) -> bool:
    """Tell whether an Accept-Encoding allows gzip and does not prefer to go without it (RFC 9110, 12.5.3)."""
    quality = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.partition("=")
        try:
            quality[name.strip()] = float(value) if key.strip() == "q" else 1.0
        except ValueError:
            quality[name.strip()] = 0.0
    gzip = quality.get("gzip", quality.get("*", 0.0))
    return gzip > 0 and gzip >= quality.get("identity", 0.0)


class _Watching:
    """Counts requests, and adds the headers that every response has."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and b"access-control-request-method" not in dict(scope["headers"]):
            # What a client may do; browsers ask in another way, which is answered further in.
            allowed = "GET, HEAD, POST, OPTIONS" if scope["path"] == "/sparql" else "GET, HEAD, OPTIONS"
            await Response(status_code=204, headers={"Allow": allowed})(scope, receive, send)
            return
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                further = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *(item for item in further if item[0] not in present)]
            await send(message)

        refusal = self._refusal(scope["headers"])
        if refusal is not None:
            await refusal.response()(scope, receive, sending)
            return
        # Most clients weigh nothing.
        if any(
            name == b"accept-encoding" and b";" in value and not _takes_gzip(value) for name, value in scope["headers"]
        ):
            scope = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}
        self._requests += 1
        try:
            await self._app(scope, receive, sending)
        except WorkerError as error:
            # In the middle of an answer: the server closes the connection, since the answer never ended.
            _LOG.info("an answer broke off: %s", error)
        finally:
            self._requests -= 1
            route: Any = scope.get("route")
            path = getattr(route, "path", "other") if status != 404 else "other"
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
            self._watch.requests.labels(path, method, str(status or 499)).inc()

    def _refusal(self, headers: list[tuple[bytes, bytes]]) -> ProblemError | None:
        """Return why a request is not answered at all."""
        if self._requests >= MOST_REQUESTS:
            return ProblemError(503, "too many requests at the same time", headers={"Retry-After": "5"})
        if {name for name, _ in headers} >= {b"content-length", b"transfer-encoding"}:
            # A proxy may go by the one and we by the other; what is the rest of a body to it would be a request to us
            # (RFC 9112, 6.1).
            what = "the request has Content-Length and Transfer-Encoding"
            return ProblemError(400, what, headers={"Connection": "close"})
        return None
