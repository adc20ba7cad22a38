"""What all pages share: the frame, its texts, names of the ontology, and what is read once for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

from twingraph.errors import QueryNotFoundError, TwingraphError, UnknownNameError
from twingraph.portraits.asking import Asker
from twingraph.serving.workbench.texts import LANGUAGES, TEXTS
from twingraph.vocab import BASE

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.networks.model import TieTable

__all__ = [
    "HTML", "PAGES", "ROWS", "Page", "Reply", "asker_of", "countries_of", "page_path", "ties_of", "told", "web_address",
]  # fmt: skip

Reply = tuple[dict[str, Any], bytes]
View = Callable[..., Reply]
HTML = "text/html; charset=utf-8"
_FOLDER = Path(__file__).resolve().parent
#: Kinds of things that have pages of their own.
PAGES = ("municipality", "partnership", "country", "source", "association", "event", "wave")
#: Rows of a table on a page.
ROWS = 500


class Page:
    """What all templates share.

    Args:
        frame: ``lang``, ``site`` (address of the server), ``base`` (its path, for links, which so don't depend on the
            name that a request asks under), ``build``, ``path`` and ``query`` of the page.
        graph: has the names of properties, kinds and statuses.
    """

    def __init__(self, frame: Mapping[str, Any], graph: Graph) -> None:
        self._graph = graph
        self.lang: str = frame["lang"]
        self.base: str = frame["base"]
        self.site: str = frame["site"]
        self._frame = frame
        self._texts = TEXTS[self.lang]

    def t(self, key: str, *values: object) -> str:
        """Return a text of the pages; where its first number is one, the form for one if it has one."""
        if f"{key}_one" in self._texts and next((value for value in values if isinstance(value, int)), 0) == 1:
            key = f"{key}_one"
        return self._texts[key].format(*values)

    def term(self, notation: str | None) -> str:
        """Return what the ontology calls a property, a kind or a status in the language of the page."""
        return _terms_of(self._graph, self.lang).get(notation or "", notation or "")

    def summary(self, query: Any) -> str:
        """Return what a query of the library asks, in the language of the page where it says so."""
        return str((query.summary_de if self.lang == "de" else "") or query.summary)

    def link(self, path: str, **params: object) -> str:
        """Return the address of another page in the same language."""
        given = {name: value for name, value in params.items() if value not in (None, "")}
        return f"{self.base}/{quote(path)}?{urlencode({**given, 'lang': self.lang})}"

    def page_of(self, iri: str) -> str:
        """Return the address of the page of an IRI; of those of others that are no web addresses, none."""
        own = iri.removeprefix(BASE)
        if own == iri:
            return web_address(iri)
        path, _, part = own.partition("#")
        return f"{self.link(page_path(unquote(path)))}{'#' if part else ''}{part}"

    def render(self, template: str, status: int = 200, **values: Any) -> Reply:
        """Return a page."""
        query = [(name, value) for name, value in self._frame["query"] if name != "lang"]
        other = urlencode([*query, ("lang", "en" if self.lang == "de" else "de")])
        path = quote(self._frame["path"])
        text = _templates().get_template(template).render(
            **values,
            status=status,
            t=self.t, term=self.term, summary=self.summary, link=self.link, page_of=self.page_of,
            lang=self.lang, base=self.base, build=self._frame["build"], web=web_address,
            other=f"{self.base}{path}?{other}",
            site=self.site, own=f"{path}?{urlencode([*query, ('lang', self.lang)])}",
            versions={lang: f"{self.base}{path}?{urlencode([*query, ('lang', lang)])}" for lang in LANGUAGES},
        )  # fmt: skip
        return {"status": status, "type": HTML}, text.encode()

    def go(self, path: str) -> Reply:
        """Return the way to another page."""
        return {"status": 303, "location": self.link(path)}, b""


def page_path(path: str) -> str:
    """Return where the page of an IRI of the graph stands.

    Args:
        path: the IRI without `BASE`, such as ``id/municipality/Q486562``.
    """
    space, _, rest = path.partition("/")
    kind = rest.partition("/")[0]
    if (space == "id" and kind in PAGES) or (space == "graph" and kind == "source"):
        return rest
    return path if path == "ontology" else f"about/{path}"


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_FOLDER / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def web_address(url: str | None) -> str:
    """Return an address that may become a link: one of the web, and nothing that runs."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


def told(view: View) -> View:
    """Turn an error of twingraph into a page."""

    @wraps(view)
    def show(graph: Graph, frame: Mapping[str, Any], **arguments: Any) -> Reply:
        page = Page(frame, graph)
        try:
            return view(graph, page, **arguments)
        except (UnknownNameError, QueryNotFoundError) as error:
            return page.render("problem.html", 404, problem=str(error), q=None)
        except TwingraphError as error:
            return page.render("problem.html", 400, problem=str(error), q=None)

    return show


def asker_of(graph: Graph, page: Page) -> Asker:
    """Return who asks the graph in the language of a page."""
    # Concepts in the reader's language; towns as they call themselves, but for those in other scripts.
    return Asker(graph, page.lang)


_terms: dict[tuple[int, str], dict[str, str]] = {}


def _terms_of(graph: Graph, lang: str) -> dict[str, str]:
    """Return what properties, kinds and statuses are called, by their local names, read once."""
    key = id(graph), lang
    if key not in _terms:
        # By type: to look at all labels takes longer the more towns there are.
        rows = graph.query(
            "SELECT ?term ?label WHERE { { ?term a ?type ; rdfs:label ?label "
            "VALUES ?type { owl:ObjectProperty owl:DatatypeProperty } } UNION { ?term a skos:Concept ; "
            'skos:prefLabel ?label FILTER(REGEX(STR(?term), "/id/(kind|status)/[^/]*$")) } '
            f'FILTER(LANG(?label) = "{lang}") }}',
            frame="result",
        ).records()
        _terms[key] = {re.split("[/#]", str(row["term"]))[-1]: str(row["label"]) for row in rows}
    return _terms[key]


_kept: dict[int, TieTable] = {}


def ties_of(graph: Graph, *, fresh: bool = False) -> TieTable:
    """Return the ties of the graph, read once; anew for who changes them."""
    from twingraph.networks.network import read_ties

    if fresh:
        return read_ties(graph)
    if id(graph) not in _kept:
        _kept[id(graph)] = read_ties(graph)
    return _kept[id(graph)]


def countries_of(graph: Graph, lang: str) -> list[tuple[str, str]]:
    """Return code and name of the countries that have ties, by name."""
    from twingraph.names import search_key

    rows = graph.query(
        "SELECT DISTINCT ?code ?name WHERE { ?p tw:hasParticipant ?m . ?m tw:isInCountry ?c . "
        f"?c tw:countryCode ?code . OPTIONAL {{ ?c rdfs:label ?label FILTER(LANG(?label) = '{lang}') }} "
        "?c tw:displayName ?shown BIND(STR(COALESCE(?label, ?shown)) AS ?name) }",
        frame="result",
    ).records()
    names = {str(row["code"]): str(row["name"]) for row in rows}
    return sorted(names.items(), key=lambda item: search_key(item[1]))
