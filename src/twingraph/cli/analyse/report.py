"""``twingraph analyse report``."""

from __future__ import annotations

from pathlib import Path

import click

from twingraph.cli.analyse.options import seed_option
from twingraph.cli.options import path_type
from twingraph.cli.progress import Progress
from twingraph.cli.query_command import write_answer
from twingraph.cli.selection_options import Request, network_options

__all__ = ["command"]

_HTML, _MARKDOWN = (".html", ".htm"), (".md", ".markdown")


@click.command("report", epilog="Example: twingraph analyse report --as-of 2020 -o report.html")
@click.option(
    "--output",
    "-o",
    type=path_type,
    required=True,
    metavar="FILE",
    help="The report: .html, one page with everything in it, or .md, with its plots in a folder beside it.",
)
@seed_option
@network_options
def command(request: Request, output: Path, seed: int) -> None:
    """Write a report: question, answer, figure, what it does not say, and how to get it again."""
    from twingraph.networks.selecting import select
    from twingraph.reporting.collecting import collect
    from twingraph.reporting.layout import to_html, to_markdown

    suffix = output.suffix.lower()
    if suffix not in (*_HTML, *_MARKDOWN):
        raise click.UsageError(f"--output: {output.name} must end with .html or .md.")
    with request.opened() as (table, _):
        network = select(table, request.selection)
    with Progress() as progress:
        report = collect(table, network, request.words(), seed=seed, progress=progress)
        progress.say("drawing")
        if suffix in _HTML:
            write_answer(to_html(report), output)
        else:
            folder = output.with_name(f"{output.stem}_files")
            page, plots = to_markdown(report, folder.name)
            _write_plots(folder, plots)
            write_answer(page, output)
    answered = sum(len(chapter.findings) for chapter in report.chapters)
    click.echo(f"{answered} questions answered: {output}")
    for chapter in report.chapters:
        if chapter.reason:
            click.echo(f"Not answered, {chapter.key}: {chapter.reason}", err=True)


def _write_plots(folder: Path, plots: dict[str, bytes]) -> None:
    from twingraph.errors import TwingraphError

    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise TwingraphError(f"{folder}: can't be made ({error.strerror}); choose another place.") from None
    for name, content in plots.items():
        write_answer(content, folder / name)
