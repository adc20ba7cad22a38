"""What the commands below ``analyse`` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from twingraph.cli.finding_output import FORMATS, Printing, print_findings
from twingraph.cli.options import format_option, path_type
from twingraph.cli.progress import Progress
from twingraph.cli.selection_options import Request, network_options

if TYPE_CHECKING:
    from twingraph.findings.model import Finding
    from twingraph.networks.model import Network

__all__ = ["Printing", "analysis_options", "answer", "seed_option"]

F = TypeVar("F", bound=Callable[..., Any])


def analysis_options(function: F) -> F:
    """The options of data, selection and output; the command gets a `Request` and a `Printing`."""
    import functools

    @functools.wraps(function)
    def call(**values: Any) -> Any:
        names = ("output_format", "output", "table", "top", "whole")
        printing = Printing(*(values.pop(name) for name in names))
        return function(printing=printing, **values)

    wrapped = format_option(*FORMATS, default="table")(call)
    for option in (
        click.option("--output", "-o", type=path_type, metavar="FILE", help="Write to a file."),
        click.option("--table", metavar="NAME", help="Only this table of the answer; csv and parquet hold one."),
        click.option(
            "--top",
            type=click.IntRange(min=1),
            metavar="N",
            help="Rows that are shown of each table [default: what a page has room for].",
        ),
        click.option("--all", "whole", is_flag=True, help="Show all rows and columns of each table."),
    ):
        wrapped = option(wrapped)
    return network_options(wrapped)  # type: ignore[return-value]


def seed_option(function: F) -> F:
    """``--seed N``."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        metavar="N",
        help="Of the random numbers; the same gives the same answer.",
    )(function)


def answer(
    request: Request, printing: Printing, find: Callable[[Network, Progress], Sequence[Finding]]
) -> Sequence[Finding]:
    """Read the network, find, print, and return what was found."""
    network = request.network()
    with Progress() as progress:
        findings = find(network, progress)
    print_findings(findings, network, printing)
    return findings
