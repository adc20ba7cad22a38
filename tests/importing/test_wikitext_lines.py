"""What single list items of a wiki's page state, by kind of line, in six languages and in words of none."""

import pytest

from twingraph.importing.intake import Intake
from twingraph.importing.wiki.mediawiki import WikiPage
from twingraph.importing.wiki.wikitext import read_wikitext


def stated(line: str, heading: str = "Twin towns") -> str:
    """Return what comes of one item on a town's page, in short words."""
    intake = Intake()
    notes = read_wikitext(WikiPage("Ulm", f"== {heading} ==\n{line}\n", date="2026-06-01"), intake)
    if intake.rejected:
        assert not intake.claims
        return f"rejected: {intake.rejected[0].reason}"
    if not intake.claims:
        return "unread"
    (claim,) = intake.claims
    told = {key: claim.get(key, "") for key in ("start", "end", "status_since", "renewed", "kind")}
    parts = [claim["status"]]
    parts += [f"{key} {value}" for key, value in told.items() if value and value != "partnership"]
    if claim["status"] == "unknown":
        assert any(note.startswith("1 line (2) hold, or stand below, words that are not understood") for note in notes)
        assert claim["note"]
    return ", ".join(parts)


UNDERSTOOD = {
    # A start
    "* [[Brest]], France, since 1985": "active, start 1985",
    "* {{FRA|#}} [[Brest]] (seit dem 12. Mai 1985)": "active, start 1985-05-12",
    "* {{France}} [[Brest]] depuis le {{date|12 mai 1985}}": "active, start 1985-05-12",
    "* {{FRA}} [[Brest]] dal 1985": "active, start 1985",
    "* {{FRA}} [[Brest]] (desde 1985)": "active, start 1985",
    "* {{Flaga|FRA}} [[Brest]] (od 12 maja 1985)": "active, start 1985-05-12",
    "* [[Brest]] (signed in May 1985)": "active, start 1985-05",
    "* [[Brest]], Vertrag vom 3.7.1985": "active, start 1985-07-03",
    "* [[Brest]] – the treaty was signed in 1985": "active, start 1985",
    "* [[Brest]] (lata 1990–2003)": "ended, start 1990, end 2003",
    "* [[Brest]] (podpisano 1985)": "active, start 1985",
    "* [[Brest]] {{start date|1985|5|12}}": "active, start 1985-05-12",
    "* [[Brest]] {{date|12|5|1985}}": "active, start 1985-05-12",
    "* {{small|{{flagicon|FRA}} [[Brest]] (1985)}}": "active, start 1985",
    "* [[Brest]] {{nowrap|(1985)}}": "active, start 1985",
    "* [[Brest]] ([[1985]])": "active, start 1985",
    "* [[Brest]] - [[12 mai]] [[1985]]": "active, start 1985-05-12",
    "* [[Brest]] (anni 1960)": "active, start 196X",
    "* [[Brest]] (1985; renewed 1999)": "active, start 1985, renewed 1999",
    # A date before the name
    "* 1985: [[Brest]], France": "active, start 1985",
    "* seit 1985: [[Brest]], Frankreich": "active, start 1985",
    "* 1985 [[Brest]], Frankreich": "active, start 1985",
    "* 1985–2003: [[Brest]], France": "ended, start 1985, end 2003",
    "* bis 2003 {{FRA|#}} [[Brest]]": "ended, end 2003",
    "* Seit 1985 Partnerschaft mit [[Brest]], Frankreich": "active, start 1985",
    # An end
    "* [[Brest]] (no longer exists)": "ended",
    "* [[Brest]] (lapsed)": "ended",
    "* [[Brest]], broken off 2022": "ended, end 2022",
    "* [[Brest]] (was a twin town)": "ended",
    "* [[Brest]] war von 1990 bis 2010 Partnerstadt": "ended, start 1990, end 2010",
    "* [[Brest]] ([[twin town|former twin]])": "ended",
    "* [[Brest]] (ENDED)": "ended",
    "* [[Brest]], former partner (ended 2005)": "ended, end 2005",
    "* [[Brest]] (until 2010; resumed 2015; ended 2020)": "ended, end 2020",
    "* [[Brest]] (ehem.)": "ended",
    "* [[Brest]] (früher)": "ended",
    "* [[Brest]], existiert nicht mehr": "ended",
    "* [[Brest]], endete 2015": "ended, end 2015",
    "* [[Brest]] (1990, im Jahr 2022 aufgekündigt)": "ended, start 1990, end 2022",
    "* [[Brest]] (fin en 2001)": "ended, end 2001",
    "* [[Brest]] (dénoncé en 2010)": "ended, end 2010",
    "* [[Brest]] (de 1960 à 1970)": "ended, start 1960, end 1970",
    "* [[Brest]], ancien jumelage": "ended",
    "* [[Brest]] (ex gemellaggio)": "ended",
    "* [[Brest]] (revocato nel 2015)": "ended, end 2015",
    "* [[Brest]] (in passato)": "ended",
    "* [[Brest]] (roto en 2005)": "ended, end 2005",
    "* [[Brest]] (antiguo hermanamiento)": "ended",
    "* [[Brest]] (do 2014)": "ended, end 2014",
    "* [[Brest]] (umowa wypowiedziana 2022)": "ended, end 2022",
    "* [[Brest]] (były partner)": "ended",
    "* [[Brest]] (1985−2003)": "ended, start 1985, end 2003",
    "* [[Brest]] (1985‒2003)": "ended, start 1985, end 2003",
    "* [[Brest]] (1985{{snd}}2003)": "ended, start 1985, end 2003",
    "* [[Brest]] {{small|(until 2003)}}": "ended, end 2003",
    "* {{s|{{flagicon|FRA}} [[Brest]]}}": "ended",
    '* <span style="text-decoration: line-through">{{FRA|#}} [[Brest]]</span>': "ended",
    "* [[Brest]] (-1990)": "ended, end 1990",
    "* [[Brest]] (1985 –1990)": "ended, start 1985, end 1990",
    "* {{strikethrough|[[Brest]], France}}": "ended",
    "* {{del|[[Brest]]}} (1985)": "ended, start 1985",
    # A pause
    "* [[Brest]], 2022 auf Eis gelegt": "suspended, status_since 2022",
    "* [[Brest]] (1990, Ruhen seit 2022)": "suspended, start 1990, status_since 2022",
    "* [[Brest]] (gelé)": "suspended",
    "* [[Brest]] (jumelage interrompu)": "suspended",
    "* [[Brest]] (gemellaggio sospeso nel 2022)": "suspended, status_since 2022",
    "* [[Brest]] (umowa zawieszona w 2022)": "suspended, status_since 2022",
    "* [[Brest]] (since 2022 in abeyance)": "suspended, status_since 2022",
    "* [[Brest]] (no longer active)": "dormant",
    "* [[Brest]] (nicht mehr aktiv)": "dormant",
    "* [[Brest]] (n’est plus active)": "dormant",
    "* [[Brest]] (non più attivo)": "dormant",
    "* [[Brest]] (nieaktywne)": "dormant",
    "* [[Brest]] {{as of|2015}} inactive": "dormant, status_since 2015",
    # What was taken up again, or is over
    "* [[Brest]]: 1971, 1999 beendet, 2008 wiederaufgenommen": "active, start 1971",
    "* [[Brest]] (1985; suspended 2010; resumed 2015)": "active, start 1985",
    "* [[Brest]] (ended in 2010, restored 2015)": "active",
    "* [[Brest]] (paused from 1992 to 2001)": "active",
    "* [[Brest]]: seit 1971 (1980–1985 unterbrochen)": "active, start 1971",
    # A kind
    "* [[Brest]] (pacte d'amitié, 1998)": "active, start 1998, kind friendship",
    "* [[Brest]] (patto di amicizia dal 2001)": "active, start 2001, kind friendship",
    "* [[Brest]] (umowa o przyjaźni 1995)": "active, start 1995, kind friendship",
    "* [[Brest]] (Patenschaft seit 1954)": "active, start 1954, kind sponsorship",
}


@pytest.mark.parametrize(("line", "expected"), UNDERSTOOD.items())
def test_a_line_whose_words_are_known(line, expected):
    assert stated(line) == expected


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (" (planned)", "it is planned, not concluded"),
        (" (planned for 2027)", "it is planned, not concluded"),
        (" (in preparation)", "it is planned, not concluded"),
        (" in Planung", "it is planned, not concluded"),
        (" (angestrebt)", "it is planned, not concluded"),
        (" (im Aufbau)", "it is planned, not concluded"),
        (", Absichtserklärung 2019", "it is planned, not concluded"),
        (" (en projet)", "it is planned, not concluded"),
        (" (prévu)", "it is planned, not concluded"),
        (" (in corso di definizione)", "it is planned, not concluded"),
        (" (previsto)", "it is planned, not concluded"),
        (" (planowane)", "it is planned, not concluded"),
        (", proposed", "it is proposed, not concluded"),
        (" (candidate)", "it is proposed, not concluded"),
        (" (vorgeschlagen)", "it is proposed, not concluded"),
        (" (propuesto)", "it is proposed, not concluded"),
        (" (under negotiation)", "it is under way, not concluded"),
        (" (pending)", "it is under way, not concluded"),
        (" (en trámite)", "it is under way, not concluded"),
        (" (rejected)", "it did not come about"),
        (" (abgelehnt)", "it did not come about"),
        (" (not official)", "it is not official"),
        (" (keine offizielle Partnerschaft)", "it is not official"),
        (" (non ufficiale)", "it is not official"),
        (", Städtepartnerschaft ab 2027", "it begins only later (2027)"),
        (" (2028)", "it begins only later (2028)"),
    ],
)
def test_what_is_not_concluded_is_no_tie(words, reason):
    assert stated("* {{FRA|#}} [[Brest]]" + words) == f"rejected: {reason}"


@pytest.mark.parametrize(
    ("words", "start"),
    [
        # Words that no lexicon holds, and words of other languages.
        (" (kaboozled)", ""),
        (" (frumious)", ""),
        (", verglimmt", ""),
        (" (déglinguifié)", ""),
        (" (2022, kaboozled)", ""),
        (" (kaboozled 2022)", ""),
        (", since 1985; kaboozled", "1985"),
        (" (beëindigd)", ""),
        (" (vilande)", ""),
        (" (расторгнуто)", ""),
        (" (zrušeno 2010)", ""),
        (" †", ""),
        (" *", ""),
        (" (1985?)", ""),
        (" {{dagger}}", ""),
        (" {{kaboozled|since 2003}}", ""),
        ("{{efn|Ended in 2019 by council vote}}", ""),
        ("{{refn|group=n|frumious}}", ""),
        ("<ref group=note>Ended 2003</ref>", ""),
        (" {{abbr|k.|kaboozled}}", ""),
        ("<ref>Ended in 2003.</ref>", ""),
        (" (Mooh [[Kaboozled|kaboozled]])", ""),
        # Known words whose meaning together is not known.
        (" (not suspended)", ""),
        (" (1985; the agreement was not renewed)", ""),
        (", nach Gebietsreform 1990 nicht fortgeführt", ""),
        (" (1990, suspension lifted 2015)", ""),
        (" (until at least 2010)", ""),
        (" (ended before 2010)", ""),
        (" (bis mindestens 2010)", ""),
        (" (1985–1990, since 1995)", ""),
        (" (1980–1985 unterbrochen)", ""),
        (", zwischen 1971 und 1999", ""),
        (" (ended 2003, ended 2005)", ""),
        (" (2010 resumed, 1999 ended)", ""),
        # Of two meanings: concluded or closed, current or not concluded yet.
        (" (concluso)", ""),
        (" (en cours)", ""),
        (" (in corso)", ""),
        # Dates that are none, or are of other things.
        (", former since 2010", ""),
        (" –1990", ""),
        (" (... – 1990)", ""),
        (" (1990 – 2000 – present)", ""),
        (" (19. Jh.)", ""),
        (" (seit über 30 Jahren)", ""),
        (" (Ende 1992)", ""),
        (" (12/05/1985)", ""),
        (" (1985–03)", ""),
        (" (lata 90.)", ""),
        (" (Gemeinde 1990 aufgelöst)", ""),
        (" (bis 1990 Karl-Marx-Stadt)", ""),
        (" (Czechoslovakia until 1992)", ""),
        (" (seit 1991 Slowakei)", ""),
        (" (founded 1833)", ""),
        (" (twinned with [[Lille]] since 1985)", ""),
        (" (until 2040)", ""),
        (" and Coburg", ""),
        (" District", ""),
    ],
)
def test_words_that_are_not_understood_leave_the_status_open(words, start):
    found = stated("* {{FRA|#}} [[Brest]]" + words)
    assert found == ("unknown" + (f", start {start}" if start else ""))


@pytest.mark.parametrize(
    ("line", "country", "written"),
    [
        ("* {{AUT|#}} [[Krems]] (ca. 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (um 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (est. 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (to 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (by 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (so seit 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (de 1988)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (do 2014)", "AT", "AUT"),
        ("* {{AUT|#}} [[Krems]] (fin en 2001)", "AT", "AUT"),
        ("* [[Krems]] (um 1988)", "", ""),
        ("* [[Krems]], AUT, am 1. Mai 1988", "AT", "AUT"),
        ("* [[Dayton]], Ohio, USA", "US", "USA"),
        ("* [[Dayton]], OH, USA", "US", "USA"),
        ("* {{flagicon|ENG}} [[Exeter]]", "GB", "England"),
        ("* {{flagicon|SCO}} [[Perth]]", "GB", "Scotland"),
        ("* {{flagicon|GER}} [[Bonn]]", "DE", "DE"),
        ("* {{Italie}} [[Rimini]]", "IT", "Italie"),
        ("* Frankreich: [[Brest]]", "FR", "Frankreich"),
        ("* [[Atlanta]], Georgia", "", ""),
        ("* [[Georgia (country)|Georgia]]: [[Tbilisi]]", "GE", "Georgia"),
        ("* {{USA}} [[Atlanta]], Georgia", "US", "USA"),
        ("* [[Mackinac]] Island", "", ""),
        ("* {{SVK|#}} [[Nitra]] (bis 1992 Tschechoslowakei)", "SK", "SVK"),
        ("* {{nowrap|{{flagicon|ITA}} [[Prato]], Italy (2003)}}", "IT", "Italy"),
        ("* 🇫🇷 [[Brest]]", "FR", "FR"),
        ("* [[Tartu]] (EST)", "EE", "EST"),
        ("* [[Kansas City]], MO, United States", "US", "United States"),
        ("* [[Kowloon]], Hong Kong, China", "HK", "Hong Kong"),
        ("* [[Oslo]] Norway", "", ""),
        ("* [[See (Tirol)|See]] in Tirol, Austria", "AT", "Austria"),
        ("* {{FRA|Laval}}, Mayenne", "FR", "FRA"),
        ("* {{NOR}} [[Oslo]] Norway", "NO", "Norway"),
    ],
)
def test_the_country_of_a_partner(line, country, written):
    intake = Intake()
    read_wikitext(WikiPage("Ulm", f"== Twin towns ==\n{line}\n"), intake)
    (claim,) = intake.claims
    assert (claim["partner_country"], claim["written_country"]) == (country, written)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("* {{FRA}} 2003", "a number or a year is no name"),
        ("* {{FRA}} None", "it names no partner"),
        ("* {{FRA}} ''TBD''", "it names no partner"),
        ("* See [[Berlin]]", "it names no partner"),
        ("* siehe [[Berlin]]", "it names no partner"),
        ("* {{FRA}} [[A", "the name holds markup"),
        ("* {{FRA}} [[<b>x</b>]]", "the name holds markup"),
        ("* <nowiki>[[Fake]]</nowiki>, France", "the name holds markup"),
        ("* [[#B|below]]", "it links to no page"),
        ("* [[|x]]", "it links to no page"),
        ("* {{Gemellaggio|DEU|Ulma|1970}}", "stands in a template that is not read (Gemellaggio: DEU, Ulma, 1970)"),
        ("* The mayor visited [[Brest]] in 1990", "the words before the name are not understood"),
        ("* Landkreis [[Gifhorn]], Deutschland", "the words before the name are not understood"),
        ("* [[Oslo]] / [[Bergen]]", "names several places (Oslo, Bergen)"),
        ("* [[Vitré]] und [[Konin]]", "names several places (Vitré, Konin)"),
        ("* [[Vitré]] oraz [[Konin]]", "names several places (Vitré, Konin)"),
        ("* [[Dover]] – [[Calais]], France", "names several places (Dover, Calais)"),
        ("* [[Vlissingen]] (Netherlands), [[Saint-Omer]] (France)", "names several places (Vlissingen, Saint-Omer)"),
        ("* {{flagicon|USA}} [[Dayton]]<br>{{flagicon|JPN}} [[Suita]]", "names several places (Dayton, Suita)"),
        ("* {{flagicon|USA}} [[Dayton]], {{flagicon|JPN}} [[Suita]]", "names several places (Dayton, Suita)"),
        ("* {{flagicon|USA}} Dayton<br>{{flagicon|JPN}} Suita", "names several places"),
        ("* {{flag|Estonia}} Tartu (Estonia) and Turku (Finland)", "names several places"),
        ("* [[Brest|Brest (former)]]", "the name holds words or marks that are none of a name"),
        ("* {{FRA|Brest (ehemals)}}", "the name holds words or marks that are none of a name"),
        ("* [[Brest|Brest †]]", "the name holds words or marks that are none of a name"),
        ("* [[Brest|Brest kaboozled]]", "it is not sure where the name ends"),
        ("* {{FRA}} Brest kaboozled, France", "it is not sure where the name ends"),
        ("* [[Foo]], [[Bar]], [[Baz]]", "names several places (Foo, Bar, Baz)"),
    ],
)
def test_what_is_no_partner_is_left_out(line, reason):
    assert stated(line).startswith(f"rejected: {reason}")


@pytest.mark.parametrize(
    ("note", "line"),
    [
        ("(kaboozled 2022)", "* [[Brest]] (kaboozled 2022)"),
        ("bis 2003 … kaboozled", "* bis 2003: [[Brest]], kaboozled"),
        ("France … [Ended in 2019]", "* [[Brest]], France{{efn|Ended in 2019}}"),
        ("(1985; suspended 2010; resumed 2015)", "* [[Brest]] (1985; suspended 2010; resumed 2015)"),
    ],
)
def test_the_note_holds_all_words_beside_the_name(note, line):
    intake = Intake()
    read_wikitext(WikiPage("Ulm", f"== Twin towns ==\n{line}\n"), intake)
    assert [claim["note"] for claim in intake.claims] == [note]


def test_words_in_a_note_may_hold_no_address():
    intake = Intake()
    read_wikitext(WikiPage("Ulm", "== Twin towns ==\n* [[Brest]] (write to jane@example.org)\n"), intake)
    assert [row.column for row in intake.rejected] == ["words"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1961–1990, 2001 erneuert", "unknown, start 1961"),
        ("1961–1990; seit 2001 erneuert", "unknown, start 1961"),
        ("1990, terminated", "ended, start 1990"),
        ("1990; suspended", "suspended, start 1990"),
    ],
)
def test_a_start_stays_beside_a_status_and_a_renewal_after_an_end_is_none(words, expected):
    assert stated(f"* {{{{FRA|#}}}} [[Brest]] ({words})") == expected


@pytest.mark.parametrize("words", ["1990 (ended)", "– 1990 (ended)"])
def test_a_status_in_brackets_behind_a_start(words):
    assert stated(f"* {{{{FRA|#}}}} [[Brest]] {words}") == "ended, start 1990"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Lecce, [[Apulia]], Italy", "not sure which is the partner"),
        ("Lucca, Italy, 1990, [[Apulia]]", "not sure which is the partner"),
        ("Lecce ([[Apulia]])", "not sure which is the partner"),
        ("[[Bayern]]: [[Ulm]]", "several places"),
        ("[[HMS Illustrious]]", "no municipality"),
        ("[[University of Oxford]], England", "no municipality"),
        ("[[Eton College]], England", "no municipality"),
        ("[[Port of Antwerp]], Belgium", "no municipality"),
        ("[[Musée d'Orsay]], France", "no municipality"),
        ("{{flagicon|TUR}} {{flagicon|ITA}} [[Rimini]]", "several countries"),
    ],
)
def test_what_is_no_municipality_or_not_surely_the_partner_is_left_out(line, reason):
    assert reason in stated("* " + line)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Landkreis Harz", "district"),
        ("Rhein-Sieg-Kreis", "district"),
        ("Powiat Gifhorn", "district"),
        ("canton de Vaud", "district"),
        ("Lancaster County, Pennsylvania", "district"),
        ("Kanagawa Prefecture", "region"),
        ("Provincia di Bari", "region"),
        ("Región de Murcia", "region"),
        ("Departamento de Ñuble", "region"),
        ("Dzielnica Mitte", "borough"),
        ("Canton, Ohio", ""),
        ("Port of Spain", ""),
        ("State College, Pennsylvania", ""),
        ("College Station, Texas", ""),
        ("Villeneuve", ""),
    ],
)
def test_a_name_that_says_what_it_is_has_its_level(name, level):
    intake = Intake()
    read_wikitext(WikiPage("Ulm", f"== Twin towns ==\n* [[{name}]]\n"), intake)
    assert [claim["partner"] for claim in intake.claims] == [name]
    intake.settle()
    assert {place["level"] for place in intake.places if place["name"] == name} <= {level}
    assert not level or any(place["level"] == level for place in intake.places)
