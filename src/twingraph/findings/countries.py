"""Which countries pair more often than chance would have it, how far do ties reach, and who confirms them?"""

from __future__ import annotations

from typing import Any

from twingraph.errors import AnalysisError
from twingraph.findings.model import Finding, Progress, compare, describe, silent
from twingraph.findings.texts import excerpt_of
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_countries"]

_PAIRS = {
    "country_1": "country today",
    "country_2": "the other; the same for ties within a country",
    "observed": "ties between them",
    "expected": "ties that random networks have on average, in which every place keeps its number of ties",
    "ratio": "observed / expected: 2 is twice as often as by chance",
    "sd": "standard deviation of the random networks",
    "z": "(observed − expected) / sd; beyond about ±3 hardly chance",
    "low": "2.5 % of the random networks have fewer ties than this",
    "high": "2.5 % have more",
    "p": "how likely a random network is at least as far from the expected",
    "expected_exact": "the expected number in closed form, as a check",
}
#: Countries of the square that a page has room for.
_MATRIX = 12
_COUNTRIES = {
    "country": "country today",
    "municipalities": "its places in the network",
    "ties": "ties with an end there",
    "domestic": "those within the country",
    "international": "those with other countries",
    "share_domestic": "share of the first, 0 to 1",
    "partner_countries": "countries it is tied with",
}
_DISTANCES = {
    "pairs_of": "which pairs of places",
    "pairs": "how many",
    "mean_km": "mean distance in km along the great circle",
    **{f"q{share}_km": f"{share} % of the pairs are nearer than so many km" for share in (10, 25, 50, 75, 90)},
    **{f"within_{km}_km": f"share of pairs at most {km:,} km apart, 0 to 1" for km in (100, 500, 1000, 5000)},
}
_RECIPROCITY = {
    "country": "country today; all for the whole network",
    "ties": "ties of two with an end there",
    "reciprocated": "those that the own voices of both sides state",
    "share": "their share, 0 to 1",
}


def find_countries(
    network: Network, *, samples: int = 1000, seed: int = 1, progress: Progress = silent
) -> list[Finding]:
    """Return how countries pair, how far ties reach, and how many ties both sides state.

    Tables: ``pairs``, ``matrix`` (the observed ties as a square), ``countries``, ``distances`` (where places have
    coordinates), ``reciprocity`` (where the data says who states a tie).

    Raises:
        AnalysisError: no place of the network has a country.
    """
    pairs = _pairs(network, samples, seed, progress)
    findings = [pairs, _matrix(pairs), _countries(network)]
    try:
        findings.append(_distances(network, seed))
    except AnalysisError as error:
        findings[-1].caveats = [*findings[-1].caveats, f"Distances: {error}"]
    reciprocal = _reciprocity(network)
    return [*findings, reciprocal] if reciprocal else findings


def _pairs(network: Network, samples: int, seed: int, progress: Progress) -> Finding:
    from twingraph.analysis.countries import country_pairs, ties_without_country

    selection = network.selection

    def table(graph: Any) -> Any:
        return country_pairs(graph, samples, seed, selection=selection, progress=progress)

    frame = compare(network, table, ["country_1", "country_2"])
    suffix = "" if "observed" in frame.columns else "_possible"
    left_out = ties_without_country(network.possible)
    caveats = [
        "More often than chance does not say why; neighbours, languages and politics all bring places together.",
        "With hundreds of pairs, some z beyond ±3 come about by chance alone.",
    ]
    if selection.scope or selection.countries or selection.continents:
        caveats.append("Pairs that the selection rules out occur in no random network either.")
    if selection.around:
        caveats.append(
            "Which places are near enough was chosen by these ties themselves; random networks keep the places and "
            "their numbers of ties, not that nearness, so z also shows how the places were chosen."
        )
    if left_out:
        caveats.append(f"Left out since an end has no country: {plural(left_out, 'tie')}.")
    return Finding(
        key="pairs",
        question="Which countries pair more often than chance would have it?",
        answer=_tell_pairs(frame, suffix, samples),
        frame=frame,
        columns=describe(_PAIRS, frame.columns),
        excerpt=excerpt_of(frame, "country_1", "country_2", "observed", "expected", "ratio", "z").head(30),
        caveats=caveats,
        about={"samples": samples, "seed": seed, "null": "configuration", "without_country": left_out},
    )


def _tell_pairs(frame: Any, suffix: str, samples: int) -> list[str]:
    import polars as pl

    z, observed, expected, sd = (f"{name}{suffix}" for name in ("z", "observed", "expected", "sd"))
    if frame.height and not (frame[sd].drop_nulls() > 0).any():
        return [
            "With this selection the places' numbers of ties alone settle how many ties each pair of countries has: "
            "every random network has as many, so nothing can stand out."
        ]
    marked = frame.filter(pl.col(z).is_not_null() & (pl.col(observed) >= 5))
    if not marked.height:
        return ["No pair of countries has enough ties to be told from chance."]

    def say(row: dict[str, Any]) -> str:
        one, other = row["country_1"], row["country_2"]
        pair = f"within {one}" if one == other else f"{one}–{other}"
        return f"{pair} ({plural(row[observed], 'tie')}, {row[expected]:.1f} by chance, z {row[z]:+.1f})"

    above = marked.sort([z, "country_1", "country_2"], descending=[True, False, False]).head(3)
    rows = [row for row in above.iter_rows(named=True) if row[z] > 2]
    told = []
    if rows:
        told.append(f"Furthest above chance, of pairs with at least five ties: {'; '.join(map(say, rows))}.")
    below = frame.filter(pl.col(z).is_not_null()).sort([z, "country_1", "country_2"]).row(0, named=True)
    if below[z] < -2:
        told.append(f"Furthest below: {say(below)}.")
    told.append(f"Chance is {samples:,} random networks in which every place keeps its number of ties.")
    return told


def _matrix(pairs: Finding) -> Finding:
    from twingraph.analysis.countries import country_matrix

    suffix = "" if "observed" in pairs.frame.columns else "_possible"
    rows = pairs.frame.drop_nulls(f"observed{suffix}")
    frame = country_matrix(rows, f"observed{suffix}").fill_null(0)
    totals = {code: sum(frame[code]) for code in frame.columns[1:]}
    largest = sorted(totals, key=lambda code: (-totals[code], code))[:_MATRIX]
    brief = frame.filter(frame["country"].is_in(largest)).select("country", *sorted(largest))
    return Finding(
        key="matrix",
        question="How many ties do countries have with each other?",
        answer=[f"Of the {len(largest)} countries with most ties; the whole table has {len(totals)}."],
        frame=frame,
        columns={"country": "country today", **{code: f"ties with {code}" for code in totals}},
        caveats=["Possible ties; the table pairs holds the certain ones too, and what chance would give."]
        if suffix
        else ["The table pairs holds what chance would give."],
        excerpt=brief,
    )


def _countries(network: Network) -> Finding:
    from twingraph.analysis.countries import countries

    frame = compare(network, countries, ["country"])
    return Finding(
        key="countries",
        question="How are the ties spread over countries?",
        answer=[],
        frame=frame,
        columns=describe(_COUNTRIES, frame.columns),
        excerpt=excerpt_of(
            frame, "country", "municipalities", "ties", "domestic", "share_domestic", "partner_countries"
        ).head(20),
        caveats=["Countries are those of today; a country with many ties here may only have more sources."],
    )


def _distances(network: Network, seed: int) -> Finding:
    from twingraph.analysis.geography import distance_summary, ties_without_coordinates

    selection = network.selection
    frame = compare(network, lambda graph: distance_summary(graph, seed=seed, selection=selection), ["pairs_of"])
    missing = ties_without_coordinates(network.possible)
    suffix = "" if "q50_km" in frame.columns else "_possible"
    half = dict(zip(frame["pairs_of"], frame[f"q50_km{suffix}"], strict=True))
    answer = []
    tied, kept = half.get("tied places"), half.get("random, degrees kept")
    if tied is not None and kept is not None:
        answer.append(
            f"Half of all tied places are at most {tied:,.0f} km apart; of random pairs with the same numbers of "
            f"ties it is {kept:,.0f} km."
        )
    if missing:
        answer.append(f"Without coordinates at an end, and so without a distance: {plural(missing, 'tie')}.")
    return Finding(
        key="distances",
        question="Is twinning local?",
        answer=answer,
        frame=frame,
        columns=describe(_DISTANCES, frame.columns),
        excerpt=excerpt_of(frame, "pairs_of", "pairs", "mean_km", "q10_km", "q50_km", "q90_km", "within_500_km"),
        caveats=[
            "Random pairs are of the places in the data, which lie where sources were read. Distances are on a sphere, "
            "and differ from those on the ground."
        ],
        about={"without_coordinates": missing, "seed": seed},
    )


def _reciprocity(network: Network) -> Finding | None:
    from twingraph.analysis.reciprocity import reciprocity

    frame = reciprocity(network)
    if not frame.height:
        return None
    row = frame.row(0, named=True)
    return Finding(
        key="reciprocity",
        question="Do both sides say that they are partners?",
        answer=[
            f"Of {plural(row['ties'], 'tie')} of two, the own voices of both sides state {row['reciprocated']:,} "
            f"({row['share']:.0%})."
        ],
        frame=frame,
        columns=_RECIPROCITY,
        excerpt=frame.head(15),
        caveats=["Of most places no own page is among the sources; that a side is silent here is no denial."],
    )
