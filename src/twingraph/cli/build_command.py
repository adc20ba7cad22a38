"""``twingraph build``."""

from __future__ import annotations

import time
from pathlib import Path

import click

__all__ = ["command"]


@click.command("build", epilog="Example: twingraph build --data my-data --store my-store")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The source data [default: the shipped data].",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
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
    counts = done.counts
    if not done.is_new:
        click.echo("Nothing has changed since the last build; nothing was done.")
    click.echo(
        f"{counts['partnerships']:,} partnerships of {counts['municipalities']:,} municipalities, from "
        f"{counts['claims']:,} claims of {counts['sources']:,} sources; {counts['conflicts']:,} conflicts, "
        f"{counts['unresolved']:,} unresolved names; {counts['triples']:,} triples."
    )
    click.echo(f"Store:   {done.folder.parent.parent}")
    click.echo(f"Release: {done.release}")
