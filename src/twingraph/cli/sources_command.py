"""``twingraph sources``."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import endpoint_option, format_option, open_target, store_option
from twingraph.cli.output import write_page

if TYPE_CHECKING:
    from twingraph.checking.agreement import Agreement
    from twingraph.portraits.model import CountedSource
    from twingraph.portraits.pages import Page

__all__ = ["command"]

#: Rows of a table of agreement; JSON has all.
_ROWS = 40


@click.command(
    "sources",
    epilog="Examples: twingraph sources --unchecked; twingraph sources helmstedt-history; "
    "twingraph sources --format csv",
)
@click.argument("source", metavar="[ID]", required=False)
@click.option("--unchecked", is_flag=True, help="Only sources of which not every claim was read in the source itself.")
@click.option("--agreement", is_flag=True, help="Compare the sources: ties in several, in one, from one side only.")
@format_option("text", "json", "csv", "markdown", default="text")
@store_option
@endpoint_option
def command(
    source: str | None,
    unchecked: bool,
    agreement: bool,
    output_format: str,
    store: Path | None,
    endpoint: str | None,
) -> None:
    """List the sources, or show one with everything it states.

    A date in brackets is inferred; ✓ marks sources whose claims were all read in the source itself.
    """
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.source_layout import report_page, sources_page
    from twingraph.portraits.source_list import list_sources, report_source

    if source is not None and unchecked:
        raise click.UsageError("--unchecked is for the list; leave out the ID.")
    if source is not None and output_format == "csv":
        raise click.UsageError("csv is for the list; take text, json or markdown with an ID.")
    if agreement and (source is not None or unchecked or output_format == "csv"):
        raise click.UsageError("--agreement stands alone, as text, json or markdown.")
    with open_target(store, endpoint) as graph:
        if agreement:
            from twingraph.checking.agreement import measure_agreement

            compared = measure_agreement(graph)
            write_page(compared, lambda: _agreement_page(compared), output_format)
            return
        asker = Asker(graph)
        if source is not None:
            report = report_source(asker, source)
            write_page(report, lambda: report_page(report), output_format)
            return
        found = [item for item in list_sources(asker) if not unchecked or not item.is_checked]
    if output_format == "csv":
        click.echo(_csv(found), nl=False)
    else:
        write_page(found, lambda: sources_page(found), output_format)


def _agreement_page(found: Agreement) -> Page:
    from twingraph.portraits.pages import Facts, Page, Table
    from twingraph.querying.wording import plural

    stating = sum(one.ties > 0 for one in found.sources)
    page = Page(f"{plural(found.ties, 'tie')} of two municipalities, stated by {plural(stating, 'source')}")
    rows = [(f"in {plural(count, 'source')}", f"{ties:,}") for count, ties in list(found.in_sources.items())[:_ROWS]]
    rows.append(("in all sources", f"{found.in_all:,}"))
    page.add("How many sources state a tie", Facts(rows))
    levels = (
        ("no municipality", f"{found.wrong_level:,} ties with a region, district or borough"),
        ("two levels", f"{found.mixed_level:,} of them with participants of different levels"),
    )
    page.add("Level", Facts(levels))
    waiting = f"{plural(found.open_claims, 'claim')} in no tie, as a name is not identified; see: twingraph check"
    page.add("Not compared", Facts([("open", waiting)]))
    names = ("source", "ties", "only there", "also in others", "from both sides", "from one side only", "open claims")
    table = [
        (
            one.source,
            one.ties,
            one.alone,
            one.ties - one.alone,
            one.both_ways if one.one_sided is not None else "–",
            one.one_sided if one.one_sided is not None else "–",
            one.open_claims,
        )
        for one in found.sources[:_ROWS]
    ]
    page.add("Sources", Table(names, table))
    return page


def _csv(sources: list[CountedSource]) -> str:
    from dataclasses import astuple, fields

    from twingraph.portraits.model import CountedSource

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([item.name for item in fields(CountedSource)])
    for source in sources:
        writer.writerow(_cell(value) for value in astuple(source))
    return out.getvalue()


def _cell(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
