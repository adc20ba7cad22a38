"""``twingraph analyse growth``."""

from __future__ import annotations

import click

from twingraph.cli.analyse.options import Printing, analysis_options, answer
from twingraph.cli.selection_options import Request

__all__ = ["command"]


@click.command("growth", epilog="Example: twingraph analyse growth --by kind --table growth --format csv > growth.csv")
@click.option(
    "--by",
    type=click.Choice(("kind", "country_pair", "scope")),
    help="Count each kind, pair of countries, or domestic and international ties apart.",
)
@analysis_options
def command(request: Request, printing: Printing, by: str | None) -> None:
    """Show how many ties began and were in force in each year, first ties, waves, and how long ties last."""
    from twingraph.findings.growth import find_growth

    answer(request, printing, lambda network, progress: find_growth(network, by=by, progress=progress))
