"""``twingraph analyse countries``."""

from __future__ import annotations

import click

from twingraph.cli.analyse.options import Printing, analysis_options, answer, seed_option
from twingraph.cli.selection_options import Request

__all__ = ["command"]


@click.command("countries", epilog="Example: twingraph analyse countries --samples 2000 --table pairs --format csv")
@click.option(
    "--samples",
    type=click.IntRange(min=1, max=1_000_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Random networks that the pairs of countries are compared with.",
)
@seed_option
@analysis_options
def command(request: Request, printing: Printing, samples: int, seed: int) -> None:
    """Show which countries pair more or less often than chance would have it, how far ties reach, who confirms them."""
    from twingraph.findings.countries import find_countries

    answer(
        request,
        printing,
        lambda network, progress: find_countries(network, samples=samples, seed=seed, progress=progress),
    )
