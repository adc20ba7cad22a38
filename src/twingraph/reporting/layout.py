"""The report as one HTML page without anything from elsewhere, or as Markdown with its plots beside it."""

from __future__ import annotations

import html
import shlex
from collections.abc import Sequence
from pathlib import Path

from twingraph.answers.layout import markdown_rows, safe_text
from twingraph.findings.model import Finding
from twingraph.findings.texts import TextTable, text_table
from twingraph.reporting.collecting import Chapter, Report
from twingraph.reporting.plots import draw

__all__ = ["to_html", "to_markdown"]


def _command(report: Report, chapter: Chapter, *more: str) -> str:
    return shlex.join(["twingraph", "analyse", chapter.key, *report.words, *more])


def _title(report: Report) -> str:
    return (
        "The network of partnerships between municipalities"
        if report.network.origin.kind != "file"
        else (f"The network in {Path(report.network.origin.name).name}")
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    network = report.network
    facts = [("Selection", f"{network.description}."), ("Data", f"{network.origin}."), ("twingraph", report.version)]
    if network.certain is network.possible:
        facts.append(
            (
                "Ties",
                f"{network.selected:,}, of which {network.undated:,} ({network.undated_share:.0%}) have no "
                "known start.",
            )
        )
    else:
        facts.append(
            (
                "Ties",
                f"{network.certain_count:,} certainly in force, {network.selected:,} possibly; {network.undated:,} of "
                f"these ({network.undated_share:.0%}) have no known start. Figures stand for both where they differ.",
            )
        )
    return facts + [("Note", f"{note}.") for note in network.notes]


def _edge_list(report: Report) -> str:
    return shlex.join(["twingraph", "network", *report.words, "-o", "network.csv"])


def _queries(report: Report) -> str | None:
    """Say which queries of the library the ties come from; None for a file, which was not asked."""
    network = report.network
    if network.origin.kind not in ("store", "endpoint"):
        return None
    told = (
        "They were read with the library queries graph/values-of, graph/checked-claims and graph/source-titles, which "
        "`twingraph queries NAME --text` shows."
    )
    day = network.selection.as_of
    if day and len(day) == 10:
        told += f" `twingraph query in-force-on --param date={day}` lists the ties in force on that day."
    return told


def to_html(report: Report) -> bytes:
    """Return the report as one page that needs nothing from elsewhere."""
    out = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(_title(report))}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_text(_title(report))}</h1>\n<dl>"
    ]
    out += [f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in _facts(report)]
    out.append('</dl>\n<nav aria-label="Chapters">')
    out += [f'<a href="#{chapter.key}">{_text(chapter.title)}</a>' for chapter in report.chapters]
    out.append("</nav>")
    for chapter in report.chapters:
        out.append(f'<section id="{chapter.key}">\n<h2>{_text(chapter.title)}</h2>')
        if chapter.reason:
            out.append(f'<p class="caveat">Not answered: {_text(chapter.reason)}</p>')
        for finding in chapter.findings:
            out.append(_html_finding(report, chapter, finding))
        out.append("</section>")
    told = _queries(report)
    queries = f"<p>{_text(told)}</p>\n" if told else ""
    out.append(
        '<section id="ties">\n<h2>The ties behind it</h2>\n'
        "<p>The edge list of this selection, with dates, sources and the IRI of each partnership:</p>\n"
        f"<pre>{_text(_edge_list(report))}</pre>\n{queries}</section>\n</main>\n</body>\n</html>\n"
    )
    return "\n".join(out).encode()


def _style() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def _html_finding(report: Report, chapter: Chapter, finding: Finding) -> str:
    out = [f'<article id="{chapter.key}-{finding.key}">\n<h3>{_text(finding.question)}</h3>']
    if finding.answer:
        out.append(f'<p class="answer">{_text(" ".join(finding.answer))}</p>')
    drawn = draw(finding)
    if drawn:
        svg = drawn[0].decode()
        svg = svg[svg.index("<svg") :]
        label = html.escape(drawn[1], quote=True)
        svg = svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
        out.append(f"<figure>{_own_ids(svg, finding.key)}<figcaption>{_text(drawn[1])}</figcaption></figure>")
    table = text_table(finding)
    if table.rows:
        out.append(_html_table(table))
    if finding.caveats:
        out.append(f'<p class="caveat">{_text(" ".join(finding.caveats))}</p>')
    out.append(
        "<details><summary>What the columns mean, and how to get this again</summary>\n<dl>"
        + "".join(f"<dt>{_text(name)}</dt><dd>{_text(meaning)}</dd>" for name, meaning in table.meanings.items())
        + f"</dl>\n<pre>{_text(_command(report, chapter, '--table', finding.key, '--all'))}</pre></details>\n</article>"
    )
    return "\n".join(out)


def _own_ids(svg: str, key: str) -> str:
    """Make the ids of a plot differ from those of the other plots on the page."""
    import re

    return re.sub(r'(\bid="|url\(#|href="#)', lambda match: f"{match[1]}{key}-", svg)


def _html_table(table: TextTable) -> str:
    marks = [' class="number"' if number else "" for number in table.numeric]
    out = ['<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>\n<thead><tr>']
    out += [f'<th scope="col"{mark}>{_text(name)}</th>' for name, mark in zip(table.names, marks, strict=True)]
    out.append("</tr></thead>\n<tbody>")
    for row in table.rows:
        cells = (f"<td{mark}>{_text(cell)}</td>" for cell, mark in zip(row, marks, strict=True))
        out.append(f"<tr>{''.join(cells)}</tr>")
    out.append("</tbody></table></div>")
    if table.left_out > 0:
        out.append(f"<p>… and {table.left_out:,} more rows.</p>")
    return "".join(out)


def _text(text: str) -> str:
    return html.escape(safe_text(text), quote=True)


def to_markdown(report: Report, folder: str) -> tuple[bytes, dict[str, bytes]]:
    """Return the report as Markdown, and its plots as files by name, which it looks for in `folder`."""
    out = [f"# {_title(report)}", ""]
    out += [f"- {name}: {_escaped(value)}" for name, value in _facts(report)]
    plots: dict[str, bytes] = {}
    for chapter in report.chapters:
        out += ["", f"## {chapter.title}", ""]
        if chapter.reason:
            out.append(f"Not answered: {_escaped(chapter.reason)}")
        for finding in chapter.findings:
            out += [f"### {_escaped(finding.question)}", "", _escaped(" ".join(finding.answer)), ""]
            drawn = draw(finding)
            if drawn:
                name = f"{chapter.key}-{finding.key}.svg"
                plots[name] = drawn[0]
                out += [f"![{_escaped(drawn[1])}]({folder}/{name})", ""]
            table = text_table(finding)
            if table.rows:
                out += [markdown_rows(table.names, table.rows)]
                out += [f"… and {table.left_out:,} more rows.", ""] if table.left_out > 0 else []
            out += [f"> {_escaped(' '.join(finding.caveats))}", ""] if finding.caveats else []
            out += [f"- `{name}`: {_escaped(meaning)}" for name, meaning in table.meanings.items()]
            out += ["", *_fenced(_command(report, chapter, "--table", finding.key, "--all")), ""]
    out += [
        "",
        "## The ties behind it",
        "",
        "The edge list of this selection, with dates, sources and the IRI of each partnership:",
        "",
        *_fenced(_edge_list(report)),
    ]
    told = _queries(report)
    out += ["", told] if told else []
    return ("\n".join(out) + "\n").encode(), plots


def _fenced(command: str) -> Sequence[str]:
    return "```sh", command, "```"


def _escaped(text: str) -> str:
    import re

    return re.sub(r"[\\`*_\[\]<>|&]", lambda match: "\\" + match[0], safe_text(text))
