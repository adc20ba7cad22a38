"""From claims to partnerships: identity, weighing, conflicts, phases, status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from twingraph.conclusions.model import Conclusions, Partnership
from twingraph.conclusions.partnerships import conclude
from twingraph.conclusions.resolution import Resolver
from twingraph.sourcedata.reader import read_dataset

Add = Callable[..., Path]


def concluded(data: Path) -> Conclusions:
    dataset = read_dataset(data)
    return conclude(dataset, Resolver(dataset))


def kiel_brest(data: Path) -> Partnership:
    return concluded(data).partnerships["Q1-Q3"]


def drop_first_claim(data: Path) -> None:
    file = data / "sources" / "town" / "partnership_claims.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def judge(data: Path, line: str) -> None:
    file = data / "resolution" / "judgements.csv"
    if not file.exists():
        file.write_text("source,name,country,municipality,judgement,basis,judged_on\n", encoding="utf-8")
    with file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")


def test_one_claim(data: Path) -> None:
    found = kiel_brest(data)
    assert found.participants == ("Q1", "Q3")
    assert (found.kind, found.status) == ("partnership", "active")
    assert found.start is not None
    assert found.start.text == "1964-03-07"
    assert found.conflicts == []
    assert found.confirmed_by == ("Q1",)
    assert not found.is_reciprocated


def test_order_of_the_names_does_not_matter(data: Path, add_claim: Add) -> None:
    add_claim("brest", name="Brest", country="FR", partner="Kiel", partner_country="DE")
    assert len(kiel_brest(data).claims) == 2


def test_country_tells_namesakes_apart(data: Path, add_claim: Add) -> None:
    add_claim(partner="Brest", partner_country="BY")
    assert set(concluded(data).partnerships) == {"Q1-Q3", "Q1-Q4"}


def test_two_of_one_name_in_a_country_stay_unresolved(data: Path, add_claim: Add) -> None:
    add_claim(partner="Neustadt", partner_country="DE")
    result = concluded(data)
    assert set(result.partnerships) == {"Q1-Q3"}
    (open_case,) = result.unresolved
    assert open_case.name == "Neustadt"
    assert open_case.candidates == ("maaaaaa", "mbbbbbb")


def test_name_without_country_is_never_resolved_by_itself(data: Path, add_claim: Add) -> None:
    add_claim(partner="Sonderburg", partner_country="")
    (open_case,) = concluded(data).unresolved
    assert open_case.candidates == ("Q2",)
    assert "judgement" in open_case.reason


def test_judgement_decides_and_can_be_limited_to_a_source(data: Path, add_claim: Add) -> None:
    add_claim(partner="Sonderberg", partner_country="")
    add_claim("other", partner="Sonderberg", partner_country="")
    judge(data, "town,Sonderberg,,Q2,positive,spelling,2026-01-01")
    result = concluded(data)
    assert [claim.source for claim in result.partnerships["Q1-Q2"].claims] == ["town"]
    assert [case.source for case in result.unresolved] == ["other"]


def test_negative_judgement_leaves_the_other_candidate(data: Path, add_claim: Add) -> None:
    add_claim(partner="Neustadt", partner_country="DE")
    judge(data, ",Neustadt,DE,mbbbbbb,negative,the other one,2026-01-01")
    assert "Q1-maaaaaa" in concluded(data).partnerships


def test_unsure_judgement_keeps_it_open(data: Path, add_claim: Add) -> None:
    add_claim(partner="Sønderborg", partner_country="DK")
    judge(data, ",Sønderborg,DK,Q2,unsure,?,2026-01-01")
    assert [case.reason for case in concluded(data).unresolved] == ["judged unsure"]


def test_year_and_day_of_that_year_are_no_conflict_and_the_day_is_concluded(data: Path, add_claim: Add) -> None:
    add_claim("newspaper", start="1964")
    found = kiel_brest(data)
    assert found.start is not None
    assert found.start.text == "1964-03-07"
    assert found.conflicts == []


def test_different_years_conflict_and_the_own_voice_weighs_more(data: Path, add_claim: Add) -> None:
    add_claim("newspaper", start="1963")
    found = kiel_brest(data)
    assert found.start is not None
    assert found.start.text == "1964-03-07"
    (conflict,) = found.conflicts
    assert conflict.property == "start"
    assert conflict.claims == (("newspaper", "1"), ("town", "1")) or conflict.claims == (
        ("town", "1"),
        ("newspaper", "1"),
    )


def test_many_against_one(data: Path, add_claim: Add) -> None:
    for name in ("a", "b", "c"):
        add_claim(name, start="1963")
    found = kiel_brest(data)
    assert found.start is not None
    assert found.start.text == "1963"


@pytest.mark.parametrize("lowered", [{"checked": "no"}, {"basis": "inferred"}])
def test_unread_and_inferred_weigh_less(data: Path, add_claim: Add, lowered: dict[str, str]) -> None:
    drop_first_claim(data)
    add_claim("a", start="1963", **lowered)
    add_claim("b", start="1965")
    found = kiel_brest(data)
    assert found.start is not None
    assert found.start.text == "1965"


def test_year_with_circa_fits_its_neighbour(data: Path, add_claim: Add) -> None:
    add_claim("newspaper", start="1963~")
    assert kiel_brest(data).conflicts == []


def test_friendship_that_became_a_partnership_is_a_phase_not_a_conflict(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="friendship", start="1996", end="1998", becomes="partnership")
    add_claim(kind="partnership", start="1998", status="active")
    found = kiel_brest(data)
    assert found.conflicts == []
    assert found.kind == "partnership"
    assert found.start is not None
    assert found.start.text == "1998"
    assert found.first_start is not None
    assert found.first_start.text == "1996"
    assert found.end is None
    assert [(p.kind, p.start.text if p.start else None, p.end.text if p.end else None) for p in found.phases] == [
        ("friendship", "1996", "1998"),
        ("partnership", "1998", None),
    ]


def test_other_source_on_the_earlier_phase_is_no_conflict(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="friendship", start="1996", end="1998", becomes="partnership")
    add_claim(kind="partnership", start="1998")
    add_claim("newspaper", kind="friendship", start="1996-05")
    found = kiel_brest(data)
    assert found.conflicts == []
    assert found.first_start is not None
    assert found.first_start.text == "1996-05"


def test_kinds_without_a_stated_change_conflict(data: Path, add_claim: Add) -> None:
    add_claim(kind="friendship", locator="introduction")
    found = kiel_brest(data)
    (conflict,) = found.conflicts
    assert conflict.property == "kind"
    assert set(conflict.values) == {"partnership", "friendship"}
    assert found.kind == "friendship", "on a tie the less formal kind"


def test_end_without_status_means_ended(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="partnership", start="1950", end="2004")
    found = kiel_brest(data)
    assert found.status == "ended"
    assert found.end is not None
    assert found.end.text == "2004"
    assert not found.is_in_force


def test_older_page_that_lists_a_tie_does_not_contradict_its_later_end(data: Path, add_claim: Add) -> None:
    toml = data / "sources" / "town" / "source.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'date = "2011"\n', encoding="utf-8")
    add_claim("newspaper", kind="partnership", status="ended", end="2018")
    found = kiel_brest(data)
    assert found.status == "ended"
    assert found.conflicts == []


def test_undated_page_that_lists_an_ended_tie_conflicts(data: Path, add_claim: Add) -> None:
    add_claim("newspaper", kind="partnership", status="ended", end="2018")
    found = kiel_brest(data)
    assert [conflict.property for conflict in found.conflicts] == ["status"]


def test_suspended_is_not_ended(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="partnership", status="suspended", status_since="2022")
    found = kiel_brest(data)
    assert found.status == "suspended"
    assert found.end is None
    assert found.status_since is not None
    assert not found.is_in_force


def test_union_is_one_partnership_of_all_its_members(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(partner="Brest; Sønderborg", partner_country="FR;DK", union="example-ring")
    add_claim("newspaper", partner="Brest", partner_country="BY", union="example-ring")
    result = concluded(data)
    assert list(result.partnerships) == ["union-example-ring"]
    assert set(result.partnerships["union-example-ring"].participants) == {"Q1", "Q2", "Q3", "Q4"}


def test_three_in_one_row_are_one_partnership(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(partner="Brest; Sønderborg", partner_country="FR;DK")
    assert list(concluded(data).partnerships) == ["Q1-Q2-Q3"]


def test_both_sides_make_it_reciprocated(data: Path, add_claim: Add) -> None:
    add_claim("brest", name="Brest", country="FR", partner="Kiel", partner_country="DE")
    toml = data / "sources" / "brest" / "source.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("[]", '["Brest@FR"]'), encoding="utf-8")
    assert kiel_brest(data).is_reciprocated


def test_order_of_files_and_rows_does_not_change_the_conclusion(data: Path, add_claim: Add) -> None:
    add_claim("a", start="1963", kind="friendship")
    add_claim("b", start="1963-05", kind="contact")
    add_claim("c", start="1964", kind="friendship")
    first = kiel_brest(data)
    dataset = read_dataset(data)
    dataset.partnership_claims.reverse()
    second = conclude(dataset, Resolver(dataset)).partnerships["Q1-Q3"]
    assert (first.kind, first.status, first.start) == (second.kind, second.status, second.start)


def test_other_source_on_an_earlier_phase_that_has_only_an_end(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="other", end="2025-07-09", becomes="partnership")
    add_claim(kind="partnership", start="2025-07-09")
    add_claim("newspaper", kind="other", start="2023-02-23")
    found = kiel_brest(data)
    assert found.conflicts == []
    assert found.kind == "partnership"
    assert [(phase.kind, phase.start.text if phase.start else None) for phase in found.phases] == [
        ("other", "2023-02-23"),
        ("partnership", "2025-07-09"),
    ]


def test_kind_that_begins_before_the_one_before_it_ends_is_a_conflict(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="sponsorship", start="1920", end="1986", becomes="partnership")
    add_claim("newspaper", kind="partnership", start="1921")
    found = kiel_brest(data)
    kind, start = found.conflicts
    assert (kind.property, start.property) == ("kind", "start")
    assert set(kind.values) == {"sponsorship until 1986", "partnership from 1921"}
    assert set(start.values) == {"1920", "1921"}
    assert found.start is not None
    assert found.start.text == "1986", "the town's own voice weighs more: it became a partnership then"


def test_undated_list_does_not_outvote_a_declared_change(data: Path, add_claim: Add) -> None:
    add_claim(locator="another list", kind="partnership", status="active")
    add_claim("newspaper", kind="partnership", status="suspended", status_since="2022-03")
    found = kiel_brest(data)
    assert found.status == "suspended"
    assert [conflict.property for conflict in found.conflicts] == ["status"]


def test_list_known_to_be_later_counts_against_a_change(data: Path, add_claim: Add) -> None:
    toml = data / "sources" / "town" / "source.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'date = "2025"\n', encoding="utf-8")
    add_claim("newspaper", kind="partnership", status="suspended", status_since="2022-03")
    assert kiel_brest(data).status == "active"


def test_undated_change_does_not_revive_an_older_list(data: Path, add_claim: Add) -> None:
    toml = data / "sources" / "town" / "source.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'date = "2017"\n', encoding="utf-8")
    add_claim("newspaper", kind="partnership", status="suspended", status_since="2022-03")
    add_claim("other", kind="partnership", status="ended")
    found = kiel_brest(data)
    assert found.status in ("suspended", "ended")
    assert all(source != "town" for conflict in found.conflicts for source, _ in conflict.claims)


def test_dormant_is_observed_and_the_towns_own_lists_weigh_against_it(data: Path, add_claim: Add) -> None:
    add_claim(locator="another list", kind="partnership", status="active")
    add_claim("newspaper", kind="partnership", status="dormant", status_since="2017")
    assert kiel_brest(data).status == "active"


def test_start_is_that_of_the_present_kind(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim(kind="project", start="2010", end="2014", becomes="partnership")
    add_claim(kind="partnership", start="2014-06-02")
    found = kiel_brest(data)
    assert found.start is not None
    assert found.start.text == "2014-06-02"
    assert found.first_start is not None
    assert found.first_start.text == "2010"


def test_change_of_kind_that_more_weight_contradicts_is_only_a_conflict(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim("portal", kind="sponsorship", start="1920", end="1986", becomes="partnership")
    add_claim("a", kind="partnership", start="1921")
    add_claim("b", kind="partnership", start="1921")
    found = kiel_brest(data)
    assert found.phases == ()
    assert found.kind == "partnership"
    assert found.start is not None
    assert found.start.text == "1921"
    assert {conflict.property for conflict in found.conflicts} == {"kind", "start"}


def test_start_is_weighed_among_the_claims_on_the_concluded_kind(data: Path, add_claim: Add) -> None:
    drop_first_claim(data)
    add_claim("a", kind="partnership", start="1952")
    add_claim("b", kind="partnership", start="1952")
    add_claim("c", kind="friendship", start="1948")
    found = kiel_brest(data)
    assert found.kind == "partnership"
    assert found.start is not None
    assert found.start.text == "1952"
    assert {conflict.property for conflict in found.conflicts} == {"kind", "start"}
