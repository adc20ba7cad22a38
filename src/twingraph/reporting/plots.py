"""Plots of findings. Each takes a finding and draws on matplotlib axes; which finding has one is said in `PLOTS`.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart, and differ in grey.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from twingraph.answers.layout import safe_text

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

    from twingraph.findings.model import Finding

__all__ = ["PLOTS", "draw", "luminance"]

_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
#: Countries that a matrix has room for.
_COUNTRIES = 14
_STYLE: dict[str, Any] = {
    "font.size": 10,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    # Texts stay texts: they can be searched, and the reader's fonts have letters that a plot's own lack.
    "svg.fonttype": "none",
    "svg.hashsalt": "twingraph",
    # A dollar sign in a name is no formula.
    "text.parse_math": False,
}


def draw(finding: Finding) -> tuple[bytes, str] | None:
    """Return the plot of a finding as SVG, the same bytes for the same finding, and what it shows in words.

    None where it has none, or nothing to show.
    """
    plot = PLOTS.get(finding.key)
    if plot is None or not finding.frame.height:
        return None
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.2, 3.6))
        FigureCanvasSVG(figure)
        text = plot(figure.subplots(), finding)
        if text is None:
            return None
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue(), text


def _both(frame: pl.DataFrame, name: str) -> tuple[list[Any], list[Any]]:
    """Return the certain and the possible values of a figure; twice the same where there is only one."""
    if name in frame.columns:
        return frame[name].to_list(), frame[name].to_list()
    return frame[f"{name}_certain"].to_list(), frame[f"{name}_possible"].to_list()


def _degrees(axes: Axes, finding: Finding) -> str | None:
    frame = finding.frame.filter(finding.frame["degree"] > 0)
    if frame.height < 2:
        return None
    column = next(name for name in frame.columns if name.startswith("share"))
    shares = frame[column].fill_null(0.0).to_list()
    beyond, left = [], sum(shares)
    for share in shares:
        beyond.append(left)
        left -= share
    axes.loglog(frame["degree"].to_list(), beyond, "o", color=_BLUE, markersize=4)
    tail, start = finding.about.get("tail_exponent"), finding.about.get("tail_from")
    if tail and start:
        degrees = frame["degree"].to_list()
        first = next((index for index, degree in enumerate(degrees) if degree >= start), None)
        if first is not None:
            line = [beyond[first] * (degree / degrees[first]) ** (1 - tail) for degree in degrees[first:]]
            axes.loglog(degrees[first:], line, "-", color=_ORANGE, label=f"power law, exponent {tail:.2f}")
            axes.legend()
    axes.set_xlabel("partners")
    axes.set_ylabel("share of places with\nat least so many")
    return "How many places have at least so many partners, on scales that grow by factors of ten."


def _top(axes: Axes, finding: Finding, value: str, label: str) -> str | None:
    column = value if value in finding.frame.columns else f"{value}_possible"
    if column not in finding.frame.columns:
        return None
    rows = finding.frame.sort(column, descending=True, nulls_last=True, maintain_order=True).head(15)
    names = [
        safe_text(f"{row['name']} ({row['country']})" if row.get("country") else str(row.get("name", "?")))
        for row in rows.iter_rows(named=True)
    ]
    places = list(range(len(names)))[::-1]
    axes.barh(places, rows[column].fill_null(0.0).to_list(), color=_BLUE)
    axes.set_yticks(places, names)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(label)
    return f"The {len(names)} with the highest {label}."


def _municipalities(axes: Axes, finding: Finding) -> str | None:
    return _top(axes, finding, "betweenness", "share of shortest ways that lead through (betweenness)")


def _pairs(axes: Axes, finding: Finding) -> str | None:
    """Draw a matrix of the countries with most ties: how often they pair against chance."""
    frame = finding.frame
    observed = "observed" if "observed" in frame.columns else "observed_possible"
    ratio = observed.replace("observed", "ratio")
    rows = frame.to_dicts()
    totals: dict[str, int] = {}
    for row in rows:
        for code in {row["country_1"], row["country_2"]}:
            totals[code] = totals.get(code, 0) + (row[observed] or 0)
    codes = sorted(totals, key=lambda code: (-totals[code], code))[:_COUNTRIES]
    if len(codes) < 2:
        return None
    import math

    import numpy as np

    place = {code: index for index, code in enumerate(codes)}
    cells = [[math.nan] * len(codes) for _ in codes]
    numbers = []
    for row in rows:
        one, other = row["country_1"], row["country_2"]
        if one in place and other in place and row[observed]:
            value = row[ratio]
            # Three times as often and three times as rarely are equally far from chance.
            level = math.log2(max(min(value, 16.0), 1 / 16)) if value else math.nan
            cells[place[one]][place[other]] = cells[place[other]][place[one]] = level
            for x, y in {(place[one], place[other]), (place[other], place[one])}:
                numbers.append(axes.text(x, y, str(row[observed]), ha="center", va="center", fontsize=8))
    edges = [index - 0.5 for index in range(len(codes) + 1)]
    # The scale gets darker all the way: in grey, one with a hue on each side is as dark for seldom as for often.
    image = axes.pcolormesh(edges, edges, cells, cmap="cividis_r", vmin=-4, vmax=4, zorder=0)
    colours = image.to_rgba(np.array(cells))
    for number in numbers:
        x, y = (round(at) for at in number.get_position())
        if not math.isnan(cells[y][x]):
            number.set_color(_readable_on(colours[y][x]))
    axes.invert_yaxis()
    axes.set_xticks(range(len(codes)), [safe_text(code) for code in codes])
    axes.set_yticks(range(len(codes)), [safe_text(code) for code in codes])
    axes.grid(visible=False)
    figure = axes.get_figure()
    if figure is not None:
        bar = figure.colorbar(image, ax=axes, ticks=[-4, -2, 0, 2, 4])
        bar.ax.set_yticklabels(["1/16", "1/4", "1", "4", "16"])
        if bar.solids is not None:
            # Shapes instead of a picture of pixels, which print sharply.
            bar.solids.set_rasterized(False)
            bar.solids.set_edgecolor("face")
        bar.set_label("times as often as by chance")
    told = (
        "Numbers are ties between two countries; the colour says how many times as often as by chance they pair, the "
        "darker the more often."
    )
    if len(totals) > len(codes):
        every = sum(frame[observed].fill_null(0))
        inside = sum(row[observed] or 0 for row in rows if row["country_1"] in place and row["country_2"] in place)
        told += (
            f" Shown are the {len(codes)} of {len(totals)} countries with most ties; {every - inside} of {every} "
            "tied pairs of places have an end in another."
        )
    return told


def luminance(colour: Sequence[float]) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.1), given as red, green and blue, each 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable_on(colour: Sequence[float]) -> str:
    """Return black or white, whichever stands out more on a colour (WCAG 2.1, contrast)."""
    # Both contrasts are equal where (L + 0.05)² = 1.05 · 0.05.
    return "black" if (luminance(colour) + 0.05) ** 2 > 1.05 * 0.05 else "white"


def _distances(axes: Axes, finding: Finding) -> str | None:
    frame = finding.frame
    suffix = "" if "q50_km" in frame.columns else "_possible"
    quantiles = [name for name in frame.columns if name.startswith("q") and name.endswith(f"_km{suffix}")]
    colours = (_BLUE, _ORANGE, _GREEN, _GREY, "#CC79A7", "#56B4E9")
    shares = [int("".join(filter(str.isdigit, name.split("_")[0]))) for name in quantiles]
    for row, colour, mark in zip(frame.iter_rows(named=True), colours, "os^Dvx", strict=False):
        values = [row[name] for name in quantiles]
        if all(value is not None for value in values):
            axes.plot(values, shares, mark + "-", color=colour, label=row["pairs_of"])
    if not axes.lines:
        return None
    axes.set_xlabel("km between the two places")
    axes.set_ylabel("percent of pairs nearer than that")
    axes.set_xscale("log")
    axes.legend(fontsize=8)
    return "How far apart tied places are, beside random pairs: the further left a line, the nearer the places."


def _growth(axes: Axes, finding: Finding) -> str | None:
    frame = finding.frame
    if frame["year"].n_unique() != frame.height:
        frame = frame.drop("group").group_by("year").sum().sort("year")
    years = frame["year"].to_list()
    low, high = frame["in_force_certain"].to_list(), frame["in_force_possible"].to_list()
    axes.fill_between(years, low, high, color=_BLUE, alpha=0.25, linewidth=0, label="possibly in force")
    axes.plot(years, low, color=_BLUE, label="certainly in force")
    axes.set_ylabel("ties at the end of the year")
    axes.set_ylim(bottom=0)
    starts = axes.twinx()
    starts.bar(
        years, frame["started_certain"].to_list(), color=_ORANGE, width=0.9, alpha=0.7, label="began in the year"
    )
    starts.set_ylim(0, max([*frame["started_certain"].to_list(), 1]) * 3)
    starts.set_ylabel("certainly begun in the year")
    starts.grid(visible=False)
    handles = [*axes.get_legend_handles_labels()[0], *starts.get_legend_handles_labels()[0]]
    labels = [*axes.get_legend_handles_labels()[1], *starts.get_legend_handles_labels()[1]]
    axes.legend(handles, labels, loc="upper left", fontsize=8)
    return (
        "Ties in force at the end of each year: the line counts those that certainly were, the area reaches up to "
        "those that possibly were; bars are ties that certainly began in the year."
    )


def _waves(axes: Axes, finding: Finding) -> str | None:
    frame = finding.frame
    names = frame[frame.columns[0]].to_list()
    places = range(len(names))
    low, high = frame["started_certain"].to_list(), frame["started_possible"].to_list()
    axes.bar(places, high, color=_BLUE, alpha=0.25, label="possibly begun")
    axes.bar(places, low, color=_BLUE, label="certainly begun")
    axes.set_xticks(list(places), names)
    axes.set_ylabel("ties")
    axes.grid(axis="x", visible=False)
    axes.legend(fontsize=8)
    return "Ties begun in each period: the full bar certainly, the light one possibly."


def _survival(axes: Axes, finding: Finding) -> str | None:
    frame = finding.frame
    curves = [name for name in frame.columns if name.startswith("survival")]
    colours = (_BLUE, _ORANGE, _GREEN)
    for name, colour in zip(curves, colours, strict=False):
        axes.step(
            frame["years"].to_list(),
            frame[name].to_list(),
            where="post",
            color=colour,
            label=name.removeprefix("survival_").replace("_", " "),
        )
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("years after the start")
    axes.set_ylabel("share of ties that last")
    if len(curves) > 1:
        axes.legend(fontsize=8)
    return "The share of ties that still last so many years after they began."


def _communities(axes: Axes, finding: Finding) -> str | None:
    size = "size" if "size" in finding.frame.columns else "municipalities"
    column = size if size in finding.frame.columns else f"{size}_possible"
    if column not in finding.frame.columns:
        return None
    sizes = finding.frame[column].fill_null(0).to_list()[:30]
    axes.bar(range(len(sizes)), sizes, color=_BLUE)
    axes.set_xlabel("groups, the largest first")
    axes.set_ylabel("municipalities")
    return f"Sizes of the {len(sizes)} largest groups."


def _robustness(axes: Axes, finding: Finding) -> str | None:
    column = "change_percent" if "change_percent" in finding.frame.columns else "change_percent_possible"
    frame = finding.frame.filter(finding.frame["variation"] != "as selected")
    names = list(dict.fromkeys(frame["variation"]))
    if not names:
        return None
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.set_size_inches(7.2, 1.2 + 0.28 * len(names))
    measures = list(dict.fromkeys(frame["measure"]))
    place = {name: index for index, name in enumerate(reversed(names))}
    for measure, colour, mark in zip(measures, (_BLUE, _ORANGE, _GREEN, "#CC79A7", _GREY), "os^Dv", strict=False):
        rows = [row for row in frame.iter_rows(named=True) if row["measure"] == measure and row[column] is not None]
        axes.plot(
            [row[column] for row in rows],
            [place[row["variation"]] for row in rows],
            mark,
            color=colour,
            label=measure.replace("_", " "),
        )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(list(place.values()), [safe_text(name) for name in place])
    axes.set_xlabel("change in percent")
    axes.legend(fontsize=8, loc="best")
    return "How far each figure moves when something is left out; 0 is no change."


#: Plots by key of the finding; each returns what it shows in words, or None where there is nothing to draw.
PLOTS: dict[str, Callable[[Axes, Finding], str | None]] = {
    "degrees": _degrees,
    "municipalities": _municipalities,
    "pairs": _pairs,
    "distances": _distances,
    "growth": _growth,
    "waves": _waves,
    "survival": _survival,
    "communities": _communities,
    "robustness": _robustness,
}
