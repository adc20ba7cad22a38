"""The query library as a small REST API, in the manner of grlc (Meroño-Peñuela and Hoekstra 2016)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from twingraph.errors import QueryError, QueryNotFoundError
from twingraph.querying.lexer import query_shape
from twingraph.querying.library import QueryLibrary
from twingraph.querying.parameters import CONCEPT_TYPES, Parameter
from twingraph.querying.queries import LibraryQuery
from twingraph.serving.negotiation import RDF_TYPES, RESULT_TYPES
from twingraph.serving.problems import ProblemError
from twingraph.serving.protocol import Question
from twingraph.serving.settings import Settings
from twingraph.serving.sparql import Endpoint, base_url

__all__ = ["Api"]

#: In the order of preference: what a program takes without being told.
_RESULTS = ("application/json", *(name for name in RESULT_TYPES if name != "application/json"))
_FORMATS = {"json": "application/json", "csv": "text/csv", "tsv": "text/tab-separated-values", "xml": "application/xml"}
_RDF_FORMATS = {"turtle": "text/turtle", "ntriples": "application/n-triples", "jsonld": "application/ld+json"}
#: Type of a parameter → schema of JSON; other types are texts. Programs are made from these, so they say what is
#: refused as far as a schema can: not that a name needs a letter or digit of any script. The server takes a little
#: more, such as whole IRIs in place of codes.
_SCHEMAS: dict[str, dict[str, Any]] = {
    # Whole numbers of the library count something, and LIMIT takes none below zero.
    "integer": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    "decimal": {"type": "number"},
    # A year has four digits in an address, which numbers below 1000 have not.
    "year": {"type": "integer", "minimum": 1000, "maximum": 9999},
    "country": {"type": "string", "pattern": "^[A-Za-z]{2}([A-Za-z]{2})?$"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "name": {"type": "string", "minLength": 1},
    **{name: {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"} for name in CONCEPT_TYPES},
    "date": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "uri"},
    "boolean": {"type": "boolean"},
}


class Api:
    """Runs library queries by name; parameters are those of the query, and ``format``.

    Args:
        settings: for the address of the server.
        endpoint: what answers queries.
    """

    def __init__(self, settings: Settings, endpoint: Endpoint) -> None:
        self._settings = settings
        self._endpoint = endpoint
        self._library = QueryLibrary()

    def routes(self) -> list[Route]:
        """Return the routes below ``/api``."""
        return [
            Route("/api/openapi.json", self._openapi),
            Route("/api/queries", self._list),
            Route("/api/queries/{name:path}", self._run),
        ]

    def _list(self, request: Request) -> Response:
        base = base_url(request, self._settings)
        found = [
            {
                "id": query.id,
                "url": f"{base}/api/queries/{query.id}",
                "summary": query.summary,
                "description": query.description,
                "tags": list(query.tags),
                "parameters": [_told(parameter) for parameter in query.parameters],
                "columns": dict(query.columns),
            }
            for query in self._library
        ]
        return JSONResponse({"queries": found, "openapi": f"{base}/api/openapi.json"})

    async def _run(self, request: Request) -> Response:
        try:
            query = self._library.find(request.path_params["name"])
        except QueryNotFoundError as error:
            raise ProblemError(404, str(error).replace("`twingraph queries`", "/api/queries")) from None
        pairs = list(request.query_params.multi_items())
        wanted = [value for name, value in pairs if name == "format"]
        try:
            bound = query.bind([(name, value) for name, value in pairs if name != "format"])
        except QueryError as error:
            raise ProblemError(400, str(error)) from None
        is_rdf = query_shape(bound.text).form == "construct"
        formats = _RDF_FORMATS if is_rdf else _FORMATS
        if len(wanted) > 1 or (wanted and wanted[0] not in formats):
            raise ProblemError(400, f"format is one of {', '.join(formats)}")
        if wanted:
            # What stands in the address counts more than what the client sends along.
            headers = [(name, value) for name, value in request.scope["headers"] if name != b"accept"]
            scope = {**request.scope, "headers": [*headers, (b"accept", formats[wanted[0]].encode())]}
            request = Request(scope, request.receive)
        return await self._endpoint.answer(request, Question(bound.text), results=_RESULTS)

    def _openapi(self, request: Request) -> Response:
        from importlib.metadata import version

        return JSONResponse(
            {
                "openapi": "3.1.0",
                "info": {
                    "title": "twingraph queries",
                    "summary": "Documented questions about partnerships between municipalities.",
                    "version": version("twingraph"),
                    "license": {"name": "MIT", "identifier": "MIT"},
                },
                "servers": [{"url": base_url(request, self._settings)}],
                "paths": {f"/api/queries/{query.id}": {"get": _operation(query)} for query in self._library},
                "components": {
                    "schemas": {
                        "Problem": {
                            "type": "object",
                            "required": ["type", "title", "status", "detail"],
                            "properties": {
                                "type": {"type": "string"},
                                "title": {"type": "string"},
                                "status": {"type": "integer"},
                                "detail": {"type": "string"},
                                "line": {"type": "integer"},
                                "column": {"type": "integer"},
                            },
                        }
                    }
                },
            }
        )


def _told(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.is_required and parameter.default is None,
        "description": parameter.description,
        "example": parameter.example or None,
        "default": parameter.default,
        "enum": list(parameter.enum) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _operation(query: LibraryQuery) -> dict[str, Any]:
    is_rdf = query_shape(query.text).form == "construct"
    media_types = list(dict.fromkeys((_RDF_FORMATS if is_rdf else _FORMATS).values()))
    types = RDF_TYPES if is_rdf else RESULT_TYPES
    assert all(name in types for name in media_types)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    formats = list(_RDF_FORMATS if is_rdf else _FORMATS)
    return {
        "operationId": query.id.replace("/", "-"),
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [
            *(_parameter(parameter) for parameter in query.parameters),
            {
                "name": "format",
                "in": "query",
                "description": "form of the answer, instead of an Accept header",
                "schema": {"type": "string", "enum": formats},
            },
        ],
        "responses": {
            "200": {"description": "the answer", "content": {name: {} for name in media_types}},
            **{
                str(status): {"description": text, "content": problem}
                for status, text in (
                    (400, "a parameter is unknown, missing or not of its type"),
                    (406, "the answer can't be had in this form"),
                    (503, "it took too long, or too many queries are running"),
                )
            },
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS.get(parameter.type, {"type": "string"}))
    if parameter.enum:
        schema["enum"] = list(parameter.enum)
    if parameter.default is not None:
        schema["default"] = parameter.default
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.is_required and parameter.default is None,
        "description": f"{parameter.description} ({parameter.type})",
        "schema": schema,
    }
    if parameter.example:
        found["example"] = parameter.example
    return found
