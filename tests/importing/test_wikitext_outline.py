"""What stands above a wiki's list items: headings, groups, the towns of a list; and that no line is passed over."""

import random
import re

import pytest

from twingraph.importing.intake import Intake
from twingraph.importing.wiki.mediawiki import WikiPage
from twingraph.importing.wiki.wikitext import read_wikitext

ENGLAND = "List of twin towns in England"


def read(text: str, title: str = "Ulm") -> tuple[Intake, list[str]]:
    intake = Intake()
    return intake, read_wikitext(WikiPage(title, text, date="2026-06-01"), intake)


def ties(intake: Intake) -> list[tuple[str, ...]]:
    return [(claim["name"], claim["partner"], claim["kind"], claim["status"]) for claim in intake.claims]


def told_rows(notes: list[str]) -> list[int]:
    """Return the rows that are told as not read."""
    rows = [re.search(r"\(([\d, ]+)\)", note) for note in notes if note.startswith("not read")]
    return [int(row) for found in rows if found for row in found[1].split(", ")]


@pytest.mark.parametrize(
    ("heading", "kind", "status"),
    [
        ("Former twin towns", "partnership", "ended"),
        ("Twin towns (until 2010)", "partnership", "ended"),
        ("Terminated partnerships", "partnership", "ended"),
        ("Cancelled", "partnership", "ended"),
        ("Sister cities in the past", "partnership", "ended"),
        ("Suspended twin towns", "partnership", "suspended"),
        ("Twinnings no longer active", "partnership", "dormant"),
        ("Current and former twin towns", "partnership", "unknown"),
        ("Twin towns and former twin towns", "partnership", "unknown"),
        ("Twin towns and planned partnerships", "partnership", "unknown"),
        ("Former twin towns and sister cities", "partnership", "ended"),
        ("Ehemalige Partnerstädte", "partnership", "ended"),
        ("Erloschene Partnerschaften", "partnership", "ended"),
        ("Nicht mehr bestehend", "partnership", "ended"),
        ("Bis 1990", "partnership", "ended"),
        ("Ruhende Partnerschaften", "partnership", "suspended"),
        ("Anciens jumelages", "partnership", "ended"),
        ("Jumelages rompus", "partnership", "ended"),
        ("Ex gemellaggi", "partnership", "ended"),
        ("Gemellaggi sospesi", "partnership", "suspended"),
        ("Hermanamientos rotos", "partnership", "ended"),
        ("Antiguos hermanamientos", "partnership", "ended"),
        ("Byłe miasta partnerskie", "partnership", "ended"),
        ("Friendship cities", "friendship", "active"),
        ("Städtefreundschaften", "friendship", "active"),
        ("Villes amies", "friendship", "active"),
        ("Patenschaften", "sponsorship", "active"),
        ("Cooperation agreements", "project", "active"),
        ("Städtepartnerschaften und Patenschaften", "", "active"),
        ("<s>Twin towns</s>", "partnership", "ended"),
        ("Twin towns {{dagger}}", "partnership", "unknown"),
        ("Asien", "partnership", "active"),
        ("Frankreich", "partnership", "active"),
        ("International", "partnership", "active"),
    ],
)
@pytest.mark.parametrize("form", ["=== {} ===\n", "'''{}'''\n", ";{}\n", "{}:\n", "* {}:\n*"])
def test_a_heading_in_any_form_says_what_stands_below(heading, kind, status, form):
    intake, _ = read("== Twin towns ==\n" + form.format(heading) + "* [[Brest]]\n")
    assert ties(intake) == [("Ulm", "Brest", kind, status)]


@pytest.mark.parametrize("heading", ["Planned twin towns", "Geplante Partnerschaften", "Proposed", "En trámite"])
@pytest.mark.parametrize("form", ["=== {} ===\n", "'''{}'''\n", ";{}\n", "{}:\n"])
def test_below_a_heading_of_plans_is_no_tie(heading, form):
    intake, _ = read("== Twin towns ==\n" + form.format(heading) + "* [[Brest]]\n")
    assert (intake.claims, len(intake.rejected)) == ([], 1)
    assert "not concluded" in intake.rejected[0].reason


@pytest.mark.parametrize(
    "heading",
    [
        "Consulates",
        "Hochschulpartnerschaften",
        "Twin schools",
        "Partnerschaftsvereine",
        "Kaboozled",
        "Wappen",
        "Other links",
    ],
)
@pytest.mark.parametrize("above", ["Twin towns", "International relations"])
@pytest.mark.parametrize("form", ["=== {} ===\n", "'''{}'''\n", ";{}\n", "* {}:\n*"])
def test_below_a_heading_that_is_not_understood_nothing_is_read(heading, above, form):
    intake, notes = read(f"== {above} ==\n" + form.format(heading) + "* [[Brest]]\n")
    assert (intake.claims, intake.rejected) == ([], [])
    assert 3 in told_rows(notes)
    assert above == "International relations" or any(repr(heading) in note.replace(":'", "'") for note in notes)


def test_a_sub_heading_keeps_what_the_one_above_says():
    intake, _ = read("== Twin towns ==\n=== Former ===\n==== Europe ====\n* [[Brest]]\n=== Asia ===\n* [[Suita]]\n")
    assert ties(intake) == [("Ulm", "Brest", "partnership", "ended"), ("Ulm", "Suita", "partnership", "active")]


@pytest.mark.parametrize(
    ("heading", "words", "status", "end"),
    [
        ("Suspended twin towns", "(ended 2010)", "ended", "2010"),
        ("Former twin towns", "(suspended 2010)", "ended", ""),
        ("Suspended twin towns", "(dormant)", "dormant", ""),
        ("Former twin towns", "(1985–1990)", "ended", "1990"),
        ("Former twin towns", "(kaboozled)", "unknown", ""),
    ],
)
def test_an_end_goes_before_a_pause_and_words_of_the_item_before_the_heading(heading, words, status, end):
    (claim,) = read(f"== Twin towns ==\n=== {heading} ===\n* [[Brest]] {words}\n")[0].claims
    assert (claim["status"], claim.get("end", ""), claim.get("status_since", "")) == (status, end, "")


def test_forms_of_headings_nest_in_the_order_in_which_they_come():
    text = "== Twin towns ==\n;Former\n'''Europe'''\n* [[Brest]]\n'''Asia'''\n* [[Suita]]\n;Current\n* [[Bonn]]\n"
    assert [tie[3] for tie in ties(read(text)[0])] == ["ended", "ended", "active"]


def test_international_relations_hold_partners_only_where_that_is_said():
    text = "== International relations ==\n* [[Mexico]]\nUlm is twinned with:\n* [[Brest]]\n=== Consulates ===\n* [[Rome]]\n"
    intake, notes = read(text)
    assert ties(intake) == [("Ulm", "Brest", "partnership", "active")]
    assert told_rows(notes) == [2, 6]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Ulm is twinned with:", "active"),
        ("Ulm unterhält Partnerschaften mit folgenden Städten:", "active"),
        ("Ulm est jumelée avec :", "active"),
        ("Ulm was formerly twinned with:", "ended"),
        ("Ulm kaboozled its twinnings with:", "unknown"),
        ("The following twinnings were ended", "ended"),
        ("Former twins are:", "ended"),
        ("Frumious twins are:", "unknown"),
        ("In 2020, Ulm in Swabia is twinned with towns of France:", "active"),
        ("Seit 1963 besteht eine Partnerschaft mit Albi. Weitere Partner sind:", "active"),
        ("Ulm is no longer twinned with:", "ended"),
    ],
)
def test_a_line_before_a_list_says_what_it_holds(line, status):
    intake, _ = read(f"== Twin towns ==\n{line}\n* [[Brest]]\n")
    assert [tie[3] for tie in ties(intake)] == [status]


def test_a_sentence_holds_for_the_list_that_follows_it():
    text = "== Twin towns ==\n* [[Bonn]]\nFormer partners:\n* [[Brest]]\nThe tie with [[Perm]] rests.\n* [[Suita]]\n"
    assert [tie[3] for tie in ties(read(text)[0])] == ["active", "ended", "unknown"]


def test_the_town_that_is_given_is_meant_where_no_other_stands_above():
    intake = Intake()
    text = "==Kaboozled==\n* [[Brest]]\n'''[[Ulm]]'''\n* [[Bonn]]\n==X==\n* [[Suita]]\n"
    read_wikitext(WikiPage(ENGLAND, text), intake, town="Luton")
    assert [(claim["name"], claim["partner"]) for claim in intake.claims] == [
        ("Luton", "Brest"),
        ("Ulm", "Bonn"),
        ("Luton", "Suita"),
    ]


def test_an_item_with_items_below_is_a_group_or_has_remarks():
    text = """== Twin towns ==
* '''[[Asia]]''':
** [[Suita]], Japan
* {{flag|France}}
** [[Brest]]
* [[Christchurch]], England
** [[Saint-Lô]] has links with both
* [[Perm]], Russia
** frumious since 2022
* [[Rhineland]]
** [[Bonn]]
"""
    intake, notes = read(text)
    assert [(claim["partner"], claim["partner_country"], claim["status"]) for claim in intake.claims] == [
        ("Suita", "JP", "active"),
        ("Brest", "FR", "active"),
        ("Christchurch", "GB", "active"),
        ("Perm", "RU", "unknown"),
    ]
    assert intake.claims[-1]["note"] == "Russia; frumious since 2022"
    assert sorted(told_rows(notes)) == [7, 9, 10, 11]


@pytest.mark.parametrize(
    "line",
    [
        "'''[[Sandy]]'''\n",
        "'''[[Sandy, Bedfordshire|Sandy]]''' {{flagicon|UK}} ([[Bedfordshire]])\n",
        "'''Sandy''', since 1972\n",
        "<big>[[Sandy]]</big>\n",
        ";[[Sandy]]\n",
        ";[[Sandy]]\n:",
        ";Sandy\n",
        "===[[Sandy]]===\n",
        "'''[[Sandy]]'''{{efn|The district has partners, too.}}\n",
        "* '''[[Sandy]]'''\n*",
        "* [[Sandy]]:\n*",
    ],
)
def test_a_line_that_names_whose_partners_follow(line):
    intake, _ = read(f"==S==\n'''[[Luton]]'''\n* [[Reims]], France\n==T==\n{line}* [[Malsch]]\n", ENGLAND)
    assert [(claim["name"], claim["partner"]) for claim in intake.claims] == [("Luton", "Reims"), ("Sandy", "Malsch")]


@pytest.mark.parametrize(
    "line",
    [
        "==Twinned regions==",
        "==S==",
        "===Kent County===",
        "'''Former'''",
        "'''[[Sandy]]''', see [[Luton]].",
        "'''[[Alsdorf]]''' and '''[[Herzogenrath]]'''",
        "'''[[Alsdorf]] and [[Herzogenrath]]'''",
        "'''Notes'''",
        ";[[Bad Aussee]] : [[Traunreut]]",
        "Kent has links with:",
        "[[Aalen]] had a tie with [[Kaput]].",
        ": [[Maidstone]] – [[Beauvais]]",
        "* Kent has links with:\n*",
    ],
)
def test_what_ends_a_towns_list_leaves_the_next_without_an_owner(line):
    end = "" if line.endswith("*") else "\n"
    intake, _ = read(f"==D==\n'''[[Dunstable]]'''\n* [[Brive]], France\n{line}{end}* [[Reims]], France\n", ENGLAND)
    assert [(claim["name"], claim["partner"]) for claim in intake.claims] == [("Dunstable", "Brive")]
    assert intake.rejected[-1].cells["name"] == "Reims"
    assert "not told whose partner this is" in intake.rejected[-1].reason


def test_struck_words_go_on_over_lines():
    text = "== Twin towns ==\n* [[Perth]]<s>\n* {{flagicon|FRA}} [[Brest]]\n* [[Kiel]]</s>\n* [[Bonn]]\n"
    assert [tie[3] for tie in ties(read(text)[0])] == ["active", "ended", "ended", "active"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{{collapse top|title=Former twin towns}}", "{{collapse bottom}}"),
        ("{{Collapsible list|title=Former twin towns|", "}}"),
    ],
)
def test_the_title_of_a_box_is_the_heading_of_what_is_in_it(opening, closing):
    text = f"== Twin towns ==\n{opening}\n* [[Brest]]\n{closing}\n* [[Bonn]]\n"
    assert [tie[3] for tie in ties(read(text)[0])] == ["ended", "active"]


@pytest.mark.parametrize("line", ["{{Gemellaggio|Francia|Lione|1967}}", "{{Twin|[[Foo]]|France}}", "Some words."])
def test_other_lines_are_told(line):
    _, notes = read(f"== Twin towns ==\n{line}\n* [[Brest]]\n")
    assert told_rows(notes) == [2]


#: Lines that hold something, by what they may be.
_CONTENT = [
    "* [[Brest]], France (1985)",
    "* [[Kiel]] (kaboozled)",
    "* {{flagicon|RUS}} [[Perm]] (planned)",
    "* [[Oslo]] / [[Bergen]]",
    "* See [[Berlin]]",
    "* {{efn|a}} {{kaboozled|b}}",
    "* Bonn",
    "* [[A",
    "* 2003",
    "* <s>[[Ulm]]</s>",
    "** [[Suita]], Japan",
    "** words of a remark",
    "# [[Lyon]]",
    "Running text with [[Nancy]].",
    "Running text of nothing.",
    ": [[Maidstone]] – [[Beauvais]]",
    "{{Gemellaggio|Francia|Lione|1967}}",
]
#: Lines that stand for headings, or for nothing.
_OTHERS = [
    "=== Former twin towns ===",
    "=== Kaboozled ===",
    "=== Consulates ===",
    "==== Europe ====",
    ";Friendship",
    "",
    "{{div col}}",
    "<!-- * [[Hidden]] -->",
    "[[File:a.jpg|thumb|a town]]",
]


@pytest.mark.parametrize("title", ["Ulm", ENGLAND])
@pytest.mark.parametrize("seed", range(40))
def test_each_line_is_a_claim_or_rejected_or_told_exactly_once(title, seed):
    chance = random.Random(seed)
    lines = ["== Twin towns ==", "'''[[Dunstable]]'''" if title == ENGLAND else ""]
    lines += chance.choices(_CONTENT + _OTHERS, k=18)
    intake, notes = read("\n".join(lines), title)
    found = [int(claim["claim"]) for claim in intake.claims] + [row.row for row in intake.rejected] + told_rows(notes)
    content = [row for row, line in enumerate(lines, 1) if line in _CONTENT]
    # An item with others below it may stand for a heading; nothing else is left out, nothing counts twice.
    shown = [re.sub(r"<!--.*?-->", "", line) for line in lines]
    below = [next((line for line in shown[row:] if line), "") for row in range(len(lines) + 1)]
    groups = {row for row in content if below[row].startswith("**") and lines[row - 1][0] in "*#"}
    assert len(found) == len(set(found))
    assert set(content) - groups <= set(found) <= set(content)


@pytest.mark.parametrize(
    "remark",
    [
        ": (beendet 2010)",
        ":: ''seit 2010 ruhend''",
        ":''Die Partnerschaft wurde 2010 beendet.''",
        "*: Die Partnerschaft endete 2010.",
        "** beendet 2010",
        "ehemalig",
        "Die Partnerschaft wurde 2010 beendet.",
        ": kaboozled",
        "kaboozled",
        ": Die Partnerschaft mit [[Wels]] ruht.",
    ],
)
def test_a_remark_below_an_item_is_about_this_item(remark):
    intake, notes = read(f"== Partnerstädte ==\n* [[Wels]] (seit 1990)\n{remark}\n* [[Linz]]\n* [[Enns]]\n")
    assert [(claim["partner"], claim["status"]) for claim in intake.claims] == [
        ("Wels", "unknown"),
        ("Linz", "active"),
        ("Enns", "active"),
    ]
    assert re.sub(r"[*:']|\[\[|\]\]", "", remark).strip() in intake.claims[0]["note"]
    assert told_rows(notes) == [3]


@pytest.mark.parametrize("heading", ["Former twin towns", "Former:", ":Former twin towns:", ":'''Former twin towns'''"])
def test_what_looks_like_a_heading_between_items_is_no_remark(heading):
    intake, _ = read(f"== Twin towns ==\n* [[Wels]]\n{heading}\n* [[Linz]]\n")
    assert intake.claims[-1]["status"] != "active"


def test_a_remark_that_says_nothing_against_a_tie_changes_nothing():
    intake, notes = read("== Twin towns ==\n* [[Wels]]\n: twinned since 1990\n* [[Linz]]\n")
    assert ([tie[3] for tie in ties(intake)], told_rows(notes)) == (["active", "active"], [3])


@pytest.mark.parametrize(
    "line",
    [
        "Der Ortsteil Altdorf ist Partner von:",
        "Der Landkreis unterhält Partnerschaften mit:",
        "Die Feuerwehr ist Partner der Feuerwehren in:",
        "Das Gymnasium pflegt Partnerschaften mit Schulen in:",
        "The borough of Eastville is twinned with:",
        "Le quartier de Bellevue est jumelé avec :",
        "La frazione di Borgo è gemellata con:",
        "El distrito de X está hermanado con:",
        "Seit 1990 unterhält die Feuerwehr von Ulm Partnerschaften mit:",
        "Partner der Grundschule sind:",
    ],
)
def test_what_a_sentence_says_is_anothers_is_not_read(line):
    intake, notes = read(f"== Twin towns ==\n{line}\n* [[Brest]]\n")
    assert (intake.claims, told_rows(notes)) == ([], [3])
    assert any(note.startswith("line 2 ") and "is not read" in note for note in notes)


@pytest.mark.parametrize(
    "line",
    ["Eastville is twinned with:", "The twins of Eastville are:", "Bad Foo est jumelée avec :", "Partner hat Altdorf:"],
)
def test_a_subject_that_is_not_understood_may_be_another(line):
    (claim,) = read(f"== Twin towns ==\n{line}\n* [[Brest]]\n")[0].claims
    assert (claim["status"], line.strip(" :")[:8] in claim["note"]) == ("unknown", True)


@pytest.mark.parametrize(
    "line", ["It is twinned with:", "Die Stadt hat Partner:", "Ulm in Swabia has five twin towns:"]
)
def test_a_sentence_about_the_town_is_understood(line):
    assert [tie[3] for tie in ties(read(f"== Twin towns ==\n{line}\n* [[Brest]]\n")[0])] == ["active"]


def test_a_sentence_holds_for_a_list_behind_layout():
    intake, _ = read("== Twin towns ==\nFormer partners:\n{{div col}}\n* [[Brest]]\n{{div col end}}\n")
    assert [tie[3] for tie in ties(intake)] == ["ended"]


@pytest.mark.parametrize(
    "title",
    [
        "Jumelages de Lyon",
        "Liste der Städtepartnerschaften in Nordrhein-Westfalen",
        "Liste der Partnerstädte von Köln",
        "Lista de ciudades hermanadas de España",
    ],
)
def test_a_title_about_ties_is_no_town(title):
    intake, _ = read("== Städtepartnerschaften ==\n* {{FRA}} [[Lille]], Frankreich (1967)", title)
    assert ties(intake) == []
    assert "name the town with --town" in intake.rejected[0].reason


@pytest.mark.parametrize("title", ["Hermannstadt", "Twin Falls", "Partenkirchen"])
def test_a_title_is_a_town_where_it_only_begins_like_one_about_ties(title):
    intake, _ = read("== Twin towns ==\n* {{FRA}} [[Lille]], France (1967)", title)
    assert [name for name, *_ in ties(intake)] == [title]


def test_lists_side_by_side_in_a_table_are_read():
    layout = "== Twin towns ==\n{|\n| valign=top |\n* {{FRA}} [[Lyon]]\n* {{GER}} [[Kiel]]\n|\n* {{POL}} [[Konin]]\n|}"
    intake, _ = read(layout)
    assert [(partner, status) for _, partner, _, status in ties(intake)] == [
        ("Lyon", "active"),
        ("Kiel", "active"),
        ("Konin", "active"),
    ]
    # What stands beside a link in a row of a table is about that.
    intake, _ = read("== Twin towns ==\n{|\n| [[Lyon]] || France\n|\n* [[Croix-Rousse]]\n|}")
    assert ties(intake) == []
    assert "stands in a table" in intake.rejected[0].reason


def test_items_with_partners_below_are_the_towns_of_a_list():
    """Bedford is a town and a part of the country, and a county may stand between."""
    intake, _ = read(
        "==A==\n*[[Ampthill]]\n**{{flagicon|FRA}} [[Nissan]], France\n*[[Bedford]]\n**{{flagicon|GER}} [[Bamberg]], Germany\n"
        "*[[Luton]]\n**{{flagicon|FRA}} [[Bourgoin-Jallieu]], France\n**{{flagicon|SWE}} [[Eskilstuna]], Sweden",
        ENGLAND,
    )
    assert [(name, partner) for name, partner, *_ in ties(intake)] == [
        ("Ampthill", "Nissan"),
        ("Bedford", "Bamberg"),
        ("Luton", "Bourgoin-Jallieu"),
        ("Luton", "Eskilstuna"),
    ]
    assert intake.rejected == []
    intake, _ = read("*[[Asia]]\n**{{flagicon|JPN}} [[Sendai]], Japan", ENGLAND)
    assert ties(intake) == []


def test_a_list_of_many_towns_is_one_in_any_language():
    """Whose partners are listed stands above; nothing is passed over, wherever the page has its sections."""
    text = "== A ==\n=== [[Ahlen]] ===\n* {{POL}} [[Teltow]] (seit 1991)\n=== Aalen ===\n* {{FRA}} [[Saint-Lô]]"
    intake, notes = read(text, "Liste der Städtepartnerschaften in Deutschland")
    assert [(name, partner) for name, partner, *_ in ties(intake)] == [("Ahlen", "Teltow")]
    accounted = (
        {int(claim["claim"]) for claim in intake.claims} | {row.row for row in intake.rejected} | set(told_rows(notes))
    )
    assert {3, 5} <= accounted
