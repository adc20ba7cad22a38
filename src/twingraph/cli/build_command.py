"""``twingraph build``."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import native_path, path_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from twingraph.building import BuildSummary

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
    metavar="DIR|URL",
    help="Where to build [default: build/store in a checkout, else the user's data folder]; the address of a server's "
    "graph store sends the build there.",
)
@click.option("--again", is_flag=True, help="Send every graph to the server, also those that were sent before.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def command(data: Path | None, store: str | None, again: bool, quiet: bool) -> None:
    """Build the graph: check the source data, draw conclusions, fill the store, write the release files.

    A build that fails or is stopped leaves the store that was there before as it was. When nothing has
    changed since the last build, nothing is done.
    """
    from twingraph.building import build

    if store == "":
        raise click.BadParameter("an empty text is no path.", param_hint="--store")
    url = store if store is not None and re.match(r"https?:|\w+://", store, re.IGNORECASE) else None
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise click.BadParameter(
            f"{url!r} is no address of a graph store; it starts with http:// or https://.", param_hint="--store"
        )
    if again and url is None:
        raise click.UsageError("--again is for a server: give its graph store as --store http://…")
    began = time.monotonic()

    def report(step: str) -> None:
        if not quiet:
            click.echo(f"{time.monotonic() - began:6.1f} s  {step}", err=True)

    if url is not None:
        done = _build_for(url, data, report)
        _publish(done, url, again, quiet)
    else:
        done = build(data, native_path(store) if store is not None else None, report=report)
    if quiet:
        return
    from twingraph.querying.wording import plural

    counts = done.counts
    if not done.is_new and url is None:
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


def _digest(url: str) -> str:
    import hashlib

    return hashlib.sha256(url.encode()).hexdigest()[:16]


def _build_for(url: str, data: Path | None, report: Callable[[str], None]) -> BuildSummary:
    """Build what a server is to hold in a folder of its own: the local store is for other data, unless it has this."""
    from twingraph.building import build
    from twingraph.building.pipeline import find_build
    from twingraph.resources import default_store

    store = default_store()
    return find_build(data, store) or build(data, store.with_name(f"{store.name}-for-{_digest(url)}"), report=report)


def _publish(done: BuildSummary, url: str, again: bool, quiet: bool) -> None:
    """Send a build to a server; what was sent before is kept beside the local store, by address."""
    from twingraph.building.publishing import publish_remotely
    from twingraph.cli.progress import Progress
    from twingraph.querying.wording import plural
    from twingraph.resources import default_store

    store = default_store()
    name = f"published-{_digest(url)}.json"
    state = store.with_name(f"{store.name}-{name}")
    if (store / name).exists() and not state.exists():
        # Where it was kept before: without it, graphs that are gone would stay on the server.
        (store / name).rename(state)
    with Progress() as progress:
        sent = publish_remotely(
            done.release,
            url,
            state,
            user=os.environ.get("TWINGRAPH_STORE_USER"),
            password=os.environ.get("TWINGRAPH_STORE_PASSWORD"),
            again=again,
            progress=progress,
        )
    if not quiet:
        click.echo(
            f"Server:  {url} holds {plural(sent.graphs, 'graph')}; {sent.sent:,} sent, {sent.removed:,} removed."
        )
        if sent.sent and sent.caveat:
            click.echo(f"         {sent.caveat}.")
