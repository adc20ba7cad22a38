"""The addresses of the workbench and of linked data: every IRI of the graph answers here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from twingraph.resources import asset, ontology_dir
from twingraph.serving.negotiation import MEDIA_TYPES, RDF_TYPES, choose
from twingraph.serving.pool import BusyError, WorkerError
from twingraph.serving.presence import while_present
from twingraph.serving.problems import ProblemError
from twingraph.serving.protocol import Question
from twingraph.serving.settings import Settings
from twingraph.serving.snapshot import Served
from twingraph.serving.sparql import Endpoint, base_url, entity_tag, is_known
from twingraph.serving.workbench.exploring import CHOICES
from twingraph.serving.workbench.page import PAGES, page_path
from twingraph.serving.workbench.texts import LANGUAGES
from twingraph.vocab import BASE, GRAPH, ID, PREFIXES

__all__ = ["language", "routes"]

#: The module of each page; those not named here are in `views`.
_MODULES = {
    **dict.fromkeys(("explore", "export", "export_chain"), "exploring"),
    **dict.fromkeys(("queries", "question", "editor"), "asking"),
    **dict.fromkeys(("resource", "ontology"), "describing"),
}
_STATIC = Path(__file__).resolve().parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
#: A page that was exported carries its own policy, with the digests of its scripts; this one lets it decide.
_EXPORTED = {
    "content-security-policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "x-frame-options": "SAMEORIGIN",
}
#: Endings of an IRI of the graph that ask for a form of RDF.
_ENDINGS = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
}
_LONGEST = 300
#: Seconds that a page may take at least: a limit that suits queries may be too short for what a page puts together.
_PAGE_SECONDS = 10.0
#: Kinds of things with pages that search engines are told of, and their classes; more in one list they don't take.
_MAPPED = {kind: kind.capitalize() for kind in PAGES}
_PER_SITEMAP = 50_000
#: What is said of a thing, and what points to it.
_ABOUT = "CONSTRUCT { <IRI> ?p ?o . ?s ?q <IRI> } WHERE { { <IRI> ?p ?o } UNION { ?s ?q <IRI> } } LIMIT 10000"
#: What a named graph holds.
_HELD = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <IRI> { ?s ?p ?o } }"
#: The page of the ontology has styles of its own and no script.
_STYLED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Vary": "Accept-Language, Accept",
}


class _Workbench:
    def __init__(self, settings: Settings, served: Served, endpoint: Endpoint) -> None:
        self._settings = settings
        self._served = served
        self._endpoint = endpoint

    def view(self, name: str, **fixed: Any) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers an address with a page, whose arguments stand in the path."""

        async def show(request: Request) -> Response:
            return await self._show(request, name, {**fixed, **request.path_params})

        return show

    async def search(self, request: Request) -> Response:
        return await self._show(request, "search", {"q": _text(request, "q")})

    async def chain(self, request: Request) -> Response:
        arguments = {"one": _text(request, "from"), "two": _text(request, "to"), "as_of": _text(request, "as_of")}
        return await self._show(request, "chain", arguments)

    async def export_chain(self, request: Request) -> Response:
        arguments = {"one": _text(request, "from"), "two": _text(request, "to"), "as_of": _text(request, "as_of")}
        return await self._show(request, "export_chain", {**arguments, "form": _text(request, "format") or "svg"})

    async def explore(self, request: Request) -> Response:
        view = _text(request, "view")
        view = view if view in ("table", "network", "map") else "table"
        row = _text(request, "row")
        first = int(row) if row.isascii() and row.isdecimal() and len(row) < 10 else 0
        return await self._show(request, "explore", {"choices": _choices(request), "view": view, "row": first})

    async def export(self, request: Request) -> Response:
        arguments = {
            "kind": request.path_params["kind"],
            "choices": _choices(request),
            "show": _text(request, "show") or "network",
            "form": _text(request, "format") or "svg",
            "is_packed": "zip" in request.query_params,
        }
        is_inline = "inline" in request.query_params
        return await self._show(request, "export", {**arguments, "is_inline": is_inline}, is_inline=is_inline)

    async def question(self, request: Request) -> Response:
        given = {name: value[:_LONGEST] for name, value in request.query_params.items()}
        # The form's names, which keep a parameter apart from the language of the page; and those of the API.
        values = {name[2:]: value for name, value in given.items() if name.startswith("p.")}
        plain = {name: value for name, value in given.items() if name not in ("lang", "run") and "." not in name}
        arguments = {"name": request.path_params["name"], "values": {**plain, **values}, "run": "run" in given}
        return await self._show(request, "question", arguments)

    def _path(self, request: Request) -> str:
        """Return the path under which the server stands, without a slash at its end; not what a request calls it."""
        known = self._settings.base_url
        return (urlsplit(known).path if known else str(request.scope.get("root_path", ""))).rstrip("/")

    async def _show(
        self, request: Request, name: str, arguments: dict[str, Any], *, is_inline: bool = False
    ) -> Response:
        snapshot, base = self._served.now, base_url(request, self._settings)
        lang = language(request)
        query = [(key, value) for key, value in request.query_params.multi_items()]
        tag = entity_tag(snapshot.manifest.name, base, lang, request.url.path, repr(query))
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Accept"}
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
        frame = {
            "lang": lang,
            "site": base,
            "base": self._path(request),
            "build": snapshot.manifest.name,
            "path": request.url.path,
            "query": query,
        }
        asked = {
            "call": f"{__package__}.{_MODULES.get(name, 'views')}:{name}",
            "arguments": {"frame": frame, **arguments},
            "max_bytes": self._settings.max_answer_bytes,
        }
        seconds = max(self._settings.timeout, _PAGE_SECONDS)
        try:
            work = snapshot.calls.ask(asked, seconds, patience=2 * seconds)
            answer = await while_present(request, work)
            content = await answer.content()
        except BusyError:
            raise ProblemError(
                503, "too many pages are asked for; try again in a moment", headers={"Retry-After": "5"}
            ) from None
        except WorkerError as error:
            reasons = {
                "timeout": f"this took longer than {seconds:g} s; choose less",
                "evicted": "this takes long, and others are waiting; choose less, or try again later",
                "memory": "this needs more memory than it may take; choose less",
            }
            if error.problem in reasons:
                raise ProblemError(503, reasons[error.problem], headers={"Retry-After": "60"}) from None
            raise ProblemError(500, "the page can't be shown; the server failed on it") from None
        head = answer.head
        if "location" in head:
            return RedirectResponse(head["location"], head["status"])
        if "name" in head:
            headers["Content-Disposition"] = f'{"inline" if is_inline else "attachment"}; filename="{head["name"]}"'
            if head["type"].startswith("text/html") or head["type"] == "image/svg+xml":
                headers |= _EXPORTED
        return Response(content, head["status"], headers=headers, media_type=head["type"])

    def thing(self, space: str) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers the IRIs of the graph in a space (``id``, ``graph``, ``ontology``)."""

        async def answer(request: Request) -> Response:
            return await self._thing(request, f"{space}/{request.path_params['path']}")

        return answer

    async def _thing(self, request: Request, path: str) -> Response:
        """Answer an IRI of the graph: a page for people, RDF for programs."""
        name, dot, ending = path.rpartition(".")
        media_type = _ENDINGS.get(f".{ending}") if dot else None
        if media_type is not None:
            path = name
        else:
            media_type = choose(request.headers.get("accept"), ["text/html", *dict.fromkeys(RDF_TYPES)])
        if media_type is None:
            raise ProblemError(406, f"it can be had as text/html, {', '.join(dict.fromkeys(RDF_TYPES))}")
        if media_type == "text/html":
            asked = request.query_params.get("lang")
            lang = f"?lang={asked}" if asked in LANGUAGES else ""
            target = f"{base_url(request, self._settings)}/{quote(page_path(path))}{lang}"
            return RedirectResponse(target, 303, headers={"Vary": "Accept"})
        iri = BASE + quote(path, safe="/~._-")
        headers = [item for item in request.scope["headers"] if item[0] != b"accept"]
        scope = {**request.scope, "headers": [*headers, (b"accept", media_type.encode())]}
        is_graph = iri.startswith(GRAPH)
        described = Question((_HELD if is_graph else _ABOUT).replace("IRI", iri))
        known = await self._endpoint.ask(
            f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
            if is_graph
            else f"ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }}"
        )
        if not known:
            raise ProblemError(404, f"the graph holds nothing called {iri[:200]}")
        return await self._endpoint.answer(Request(scope, request.receive), described)

    async def dataset(self, request: Request) -> Response:
        """Answer the IRI of the data set: the first page, or its description."""
        media_type = choose(request.headers.get("accept"), ["text/html", *dict.fromkeys(RDF_TYPES)])
        place = "/" if media_type == "text/html" else "/.well-known/void"
        return RedirectResponse(f"{self._path(request)}{place}", 303, headers={"Vary": "Accept"})

    async def ontology(self, request: Request) -> Response:
        """Answer the ontology: its page, or its Turtle."""
        offered, page = ["text/html", *dict.fromkeys(RDF_TYPES)], ontology_page()
        media_type = choose(request.headers.get("accept"), offered)
        if media_type is None:
            raise ProblemError(406, f"the ontology can be had as {', '.join(offered)}")
        if media_type == "text/html":
            # The documentation is written in English; who reads German gets the words with their German names.
            if page is None or language(request) != "en":
                return await self._show(request, "ontology", {})
            base = self._path(request)
            way = (
                f'<a href="{base}/?lang=en">twingraph</a> · <a href="{base}/ontology?lang=de" hreflang="de">Deutsch</a>'
            )
            text = page.read_text(encoding="utf-8").replace("<header>\n", f"<header>\n<p>{way}</p>\n", 1)
            # Without one, browsers ask for an icon that is not there.
            text = text.replace("</title>\n", '</title>\n<link rel="icon" href="data:,">\n', 1)
            return Response(text, media_type="text/html; charset=utf-8", headers=_STYLED)
        form = RDF_TYPES[media_type]
        return Response(_ontology(form), media_type=MEDIA_TYPES[form], headers={"Vary": "Accept"})

    async def static(self, request: Request) -> Response:
        """Answer a style sheet or a script."""
        if request.path_params["name"] == "outlines.json":
            return Response(_outlines(), media_type="application/json", headers={"Cache-Control": "max-age=86400"})
        found = _static().get(request.path_params["name"])
        if found is None:
            raise ProblemError(404, "there is no such file")
        return FileResponse(found, media_type=_TYPES[found.suffix], headers={"Cache-Control": "max-age=3600"})

    async def sitemaps(self, request: Request) -> Response:
        """Answer the list of the lists of pages for search engines."""
        base = base_url(request, self._settings)
        names = ["pages-1"]
        for kind, name in _MAPPED.items():
            (count,) = await self._endpoint.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?x a tw:{name} }}")
            names += [f"{kind}-{part + 1}" for part in range(-(-int(count) // _PER_SITEMAP))]
        return _xml("sitemapindex", [f"<sitemap><loc>{base}/sitemap-{name}.xml</loc></sitemap>" for name in names])

    async def sitemap(self, request: Request) -> Response:
        """Answer a list of pages: those of one kind of thing, or all others."""
        base = base_url(request, self._settings)
        kind, number = request.path_params["kind"], int(request.path_params["part"])
        if kind == "pages":
            from twingraph.querying.library import QueryLibrary

            shown = [f"queries/{name}" for name in QueryLibrary().ids() if not name.startswith(("portrait/", "graph/"))]
            places = ["", "explore", "chain", "sources", "queries", "query", "ontology", *shown]
        elif kind in _MAPPED and 0 < number < 100_000:
            asked = f"SELECT ?x WHERE {{ ?x a tw:{_MAPPED[kind]} }} ORDER BY ?x LIMIT {_PER_SITEMAP}"
            rows = await self._endpoint.rows(f"{asked} OFFSET {(number - 1) * _PER_SITEMAP}")
            places = [iri.removeprefix(ID) for iri in rows]
        else:
            places = []
        if not places or (kind == "pages" and number != 1):
            raise ProblemError(404, "there is no such list of pages")
        return _xml("urlset", [f"<url><loc>{escape(f'{base}/{place}')}</loc></url>" for place in places])

    async def robots(self, request: Request) -> Response:
        """Answer what crawlers may ask: pages, not queries or exports."""
        base = base_url(request, self._settings)
        return PlainTextResponse(
            "User-agent: *\n"
            + "".join(f"Disallow: {path}\n" for path in ("/sparql", "/export/", "/explore?", "/api/"))
            + f"Sitemap: {base}/sitemap.xml\n"
        )


def routes(settings: Settings, served: Served, endpoint: Endpoint) -> list[Route]:
    """Return the routes of the workbench."""
    bench = _Workbench(settings, served, endpoint)
    handles: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/": bench.view("home"),
        "/search": bench.search,
        "/municipality/{key}": bench.view("municipality"),
        "/partnership/{key}": bench.view("partnership"),
        "/country/{key}": bench.view("country"),
        "/source/{key}": bench.view("source"),
        "/sources": bench.view("sources"),
        **{f"/{type}/{{key}}": bench.view("thing", type=type) for type in ("association", "event", "wave")},
        "/chain": bench.chain,
        "/explore": bench.explore,
        "/export/chain": bench.export_chain,
        "/export/{kind}": bench.export,
        "/queries": bench.view("queries"),
        "/queries/{name:path}": bench.question,
        "/query": bench.view("editor"),
        "/dataset": bench.dataset,
        "/ontology": bench.ontology,
        "/about/{path:path}": bench.view("resource"),
        **{f"/{space}/{{path:path}}": bench.thing(space) for space in ("id", "graph", "ontology")},
        "/static/{name}": bench.static,
        "/sitemap.xml": bench.sitemaps,
        "/sitemap-{kind}-{part:int}.xml": bench.sitemap,
        "/robots.txt": bench.robots,
    }
    return [Route(path, handle, methods=["GET", "HEAD"]) for path, handle in handles.items()]


def _xml(root: str, lines: list[str]) -> Response:
    opening = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', opening, *lines, f"</{root}>", ""])
    return Response(text, media_type="application/xml")


def ontology_page() -> Path | None:
    """Return the page of the ontology; None where it was not installed."""
    root = ontology_dir().parent
    return next((page for page in (root / "docs" / "ontology.html", root / "ontology.html") if page.is_file()), None)


@cache
def _ontology(form: str) -> bytes:
    """Return the ontology in a form of RDF: as it was written, if that is Turtle."""
    import pyoxigraph as ox

    from twingraph.serving.worker import RDF_FORMATS

    text = (ontology_dir() / "twingraph.ttl").read_bytes()
    if form == "turtle":
        return text
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    return ox.serialize(triples, format=RDF_FORMATS[form], prefixes=dict(PREFIXES)) or b""


@cache
def _static() -> dict[str, Path]:
    own = {path.name: path for path in _STATIC.iterdir() if path.suffix in _TYPES}
    return own | {name: asset(name) for name in ("yasgui.min.js", "yasgui.min.css")}


@cache
def _outlines() -> bytes:
    """Return the outlines of countries as rings of longitude and latitude, to a tenth of a degree."""
    import json

    from twingraph.exporting.cartography import rings

    return json.dumps([ring for ring in rings(digits=1) if len(ring) > 3], separators=(",", ":")).encode()


def language(request: Request) -> str:
    """Return the language of the pages that a visitor gets."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    # Ranges of languages (RFC 9110, 12.5.4); of equal ones the first named wins, and of none it is English.
    best, weight = "en", 0.0
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "q":
                quality = float(value) if re.fullmatch(r"[01](\.\d{0,3})?", value) else 0.0
        found = tag.partition("-")[0]
        if found in LANGUAGES and quality > weight:
            best, weight = found, quality
    return best


def _text(request: Request, name: str) -> str:
    return (request.query_params.get(name) or "").strip()[:_LONGEST]


def _choices(request: Request) -> dict[str, str]:
    """Return what an address chooses; a parameter that stands there several times is a list."""
    found = {name: ",".join(request.query_params.getlist(name)).strip(", ")[:_LONGEST] for name in CHOICES}
    return {name: value for name, value in found.items() if value}
