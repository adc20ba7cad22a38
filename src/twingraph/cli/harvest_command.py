"""``twingraph harvest``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import path_type

if TYPE_CHECKING:
    from twingraph.harvesting.wikidata import Harvest

__all__ = ["command"]

_SHOWN = 8


@click.group("harvest", epilog="Example: twingraph harvest wikidata --country DE --contact you@example.org")
def command() -> None:
    """Bring statements in from a database, page by page, as a source of claims.

    An interrupted harvest goes on where it was. A second one reports what is new, back, ended, changed and gone. Names
    become municipalities with `twingraph resolve`; then build.
    """


@command.command("wikidata", epilog="Example: twingraph harvest wikidata --country DE --data my-data --yes")
@click.option("--endpoint", metavar="URL", help="Another endpoint with Wikidata's data [default: its Query Service].")
@click.option("--country", metavar="CC", help="Only statements of places in this country [default: the whole world].")
@click.option(
    "--data",
    type=path_type,
    metavar="DIR",
    default=Path("twingraph-data"),
    show_default=True,
    help="The data folder to write into; made if it is new.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="Of names, in order [default: en, de, fr]. May be repeated.",
)
@click.option(
    "--contact",
    metavar="TEXT",
    help="A web page or mail address of yours, which the Query Service asks for [default: $TWINGRAPH_CONTACT].",
)
@click.option("--yes", is_flag=True, help="Do not ask before the whole world is asked for.")
def wikidata(
    endpoint: str | None, country: str | None, data: Path, languages: tuple[str, ...], contact: str | None, yes: bool
) -> None:
    """Harvest Wikidata's statements of twinned places (P190) with dates, references and facts of the places."""
    from importlib.metadata import version

    from twingraph.cli.progress import Progress
    from twingraph.harvesting.wikidata import ENDPOINT, harvest_wikidata

    address = endpoint or ENDPOINT
    contact = contact or os.environ.get("TWINGRAPH_CONTACT", "")
    if not contact and "wikidata.org" in address:
        raise click.UsageError(
            "Wikidata asks robots to say whom to write to: give --contact, or set TWINGRAPH_CONTACT, to a page or "
            "address of yours (https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy)."
        )
    if any(char in contact for char in "\r\n"):
        raise click.BadParameter("a line break is no part of a contact.", param_hint="--contact")
    if country is None and not yes:
        click.confirm(
            f"Ask {address} for the statements of the whole world, some tens of thousands?", abort=True, err=True
        )
    agent = f"twingraph/{version('twingraph')} ({contact or 'no contact given'}) SPARQLWrapper/2"
    with Progress() as progress:
        found = harvest_wikidata(
            data,
            endpoint=address,
            country=country,
            languages=languages or ("en", "de", "fr"),
            agent=agent,
            progress=progress,
            say=progress.say,
        )
    _tell(found)


def _tell(found: Harvest) -> None:
    from twingraph.querying.wording import plural

    left_out = f" ({found.outcome.rejected_file})" if found.outcome.rejected_file else ""
    click.echo(
        f"{plural(found.statements, 'statement')} about {plural(found.places, 'place')}: "
        f"{found.taken:,} came in as source {found.outcome.source!r}, {found.left_out:,} left out{left_out}. "
        f"{plural(found.requests, 'question')} asked, {found.repeated:,} of them again; {found.kept:,} known."
    )
    if found.outcome.replaced:
        for name in ("new", "back", "ended", "changed", "left_out", "gone", "places"):
            keys = getattr(found.changes, name)
            shown = f": {', '.join(keys[:_SHOWN])}{' …' if len(keys) > _SHOWN else ''}" if keys else ""
            told = {"left_out": "left out now", "places": "places with other facts"}.get(name, name)
            click.echo(f"  {told}: {len(keys):,}{shown}")
        if found.changes.outside:
            click.echo(f"  {plural(found.changes.outside, 'claim')} of other countries stay as they were.")
    click.echo(f"Next: twingraph resolve --data {found.outcome.folder.parent.parent if found.outcome.folder else ''}")
