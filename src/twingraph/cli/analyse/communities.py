"""``twingraph analyse communities``."""

from __future__ import annotations

import click

from twingraph.cli.analyse.options import Printing, analysis_options, answer, seed_option
from twingraph.cli.selection_options import Request

__all__ = ["command"]


@click.command("communities", epilog="Example: twingraph analyse communities --seed 7 --table members --format csv")
@seed_option
@analysis_options
def command(request: Request, printing: Printing, seed: int) -> None:
    """Show groups of municipalities with many ties among themselves, and how far they follow borders or languages."""
    from twingraph.findings.communities import find_communities

    answer(request, printing, lambda network, progress: find_communities(network, seed=seed, progress=progress))
