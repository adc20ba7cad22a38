"""``twingraph check``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.cli.options import endpoint_option, format_option, open_target, store_option
from twingraph.cli.output import to_json, write_page

if TYPE_CHECKING:
    from twingraph.checking.findings import Check, Report
    from twingraph.portraits.pages import Block, Page

__all__ = ["command"]

_SHOWN = 10
_NOUNS = {"error": ("error",), "warning": ("warning",), "info": ("gap or doubt", "gaps and doubts")}
_TITLES = {
    "error": "Errors: something in the graph is wrong",
    "warning": "Warnings: something to decide or to mend",
    "info": "Gaps and doubts that the sources leave open",
}


@click.command(
    "check", epilog="Examples: twingraph check --severity warning; twingraph check --format json > report.json"
)
@click.option(
    "--severity",
    type=click.Choice(("error", "warning", "info")),
    default="info",
    show_default=True,
    help="The mildest findings to look for: error, warning (and errors) or info (all).",
)
@click.option("--all", "show_all", is_flag=True, help=f"Show all findings, not the first {_SHOWN} of each check.")
@click.option("--shapes/--no-shapes", default=True, show_default=True, help="Validate with SHACL too; takes longest.")
@click.option("--strict", is_flag=True, help="End with exit code 1 on warnings too.")
@format_option("text", "json", "markdown", default="text")
@store_option
@endpoint_option
@click.pass_context
def command(
    ctx: click.Context,
    severity: str,
    show_all: bool,
    shapes: bool,
    strict: bool,
    output_format: str,
    store: Path | None,
    endpoint: str | None,
) -> None:
    """Look for faults, doubts and gaps in the graph: a report grouped by severity.

    Exit code 1 when there are errors (with --strict: or warnings), else 0.
    """
    from twingraph.checking.checks import run_checks
    from twingraph.checking.findings import SEVERITIES, to_plain

    if strict and severity == "error":
        raise click.UsageError("--strict needs the warnings; take --severity warning or info.")
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    with open_target(store, endpoint) as graph:
        report = run_checks(graph, severities=wanted, shapes=shapes, say=_progress())
    if output_format == "json":
        click.echo(to_json(to_plain(report)))
    else:
        shown = sys.maxsize if show_all else _SHOWN
        write_page(report, lambda: _page(report, wanted, shown), output_format)
    if report.count("error") or (strict and report.count("warning")):
        ctx.exit(1)


def _progress() -> Callable[[str], None]:
    """Return a function that shows the running check on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda step: None
    return lambda step: click.echo(f"\r\x1b[K{step} …\r", nl=False, err=True)


def _page(report: Report, severities: tuple[str, ...], shown: int) -> Page:
    from twingraph.portraits.pages import Facts, Page, Paragraph
    from twingraph.querying.wording import plural

    counts = ", ".join(plural(report.count(name), *_NOUNS[name]) for name in severities)
    page = Page(f"{len(report.checks)} checks: {counts}")
    for severity in severities:
        checks = [check for check in report.checks if check.severity == severity and check.findings]
        if not checks:
            continue
        page.add(_TITLES[severity], Facts([(f"{len(check.findings):,}", check.title) for check in checks]))
        for check in checks:
            page.add(f"{check.title}: {len(check.findings):,}", *_check(check, shown))
    clean = [check.title for check in report.checks if not check.findings]
    if clean:
        page.add("Nothing found", Paragraph("; ".join(clean) + "."))
    if report.skipped:
        page.add("Not checked", *(Paragraph(reason) for reason in report.skipped))
    return page


def _check(check: Check, shown: int) -> list[Block]:
    from twingraph.portraits.pages import Item, Items, Paragraph

    items = []
    for finding in check.findings[:shown]:
        sources = f" [{', '.join(finding.sources[:_SHOWN])}]" if finding.sources else ""
        detail = f": {finding.detail}" if finding.detail else ""
        items.append(Item(f"{finding.label}{detail}{sources}"))
    more = len(check.findings) - shown
    blocks: list[Block] = [Paragraph(f"{check.explanation} {check.advice}".strip()), Items(items)]
    if more > 0:
        blocks.append(Paragraph(f"and {more:,} more; --all shows them."))
    return blocks
