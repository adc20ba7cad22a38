"""``twingraph analyse structure``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from twingraph.cli.analyse.options import Printing, analysis_options, answer
from twingraph.cli.options import native_path
from twingraph.cli.selection_options import Request

if TYPE_CHECKING:
    from twingraph.cli.progress import Progress
    from twingraph.findings.model import Finding
    from twingraph.networks.model import Network

__all__ = ["command"]


@click.command(
    "structure",
    epilog="Examples: twingraph analyse structure --as-of 1989-11-09 --format json; "
    "twingraph analyse structure --graph out.twin --published konect-sister-cities",
)
@click.option(
    "--published",
    metavar="NAME|FILE",
    help="Compare with figures that others published: konect-sister-cities, or a file in its form.",
)
@analysis_options
def command(request: Request, printing: Printing, published: str | None) -> None:
    """Show the measures of the network as a whole: size, groups, distances, clustering, degrees."""

    def find(network: Network, progress: Progress) -> list[Finding]:
        from twingraph.findings.structure import find_structure

        findings = find_structure(network, progress=progress)
        if published is not None:
            from twingraph.findings.published import compare_with_published

            findings.insert(0, compare_with_published(findings[0], native_path(published)))
        return findings

    answer(request, printing, find)
