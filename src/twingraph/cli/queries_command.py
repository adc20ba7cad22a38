"""``twingraph queries``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from twingraph.cli.options import format_option
from twingraph.cli.output import to_json, write_page
from twingraph.querying.wording import shown

if TYPE_CHECKING:
    from twingraph.portraits.pages import Page
    from twingraph.querying.queries import LibraryQuery

__all__ = ["command"]


@click.command(
    "queries", epilog="Examples: twingraph queries --tag provenance; twingraph queries municipality/partners"
)
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--tag", metavar="TAG", help="Only queries with this tag.")
@click.option("--text", "as_text", is_flag=True, help="Print the SPARQL of the query.")
@format_option("text", "json", default="text")
def command(name: str | None, tag: str | None, as_text: bool, output_format: str) -> None:
    """List the query library, or describe one query: its parameters, its columns and how to run it."""
    from twingraph.querying.library import QueryLibrary

    library = QueryLibrary()
    if name is None:
        if as_text:
            raise click.UsageError("--text prints one query; name it.")
        queries = [query for query in library if tag is None or tag in query.tags]
        if tag is not None and not queries:
            tags = sorted({known for query in library for known in query.tags})
            raise click.UsageError(f"no query has the tag {shown(tag)}; the tags are {', '.join(tags)}.")
        if output_format == "json":
            click.echo(to_json([_plain(query) for query in queries]))
        else:
            write_page(None, lambda: _list_page(queries), "text")
        return
    query = library.find(name)
    if as_text:
        click.echo(query.text, nl=not query.text.endswith("\n"))
    elif output_format == "json":
        click.echo(to_json(_plain(query)))
    else:
        write_page(None, lambda: _page(query), "text")


def _plain(query: LibraryQuery) -> dict[str, Any]:
    return {
        "id": query.id,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": list(query.parameters),
        "columns": dict(query.columns),
        "command": _command_line(query),
    }


def _list_page(queries: list[LibraryQuery]) -> Page:
    from twingraph.portraits.pages import Facts, Page, Paragraph

    page = Page(f"{len(queries)} queries")
    groups: dict[str, list[tuple[str, str]]] = {}
    for query in queries:
        folder, _, last = query.id.rpartition("/")
        groups.setdefault(folder, []).append((last, query.summary))
    for folder, rows in groups.items():
        page.add(folder, Facts(rows))
    page.add("How to go on", Paragraph("twingraph queries NAME describes one; twingraph query NAME runs it."))
    return page


def _page(query: LibraryQuery) -> Page:
    from twingraph.portraits.pages import Facts, Page, Paragraph

    page = Page(query.id)
    page.blocks.append(Paragraph(query.summary))
    if query.description:
        page.blocks.append(Paragraph(query.description))
    if query.tags:
        page.blocks.append(Paragraph("Tags: " + ", ".join(query.tags)))
    rows = []
    for parameter in query.parameters:
        if parameter.default is not None:
            need = f"default {parameter.default}"
        else:
            need = "required" if parameter.is_required else "may be left out"
        parts = [parameter.type, need]
        if parameter.enum:
            parts.append("one of " + ", ".join(parameter.enum))
        if parameter.example:
            parts.append(f"for instance {parameter.example}")
        description = parameter.description.rstrip(".")
        rows.append((parameter.name, f"{description} ({'; '.join(parts)})".strip()))
    page.add("Parameters", *([Facts(rows)] if rows else []))
    columns = [(name, kind) for name, kind in query.columns.items()]
    page.add("Columns", *([Facts(columns)] if columns else []))
    page.add("Run it", Paragraph(_command_line(query)))
    return page


def _command_line(query: LibraryQuery) -> str:
    """Return a command that can be pasted: required parameters with their examples."""
    words = ["twingraph", "query", query.id]
    for parameter in query.parameters:
        if parameter.is_required and parameter.default is None:
            words += ["--param", f"{parameter.name}={parameter.example or parameter.type.upper()}"]
    return shlex.join(words)
