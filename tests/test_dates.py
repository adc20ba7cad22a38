"""Dates: what is read, what it can mean, and what is refused with advice."""

from __future__ import annotations

import contextlib
import datetime
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twingraph.dates import are_compatible, parse_edtf


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1978-10-22", "1978-10-22", "1978-10-22"),
        ("2005-04", "2005-04-01", "2005-04-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1960", "1960-01-01", "1960-12-31"),
        ("1960?", "1960-01-01", "1960-12-31"),
        ("1960~", "1959-01-01", "1961-12-31"),
        ("1960%", "1959-01-01", "1961-12-31"),
        ("1960-05~", "1960-04-01", "1960-06-30"),
        ("1960-01-01~", "1959-12-31", "1960-01-02"),
        ("196X", "1960-01-01", "1969-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("1960-XX", "1960-01-01", "1960-12-31"),
        ("1960-10-XX", "1960-10-01", "1960-10-31"),
        ("XXXX-05-20", None, None),
        ("XXXX-02-29", None, None),
        ("1974/1975", "1974-01-01", "1975-12-31"),
        ("../1960", None, "1960-12-31"),
        ("1960/..", "1960-01-01", None),
        ("1960/", "1960-01-01", None),
        ("[1974,1976]", "1974-01-01", "1976-12-31"),
        ("[..1960]", None, "1960-12-31"),
        ("[1960..1962]", "1960-01-01", "1962-12-31"),
    ],
)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    date = parse_edtf(text)
    assert (date.earliest, date.latest) == (earliest, latest)
    assert date.text == text


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("22.10.1978", "1978-10-22"),
        ("1960-1970", "1960/1970"),
        ("ca. 1960", "1960~"),
        ("1978/10/22", "1978-10-22"),
        ("1978-13-01", "no month 13"),
        ("1960-00-00", "no month 00"),
        ("2023-02-29", "no day 29"),
        ("1900-02-29", "no day 29"),
        ("1960-04-31", "no day 31"),
        ("XXXX-02-30", "no day 30"),
        ("1960/1950", "ends before it starts"),
        ("/", "leave the cell empty"),
        ("XXXX", "leave the cell empty"),
        ("0000", "no year 0000"),
        ("", "EDTF"),
        ("[]", "EDTF"),
        ("19X0", "EDTF"),
        ("1960-XX-05", "EDTF"),
        ("{1960,1961}", "EDTF"),
        ("١٩٦٠", "EDTF"),
        ("1960\n", "EDTF"),
        (" 1960", "EDTF"),
        ("Y17E8", "EDTF"),
    ],
)
def test_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_edtf(text)
    assert advice in str(caught.value)


def test_year_only_when_both_bounds_agree() -> None:
    assert parse_edtf("1960-05").year == 1960
    assert parse_edtf("1960~").year is None
    assert parse_edtf("../1960").year is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1960", "1960-04-02", True),
        ("1948", "1952", False),
        ("1948~", "1949", True),
        ("1974/1975", "1975-06", True),
        ("../1950", "1951", False),
        ("XXXX-05-20", "2025-05-20", True),
    ],
)
def test_compatible(one: str, other: str, expected: bool) -> None:
    assert are_compatible(parse_edtf(one), parse_edtf(other)) is expected
    assert are_compatible(parse_edtf(other), parse_edtf(one)) is expected


@given(st.dates())
def test_every_day_is_its_own_bounds(day: datetime.date) -> None:
    date = parse_edtf(day.isoformat())
    assert date.earliest == date.latest == day.isoformat()


@given(st.dates(), st.sampled_from(["{:%Y}", "{:%Y-%m}", "{:%Y-%m-%d}"]), st.sampled_from(["", "?", "~", "%"]))
def test_bounds_enclose_the_day(day: datetime.date, form: str, qualifier: str) -> None:
    text = form.format(day).rjust(4, "0")
    if day.year < 1000:  # strftime does not pad years on every platform
        text = day.isoformat()[: {"{:%Y}": 4, "{:%Y-%m}": 7}.get(form, 10)]
    date = parse_edtf(text + qualifier)
    assert date.earliest is not None
    assert date.latest is not None
    assert date.earliest <= day.isoformat() <= date.latest


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    with contextlib.suppress(ValueError):
        parse_edtf(text)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.dates(datetime.date(1900, 1, 1), datetime.date(2030, 1, 1)).map(str),
        st.integers(1000, 2050).map(str),
        st.tuples(st.integers(1900, 1950), st.integers(1951, 2020)).map(lambda p: f"{p[0]}/{p[1]}"),
        st.integers(190, 203).map(lambda d: f"{d}X"),
        st.integers(1900, 2020).map(lambda y: f"{y}-XX"),
        st.integers(1900, 2020).map(lambda y: f"{y}?"),
    )
)
def test_agrees_with_the_edtf_library(text: str) -> None:
    edtf = pytest.importorskip("edtf")
    theirs = edtf.parse_edtf(text)
    ours = parse_edtf(text)
    assert ours.earliest == time.strftime("%Y-%m-%d", theirs.lower_strict())
    assert ours.latest == time.strftime("%Y-%m-%d", theirs.upper_strict())
