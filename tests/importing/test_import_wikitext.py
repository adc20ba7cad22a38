"""Lists of partners in wikitext, from a file and through a wiki's API."""

import http.server
import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.errors import DataError, EndpointError
from twingraph.importing.intake import Intake
from twingraph.importing.wiki.mediawiki import WikiPage, fetch_page
from twingraph.importing.wiki.wikitext import import_wikitext, read_wikitext

LIST = """\
This is a '''list''' of places in [[Germany]].
==A==
'''[[Aachen]]'''<ref>{{cite web|title=Partners of [[Aachen]]}}</ref>
{{div col|colwidth=20em}}
*{{flagicon|FRA}} [[Reims]], France (1967)
*{{flagicon|USA}} [[Arlington County, Virginia|Arlington County]], United States
*{{flagdeco|TUR}} [[Sarıyer]], Turkey<!-- not since [[Izmir]] -->
{{div col end}}
'''[[Ahlen]]'''
*{{flagicon|DEU}} [[Teltow]], Germany
*Penzberg, Germany
==References==
"""
TOWN = """\
'''Helmstedt''' ist eine Stadt.
== Geschichte ==
* 952 erste Erwähnung als [[Helmonstede]]
== Politik ==
=== Städtepartnerschaften ===
Helmstedt unterhält Partnerschaften mit:
* {{FRA|#}} [[Vitré]], Frankreich, seit 22. Oktober 1978
* [[Albuquerque]] ([[New Mexico]], [[Vereinigte Staaten|USA]]), seit 1983
* {{GBR|Chard}} (England), seit 1980<ref>[[Quelle]]</ref>
* [[Konaklı]] (1990–2001)
=== Städtefreundschaft ===
* [[Haldensleben]], Sachsen-Anhalt, seit 1990
== Literatur ==
* [[Autor]]: Buch
"""


def claims(page: WikiPage, **options: str) -> tuple[list[tuple[str, ...]], Intake]:
    intake = Intake()
    read_wikitext(page, intake, **options)
    keys = ("name", "country", "partner", "partner_country", "start", "end", "kind")
    return [tuple(claim.get(key, "") for key in keys) for claim in intake.claims], intake


def test_a_list_of_a_country():
    found, intake = claims(WikiPage("List of twin towns and sister cities in Germany", LIST))
    assert found == [
        ("Aachen", "DE", "Reims", "FR", "1967", "", "partnership"),
        ("Aachen", "DE", "Arlington County", "US", "", "", "partnership"),
        ("Aachen", "DE", "Sarıyer", "TR", "", "", "partnership"),
        ("Ahlen", "DE", "Teltow", "DE", "", "", "partnership"),
        ("Ahlen", "DE", "Penzberg", "DE", "", "", "partnership"),
    ]
    assert intake.rejected == []
    assert [claim["locator"] for claim in intake.claims] == ["line 5", "line 6", "line 7", "line 10", "line 11"]


def test_the_section_of_a_towns_page():
    found, _ = claims(WikiPage("Helmstedt", TOWN), country="DE")
    assert found == [
        ("Helmstedt", "DE", "Vitré", "FR", "1978-10-22", "", "partnership"),
        ("Helmstedt", "DE", "Albuquerque", "US", "1983", "", "partnership"),
        ("Helmstedt", "DE", "Chard", "GB", "1980", "", "partnership"),
        ("Helmstedt", "DE", "Konaklı", "", "1990", "2001", "partnership"),
        ("Helmstedt", "DE", "Haldensleben", "", "1990", "", "friendship"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("(bis 2010)", ("", "2010", "ended", "", "")),
        ("(until 1999)", ("", "1999", "ended", "", "")),
        (", terminated in 2012", ("", "2012", "ended", "", "")),
        ("(since 1985; ended 2022)", ("1985", "2022", "ended", "", "")),
        ("(seit 1985, 2022 beendet)", ("1985", "2022", "ended", "", "")),
        ("(1992–2022, beendet)", ("1992", "2022", "ended", "", "")),
        (", suspended since March 2022", ("", "", "suspended", "2022-03", "")),
        ("(1991 - suspended in 2022)", ("1991", "", "suspended", "2022", "")),
        (", seit 1985 (ruht seit 2022)", ("1985", "", "suspended", "2022", "")),
        ("(ausgesetzt)", ("", "", "suspended", "", "")),
        ("(1970–present)", ("1970", "", "active", "", "")),
        (", 1969; renewed 1995", ("1969", "", "active", "", "1995")),
        (" – 1958", ("1958", "", "active", "", "")),
        (", formerly in 1990 known as Foo", ("", "", "unknown", "", "")),
    ],
)
def test_dates_and_status(words, expected):
    _, intake = claims(WikiPage("Ulm", f"== Twin towns ==\n* [[Brest]]{words}\n"))
    columns = ("start", "end", "status", "status_since", "renewed")
    assert [tuple(claim.get(column, "") for column in columns) for claim in intake.claims] == [expected]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (", en sommeil depuis 2015", ("", "", "dormant", "2015")),
        (", inactive since 2001", ("", "", "dormant", "2001")),
        (" (dormant since 2010)", ("", "", "dormant", "2010")),
        (", inaktiv seit 2001", ("", "", "dormant", "2001")),
        (", pausiert seit 2022", ("", "", "suspended", "2022")),
        (" (paused 2022)", ("", "", "suspended", "2022")),
        (" (inactive)", ("", "", "dormant", "")),
        (" (1970–2022, ausgesetzt)", ("1970", "", "suspended", "2022")),
        (", seit 1985 ausgesetzt seit 2022", ("1985", "", "suspended", "2022")),
        (", dal 1957 al 1980", ("1957", "1980", "ended", "")),
        (", from 1970 to 1990", ("1970", "1990", "ended", "")),
        (" (–1990)", ("", "1990", "ended", "")),
        (", revoked in March 2022", ("", "2022-03", "ended", "")),
        (" (defunct)", ("", "", "ended", "")),
        (", agreement expired 2005", ("", "2005", "ended", "")),
        (", eingestellt 2018", ("", "2018", "ended", "")),
        (" (ehemals)", ("", "", "ended", "")),
        (", seit 1970, ehemals DDR", ("1970", "", "active", "")),
        (" (former partner)", ("", "", "ended", "")),
        (", seit den 1960er Jahren", ("196X", "", "active", "")),
        (", seit den 1970er-Jahren", ("197X", "", "active", "")),
        (", since the 1970s", ("197X", "", "active", "")),
        (", seit ca. 1970", ("1970~", "", "active", "")),
        (", von 1971 bis heute", ("1971", "", "active", "")),
        (", seit 1971, bis heute", ("1971", "", "active", "")),
        (", à partir de 1990", ("1990", "", "active", "")),
        (" (\ue000\ue001 1970)", ("1970", "", "active", "")),
        (", seit dem 15. Mai 1970", ("1970-05-15", "", "active", "")),
        (", depuis le 12 mai 1968", ("1968-05-12", "", "active", "")),
        (", twinned on May 5, 1970", ("1970-05-05", "", "active", "")),
        (", Frankreich seit 1978", ("1978", "", "active", "")),
        (" (Partnerschaftsvertrag vom 3.7.1991)", ("1991-07-03", "", "active", "")),
        (" 1967", ("1967", "", "active", "")),
    ],
)
def test_words_beside_a_date_tell_of_what_it_is(words, expected):
    _, intake = claims(WikiPage("Ulm", f"== Twin towns ==\n* [[Brest]]{words}\n"))
    columns = ("start", "end", "status", "status_since")
    assert [tuple(claim.get(column, "") for column in columns) for claim in intake.claims] == [expected]
    assert intake.claims[0].get("note", "") == ""


@pytest.mark.parametrize(
    ("words", "start", "note"),
    [
        (", before 1970", "", "before 1970"),
        (" (mayor elected 2001)", "", "(mayor elected 2001)"),
        (", never suspended since 1990", "", "never suspended since 1990"),
        (" (inactive, 2015)", "", "(inactive, 2015)"),
        (", visits in 1970 and 1990", "", "visits in 1970 and 1990"),
        (", renewed 1995, 2005", "", "renewed 1995, 2005"),
        (", 1970–72", "", "1970–72"),
        (", seit 1970/71", "", "seit 1970/71"),
        (", between 1970 and 1990", "", "between 1970 and 1990"),
        (" (1985, 1990)", "", "(1985, 1990)"),
        (", since 1985 (population 1990)", "1985", "since 1985 (population 1990)"),
        (", 1970-2022 ausgesetzt", "", "1970-2022 ausgesetzt"),
        (", Kündigung 2018 durch Bury", "", "Kündigung 2018 durch Bury"),
        (" (ehemals Königsberg)", "", "(ehemals Königsberg)"),
    ],
)
def test_a_date_beside_other_words_is_not_taken(words, start, note):
    intake = Intake()
    told = read_wikitext(WikiPage("Ulm", f"== Twin towns ==\n* [[Brest]]{words}\n"), intake)
    (claim,) = intake.claims
    assert (claim.get("start", ""), claim.get("end", ""), claim.get("note")) == (start, "", note)
    assert claim["status"] == "unknown"
    assert told == [
        "1 line (2) hold, or stand below, words that are not understood; the status there is unknown, "
        "the words are in the claim's note"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<s>[[Kiel]] (1990)</s>", ("1990", "ended")),
        ("<del>[[Kiel]]</del>, 1990", ("1990", "ended")),
        ("[[Kiel]], <s>1990</s> 1991", ("1991", "active")),
    ],
)
def test_a_struck_partner_is_one_of_the_past(text, expected):
    _, intake = claims(WikiPage("Ulm", f"== Twin towns ==\n* {text}\n"))
    assert [(claim.get("start", ""), claim.get("status", "")) for claim in intake.claims] == [expected]


def test_a_flag_emoji_and_a_kind_in_brackets():
    text = "* 🇫🇷 [[Dijon]] – 1958<br />\n* [[Fiuggi]], Italien – seit 2001 (Städtefreundschaft)\n"
    found, _ = claims(WikiPage("Ulm", "== Twin towns ==\n" + text))
    assert [claim[2:] for claim in found] == [
        ("Dijon", "FR", "1958", "", "partnership"),
        ("Fiuggi", "IT", "2001", "", "friendship"),
    ]


@pytest.mark.parametrize(
    "text", ["* Former: [[Kiel]]\n", "=== Former twin towns ===\n* [[Kiel]]\n", "* [[Kiel]] (former)\n"]
)
def test_a_tie_of_the_past_has_ended(text):
    _, intake = claims(WikiPage("Ulm", "== Twin towns ==\n" + text))
    assert [(claim["partner"], claim.get("status")) for claim in intake.claims] == [("Kiel", "ended")]


def test_a_suspension_before_the_start_is_kept_apart():
    _, intake = claims(WikiPage("Ulm", "== Twin towns ==\n* [[Perm]] (since 1999, suspended 1990)\n"))
    assert [row.reason for row in intake.rejected] == ["it is suspended (1990) before it starts (1999)"]


def test_links_after_the_list_are_no_partners():
    text = (
        LIST
        + "* [[Foo]]\n==See also==\n* [[List of twin towns in France]]\n===More===\n* [[Bar]]\n==B==\n'''[[Bonn]]'''\n* [[Opole]]\n"
    )
    found, _ = claims(WikiPage("List of twin towns and sister cities in Germany", text))
    assert [(claim[0], claim[2]) for claim in found[4:]] == [("Ahlen", "Penzberg"), ("Bonn", "Opole")]


def test_what_is_not_read_is_told(tmp_path: Path):
    text = """== Twin towns ==
A tie with [[Brest]] was signed in 1990.
* [[Oslo]] / [[Bergen]], Norway
* {{flag|Japan}}: [[Kyoto]], [[Nara]]
{| class="wikitable"
! Town !! since
|-
| [[Albuquerque]]
| 1983
|-
| [[Opole]] || 1990
|}
* [[Chard]]
"""
    intake = Intake()
    notes = read_wikitext(WikiPage("Ulm", text), intake)
    assert [claim["partner"] for claim in intake.claims] == ["Kyoto", "Chard"]
    assert [(row.row, row.cells["name"]) for row in intake.rejected] == [(3, "Oslo"), (8, "Albuquerque"), (11, "Opole")]
    assert "several places (Oslo, Bergen)" in intake.rejected[0].reason
    assert "stands in a table" in intake.rejected[1].reason
    assert notes == [
        "not read are 1 line (2) of running text beside the lists",
        "1 line (4) link further places; they are taken for the region where the partner lies",
    ]
    path = tmp_path / "Ulm.txt"
    path.write_text(text, encoding="utf-8")
    shown = CliRunner().invoke(cli, ["import", "wikitext", str(path), "--data", str(tmp_path / "d"), "--dry-run"])
    assert "Not read are 1 line (2) of running text" in shown.output


def test_a_title_as_in_an_address(tmp_path: Path):
    path = tmp_path / "page.txt"
    path.write_text(LIST, encoding="utf-8")
    title = "List_of_twin_towns_and_sister_cities_in_Germany"
    found = CliRunner().invoke(
        cli, ["import", "wikitext", str(path), "--page", title, "--data", str(tmp_path / "d"), "--dry-run"]
    )
    assert found.exit_code == 0, found.output
    assert "Aachen (DE) – Reims (FR)" in found.output


def test_a_page_without_partners_is_told(tmp_path: Path):
    with pytest.raises(DataError, match="no list of partners"):
        import_wikitext(WikiPage("Nowhere", "== History ==\n* [[1900]]\n"), tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "text", ["{{" * 5000, "[[" * 5000, "* [[a|" + "[[" * 2000, "<ref>" * 3000, "'''" * 9999, "* {{flagicon|" * 500]
)
def test_hostile_wikitext_ends(text):
    read_wikitext(WikiPage("List of twin towns in Germany", "'''[[Ulm]]'''\n" + text), Intake())


def test_from_a_file(tmp_path: Path):
    path = tmp_path / "Helmstedt.txt"
    path.write_text(TOWN, encoding="utf-8")
    result = CliRunner().invoke(
        cli, ["import", "wikitext", str(path), "--country", "DE", "--language", "de", "--data", str(tmp_path / "d")]
    )
    assert result.exit_code == 0, result.output
    assert "5 claims" in result.output
    assert (tmp_path / "d" / "sources" / "helmstedt" / "source.toml").exists()


class Wiki(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self):
        self.send_response(int(self.body) if self.body in (b"503", b"404") else 200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def wiki():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Wiki)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/wiki/Helmstedt"
    server.shutdown()
    server.server_close()


def test_through_the_api(wiki, tmp_path: Path):
    revision = {"revid": 7, "timestamp": "2026-01-02T03:04:05Z", "slots": {"main": {"content": TOWN}}}
    Wiki.body = json.dumps({"query": {"pages": [{"title": "Helmstedt", "revisions": [revision]}]}}).encode()
    page = fetch_page(wiki)
    assert (page.title, page.date, page.url.rpartition("?")[2]) == ("Helmstedt", "2026-01-02", "oldid=7")
    outcome = import_wikitext(page, tmp_path / "data", country="DE")
    assert len(outcome.intake.claims) == 5


@pytest.mark.parametrize(
    "body",
    [
        b"<html>busy</html>",
        b'{"query": {"pages": [{"ti',
        b'{"query": {"pages": [{"missing": true}]}}',
        b"503",
        b"[]",
        b"null",
    ],
)
def test_a_wiki_that_misbehaves(wiki, body):
    Wiki.body = body
    with pytest.raises(EndpointError):
        fetch_page(wiki)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"code": "maxlag", "info": "Waiting for a server: 9 seconds lagged"}}', "refuses: Waiting for a"),
        (b'{"error": {"code": "readapidenied"}}', "the wiki refuses: readapidenied"),
        (b"404", "404 Not Found; there is no MediaWiki"),
        (b"503", "503 Service Unavailable; try again later"),
        (b'{"query": {"pages": [{"title": "<", "invalid": true}]}}', "there is no such page"),
        (b'{"query": {"pages": [{"title": "A"}]}}', "none of a MediaWiki"),
    ],
)
def test_a_wiki_says_why_it_gives_no_page(wiki, body, message):
    Wiki.body = body
    with pytest.raises(EndpointError, match=message):
        fetch_page(wiki)


def test_an_answer_that_never_ends_is_given_up(wiki, monkeypatch):
    Wiki.body = b"[]"
    times = iter((0.0, 61.0, 122.0))
    monkeypatch.setattr("twingraph.importing.wiki.mediawiki.time.monotonic", lambda: next(times))
    with pytest.raises(EndpointError, match="no whole answer within 60 seconds"):
        fetch_page(wiki)


def test_an_address_may_name_the_title_in_its_query(wiki):
    revision = {"revid": 7, "slots": {"main": {"content": TOWN}}}
    Wiki.body = json.dumps({"query": {"pages": [{"title": "Helmstedt", "revisions": [revision]}]}}).encode()
    address = wiki.replace("/wiki/Helmstedt", "/w/index.php?title=Helmstedt&action=edit")
    assert fetch_page(address).title == "Helmstedt"


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "ftp://127.0.0.1/wiki/Ulm", "http://127.0.0.1/w/index.php"])
def test_what_is_no_address_of_a_page_is_told_in_a_sentence(address):
    with pytest.raises(EndpointError, match=r"is no address of a wiki's page; write one such as"):
        fetch_page(address)


@pytest.mark.parametrize("text", ["#REDIRECT [[Ulm]]", "#WEITERLEITUNG [[Ulm#Partner]]\n", "#RINVIA: [[Ulm|Ulma]]"])
def test_a_page_that_sends_the_reader_on_is_named_so(text, tmp_path: Path):
    with pytest.raises(DataError, match="sends the reader on to 'Ulm"):
        import_wikitext(WikiPage("Ulma", text), tmp_path / "data")
