"""The pages that ask queries: the library with its forms, and the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from twingraph.errors import TwingraphError
from twingraph.serving.workbench.page import ROWS, Page, Reply, told, web_address
from twingraph.serving.workbench.texts import TEXTS
from twingraph.vocab import BASE, ID, PREFIXES

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.querying.library import QueryLibrary

__all__ = ["editor", "queries", "question"]


@told
def queries(graph: Graph, page: Page) -> Reply:
    """The query library as a gallery."""
    groups: dict[str, list[Any]] = {}
    for query in graph.queries():
        group = query.id.partition("/")[0]
        if group not in ("portrait", "graph"):
            groups.setdefault(group, []).append(query)
    return page.render("queries.html", groups=list(groups.items()), q=None)


@cache
def _library() -> QueryLibrary:
    from twingraph.querying.library import QueryLibrary

    return QueryLibrary()


@told
def question(graph: Graph, page: Page, name: str, values: dict[str, str], run: bool) -> Reply:
    """A query of the library: a form for its parameters, and its answer."""
    # Only by name: elsewhere a query may also be given as a file or as text.
    query = _library().find(name)
    # An address with values is an answer, as that of the API is.
    given = {x.name: values[x.name] for x in query.parameters if values.get(x.name, "").strip()}
    shown: dict[str, Any] = {"query": query, "values": values, "rows": None, "columns": [], "count": 0, "problem": None}
    shown |= {"cell": _cell(page), "q": None, "api": f"{page.base}/api/queries/{query.id}?{urlencode(given)}"}
    # In the editor nothing asks for what is missing; there an example is better than a query for everything.
    needed = {x.name: x.example for x in query.parameters if x.is_required and x.default is None and x.example}
    text = _plain(query.text)
    try:
        text = _plain(query.bind({**needed, **given}).text)
        if run or given:
            bound = query.bind(given)
            result = graph.run(bound)
            if result.kind == "select":
                records = result.records()
                shown |= {"rows": records[:ROWS], "columns": result.variables, "count": len(records)}
            elif result.kind == "ask":
                shown |= {"rows": [{"answer": result.answer}], "columns": ["answer"], "count": 1}
            else:
                lines = result.payload.decode().splitlines()
                shown |= {
                    "rows": [{"triple": line} for line in lines[:ROWS]],
                    "columns": ["triple"],
                    "count": len(lines),
                }
    except TwingraphError as error:
        return page.render("question.html", 400, **{**shown, "problem": str(error), "editor": ""})
    return page.render("question.html", **shown, editor=page.link("query", query=text))


def _plain(text: str) -> str:
    """Return a query without what the library says of it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()


def _cell(page: Page) -> Callable[[Any], Any]:
    from markupsafe import Markup, escape

    def show(value: Any) -> Any:
        if value is None:
            return ""
        text = str(value)
        if text.startswith(ID):
            return Markup('<a href="{}">{}</a>').format(page.page_of(text), text.removeprefix(ID))
        if web_address(text):
            return Markup('<a href="{}" rel="noopener">{}</a>').format(text, text)
        return escape(text)

    return show


@told
def editor(graph: Graph, page: Page) -> Reply:
    """The SPARQL editor."""
    rows = graph.query(
        "SELECT DISTINCT ?iri ?kind WHERE { ?iri a ?type . VALUES (?type ?kind) { (owl:Class 'class') "
        "(rdfs:Class 'class') (owl:ObjectProperty 'property') "
        "(owl:DatatypeProperty 'property') (rdf:Property 'property') } "
        f"FILTER(STRSTARTS(STR(?iri), '{PREFIXES['tw']}')) }} ORDER BY ?iri",
        frame="result",
    ).records()
    # By the words that the editor of others has for its parts.
    words = {text: page.t(key) for key, text in TEXTS["en"].items() if key.startswith("yasgui_")}
    return page.render(
        "editor.html", prefixes=dict(PREFIXES), terms=rows or _ontology_terms(), words=words, space=BASE, q=None
    )


@cache
def _ontology_terms() -> list[dict[str, str]]:
    """Return the ontology's classes and properties from its file, where the store does not hold it."""
    import pyoxigraph as ox

    from twingraph.resources import ontology_dir

    found = []
    for quad in ox.parse((ontology_dir() / "twingraph.ttl").read_bytes(), ox.RdfFormat.TURTLE):
        kind = str(getattr(quad.object, "value", "")).rpartition("#")[2]
        iri = str(getattr(quad.subject, "value", ""))
        if quad.predicate.value.endswith("#type") and iri.startswith(PREFIXES["tw"]):
            if kind == "Class":
                found.append({"iri": iri, "kind": "class"})
            elif kind in ("ObjectProperty", "DatatypeProperty", "Property"):
                found.append({"iri": iri, "kind": "property"})
    return sorted(found, key=lambda term: term["iri"])
