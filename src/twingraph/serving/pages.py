"""Pages for people. The workbench adds its routes here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from twingraph.serving.settings import Settings
from twingraph.serving.snapshot import Served

__all__ = ["pages"]


def pages(settings: Settings, served: Served) -> list[Route]:
    """Return the routes of the pages.

    A page's content is made by a function of this package in a worker: ``await served.now.calls.ask({"call":
    "module:function", "arguments": {…}, "max_bytes": …}, timeout)``. The function gets the opened graph and the
    arguments, and returns a head (a dictionary for JSON) and bytes.
    """

    async def home(_: Request) -> Response:
        return HTMLResponse(_HOME)

    return [Route("/", home, methods=["GET", "HEAD"])]


_HOME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>twingraph</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>twingraph: partnerships between municipalities</h1>
<p>This server answers SPARQL at <a href="/sparql">/sparql</a> and documented questions at
<a href="/api/queries">/api/queries</a> (<a href="/api/openapi.json">OpenAPI</a>). What it holds is described at
<a href="/.well-known/void">/.well-known/void</a>.</p></main></body></html>
"""
