"""``twingraph build``."""

from __future__ import annotations

import time
from pathlib import Path

import click

from twingraph.cli.options import path_type

__all__ = ["command"]


@click.command("build", epilog="Example: twingraph build --data my-data --store my-store")
@click.option(
    "--data",
    type=path_type,
    metavar="DIR",
    help="The source data [default: the shipped data].",
)
@click.option(
    "--store",
    type=path_type,
    metavar="DIR",
    help="Where to build [default: build/store in a checkout, else the user's data folder].",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def command(data: Path | None, store: Path | None, quiet: bool) -> None:
    """Build the graph: check the source data, draw conclusions, fill the store, write the release files.

    A build that fails or is stopped leaves the store that was there before as it was. When nothing has
    changed since the last build, nothing is done.
    """
    from twingraph.building import build

    began = time.monotonic()

    def report(step: str) -> None:
        if not quiet:
            click.echo(f"{time.monotonic() - began:6.1f} s  {step}", err=True)

    done = build(data, store, report=report)
    if quiet:
        return
    from twingraph.querying.wording import plural

    counts = done.counts
    if not done.is_new:
        click.echo("Nothing has changed since the last build; nothing was done.")
    click.echo(
        f"{plural(counts['partnerships'], 'partnership')} of "
        f"{plural(counts['municipalities'], 'municipality', 'municipalities')}, from "
        f"{plural(counts['claims'], 'claim')} of {plural(counts['sources'], 'source')}; "
        f"{plural(counts['conflicts'], 'conflict')}, {plural(counts['unresolved'], 'unresolved name')}; "
        f"{plural(counts['triples'], 'triple')}."
    )
    click.echo(f"Store:   {done.folder.parent.parent}")
    click.echo(f"Release: {done.release}")
