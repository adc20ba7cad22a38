"""``twingraph import``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from twingraph.cli.options import path_type

if TYPE_CHECKING:
    from twingraph.importing.mapping import Mapping
    from twingraph.importing.outcome import Outcome

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])
_SHOWN = 10


@click.group("import", epilog="Example: twingraph import table twins.xlsx --guess --dry-run")
def command() -> None:
    """Bring a table, a list of Wikipedia or a graph file in as a source of claims.

    The outcome is a source in a data folder. Names become municipalities with `twingraph resolve`; then build.
    """


def _shared(function: F) -> F:
    options = (
        click.option("--source", metavar="ID", help="Id of the source [default: from the file's name]."),
        click.option(
            "--data",
            type=path_type,
            metavar="DIR",
            default=Path("twingraph-data"),
            show_default=True,
            help="The data folder to write into; made if it is new.",
        ),
        click.option("--title", help="Title of the source."),
        click.option("--publisher", help="Who publishes it."),
        click.option("--url", help="The page a reader can open."),
        click.option("--language", help="Language tag of the names as written, such as de."),
        click.option("--licence", help="Its licence, if known."),
        click.option(
            "--dry-run", is_flag=True, help="Read and check everything, tell what would come in, write nothing."
        ),
        click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _metadata(given: dict[str, Any]) -> dict[str, str]:
    return {key: given[key] for key in ("title", "publisher", "url", "language", "licence") if given[key]}


@command.command("table", epilog="Example: twingraph import table twins.xlsx --guess --dry-run")
@click.argument("file", type=path_type)
@click.option("--mapping", metavar="M", help="A mapping file (TOML), or the name of one that comes along.")
@click.option("--guess", is_flag=True, help="Guess what the columns mean, and show it.")
@click.option(
    "--mappings",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _list_mappings(ctx, wanted),
    help="List the mappings that come along.",
)
@click.option("--encoding", help="Encoding of a text table, such as cp1252 [default: utf-8].")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook [default: the first with rows that is not hidden].")
@_shared
def table(file: Path, mapping: str | None, guess: bool, encoding: str | None, sheet: str | None, **given: Any) -> None:
    """Import a table: CSV, TSV, XLSX, Parquet, JSON or JSON Lines.

    Each row holds two municipalities, or one and its partners in a cell. Rows that can't be taken land in
    rejected/<source>.csv with the reason.
    """
    from dataclasses import replace

    from twingraph.cli.progress import Progress
    from twingraph.importing.mapping import Mapping, load_mapping
    from twingraph.importing.tables import import_table, propose_mapping

    if mapping is not None and guess:
        raise click.UsageError("--mapping and --guess exclude each other; give one of them.")
    if mapping is None and not guess:
        raise click.UsageError(
            "give --mapping M (twingraph import table --mappings lists those that come along) or --guess."
        )
    chosen = load_mapping(mapping) if mapping is not None else Mapping("guess", {})
    changes: dict[str, Any] = {key: value for key, value in (("encoding", encoding), ("sheet", sheet)) if value}
    chosen = replace(chosen, **changes)
    if guess:
        chosen, header, rows = propose_mapping(file, chosen)
        if not given["quiet"]:
            _show_guess(chosen, header, rows)
    with Progress() as progress:
        outcome = import_table(
            file,
            chosen,
            given["data"],
            source=given["source"],
            metadata=_metadata(given),
            dry_run=given["dry_run"],
            progress=lambda task, done, total: progress.say(f"{task} row {done:,}"),
        )
    _tell(outcome, given)


def _list_mappings(ctx: click.Context, wanted: bool) -> None:
    if not wanted:
        return
    from twingraph.importing.mapping import load_mapping, shipped_mappings

    for name in shipped_mappings():
        click.echo(f"{name}\n    {load_mapping(name).description}")
    ctx.exit(0)


def _show_guess(mapping: Mapping, header: list[str], rows: list[list[str]]) -> None:
    from twingraph.importing.mapping import FIELDS, to_toml

    click.echo("The mapping that was guessed; save it as a file, mend it, and give it with --mapping:\n")
    click.echo(to_toml(mapping))
    meant = {column: field for field, column in mapping.columns.items()}
    for place, column in enumerate(header):
        values = list(dict.fromkeys(row[place] for row in rows if place < len(row) and row[place].strip()))[:3]
        field = meant.get(column)
        means = f"{field} ({FIELDS[field]})" if field else "not read"
        click.echo(f"  {column}: {means}; for instance {', '.join(values) or 'nothing'}")
    click.echo()


def _tell(outcome: Outcome, given: dict[str, Any]) -> None:
    """Say what came in, or would come in."""
    if given["quiet"]:
        return
    from twingraph.querying.wording import plural

    intake = outcome.intake
    verb = "would come in" if given["dry_run"] else "came in"
    click.echo(
        f"{plural(len(intake.claims), 'claim')} about {plural(len(intake.places), 'place')} {verb} as source "
        f"{outcome.source!r}; {plural(len(intake.rejected), 'row')} left out."
    )
    for row in intake.rejected[:_SHOWN]:
        where = f", column {row.column!r}" if row.column else ""
        click.echo(f"  row {row.row}{where}: {row.reason}")
    if len(intake.rejected) > _SHOWN:
        click.echo(f"  and {len(intake.rejected) - _SHOWN:,} more")
    if intake.guessed_countries:
        shown = ", ".join(f"{text!r} → {code}" for text, code in list(intake.guessed_countries.items())[:_SHOWN])
        click.echo(f"Countries read from other words than their usual names: {shown}.")
    if intake.unknown_countries:
        shown = ", ".join(f"{text!r} ({count})" for text, count in intake.unknown_countries.most_common(_SHOWN))
        click.echo(f"No country was found in {shown}; their claims leave it open.")
    for note in outcome.notes:
        click.echo(f"{note[0].upper()}{note[1:]}.")
    if given["dry_run"]:
        for claim in intake.claims[:5]:
            start = f", {claim['start']}" if claim.get("start") else ""
            one = f"{claim['name']} ({claim['country'] or '?'})"
            click.echo(f"  {one} – {claim['partner']} ({claim['partner_country'] or '?'}){start}")
        if outcome.replaced:
            click.echo(
                f"They would replace the {plural(outcome.claims_before, 'claim')} of the source {outcome.source!r}."
            )
        click.echo("A dry run: nothing was written.")
        return
    if outcome.rejected_file:
        click.echo(f"Rows left out: {outcome.rejected_file}")
    click.echo(f"Source:        {outcome.folder}")
    if outcome.replaced:
        click.echo(
            f"It was replaced: it had {plural(outcome.claims_before, 'claim')} and has {len(intake.claims):,} now; an "
            "import adds nothing to what was there."
        )
    click.echo(f"Next:          twingraph resolve --data {given['data']}")


@command.command("network", epilog="Example: twingraph import network sister_cities.gexf --source my-network")
@click.argument("file", type=path_type)
@_shared
def network(file: Path, **given: Any) -> None:
    """Import a graph file: GEXF or GraphML with labels, or Linked Places (JSON). Nodes are places, edges ties."""
    from twingraph.importing.networks import import_network

    outcome = import_network(
        file, given["data"], source=given["source"], metadata=_metadata(given), dry_run=given["dry_run"]
    )
    _tell(outcome, given)


@command.command(
    "wikitext",
    epilog="Examples: twingraph import wikitext https://de.wikipedia.org/wiki/Helmstedt --country DE; "
    'twingraph import wikitext page.txt --page "List of twin towns and sister cities in Germany"',
)
@click.argument("file", metavar="FILE|ADDRESS")
@click.option("--page", metavar="TITLE", help="Title of the page in a file [default: the file's name].")
@click.option(
    "--town", metavar="NAME", help="Whose partners the page lists [default: the title, or what stands above each list]."
)
@click.option("--country", metavar="CC", help="Country of the town, or of all towns of a list.")
@_shared
def wikitext(file: str, page: str | None, town: str | None, country: str | None, **given: Any) -> None:
    """Import the partners on a page of a wiki, from a file with its wikitext or through the MediaWiki API.

    Read are pages "List of twin towns in …", and sections such as Twin towns, Städtepartnerschaften, Jumelages.
    """
    from twingraph.importing.wiki.mediawiki import WikiPage, fetch_page
    from twingraph.importing.wiki.wikitext import import_wikitext
    from twingraph.sourcedata.tables import read_text

    if file.startswith(("http://", "https://")):
        found = fetch_page(file)
    else:
        path = Path(file)
        found = WikiPage((page or path.stem).replace("_", " "), read_text(path, 16 << 20))
    outcome = import_wikitext(
        found,
        given["data"],
        town=town or "",
        country=country or "",
        source=given["source"],
        metadata=_metadata(given),
        dry_run=given["dry_run"],
    )
    _tell(outcome, given)
