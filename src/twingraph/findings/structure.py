"""Is everything connected, and how is the network built?"""

from __future__ import annotations

from typing import Any

from twingraph.findings.model import Finding, Progress, compare, describe, silent
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_structure"]

_MEMBERS = 5
#: Groups that are shown of each reading.
_COMPONENTS = 10


def find_structure(network: Network, *, progress: Progress = silent) -> list[Finding]:
    """Return the measures of the whole, the distribution of degrees, and the groups that hang together.

    Tables: ``structure``, ``degrees``, ``components``.
    """
    return [_measures(network, progress), _degrees(network), _components(network)]


def _measures(network: Network, progress: Progress) -> Finding:
    import polars as pl

    from twingraph.analysis.structure import MEASURES, measure_structure

    possible = measure_structure(network.possible, progress=progress)
    differs = network.certain is not network.possible
    certain = measure_structure(network.certain, progress=progress) if differs else possible
    rows: list[dict[str, Any]] = []
    for name, measure in MEASURES.items():
        row: dict[str, Any] = {"measure": name}
        if differs:
            row |= {"certain": certain[name], "possible": possible[name]}
        else:
            row["value"] = possible[name]
        rows.append(row | {"unit": measure.unit, "meaning": measure.meaning})
    if network.directed is not None:
        one_way, both_ways = network.directed
        share = 2 * both_ways / (2 * both_ways + one_way) if one_way + both_ways else None
        for name, value, unit, meaning in (
            ("one_way_pairs", one_way, "pairs", "Pairs that the whole file names in one direction only."),
            ("reciprocity", share, "share", "Of all directed statements, the share whose reverse is stated too."),
        ):
            figures = {"certain": value, "possible": value} if differs else {"value": value}
            rows.append({"measure": name, **figures, "unit": unit, "meaning": meaning})
    values = ["certain", "possible"] if differs else ["value"]
    schema: dict[str, Any] = {"measure": pl.String, **dict.fromkeys(values, pl.Float64)}
    frame = pl.DataFrame(rows, schema=schema | {"unit": pl.String, "meaning": pl.String}, orient="row")
    columns = {"measure": "the measure", "unit": "what it is counted in", "meaning": "what the figure says"}
    if differs:
        columns |= {
            "certain": "of the ties that certainly were in force",
            "possible": "of the ties that possibly were",
        }
    else:
        columns["value"] = "the figure"
    caveats = [
        "Distances and the algebraic connectivity are those of the largest group of connected places.",
        "What no source reports is missing here too; a place without a tie in the data may well have partners.",
    ]
    if differs:
        caveats.append("A figure of all ties that really were in force need not lie between the two columns.")
    return Finding(
        key="structure",
        question="Is everything connected, and how is the network built?",
        answer=_tell(network, certain, possible, differs),
        frame=frame,
        columns=columns,
        caveats=caveats,
        excerpt=frame,
        digits=7,
    )


def _tell(network: Network, certain: dict[str, Any], possible: dict[str, Any], differs: bool) -> list[str]:
    if not possible["n"]:
        return ["The selection holds no tie."]
    told = []
    for name, found in (("certain", certain), ("possible", possible)) if differs else (("", possible),):
        ties = f"{name} ties" if name else "ties"
        if not found["n"]:
            told.append(f"There are no {ties}.")
            continue
        share = found["largest_component"] / found["n"]
        told.append(
            f"The {ties}: {plural(found['m'], 'pair')} of {plural(found['n'], 'place')} in "
            f"{plural(found['components'], 'group')}; the largest holds "
            f"{plural(found['largest_component'], 'place')} ({share:.0%})."
        )
    if possible["mean_distance"] is not None:
        told.append(
            f"There it takes {possible['mean_distance']:.1f} ties on average from one place to another, "
            f"{possible['diameter']} at most."
        )
    if possible["bridges"]:
        told.append(
            f"Bridges: {plural(possible['bridges'], 'tie')} ({possible['bridges'] / possible['m']:.0%}); without one "
            "a place or a group would be cut off."
        )
    mixing = possible["degree_assortativity"]
    if mixing is not None and abs(mixing) >= 0.05:
        others = "others that have many" if mixing > 0 else "places that have few"
        told.append(f"Places with many partners are mostly tied with {others} (assortativity {mixing:.2f}).")
    if network.undated:
        told.append(f"{network.undated_share:.0%} of the ties have no known start.")
    return told


def _degrees(network: Network) -> Finding:
    from twingraph.analysis.degrees import degree_distribution, fit_degrees

    frame = compare(network, degree_distribution, ["degree"]).sort("degree")
    fit = fit_degrees(network.possible)
    about: dict[str, Any] = {}
    answer = []
    if fit.all_exponent is not None:
        about["exponent_of_all"] = fit.all_exponent
    if fit.grid is not None:
        about |= {"tail_exponent": fit.grid.exponent, "tail_from": fit.grid.start, "tail_places": fit.grid.places}
    if fit.tail is not None:
        about["library"] = {
            "exponent": fit.tail.exponent,
            "from": fit.tail.start,
            "distance": fit.tail.distance,
            "places": fit.tail.places,
        }
        answer.append(
            f"From {fit.tail.start} partner{'s' * (fit.tail.start > 1)} on, a power law with the exponent "
            f"{fit.tail.exponent:.2f} fits best ({fit.tail.places:,} places); at most "
            f"{fit.tail.distance:.1%} of them lie elsewhere than it says."
        )
    if network.possible.number_of_nodes():
        alone = sum(1 for _, degree in network.possible.degree() if degree == 1)
        answer.insert(0, f"{alone / network.possible.number_of_nodes():.0%} of the places have a single partner.")
    return Finding(
        key="degrees",
        question="How many partners do places have?",
        answer=answer,
        frame=frame,
        columns=describe(
            {
                "degree": "number of partners",
                "municipalities": "places that have so many",
                "share": "their share of all places, 0 to 1",
                "cumulative_share": "share of the places that have at least so many, 0 to 1",
            },
            frame.columns,
        ),
        caveats=[
            "Other distributions may fit as well as a power law or better; a fit alone does not show how it came about."
        ],
        about=about,
    )


def _components(network: Network) -> Finding:
    import polars as pl

    frame = component_table(network.possible)
    if network.certain is not network.possible:
        # A group of certain ties is no group of possible ones, so that they stand below each other.
        tables = {"certain": component_table(network.certain), "possible": frame}
        frame = pl.concat(table.select(pl.lit(name).alias("reading"), pl.all()) for name, table in tables.items())
    return Finding(
        key="components",
        question="Which groups of places hang together?",
        answer=[],
        frame=frame,
        columns=describe(
            {
                "reading": "of the ties that certainly were in force, or of those that possibly were",
                "rank": "the largest group first",
                "municipalities": "places in it",
                "ties": "pairs with a tie in it",
                "share": "its share of all places, 0 to 1",
                "members": "the places with most partners in it",
            },
            frame.columns,
        ),
        excerpt=frame.filter(frame["rank"] <= _COMPONENTS),
        caveats=["Two groups may be connected by ties that no source in the data reports."],
    )


def component_table(graph: Any) -> Any:
    """Return the components of a graph, the largest first.

    Columns: ``rank``, ``municipalities``, ``ties``, ``share``, ``members`` (names of up to five with most partners).
    """
    import numpy as np
    import polars as pl

    from twingraph.analysis.wiring import wire

    wiring = wire(graph)
    ties = np.bincount(wiring.components[wiring.tails], minlength=len(wiring.component_sizes))
    names = [str(name or node) for name, node in zip(wiring.attribute("name"), wiring.nodes, strict=True)]
    leading: dict[int, list[int]] = {}
    ranked = sorted(range(wiring.n), key=lambda place: (-int(wiring.degrees[place]), names[place]))
    for place in ranked:
        members = leading.setdefault(int(wiring.components[place]), [])
        if len(members) < _MEMBERS:
            members.append(place)
    rows = [
        (rank + 1, int(size), int(ties[rank]), int(size) / wiring.n, ", ".join(names[place] for place in leading[rank]))
        for rank, size in enumerate(wiring.component_sizes)
    ]
    schema = {"rank": pl.Int64, "municipalities": pl.Int64, "ties": pl.Int64, "share": pl.Float64, "members": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
