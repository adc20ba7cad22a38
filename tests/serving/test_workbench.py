"""The workbench in a real browser that reaches nothing but this server, and its addresses without one."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import networkx as nx
import pyoxigraph as ox
import pytest

import twingraph

HELMSTEDT = "municipality/Q486562"
VIEWS = {
    "home": "",
    "search": "search?q=Leeds",
    "town": HELMSTEDT,
    "partnership": "partnership/Q234704-Q486562",
    "country": "country/FR",
    "source": "source/helmstedt-history",
    "sources": "sources",
    "chain": "chain?from=Helmstedt&to=Xi%27an",
    "explore": "explore?as_of=1989-11-09&country=DE",
    "network": "explore?around=Helmstedt&view=network",
    "questions": "queries",
    "question": "queries/municipality/partners?run=1&p.town=Helmstedt",
    "editor": "query",
    "missing": "municipality/Q0",
    "ontology": "ontology?lang=de",
    "claim": "about/id/claim/helmstedt-history/1",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        )
        yield found
        found.close()


@contextmanager
def watched(browser: Any, url: str) -> Iterator[Any]:
    """A page that fails the test for every complaint of the console and every request that leaves this server."""
    context = browser.new_context(viewport={"width": 1280, "height": 850}, accept_downloads=True)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))

    def pass_on(route: Any) -> None:
        if route.request.url.startswith((url, "data:", "blob:")):
            route.continue_()
        else:
            trouble.append(route.request.url)
            route.abort()

    context.route("**/*", pass_on)
    page.trouble = trouble
    yield page
    context.close()
    assert [text for text in trouble if "404 (Not Found)" not in text] == []


@pytest.fixture
def page(browser: Any, server) -> Iterator[Any]:
    with watched(browser, server.url) as found:
        yield found


@pytest.fixture(scope="module")
def patient(shipped_store: Path, start: Callable[..., Any]) -> Iterator[Any]:
    """A server with time enough for a worker's first export, which loads the libraries of its kind."""
    with start(shipped_store, "--timeout", "30", "--workers", "2") as found:
        yield found


@pytest.fixture
def patient_page(browser: Any, patient) -> Iterator[Any]:
    with watched(browser, patient.url) as found:
        yield found


# ---- what people do -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_from_a_search_to_a_source(page: Any, server) -> None:
    page.goto(server.url)
    page.fill("#q", "vitre")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipality/Q234704**")
    assert page.inner_text("h1").startswith("Vitré")
    assert page.locator("figure svg").count() == 2
    row = page.locator("tr", has_text="Helmstedt").first
    row.locator("td a").last.click()
    page.wait_for_url("**/partnership/Q234704-Q486562**")
    claims = page.locator("table tbody tr").count()
    assert claims >= 9
    assert "1978-10-22" in page.inner_text("table")
    page.locator("table tbody tr th a").first.click()
    page.wait_for_url("**/source/**")
    assert page.locator("table tbody tr").count() > 0
    page.go_back()
    page.go_back()
    assert page.inner_text("h1").startswith("Vitré")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["西安", "Xi'an", "xian", "Orastie", "Светлогорск"])
def test_a_town_by_any_of_its_names(server, name: str) -> None:
    answer = httpx.get(f"{server.url}search", params={"q": name})
    assert answer.status_code == 303 or "municipality/" in answer.text


@pytest.mark.slow
def test_a_misspelt_name_leads_on(page: Any, server) -> None:
    page.goto(f"{server.url}search?q=Helmstdt")
    assert "Helmstedt" in page.inner_text("main")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "selection"),
    [
        ({"as_of": "1989-11-09"}, {"as_of": "1989-11-09"}),
        ({"as_of": "2010", "kind": "friendship"}, {"as_of": "2010", "kinds": "friendship"}),
        ({"country": "DE", "other_country": "FR"}, {"countries": ["DE", "FR"], "ends": "both", "scope": "international"}),
        ({"status": "ended"}, {"statuses": "ended"}),
        ({"period": "1945/1960"}, {"period": ("1945", "1960")}),
        ({"source": "helmstedt-history"}, {"sources": "helmstedt-history"}),
        ({"around": "Helmstedt", "steps": "2", "multilateral": "star"}, {"around": "Q486562", "steps": 2, "multilateral": "star"}),
    ],
)  # fmt: skip
def test_explore_counts_as_the_analysis_does(page: Any, server, shipped_store: Path, choice, selection) -> None:
    page.goto(f"{server.url}explore")
    for name, value in choice.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("form.fields button")
    network = twingraph.network(shipped_store, **selection)
    towns = sum(kind != "union" for _, kind in network.possible.nodes(data="type"))
    if network.selection.days is not None:
        told = f"{network.certain_count} ties certainly in force, at most {network.selected}; between {towns} towns. {network.undated} of"
    else:
        told = f"{network.selected} ties between {towns} towns."
    assert told in page.inner_text("#told")
    assert page.locator("table tbody tr").count() == min(500, network.possible.number_of_edges())
    # The same address gives the same view, and the picture holds the same ties.
    address = page.url
    page.goto(server.url)
    page.goto(address)
    assert told in page.inner_text("#told")
    page.click("nav.tabs a:has-text('Network')")
    frame = page.frame_locator("iframe.picture")
    frame.locator("html[data-ready]").wait_for(state="attached", timeout=30_000)
    count = frame.locator("#count").inner_text()
    assert re.search(r"\d+", count)[0] == str(network.selected) or f"{network.certain_count} ties certainly" in count


def counted(text: str) -> str:
    return re.search(r'id="told">(.*?)</p>', text)[1]


@pytest.mark.parametrize(
    ("address", "selection"),
    [
        ("kind=friendship&kind=project", {"kinds": ["friendship", "project"]}),
        ("status=active,unknown&multilateral=exclude", {"statuses": ["active", "unknown"], "multilateral": "exclude"}),
        ("level=district", {"levels": ["district"]}),
        ("checked=1&min_sources=2", {"checked": True, "min_sources": 2}),
    ],
)
def test_an_address_chooses_all_that_a_selection_can(server, shipped_store: Path, address: str, selection) -> None:
    answer = httpx.get(f"{server.url}explore?lang=en&{address}", timeout=60)
    network = twingraph.network(shipped_store, **selection)
    assert counted(answer.text).startswith(f"{network.selected} ties between")
    # The form, the tabs and the files keep it.
    for name, value in re.findall(r"(\w+)=([\w,]+)", address):
        assert f"{name}=" in re.search(r'href="([^"]*view=map[^"]*)"', answer.text)[1], name
        assert re.search(rf'name="{name}"', answer.text), value
    assert httpx.get(f"{server.url}explore?period=1945").status_code == 400
    assert "1945/1989" in httpx.get(f"{server.url}explore?period=1945").text


def test_nothing_is_offered_where_nothing_fits(server) -> None:
    text = httpx.get(f"{server.url}explore?lang=en&country=IS&other_country=CL&as_of=1700").text
    assert "/export/" not in text.partition("<main")[2]
    one = httpx.get(f"{server.url}explore?lang=en&country=FR&other_country=CA&multilateral=exclude&status=active").text
    assert counted(one) == "1 tie between 2 towns."


def test_all_rows_can_be_looked_at(server, shipped_store: Path) -> None:
    count = twingraph.network(shipped_store).possible.number_of_edges()
    first = httpx.get(f"{server.url}explore?lang=en", timeout=60).text
    assert f"1 to 500 of {count} pairs of towns" in first
    link = re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")
    rest = httpx.get(f"{server.url.rstrip('/')}{link}", timeout=60).text
    keys = [
        set(
            re.findall(
                r'href="[^"]*(/municipality/[^"?]*)[^"]*">[^<]*</a>.*?<td><a href="[^"]*(/municipality/[^"?]*)', text
            )
        )
        for text in (first, rest)
    ]
    assert [len(found) for found in keys] == [500, count - 500]
    assert not keys[0] & keys[1]
    assert 'rel="next"' not in rest
    assert 'rel="prev"' in rest


def test_a_question_takes_the_names_of_the_api(server) -> None:
    rows = httpx.get(f"{server.url}api/queries/partners?town=Helmstedt&format=json").json()["results"]["bindings"]
    text = httpx.get(f"{server.url}queries/partners?town=Helmstedt&lang=en").text
    assert f"{len(rows)} rows" in text
    assert 'value="Helmstedt"' in text
    # Unfilled, the editor gets the example; a query for every town would be of no use.
    form = httpx.get(f"{server.url}queries/municipality/partners?lang=de").text.partition("<main")[2]
    editor = re.search(r'href="([^"]*/query\?[^"]*)"', form)[1]
    assert "%22helmstedt%22" in editor
    label = form.partition("<label>")[2].partition("</label>")[0]
    assert label.startswith("Name der Kommune in irgendeiner Sprache")


def test_a_town_by_its_key(server) -> None:
    answer = httpx.get(f"{server.url}search?q=Q486562&lang=de")
    assert (answer.status_code, answer.headers["location"]) == (303, "/municipality/Q486562?lang=de")


def test_a_town_and_a_country_can_be_taken_away(patient) -> None:
    for path, count in (
        (HELMSTEDT, "Partnerships: 10, 9 in force"),
        ("country/FR", "With the number of partners in force"),
    ):
        text = httpx.get(f"{patient.url}{path}?lang=en", timeout=60).text
        assert count in text
        links = re.findall(r'href="(/export/[^"]*)"', text)
        assert len(links) == 5
        for link in links:
            answer = httpx.get(f"{patient.url.rstrip('/')}{link.replace('&amp;', '&')}", timeout=60)
            assert answer.status_code == 200, link
    names = [
        httpx.get(f"{patient.url}export/{kind}?around=Helmstedt", timeout=60).headers["content-disposition"]
        for kind in ("cytoscape", "lpf", "csl", "html", "map")
    ]
    assert len(set(names)) == 5


def test_a_country_counts_as_explore_does(server) -> None:
    text = httpx.get(f"{server.url}country/FR?lang=de", timeout=60).text
    assert "in Kraft oder von unbekanntem Stand" in text
    found = re.findall(r'<td><a href="([^"]*)">(\d+)</a></td>', text)
    assert len(found) > 10
    for link, count in found[:3]:
        assert counted(httpx.get(f"{server.url.rstrip('/')}{link.replace('&amp;', '&')}", timeout=60).text).startswith(
            f"{count} Verbindung"
        )


def test_a_source_is_read_in_german(server) -> None:
    text = german(server, "source/helmstedt-history").partition("<tbody>")[2]
    assert "<td>Partnerschaft</td>" in text
    assert "<td>aktiv</td>" in text
    everything = "".join(german(server, f"source/{name}") for name in ("hpv-konakli", "globalleeds-siegen", "geonames"))
    for raw in ("hasDistinction", "partnerCountStated", "statesCoordinates", "<td>active</td>", "<td>partnership</td>"):
        assert raw not in text + everything, raw


def test_what_is_said_of_associations_has_its_role(server) -> None:
    text = german(server, HELMSTEDT)
    section = text.partition("<h2>Vereine</h2>")[2].partition("</section>")[0]
    values = re.findall(r'class="by"> · (.*?)</span>', section)
    assert values
    assert all(re.match(r"[^:]+: .+", value) for value in values), values


def test_a_chain_says_which_ties_have_ended(patient) -> None:
    path = f"{patient.url}chain?from=Helmstedt&to=Konakl%C4%B1&lang=en"
    text = httpx.get(path, timeout=60).text
    assert "2008-09-08 – 2018, ended" in text
    assert "linked by one tie" in text
    assert "Ties that have ended count too" in text
    assert "first possible on 2008-09-08: Helmstedt → Konaklı" in text
    then = httpx.get(f"{path}&as_of=2024", timeout=60).text
    assert 'class="chain"' not in then
    assert "in force then (2024)" in then
    same = httpx.get(f"{patient.url}chain?from=Helmstedt&to=Q486562&lang=de", timeout=60).text
    assert "Beide Namen meinen Helmstedt" in same


def test_all_chains_that_are_as_short(patient, shipped_store: Path) -> None:
    from twingraph.analysis.paths import count_shortest_paths

    graph = twingraph.network(shipped_store).possible
    (far,) = [node for node, name in graph.nodes(data="name") if name == "Dortmund"]
    count = count_shortest_paths(graph, "Q486562", far)
    assert count > 1
    text = httpx.get(f"{patient.url}chain?from=Helmstedt&to=Dortmund&lang=en", timeout=60).text
    assert f"{count} chains are as short" in text
    assert "no chain was possible along ties in force one after the other" in text
    assert text.partition("as short</h2>")[2].partition("</ul>")[0].count("Helmstedt → ") == min(count, 12) - 1


@pytest.mark.slow
def test_a_chain_can_be_taken_away(patient) -> None:
    path = f"{patient.url}export/chain?from=Helmstedt&to=Dortmund"
    for form, mark in (
        ("svg", b"<?xml"),
        ("pdf", b"%PDF"),
        ("png", b"\x89PNG"),
        ("csv", b"step,"),
        ("json", b"[{"),
    ):
        answer = httpx.get(f"{path}&format={form}", timeout=60)
        assert answer.content.startswith(mark), (form, answer.text[:200])
    steps = httpx.get(f"{path}&format=json", timeout=60).json()
    assert (steps[0]["from"], steps[-1]["to_name"]) == ("Q486562", "Dortmund")
    assert httpx.get(f"{path}&format=exe").status_code == 400
    assert httpx.get(f"{patient.url}export/chain?from=Helmstedt&to=Nowhere").status_code == 404
    for form, mark in (("pdf", b"%PDF"), ("png", b"\x89PNG")):
        for show in ("network", "map", "growth", "matrix"):
            answer = httpx.get(f"{patient.url}export/figure?around=Helmstedt&show={show}&format={form}", timeout=60)
            assert answer.content.startswith(mark), (show, form, answer.text[:300])
    assert httpx.get(f"{patient.url}export/figure?around=Helmstedt&format=exe").status_code == 400
    assert httpx.get(f"{patient.url}export/figure?around=Helmstedt&show=soul").status_code == 400


def test_a_table_comes_with_its_nodes_and_sources(patient) -> None:
    page = httpx.get(f"{patient.url}explore?around=Helmstedt&lang=en", timeout=60).text
    link = re.search(r'href="(/export/csv\?[^"]*zip=1)"', page)[1].replace("&amp;", "&")
    packed = zipfile.ZipFile(io.BytesIO(httpx.get(f"{patient.url.rstrip('/')}{link}", timeout=60).content))
    names = set(packed.namelist())
    assert {"twingraph.csv", "twingraph-nodes.csv", "twingraph.csv-metadata.json", "twingraph.csv.bib"} <= names
    nodes = {
        row["Id"]: row["Label"] for row in csv.DictReader(packed.read("twingraph-nodes.csv").decode().splitlines())
    }
    assert nodes["Q486562"] == "Helmstedt"
    edges = list(csv.DictReader(packed.read("twingraph.csv").decode().splitlines()))
    assert edges
    assert {row[end] for row in edges for end in ("Source", "Target")} <= set(nodes)


@pytest.mark.slow
def test_a_chain_with_dates_and_sources(patient_page: Any, patient, shipped_store: Path) -> None:
    patient_page.goto(f"{patient.url}chain")
    patient_page.fill("[name=from]", "Helmstedt")
    patient_page.fill("[name=to]", "Xi'an")
    patient_page.click("form.fields button")
    steps = patient_page.locator("ol.chain li").count()
    graph = twingraph.network(shipped_store).possible
    (far,) = [node for node, name in graph.nodes(data="name") if name == "Xi'an"]
    assert steps == nx.shortest_path_length(graph, "Q486562", far)
    assert patient_page.locator("ol.chain a[href*='/source/']").count() >= steps


@pytest.mark.slow
def test_the_editor_asks_this_server(page: Any, server) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?p a <https://w3id.org/twingraph/ontology#Partnership> }"
    page.goto(f"{server.url}query?query={quote(query)}")
    page.wait_for_selector(".yasr table", timeout=20_000)
    assert "711" in page.inner_text(".yasr")
    page.goto(f"{server.url}queries/municipality/partners?run=1&p.town=Helmstedt")
    page.click("text=Open in the editor")
    page.wait_for_selector(".yasr table", timeout=20_000)
    assert "Vitré" in page.inner_text(".yasr")
    page.evaluate(
        "void twingraph.tab.setQuery('PREFIX tw: <https://w3id.org/twingraph/ontology#>\\nSELECT * { ?s a tw:Partn')"
    )
    words = page.evaluate("JSON.parse(document.getElementById('yasgui').dataset.terms).map((term) => term.iri)")
    assert "https://w3id.org/twingraph/ontology#Partnership" in words


@pytest.mark.slow
def test_a_query_is_shared_by_its_address(page: Any, server) -> None:
    query = (
        "SELECT ?one ?other WHERE { ?p tw:hasParticipant ?a, ?b . ?a tw:displayName ?one . ?b tw:displayName ?other } "
        "ORDER BY ?one ?other LIMIT 7"
    )
    page.goto(f"{server.url}query?lang=en")
    page.evaluate("query => void twingraph.tab.setQuery(query)", query)
    page.click(".yasqe_share")
    link = page.input_value(".yasqe_sharePopup input")
    page.keyboard.press("Escape")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(".yasr table tbody tr", timeout=20_000)
    assert query in page.evaluate("twingraph.tab.getQuery()")
    assert page.locator(".yasr table tbody tr").count() == 7
    # What is looked at stands in the address too, and goes along to the other language.
    page.click(".yasr button:has-text('Network')")
    page.reload()
    page.wait_for_selector(".yasr svg[aria-label=Network]", timeout=20_000)
    page.click("header nav a:has-text('Deutsch')")
    page.wait_for_selector(".yasr svg[aria-label=Netz]", timeout=20_000)
    assert query in page.evaluate("twingraph.tab.getQuery()")
    assert page.inner_text(".yasr .select_network") == "Netz"


@pytest.mark.slow
def test_a_link_with_the_query_behind_the_hash(page: Any, server) -> None:
    page.goto(f"{server.url}query?lang=en#query={quote('ASK { ?s a tw:Wave }')}")
    page.wait_for_selector(".yasr .booleanResult", timeout=20_000)
    assert "ASK { ?s a tw:Wave }" in page.evaluate("twingraph.tab.getQuery()")


@pytest.mark.slow
def test_the_editor_says_what_is_wrong_in_words(page: Any, server) -> None:
    page.goto(f"{server.url}query?query={quote('SELECT * { ?s ?p ')}")
    page.wait_for_selector(".yasr .problem", timeout=20_000)
    said = page.inner_text(".yasr .problem")
    assert said.startswith("line 1, column")
    assert "{" not in said.partition("\n")[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.trouble[:] = [text for text in page.trouble if "400 (Bad Request)" not in text]


@pytest.mark.slow
def test_the_editor_declares_known_prefixes(page: Any, server) -> None:
    page.goto(f"{server.url}query")
    page.evaluate("void twingraph.tab.setQuery('')")
    page.evaluate(
        "void twingraph.tab.getYasqe().replaceRange('SELECT * { ?s tw:start ?o } LIMIT 3', {line: 0, ch: 0}, null, 'paste')"
    )
    assert page.evaluate("twingraph.tab.getQuery()").startswith("PREFIX tw: <https://w3id.org/twingraph/ontology#>")
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table tbody tr", timeout=20_000)
    text = page.inner_text(".yasr table")
    assert "^^edtf:EDTF" in text
    hrefs = page.eval_on_selector_all(".yasr table a[href*='/id/']", "links => links.map(link => link.href)")
    assert hrefs
    assert all(href.startswith(f"{server.url}id/") for href in hrefs)


@pytest.mark.slow
def test_an_answer_is_text_to_the_editor(page: Any, server) -> None:
    """What looks like markup is no more than looked at, and the console has nothing to complain of."""
    query = "SELECT ?x ?n { VALUES (?x ?n) { ('<img src=x onerror=alert(1)>' 10) ('<b>two</b> & more' 9) } }"
    page.goto(f"{server.url}query?query={quote(query)}")
    page.wait_for_selector(".yasr table tbody tr", timeout=20_000)
    assert "<img src=x onerror=alert(1)>" in page.inner_text(".yasr table")
    assert page.locator(".yasr table img, .yasr table b").count() == 0
    page.locator(".yasr .tableFilter").press_sequentially("& more")
    page.wait_for_selector(".yasr table tbody tr:nth-child(2)", state="detached")
    assert "<b>two</b> & more" in page.inner_text(".yasr table")


@pytest.mark.slow
def test_a_narrow_window_shows_answers_and_pictures(patient_page: Any, patient) -> None:
    page = patient_page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{patient.url}query?query={quote('SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 5')}")
    page.wait_for_selector(".yasr table tbody tr", timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{patient.url}explore?around=Helmstedt&view=network&lang=en")
    frame = page.frame_locator("iframe.picture")
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    outer, stage = page.locator("iframe.picture").bounding_box(), frame.locator("#stage").bounding_box()
    assert stage["y"] < outer["y"] + 50
    assert stage["height"] > 200


@pytest.mark.slow
def test_a_printed_page_has_its_picture_and_its_address(patient_page: Any, patient) -> None:
    page = patient_page
    page.goto(f"{patient.url}explore?around=Helmstedt&view=network&lang=en")
    page.frame_locator("iframe.picture").locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    assert not page.locator("footer .address").is_visible()
    page.emulate_media(media="print")
    assert page.locator("iframe.picture").is_visible()
    assert not page.locator(".takeaway").is_visible()
    assert page.inner_text("footer .address") == f"{patient.url}explore?around=Helmstedt&view=network&lang=en"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "de"])
def test_everyone_can_use_the_editor(page: Any, server, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto(f"{server.url}query?lang={lang}&query={quote('SELECT * { ?s tw:start ?o } LIMIT 3')}")
    page.wait_for_selector(".yasr table tbody tr", timeout=20_000)
    page.wait_for_selector(".yasr button:has-text('#'), .yasr th:has-text('#')")
    found = Axe().run(page)
    assert [(item["id"], [node["html"] for node in item["nodes"]][:3]) for item in found.response["violations"]] == []
    assert page.inner_text(".yasr .select_table") == {"en": "Table", "de": "Tabelle"}[lang]
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("network", "map"):
        box = page.locator(f".yasr .select_{name} svg").bounding_box()
        assert min(box["width"], box["height"]) > 8


@pytest.mark.slow
def test_answers_as_network_and_as_map(page: Any, server) -> None:
    query = (
        "SELECT ?one ?other WHERE { ?p tw:hasParticipant ?a, ?b . ?a rdfs:label ?one . ?b rdfs:label ?other . "
        "FILTER(STR(?a) < STR(?b) && LANG(?one) = 'de' && LANG(?other) = 'de') } LIMIT 30"
    )
    page.goto(f"{server.url}query?query={quote(query)}")
    page.wait_for_selector(".yasr table", timeout=20_000)
    page.click(".yasr button:has-text('Network')")
    assert page.locator(".yasr svg[aria-label=Network] line").count() == 30
    query = "SELECT ?name ?lat ?long WHERE { ?m a tw:Municipality ; tw:displayName ?name ; geo:lat ?lat ; geo:long ?long } LIMIT 25"
    page.goto(f"{server.url}query?query={quote(query)}")
    page.wait_for_selector(".yasr table", timeout=20_000)
    page.click(".yasr button:has-text('Map')")
    page.wait_for_selector(".yasr svg[aria-label=Map]")
    assert page.locator(".yasr svg[aria-label=Map] circle").count() == 25
    assert len(page.get_attribute(".yasr svg[aria-label=Map] path", "d")) > 10_000


@pytest.mark.slow
def test_what_is_shown_can_be_taken_away(page: Any, server, tmp_path: Path) -> None:
    page.goto(f"{server.url}explore?around=Helmstedt")
    with page.expect_download() as download:
        page.click("a[href*='/export/gexf']")
    file = tmp_path / "network.gexf"
    download.value.save_as(file)
    assert "Helmstedt" in set(nx.get_node_attributes(nx.read_gexf(file), "label").values())


def test_every_kind_of_file(shipped_store: Path, start: Callable[..., Any]) -> None:
    from twingraph.exporting.formats import EXPORTS

    # Time enough: a worker's first export loads the libraries of its kind.
    with start(shipped_store, "--timeout", "30") as server:
        for kind in EXPORTS:
            answer = httpx.get(f"{server.url}export/{kind}", params={"around": "Helmstedt"}, timeout=60)
            assert answer.status_code == 200, (kind, answer.text[:300])
            assert answer.content
            assert "attachment" in answer.headers["content-disposition"]
        assert httpx.get(f"{server.url}export/exe").status_code == 404
        assert httpx.get(f"{server.url}export/gexf?around=Nowhere").status_code == 400


@pytest.mark.slow
def test_in_german(page: Any, server) -> None:
    page.goto(server.url + HELMSTEDT)
    page.click("header nav a:has-text('Deutsch')")
    assert page.get_attribute("html", "lang") == "de"
    assert "Frankreich" in page.inner_text("table")
    assert "Partnerschaft" in page.inner_text("table")
    page.click("header nav a:has-text('Erkunden')")
    assert page.get_attribute("html", "lang") == "de", "the language stays"
    assert "verzeichnete Verbindungen" in page.inner_text("main")
    assert httpx.get(server.url, headers={"Accept-Language": "de-AT,de;q=0.9"}).text.count('<html lang="de">') == 1


def test_texts_say_the_same_in_both_languages() -> None:
    from twingraph.serving.workbench.texts import TEXTS

    english, german = TEXTS["en"], TEXTS["de"]
    assert set(english) == set(german)
    for key, text in english.items():
        assert sorted(re.findall(r"\{\d\}", text)) == sorted(re.findall(r"\{\d\}", german[key])), key


def german(server: Any, path: str) -> str:
    answer = httpx.get(f"{server.url}{path}", params={"lang": "de"}, timeout=60)
    assert answer.status_code == 200
    return answer.text


def test_the_library_asks_in_german(server) -> None:
    text = german(server, "queries").partition("<main")[2]
    assert 'lang="en"' not in text
    assert "<h2>Was nicht bekannt ist</h2>" in text
    assert "Welche Partner hat eine Kommune?" in text
    assert "Which" not in text
    form = german(server, "queries/municipality/partners")
    assert "<h1>Welche Partner hat eine Kommune?</h1>" in form
    assert "Name der Kommune in irgendeiner Sprache" in form


def test_conclusions_are_explained_in_german(server, shipped_store: Path) -> None:
    pair = 'tw:hasParticipant ?a, ?b . ?a rdfs:label "Dortmund"@de . ?b rdfs:label "Zwickau"@de'
    with twingraph.open(shipped_store) as graph:
        found = graph.query(f"SELECT ?p WHERE {{ ?p a tw:Partnership ; {pair} }}", frame="result").records()
    text = german(server, "partnership/" + str(found[0]["p"]).rpartition("/")[2])
    reasons = text.partition("Wie das geschlossen wurde")[2].partition("</section>")[0]
    assert "<b>Art</b>: " in reasons
    assert re.search(r"Gewicht [\d.]+", reasons), reasons
    assert not re.search(r"\b(weight|claims?|against|source)\b", reasons), reasons
    conflict = text.partition("Quellen widersprechen sich")[2].partition("</section>")[0]
    assert "hat Form: " in conflict
    assert "Freundschaft" in conflict
    assert "<td>Freundschaft" in text
    assert "<td>friendship" not in text


def test_what_is_not_known_is_said_in_german(server) -> None:
    text = german(server, "municipality/Q234704")
    gaps = text.partition("Was nicht bekannt ist")[2].partition("</section>")[0]
    assert "einige Partnerschaften beruhen auf einer einzigen Quelle" in gaps
    assert not re.search(r"\b(source|partnerships|some)\b", gaps), gaps


@pytest.mark.slow
@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("width", [1280, 360])
def test_everyone_can_read_it(page: Any, server, name: str, width: int) -> None:
    """No violation of accessibility that axe finds, nothing wider than the window, a skip link and landmarks."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 850})
    page.goto(server.url + VIEWS[name])
    if name == "editor":
        page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main").count() == page.locator("header").count() == page.locator("h1").count() == 1
    if width == 1280:
        # The pictures are pages of their own.
        context = {"exclude": [["iframe"]]}
        found = Axe().run(page, context=context)
        assert [
            (item["id"], [node["html"] for node in item["nodes"]][:3]) for item in found.response["violations"]
        ] == []
    if name != "editor":
        # The editor takes the keyboard, since writing is what one comes for.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"


# ---- linked data ----------------------------------------------------------------------------------------------------


def test_every_iri_answers(server) -> None:
    iri = f"{server.url}id/{HELMSTEDT}"
    page = httpx.get(iri, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (page.status_code, page.headers["location"]) == (303, f"{server.url}{HELMSTEDT}")
    for accept, form in (("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)):
        triples = list(ox.parse(httpx.get(iri, headers={"Accept": accept}).content, form))
        subjects = {getattr(quad.subject, "value", "") for quad in triples}
        assert f"https://w3id.org/twingraph/id/{HELMSTEDT}" in subjects
    assert httpx.get(f"{iri}.ttl").headers["content-type"].startswith("text/turtle")
    for path in (
        "claim/helmstedt-history/1",
        "source/helmstedt-history",
        "country/DE",
        "partnership/Q234704-Q486562",
        "kind/partnership",
    ):
        assert httpx.get(f"{server.url}id/{path}", headers={"Accept": "text/turtle"}).status_code == 200, path
    assert httpx.get(f"{server.url}id/municipality/Q0", headers={"Accept": "text/turtle"}).status_code == 404
    assert httpx.get(f"{server.url}id/x%3E%20%7D%20DROP", headers={"Accept": "text/turtle"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "id/claim/helmstedt-history/1",
            ["Keighley", "Poix-du-Nord", "paragraph 1, sentence 1", "Helmstedter Partnerschaftsverein: Verein"],
        ),
        ("id/mention/helmstedt-history/1/1", ["Keighley", "Nennung"]),
        ("id/conflict/partnership/Q3905-Q525555/kind-1", ["Widerspruch", "Gladbeck – Wandlitz"]),
        ("id/kind/partnership", ["<h1>Partnerschaft</h1>", "weitere"]),
        ("id/status/active", ["skos:Concept"]),
        ("id/country-pair/CZ-FI", ["Tschechien", "Šumperk – Vaasa"]),
        ("graph/conclusions", ["Was der Graph enthält"]),
        ("graph/source/helmstedt-history", ["Was sie aussagt"]),
        ("ontology/0.1.0", ["owl:versionIRI"]),
        ("ontology/alignments", ["twingraph alignments"]),
    ],
)
def test_an_iri_is_a_page_to_a_browser_and_rdf_to_a_program(server, path: str, words: list[str]) -> None:
    page = httpx.get(
        f"{server.url}{path}?lang=de", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True, timeout=60
    )
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="de">' in page.text
    for word in words:
        assert word in page.text.partition("<main")[2], word
    data = httpx.get(f"{server.url}{path}", headers={"Accept": "application/n-triples"}, timeout=60)
    assert data.status_code == 200
    assert list(ox.parse(data.content, ox.RdfFormat.N_TRIPLES))


def test_the_data_set_answers_too(server) -> None:
    for accept, place in (("text/html", "/"), ("text/turtle", "/.well-known/void")):
        answer = httpx.get(f"{server.url}dataset", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, place)


def test_a_named_graph_is_what_it_holds(server) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://w3id.org/twingraph/graph/source/helmstedt-history> { ?s ?p ?o } }"
    (row,) = server.ask(query).json()["results"]["bindings"]
    data = httpx.get(f"{server.url}graph/source/helmstedt-history.nt")
    assert len(list(ox.parse(data.content, ox.RdfFormat.N_TRIPLES))) == int(row["n"]["value"]) > 100


def test_nothing_there_is_a_page_to_a_browser(server) -> None:
    page = httpx.get(f"{server.url}nonexistent?lang=de", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Nicht gefunden</h1>" in page.text
    for answer in (httpx.get(f"{server.url}nonexistent"), httpx.post(f"{server.url}nonexistent")):
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    for path in ("id/claim/nobody/1", "graph/nothing", "about/id/kind/zzz"):
        answer = httpx.get(f"{server.url}{path}", headers={"Accept": "text/html"}, follow_redirects=True)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8"), path


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("en;q=0.3,de;q=0.8", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("de;q=0, en", "en"),
        ("DE-at", "de"),
        ("fr", "en"),
    ],
)
def test_the_language_that_a_browser_prefers(server, header: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in httpx.get(server.url, headers={"Accept-Language": header}).text


@pytest.mark.parametrize("host", ["evil.example", "[", "evil.example<b>"])
def test_links_do_not_depend_on_the_name_that_was_asked(server, host: str) -> None:
    answer = httpx.get(f"{server.url}country/FR", headers={"Host": host}, timeout=60)
    assert answer.status_code in (200, 400)
    assert re.findall(r'(?:href|src|action)="[^"]*evil', answer.text) == []


def addresses(sitemap: str) -> list[str]:
    answer = httpx.get(sitemap)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    return [node.text for node in ElementTree.fromstring(answer.content).iter() if node.tag.endswith("}loc")]


def test_the_words_of_the_ontology_in_german(server) -> None:
    text = httpx.get(f"{server.url}ontology?lang=de", headers={"Accept": "text/html"}).text
    assert '<html lang="de">' in text
    assert '<tr id="Claim"><th scope="row">Aussage</th>' in text
    assert "Städtefreundschaft" in text or "Freundschaft" in text
    whole = httpx.get(f"{server.url}ontology?lang=en", headers={"Accept": "text/html"}).text
    assert "A worked example" in whole
    assert '<link rel="icon" href="data:,">' in whole
    assert 'href="/?lang=en"' in whole
    assert 'href="/ontology?lang=de"' in whole


def test_a_page_names_itself_and_its_other_language(server) -> None:
    text = httpx.get(f"{server.url}explore?country=DE&lang=de").text
    assert '<link rel="canonical" href="/explore?country=DE&amp;lang=de">' in text
    assert '<link rel="alternate" hreflang="en" href="/explore?country=DE&amp;lang=en">' in text


@pytest.mark.slow
def test_what_is_chosen_in_the_picture_is_kept(patient_page: Any, patient, shipped_store: Path) -> None:
    page = patient_page
    page.goto(f"{patient.url}explore?country=DE&other_country=FR&view=network&lang=en")
    frame = page.frame_locator("iframe.picture")
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    inner = page.frames[1]
    inner.evaluate("void twingraph.setYear(1975)")
    page.wait_for_url("**as_of=1975-12-31**")
    network = twingraph.network(
        shipped_store, countries=["DE", "FR"], ends="both", scope="international", as_of="1975-12-31"
    )
    told = f"{network.certain_count} ties certainly in force, at most {network.selected}"
    page.wait_for_selector(f"#told:has-text('{told}')")
    assert "in force on 1975-12-31" in page.inner_text("#words")
    assert page.input_value("[name=as_of]") == "1975-12-31"
    page.click("nav.tabs a:has-text('Table')")
    page.wait_for_url("**view=table**")
    assert told in page.inner_text("#told")
    # Kinds, and a town that was chosen; the address brings both back.
    page.goto(f"{patient.url}explore?around=Helmstedt&view=network&lang=en")
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    page.frames[1].evaluate("twingraph.choose({ node: twingraph.nodes.find((one) => one.key === 'Q234704') })")
    page.wait_for_url("**#Q234704")
    page.reload()
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    assert frame.locator("#details h2").inner_text() == "Vitré"
    frame.locator(f"#details a[href='{patient.url}id/{HELMSTEDT.replace('Q486562', 'Q234704')}']").click()
    page.wait_for_url("**/municipality/Q234704**")


@pytest.mark.slow
def test_around_a_town_the_form_alone_chooses(patient_page: Any, patient) -> None:
    """What lies within some steps depends on the time and the kinds; the picture can't look that up by itself."""
    page = patient_page
    page.goto(f"{patient.url}explore?around=Helmstedt&steps=2&view=network&lang=en")
    frame = page.frame_locator("iframe.picture")
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    assert not frame.locator("#year").is_visible()
    assert not frame.locator("#country").is_visible()
    boxes = frame.locator("#kinds input, #statuses input")
    assert boxes.count() > 0
    assert all(boxes.nth(number).is_disabled() for number in range(boxes.count()))
    page.fill("[name=as_of]", "1975-12-31")
    page.click("form.fields button")
    page.wait_for_url("**as_of=1975-12-31**")
    frame.locator("html[data-followed]").wait_for(state="attached", timeout=30_000)
    certain, possible = page.inner_text("#told").split(";")[0].replace(" ties certainly in force, at most", "").split()
    assert f"{certain} ties certainly" in page.frames[1].inner_text("#count")
    assert int(possible) >= int(certain)


@pytest.mark.slow
def test_a_page_that_a_browser_kept_shows_its_address(page: Any, server) -> None:
    page.goto(f"{server.url}explore?as_of=1989&lang=en")
    page.fill("[name=as_of]", "1950")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.input_value("[name=as_of]") == "1989"


@pytest.mark.slow
def test_a_form_shows_what_its_address_says_after_the_way_back(page: Any, server) -> None:
    page.goto(f"{server.url}explore?lang=en")
    page.fill("[name=as_of]", "1989")
    page.select_option("[name=country]", "DE")
    page.click("form.fields button")
    page.wait_for_url("**as_of=1989**")
    page.go_back()
    assert (page.input_value("[name=as_of]"), page.input_value("[name=country]")) == ("", "")
    page.go_forward()
    assert (page.input_value("[name=as_of]"), page.input_value("[name=country]")) == ("1989", "DE")


def test_ontology_sitemap_and_description(server) -> None:
    assert "Partnership" in httpx.get(f"{server.url}ontology", headers={"Accept": "text/html"}).text
    assert (
        httpx.get(f"{server.url}ontology", headers={"Accept": "text/turtle"})
        .headers["content-type"]
        .startswith("text/turtle")
    )
    maps = addresses(f"{server.url}sitemap.xml")
    places = [place for one in maps for place in addresses(one)]
    assert len(places) == len(set(places)) > 2000
    for path in (
        *("", "explore", "chain", "sources", "queries/municipality/partners", "ontology", HELMSTEDT),
        *("partnership/Q234704-Q486562", "source/helmstedt-history", "country/FR", "wave/german-american"),
        "event/dortmund-zwickau-signing-1988",
    ):
        assert f"{server.url}{path}" in places, path
    for place in [place for place in places if "/municipality/" not in place][:: len(places) // 12]:
        assert httpx.get(place, timeout=60).status_code == 200, place
    assert httpx.get(f"{server.url}sitemap-municipality-7.xml").status_code == 404
    assert httpx.get(f"{server.url}sitemap-secret-1.xml").status_code == 404
    assert f"{server.url}sitemap.xml" in httpx.get(f"{server.url}robots.txt").text
    described = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', httpx.get(server.url).text, re.DOTALL)[1]
    )
    assert described["@type"] == "Dataset"
    assert all(httpx.get(item["contentUrl"], timeout=60).status_code == 200 for item in described["distribution"][2:])


@pytest.mark.slow
def test_what_sources_write_is_only_text(tmp_path: Path, start: Callable[..., Any], browser: Any) -> None:
    """Names that are markup, on every page."""
    from twingraph.building import build
    from twingraph.resources import data_dir

    data, store = tmp_path / "data", tmp_path / "store"
    shutil.copytree(data_dir(), data)
    evil = "<img src=x onerror=alert(1)>"
    for file in [*data.rglob("*.csv"), *data.rglob("*.toml")]:
        text = file.read_text(encoding="utf-8")
        if "Vitré" in text:
            file.write_text(text.replace("Vitré", evil), encoding="utf-8")
    build(data, store)
    with start(store, "--timeout", "20") as server:
        context = browser.new_context()
        page = context.new_page()
        trouble: list[str] = []
        page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        for path in (
            HELMSTEDT,
            "municipality/Q234704",
            "partnership/Q234704-Q486562",
            "explore?around=Helmstedt",
            "export/html?around=Helmstedt&inline=1",
            f"search?q={evil}",
            "sources",
        ):
            answer = page.goto(server.url + path)
            assert answer.status in (200, 400), path
            page.wait_for_timeout(150)
            assert page.locator("img[src=x]").count() == 0, path
        assert trouble == []
        assert evil in page.goto(server.url + HELMSTEDT).text().replace("&lt;", "<").replace("&gt;", ">")
        context.close()
