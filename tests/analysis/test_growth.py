"""Growth, first ties, waves and survival, against counting by hand."""

from __future__ import annotations

import datetime

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twingraph.analysis.growth import first_ties, growth, growth_in_sum, waves
from twingraph.analysis.survival import durations, kaplan_meier, survival
from twingraph.dates import parse_edtf
from twingraph.errors import AnalysisError
from twingraph.findings.growth import find_growth
from twingraph.networks.lifetimes import lifetime_of
from twingraph.networks.model import Network, Origin, Phase, Place, Support, Tie, TieTable
from twingraph.networks.selecting import select
from twingraph.networks.selection import Selection

TODAY = datetime.date(2026, 6, 30)
PLACES = {
    key: Place(key, key.upper(), country)
    for key, country in zip("abcdef", ["DE", "DE", "FR", "FR", "PL", None], strict=True)
}
DATES = [None, "1950", "1955~", "1960-05-01", "196X", "../1970", "1980/..", "1974/1975", "1990-12-31", "1991-01-01"]
STATUSES = ["active", "ended", "suspended", "unknown"]


def tie(key: str, ends: str, start: str | None = None, end: str | None = None, status: str = "active", **more) -> Tie:
    dates = [parse_edtf(text) if text else None for text in (start, end)]
    since = dates[1] if status == "suspended" else None
    life = lifetime_of(dates[0], None if status == "suspended" else dates[1], status, since)
    return Tie(key=key, participants=tuple(ends), status=status, kind=more.pop("kind", "partnership"), lifetime=life,
               start=start, end=end, supports=(Support("town", True),), **more)  # fmt: skip


def network(*ties: Tie) -> Network:
    return select(TieTable(dict(PLACES), list(ties), Origin("memory", "test")), Selection())


drawn_ties = st.lists(
    st.builds(
        lambda ends, start, end, status: (ends, start, end, status),
        st.sampled_from(["ab", "ac", "ce", "abc"]), st.sampled_from(DATES), st.sampled_from(DATES), st.sampled_from(STATUSES),
    ),
    max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(drawn_ties)
def test_growth_counts_each_tie_in_each_year_as_by_hand(drawn) -> None:
    made = network(*(tie(str(number), *values) for number, values in enumerate(drawn)))
    frame = growth(made, first_year=1945, last_year=1995)
    assert frame["year"].to_list() == list(range(1945, 1996))
    for row in frame.iter_rows(named=True):
        first = datetime.date(row["year"], 1, 1).toordinal()
        last = datetime.date(row["year"], 12, 31).toordinal()
        lives = [one.lifetime for one in made.ties]
        for name, bounds in (("started", [life.starts for life in lives]), ("ended", [life.ends for life in lives])):
            known = [pair for pair in bounds if pair]
            assert row[f"{name}_possible"] == sum(low <= last and high >= first for low, high in known), name
            assert row[f"{name}_certain"] == sum(low >= first and high <= last for low, high in known), name
        assert row["in_force_certain"] == sum(life.is_certain_in(last, last) for life in lives)
        assert row["in_force_possible"] == sum(life.is_possible_in(last, last) for life in lives)
        assert row["started_certain"] <= row["started_possible"]
        assert row["in_force_certain"] <= row["in_force_possible"]
        assert row["undated"] == sum(not life.is_dated for life in lives)


def test_groups_add_up_to_the_whole() -> None:
    made = network(
        tie("1", "ab", "1950", kind="friendship"),
        tie("2", "ac", "1960"),
        tie("3", "abc", "1970"),
        tie("4", "ce", None),
        tie("5", "af", "1980"),
    )
    whole = growth(made, last_year=1990)
    for by, groups in (
        ("kind", {"partnership", "friendship"}),
        ("country_pair", {"DE–DE", "DE–FR", "FR–PL", "?–DE", "multilateral"}),
        ("scope", {"domestic", "international", "unknown"}),
    ):
        parts = growth(made, by, last_year=1990)
        assert set(parts["group"]) == groups
        summed = parts.drop("group").group_by("year").sum().sort("year")
        for name in ("started_certain", "in_force_certain", "in_force_possible", "undated"):
            assert summed[name].to_list() == whole[name].to_list(), (by, name)
    with pytest.raises(AnalysisError, match="take kind, country_pair, scope"):
        growth(made, "colour")


def test_a_tie_that_changed_its_kind_is_in_force_as_one_after_the_other() -> None:
    phases = (
        Phase("friendship", lifetime_of(parse_edtf("1950"), parse_edtf("1960"), "ended")),
        Phase("partnership", lifetime_of(parse_edtf("1960"), parse_edtf("1990"), "ended")),
    )
    made = network(tie("1", "ab", "1950", "1990", "ended", phases=phases))
    frame = growth(made, "kind", last_year=1995)
    rows = {(row["group"], row["year"]): row for row in frame.iter_rows(named=True)}
    assert rows["friendship", 1950]["started_certain"] == 1
    assert rows["partnership", 1960]["started_possible"] == 0, "it began once"
    assert rows["friendship", 1955]["in_force_certain"] == 1
    assert rows["partnership", 1955]["in_force_possible"] == 0
    assert rows["friendship", 1975]["in_force_possible"] == 0
    assert rows["partnership", 1975]["in_force_certain"] == 1
    assert rows["partnership", 1990]["ended_certain"] == 1
    assert rows["friendship", 1960]["ended_possible"] == 0, "it ended once"


def test_an_empty_network_and_impossible_years() -> None:
    empty = network()
    assert growth(empty, last_year=2000).rows() == [(2000, 0, 0, 0, 0, 0, 0, 0, 0.0)]
    assert growth(empty, "kind").height == 0
    assert first_ties(empty).height == 0
    assert waves(empty, today=TODAY)["started_possible"].sum() == 0
    assert survival(empty).height == 0
    with pytest.raises(AnalysisError, match="no stretch of time"):
        growth(empty, first_year=2000, last_year=1990)


def test_the_first_tie_of_two_countries() -> None:
    made = network(
        tie("1", "ac", "1950"),
        tie("2", "bd", "1950-06-01"),
        tie("3", "ad", "1960"),
        tie("4", "bc", None),
        tie("5", "ce", None),
        tie("6", "abc", "1920"),
    )
    rows = {(row["country_1"], row["country_2"]): row for row in first_ties(made).iter_rows(named=True)}
    pair = rows["DE", "FR"]
    assert (pair["tie"], pair["place_1"], pair["place_2"]) == ("1", "A", "C")
    assert pair["possible_from"] == datetime.date(1950, 1, 1)
    assert pair["certain_by"] == datetime.date(1950, 6, 1), "by then the second surely existed"
    assert (pair["contenders"], pair["undated"]) == (2, 1)
    assert rows["FR", "PL"]["tie"] is None
    assert rows["FR", "PL"]["undated"] == 1
    assert set(rows) == {("DE", "FR"), ("FR", "PL")}, "a union is of no pair"


def test_waves() -> None:
    made = network(
        *(tie(str(year), "ac", str(year)) for year in (1930, 1950, 1962, 1963, 1990)),
        tie("over", "ab", "1962/1963"),
        tie("none", "ab", None),
    )
    frame = waves(made, today=TODAY)
    assert frame["period"].to_list() == ["before 1945", "1945–1962", "1963–1988", "1989–2021", "2022–2026"]
    assert frame["started_certain"].to_list() == [1, 2, 1, 1, 0]
    assert frame["started_possible"].to_list() == [1, 3, 2, 1, 0]
    assert frame["years"].to_list() == [None, 18, 26, 33, 5]
    assert frame["per_year_certain"][1] == pytest.approx(2 / 18)
    assert frame["leading_pairs"][1] == "DE–FR 2"
    assert frame["international"].to_list() == [1, 2, 1, 1, 0]
    assert waves(made, [1960], today=TODAY)["period"].to_list() == ["before 1960", "1960–2026"]
    with pytest.raises(AnalysisError, match="not in ascending order"):
        waves(made, [1963, 1945])


def kaplan_meier_by_definition(years: list[float], ended: list[bool], at: float) -> float:
    share = 1.0
    for moment in sorted({year for year, over in zip(years, ended, strict=True) if over and year <= at}):
        at_risk = sum(year >= moment for year in years)
        over = sum(one == moment and dead for one, dead in zip(years, ended, strict=True))
        share *= 1 - over / at_risk
    return share


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12))
def test_survival_is_the_product_of_shares(observed: list[tuple[int, bool]]) -> None:
    years, ended = [float(year) for year, _ in observed], [over for _, over in observed]
    for at, row in zip(range(10), kaplan_meier(years, ended, range(10)), strict=True):
        assert row["share"] == pytest.approx(kaplan_meier_by_definition(years, ended, at))
        assert row["at_risk"] == sum(year >= at for year in years)
        if row["low"] is not None:
            assert row["low"] <= row["share"] + 1e-12
            assert row["high"] >= row["share"] - 1e-12


def test_durations_in_two_readings() -> None:
    found = durations(
        [
            tie("1", "ab", "1960", "1970", "ended"),
            tie("2", "ab", "2000-06-30"),
            tie("3", "ab", None),
            tie("4", "ab", "1980", None, "ended"),
            tie("5", "ab", "1980/.."),
            tie("6", "ab", "2030"),
            tie("7", "ab", "1996-06-30", "2040", "ended"),
            tie("8", "ab", "1996-06-30", "2020/2040", "ended"),
        ],
        TODAY,
    )
    year = 365.2425
    assert found.shortest[0] == pytest.approx((datetime.date(1970, 1, 1) - datetime.date(1960, 12, 31)).days / year)
    assert found.longest[0] == pytest.approx((datetime.date(1970, 12, 31) - datetime.date(1960, 1, 1)).days / year)
    assert found.shortest[1] == found.longest[1] == pytest.approx(26, abs=0.01)
    # An end to come is none yet: such a tie was observed until today. One that may lie before today, may have come.
    assert found.shortest[3] == found.longest[3] == found.longest[4] == pytest.approx(30, abs=0.01)
    assert found.shortest[4] == pytest.approx(23.5, abs=0.01)
    assert found.ended_shortest == [True, False, True, False, True]
    assert found.ended_longest == [True, False, False, False, False]
    assert (found.undated, found.to_come, found.ended_undated) == (2, 1, 1)


def test_ties_to_come_are_counted_in_the_answer() -> None:
    ties = [tie("1", "ab", "1960"), tie("2", "ac", "1960", "2040", "ended"), tie("3", "bc", "2030")]
    (found,) = [finding for finding in find_growth(network(*ties), today=TODAY) if finding.key == "survival"]
    assert found.answer[0].startswith("Of 2 ties with a known start, sources report the end or rest of 0")
    assert "Left out since they begin after today: 1 tie." in found.answer


def test_survival_over_time() -> None:
    ties = [tie(str(number), "ac", "1960-01-01", f"{1965 + number}-01-01", "ended") for number in range(10)]
    ties += [tie(f"lasting {number}", "ab", "1960-01-01") for number in range(10)]
    frame = survival(network(*ties), step=5, today=TODAY)
    rows = {row["years"]: row for row in frame.iter_rows(named=True)}
    assert rows[0]["survival_low"] == 1
    assert rows[10]["survival_low"] == pytest.approx(0.75, abs=0.06)
    assert rows[20]["survival_low"] == rows[20]["survival_high"] == pytest.approx(0.5)
    assert rows[20]["confidence_low"] < 0.5 < rows[20]["confidence_high"]
    by_scope = survival(network(*ties), "scope", step=20, today=TODAY)
    domestic = by_scope.filter(by_scope["group"] == "domestic")
    assert domestic["survival_low"].to_list() == [1.0] * domestic.height
    with pytest.raises(AnalysisError, match="no number of years"):
        survival(network(*ties), step=0)


def test_growth_of_a_foreign_graph() -> None:
    from twingraph.networks.network import network as make

    graph = nx.Graph()
    graph.add_edge("a", "b", start="1960")
    frame = growth(make(graph), last_year=1961)
    assert frame["in_force_certain"].to_list() == [1, 1]
    assert np.array(frame["undated_share"]).sum() == 0


def test_sums_count_each_tie_once_and_tell_of_the_end() -> None:
    made = network(
        tie("1", "ab", "1960/1964"),
        tie("2", "ab", "1970", "1980", "ended"),
        tie("3", "ac", "1975", "1990/1999", "ended"),
        tie("4", "ac", None),
    )
    rows = {row["group"]: row for row in growth_in_sum(made, "scope", today=TODAY).iter_rows(named=True)}
    figures = ("started_certain", "started_possible", "ended_certain", "ended_possible")
    assert [rows["domestic"][name] for name in figures] == [2, 2, 1, 1]
    assert [rows["international"][name] for name in figures] == [1, 1, 1, 1]
    # Tie 3 has ended, although in 1999 nothing else happened to its group.
    assert (rows["domestic"]["in_force_certain"], rows["domestic"]["in_force_possible"]) == (1, 1)
    assert (rows["international"]["in_force_certain"], rows["international"]["in_force_possible"]) == (0, 1)
    yearly = growth(made, "scope", today=TODAY)
    last = {row["group"]: row for row in yearly.filter(yearly["year"] == 2026).iter_rows(named=True)}
    for group, row in rows.items():
        for name in ("in_force_certain", "in_force_possible", "undated"):
            assert row[name] == last[group][name]
    found = next(item for item in find_growth(made, today=TODAY) if item.key == "by_country_pair")
    assert found.excerpt.height == 2
    shown = {row["group"]: row for row in found.excerpt.iter_rows(named=True)}
    assert shown["DE–FR"]["in_force_possible"] == 1


def test_a_tie_that_came_back_to_a_kind_counts_once() -> None:
    """Friendship, partnership, friendship, with changes that may have come at any time of some years."""

    def life(start: str, end: str | None):
        return lifetime_of(parse_edtf(start), parse_edtf(end) if end else None, "ended" if end else "active")

    phases = (
        Phase("friendship", life("1980", "1985/1990")),
        Phase("partnership", life("1985/1990", "1988/1995")),
        Phase("friendship", life("1988/1995", None)),
    )
    made = network(tie("1", "ab", "1980", phases=phases))
    frame = growth(made, "kind", today=TODAY)
    assert frame["in_force_possible"].max() == 1
    assert frame["in_force_certain"].max() == 1
    for row in frame.iter_rows(named=True):
        if row["group"] == "friendship" and row["year"] in (1988, 1992):
            assert (row["in_force_certain"], row["in_force_possible"]) == (0, 1)
    assert growth_in_sum(made, "kind", today=TODAY)["in_force_possible"].max() == 1
