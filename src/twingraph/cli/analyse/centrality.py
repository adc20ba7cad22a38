"""``twingraph analyse centrality``."""

from __future__ import annotations

import click

from twingraph.cli.analyse.options import Printing, analysis_options, answer
from twingraph.cli.selection_options import Request

__all__ = ["command"]


@click.command(
    "centrality",
    epilog="Example: twingraph analyse centrality --as-of 2020 --table countries --format csv > countries.csv",
)
@analysis_options
def command(request: Request, printing: Printing) -> None:
    """Show which municipalities and countries are central, and whose absence would split the network."""
    from twingraph.findings.centrality import find_centrality

    answer(
        request, printing, lambda network, progress: find_centrality(network, table=printing.table, progress=progress)
    )
