"""Pages in a real browser with the network cut off: search, time, clicks, filters, languages, hostile names."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import itertools
import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import twingraph
from twingraph.exporting import cartography, layouts
from twingraph.exporting.colours import KIND_COLOURS
from twingraph.exporting.evidence import read_statements
from twingraph.exporting.formats import EXPORTS
from twingraph.exporting.layouts import positions
from twingraph.exporting.model import Export, Source
from twingraph.exporting.pages import network_page
from twingraph.exporting.pages.texts import TERMS, TEXTS
from twingraph.networks.selection import KINDS as KINDS_OF_TIES

TODAY = datetime.date(2026, 6, 30)
HOSTILE = [
    "</script><script>window.harmed=1</script>",
    '<img src=x onerror="window.harmed=1">',
    "javascript:window.harmed=1",
    "' onclick='window.harmed=1' \"",
    "<!--<script>",
    "&lt;b&gt; {{ 7*7 }} ${7*7}",
    '<a href="http://127.0.0.1:9/">href=</a>',
    "Xi'an 西安",
    "Orăștie Светлогорск الرباط",
]
NAME = "Q486562"  # Helmstedt


def page_data(content: bytes) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', content.decode())
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def export(shipped_store: Path) -> Export:
    with twingraph.open(shipped_store) as graph:
        network = twingraph.network(graph, around=NAME, steps=2)
        ids = sorted({support.source for tie in network.ties for support in tie.supports})
        found = Export(network, [Source(name, f"Title of {name}", url=f"https://example.org/{name}") for name in ids])
        found.today = TODAY
        found.statements = read_statements(graph, found)
    return found


@pytest.fixture(scope="module")
def hostile() -> Export:
    graph = nx.Graph()
    for number, name in enumerate(HOSTILE):
        graph.add_node(f"n{number} {name}", name=name, country=name[:9], lat=40.0 + number, long=10.0)
    nodes = list(graph)
    for one, other in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        graph.add_edge(one, other, start="1960", kind="partnership", iri=HOSTILE[2], source_ids="hostile")
    sources = [Source("hostile", HOSTILE[1], HOSTILE[0], "javascript:window.harmed=1")]
    return Export(twingraph.network(graph), sources, TODAY)


def test_texts_say_the_same_in_both_languages() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["de"])
    for key, text in TEXTS["en"].items():
        assert set(re.findall(r"\{\d\}", text)) == set(re.findall(r"\{\d\}", TEXTS["de"][key])), key
    used = set(re.findall(r'\bt\("(\w+)"', (Path(network_page.__file__).parent / "page.js").read_text()))
    assert used - {"level", "by"} <= set(TEXTS["en"])


def test_terms_are_the_ontology_s() -> None:
    import rdflib

    from twingraph.resources import ontology_dir

    graph = rdflib.Graph().parse(ontology_dir() / "concepts.ttl")
    for subject, label in graph.subject_objects(rdflib.SKOS.prefLabel):
        kind, _, notation = str(subject).rpartition("/")
        scheme = {"kind": "kinds", "status": "statuses"}.get(kind.rpartition("/")[2])
        if scheme and label.language in TERMS:
            assert TERMS[label.language][scheme].get(notation, notation) == str(label)


@pytest.mark.parametrize("kind", ["html", "map"])
def test_nothing_comes_from_elsewhere(export: Export, kind: str) -> None:
    text = EXPORTS[kind].write(export).decode()
    markup = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(?:src|href)=", markup)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert "default-src 'none'" in policy.group(1)
    digests = re.findall(r"'sha256-([^']+)'", policy.group(1))
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    assert digests == [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]


def test_a_page_holds_every_tie_with_what_each_source_says(export: Export) -> None:
    data = page_data(EXPORTS["html"].write(export))
    graph = export.network.possible
    assert len(data["nodes"]) == len(graph)
    assert len(data["edges"]) == graph.number_of_edges()
    ties = {tie.key: tie for tie in export.network.ties}
    for record in data["ties"]:
        tie, claims = ties[record[0]], record[-1]
        assert {data["sources"][claim[0]][0] for claim in claims} == {s.source for s in tie.supports}
        assert record[4:7] == [tie.start, tie.end, tie.status_since]
    assert any(claim[1] for record in data["ties"] for claim in record[-1]), "places within the sources are there"


def test_a_page_is_the_same_again(export: Export) -> None:
    for kind in ("html", "map"):
        assert EXPORTS[kind].write(export) == EXPORTS[kind].write(export)


def test_layouts_keep_components_apart() -> None:
    graph = nx.disjoint_union_all([nx.cycle_graph(12), nx.path_graph(2), nx.star_graph(5), nx.empty_graph(1)])
    places = positions(graph)
    boxes = []
    for part in nx.connected_components(graph):
        points = np.array([places[node] for node in part])
        boxes.append((points.min(axis=0), points.max(axis=0)))
    for number, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[number + 1 :]:
            assert (high < other_low).any() or (other_high < low).any()
    lengths = [np.hypot(*np.subtract(places[one], places[other])) for one, other in nx.cycle_graph(12).edges]
    assert np.mean(lengths) == pytest.approx(60, rel=0.02)
    assert positions(nx.Graph()) == {}


@pytest.mark.parametrize("room", [2.0, 0.0])
def test_the_largest_component_fills_the_picture(room: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "_ROOM", room)
    graph = nx.barabasi_albert_graph(1000, 2, seed=1)
    small = [nx.path_graph(2)] * 50 + [nx.star_graph(3)] * 5 + [nx.empty_graph(1)]
    graph = nx.disjoint_union_all([graph, *small])
    places = positions(graph)
    parts = [np.array([places[node] for node in part]) for part in nx.connected_components(graph)]
    largest, whole = parts[0], np.array(list(places.values()))
    sizes = [np.ptp(points, axis=0) for points in (largest, whole)]
    assert np.prod(sizes[0]) > 0.6 * np.prod(sizes[1])
    middle = whole.min(axis=0) + sizes[1] / 2
    assert (np.abs(largest.mean(axis=0) - middle) < 0.15 * sizes[1]).all()
    # Half of its places take about half of its room, and not a dot in its middle.
    distances = np.hypot(*(largest - largest.mean(axis=0)).T)
    assert np.median(distances) > 0.45 * distances.max()
    for number, one in enumerate(parts):
        for other in parts[number + 1 :]:
            gaps = np.hypot(*(one[:, None, :] - other[None, :, :]).T)
            assert gaps.min() > 70


def test_great_circles_are_the_shortest_way() -> None:
    from pyproj import Geod

    world = cartography.Projection("Equal Earth")
    lines = cartography.great_circle((-106.65, 35.08), (129.72, 33.16), world)
    assert len(lines) == 2, "cut at the 180th meridian"
    back = [cartography._transform(None)(*line.T, inverse=True) for line in lines]
    path = np.concatenate([np.column_stack(points) for points in back])
    sphere = Geod(a=6371000, b=6371000)
    whole = sphere.line_length(path[:, 0], path[:, 1])
    _, _, straight = sphere.inv(-106.65, 35.08, 129.72, 33.16)
    assert whole == pytest.approx(straight, rel=1e-3)
    assert abs(abs(path[len(lines[0]) - 1, 0]) - 180) < 1e-6


def test_projections_suit_the_places() -> None:
    assert cartography.projection_for([(11.0, 52.2), (-1.2, 48.1)]).centre is not None
    assert cartography.projection_for([(11.0, 52.2), (-106.65, 35.08), (129.7, 33.2)]).centre is None
    assert cartography.projection_for([]).centre is None
    around_the_date_line = cartography.projection_for([(179.0, -18.0), (-175.0, -21.0)]).centre
    assert around_the_date_line is not None
    assert abs(around_the_date_line[0]) > 175
    for projection in (cartography.Projection("Equal Earth"), cartography.Projection("regional", (11.0, 52.0))):
        rings = cartography.outlines(projection)
        assert all(np.isfinite(ring).all() for ring in rings)
        if projection.centre is None:
            steps = np.concatenate([np.abs(np.diff(ring[:, 0])) for ring in rings if ring[:, 1].min() > -6500])
            assert steps.max() < 5000, "no outline runs across the map"


def test_a_single_spot_is_shown_with_what_lies_around() -> None:
    graph = nx.Graph()
    graph.add_node("Hildesheim", lat=52.15, long=9.95)
    graph.add_edge("Hildesheim", "nowhere")
    (left, bottom), (right, top) = cartography.chart(graph).extent
    assert (right - left, top - bottom) == pytest.approx((1000, 1000))
    graph.add_edge("Hildesheim", "near")
    graph.nodes["near"].update(lat=52.2, long=10.0)
    (left, bottom), (right, top) = cartography.chart(graph).extent
    assert (right - left, top - bottom) == pytest.approx((300, 300))


def test_a_union_stands_amid_its_members() -> None:
    graph = nx.Graph()
    graph.add_node("union", type="union", name="Union")
    for number, long in enumerate((170.0, -170.0, 180.0)):
        graph.add_node(number, lat=10.0, long=long)
        graph.add_edge("union", number)
    found = cartography.chart(graph)
    assert set(found.places) == set(graph)
    assert len(found.lines) == 3
    assert found.projection.centre is not None
    assert abs(found.projection.centre[0]) > 175
    x = [found.places[node][0] for node in ("union", 0, 1)]
    assert x[1] < x[0] < x[2], "between them over the 180th meridian, not on the other side of the earth"


# ---- in the browser ------------------------------------------------------------------------------------------------


class Opened:
    """A page in the browser, and what it complained of or asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("dialog", lambda dialog: (self.trouble.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.trouble.append(request.url) if _is_elsewhere(request.url) else None)

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)


def _is_elsewhere(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:"))


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[..., Any]]:
    """Start Chromium with some flags."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield lambda *flags: play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *flags])


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Any]) -> Iterator[Any]:
    found = launch("--enable-unsafe-swiftshader")
    yield found
    found.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def show(content: bytes, fragment: str = "", width: int = 1300, height: int = 800) -> Opened:
        file = tmp_path / "page.html"
        file.write_bytes(content)
        context = browser.new_context(offline=True, viewport={"width": width, "height": height})
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.goto(file.as_uri() + fragment)
        found.page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        return found

    yield show
    for context in contexts:
        context.close()


KINDS = pytest.mark.parametrize("kind", ["html", "large", "map"])


def written(export: Export, kind: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    if kind == "large":
        monkeypatch.setattr(network_page, "SMALL", 0)
        kind = "html"
    write = EXPORTS[kind].write
    assert write is not None
    return write(export)


def at(page: Opened, name: str) -> dict[str, float]:
    """Return where a place is drawn, on the screen."""
    script = """(name) => {
      const node = twingraph.nodes.find((one) => one.name === name), at = twingraph.renderer.locate(node);
      const box = document.getElementById("picture").getBoundingClientRect();
      return { x: box.left + at.x, y: box.top + at.y };
    }"""
    found: dict[str, float] = page.page.evaluate(script, name)
    return found


@pytest.mark.slow
@KINDS
def test_one_finds_clicks_filters_and_plays(
    export: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(export, kind, monkeypatch))
    network = export.network
    assert f"{network.selected} ties between {len(network.possible)} towns" in page.text("#count")

    # Search: a part of the name, without its accent, by keyboard.
    page.page.keyboard.press("/")
    page.page.keyboard.type("vitre")
    assert "Vitré" in page.text("#hits")
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    assert page.text("#details h2") == "Vitré"
    partners = network.possible.degree(next(k for k, n in network.possible.nodes(data="name") if n == "Vitré"))
    assert f"{partners} partners" in page.text("#details")

    # A tie by its line in the list: what sources say, with links.
    page.page.click("#details li:has-text('Helmstedt') button.by")
    assert page.text("#details h2").split(" – ") in (["Helmstedt", "Vitré"], ["Vitré", "Helmstedt"])
    assert "since October 22, 1978" in page.text("#details")
    assert "https://example.org/" in str(page.page.get_attribute("#details .by a", "href"))

    # A click in the picture.
    page.page.keyboard.press("Escape")
    page.page.click("#fit")
    page.page.wait_for_timeout(300)
    spot = at(page, "Albuquerque")
    page.page.mouse.click(spot["x"], spot["y"])
    page.page.wait_for_selector("#details h2")
    assert page.text("#details h2") == "Albuquerque"

    # A click on a line: near its middle, away from both ends.
    page.page.keyboard.press("Escape")
    if kind != "map":
        page.page.wait_for_timeout(500)  # two clicks at once are a double click, which zooms
        one, other = at(page, "Albuquerque"), at(page, "Helmstedt")
        page.page.mouse.click((one["x"] + other["x"]) / 2, (one["y"] + other["y"]) / 2)
        page.page.wait_for_selector("#details h2")
        assert set(page.text("#details h2").split(" – ")) == {"Albuquerque", "Helmstedt"}

    # Filters.
    page.page.uncheck("#kinds input[value='partnership']")
    others = sum(1 for tie in network.ties if tie.kind != "partnership")
    assert page.text("#count").startswith(f"{others} ties ")
    page.page.check("#kinds input[value='partnership']")

    # Time: what the analysis says of the same day.
    page.page.fill("#year", "1979")
    then = twingraph.network(network.possible, as_of="1979-12-31")
    assert f"At the end of 1979, of the ties selected: {then.certain_count} certainly in force" in page.text("#count")
    shown = page.run("twingraph.edges.filter((edge) => edge.isVisible).length")
    assert shown == then.possible.number_of_edges()
    page.page.fill("#year", "2024")
    page.page.click("#play")
    page.page.wait_for_function("() => document.getElementById('yeartext').textContent === '2026'", timeout=20_000)
    page.page.wait_for_timeout(400)
    assert page.page.get_attribute("#play", "aria-pressed") == "false", "it stops at the end"

    # The table, and German.
    page.page.uncheck("#timed")
    page.page.click("#astable")
    assert page.run("document.querySelectorAll('#table tbody tr').length") == network.possible.number_of_edges()
    page.page.click("#language")
    assert "Verbindungen zwischen" in page.text("#count")
    assert "Partnerschaft" in page.text("#table")
    assert page.page.get_attribute("html", "lang") == "de"
    assert page.trouble == []


@pytest.mark.slow
@KINDS
def test_labels_do_not_pile_up(
    export: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(export, kind, monkeypatch))
    page.page.wait_for_timeout(300)
    labels = page.run("twingraph.labels")
    assert len(labels) > 10
    boxes = [(x, y - height / 2, x + width, y + height / 2) for _, x, y, width, height in labels]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.slow
def test_the_greatest_are_named_where_the_picture_is_dense(opened: Callable[..., Opened]) -> None:
    graph = nx.barabasi_albert_graph(3000, 2, seed=1)
    nx.set_node_attributes(graph, {node: f"Town {node}" for node in graph}, "name")
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)))
    page.page.wait_for_timeout(300)
    boxes = {name: (x, y - h / 2, x + w, y + h / 2) for name, x, y, w, h in page.run("twingraph.labels")}
    by_degree = sorted(graph, key=graph.degree, reverse=True)
    assert {f"Town {node}" for node in by_degree[:10]} <= set(boxes)

    def is_over(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

    assert not [pair for pair in itertools.combinations(boxes, 2) if is_over(boxes[pair[0]], boxes[pair[1]])]
    # Names of smaller places keep off the great markers.
    locate = "twingraph.nodes.map((node) => ({ ...twingraph.renderer.locate(node), name: node.name }))"
    spots = {spot["name"]: spot for spot in page.run(locate)}
    markers = [spots[f"Town {node}"] for node in by_degree[:10]]
    great = {f"Town {node}" for node in by_degree[:30]}
    for spot in markers:
        marker = (spot["x"] - spot["r"], spot["y"] - spot["r"], spot["x"] + spot["r"], spot["y"] + spot["r"])
        assert not [name for name, box in boxes.items() if name not in great and is_over(box, marker)]


@pytest.mark.slow
@KINDS
def test_hostile_names_do_no_harm(
    hostile: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = written(hostile, kind, monkeypatch)
    assert b"window.harmed" in content
    assert not any(name.encode() in content for name in (*HOSTILE[:2], *HOSTILE[4:7]))
    page = opened(content)
    for number, name in enumerate(HOSTILE):
        page.page.evaluate("(name) => twingraph.choose({ node: twingraph.nodes.find((n) => n.name === name) })", name)
        assert page.page.text_content("#details h2") == name
        page.run(f"twingraph.choose({{ edge: twingraph.edges[{number}] }})")
    page.page.click("#astable")
    page.page.fill("#search", "img")
    page.page.mouse.move(600, 400)
    page.page.wait_for_timeout(300)
    assert page.run("window.harmed") is None
    assert page.run("[...document.links].filter((a) => !/^https?:/.test(a.href)).length") == 0
    assert page.run("document.querySelectorAll('img, iframe, #details script').length") == 0
    assert page.trouble == []


@pytest.mark.slow
def test_an_address_brings_one_back_to_a_town(export: Export, opened: Callable[..., Opened]) -> None:
    page = opened(written(export, "html", pytest.MonkeyPatch()), f"#{NAME}")
    assert page.text("#details h2") == "Helmstedt"


@pytest.mark.slow
def test_a_narrow_window_shows_all(export: Export, opened: Callable[..., Opened]) -> None:
    page = opened(written(export, "map", pytest.MonkeyPatch()), width=380, height=780)
    assert page.run("document.documentElement.scrollWidth") <= 380
    top, bottom = page.run(
        "(({ top, bottom }) => [top, bottom])(document.getElementById('picture').getBoundingClientRect())"
    )
    assert top < 250
    assert bottom < 780


@pytest.mark.slow
def test_what_has_no_coordinates_is_listed(shipped_store: Path, opened: Callable[..., Opened]) -> None:
    export = Export(twingraph.network(shipped_store, countries="DE", ends="both"), [], TODAY, language="de")
    page = opened(written(export, "map", pytest.MonkeyPatch()))
    page.page.click("#missing summary")
    assert "Kreis Bergstraße" in page.text("#missing")
    assert "Nicht auf der Karte" in page.text("#missing")
    graph = export.network.possible
    lost = [
        (one, other)
        for one, other in graph.edges
        if not all(cartography.point_of(graph.nodes[end]) for end in (one, other))
    ]
    assert f"deshalb nicht gezeichnet sind: {len(lost)}." in page.text("#missing")


@pytest.mark.slow
def test_a_name_without_coordinates_turns_no_other_round(opened: Callable[..., Opened]) -> None:
    graph = nx.Graph()
    graph.add_node("here", lat=50.0, long=10.0)
    for name in ("\u202eturned", "Xi'an", "long" * 100):
        graph.add_edge("here", name)
    page = opened(EXPORTS["map"].write(Export(twingraph.network(graph), [], TODAY)))
    page.page.click("#missing summary")
    assert page.run("[...document.querySelectorAll('#missing bdi')].map((name) => name.textContent)") == sorted(
        ["\u202eturned", "Xi'an", "long" * 100]
    )
    assert (
        page.run("(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('aside'))") <= 0
    )


@pytest.mark.slow
@KINDS
def test_paper_shows_picture_and_legend(
    export: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(export, kind, monkeypatch))
    page.page.fill("#year", "1989")
    page.page.wait_for_timeout(300)
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    assert page.page.is_visible("#legend")
    assert "At the end of 1989" in page.text("#count")
    assert page.page.is_visible("#kinds i")
    assert not page.page.is_visible("#kinds input")
    # What a canvas holds in the frame after it was drawn is what paper gets.
    page.page.wait_for_timeout(300)
    filled = """[...document.querySelectorAll("#picture canvas")].some((canvas) => {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      copy.getContext("2d").drawImage(canvas, 0, 0);
      return copy.getContext("2d").getImageData(0, 0, copy.width, copy.height).data.some((value) => value);
    })"""
    assert page.run(filled)
    canvases = "[...document.querySelectorAll('#picture canvas, #labels')]"
    assert page.run(f"{canvases}.every((canvas) => getComputedStyle(canvas).objectFit === 'contain')")


@pytest.mark.slow
def test_paper_keeps_the_colours_of_the_legend(export: Export, opened: Callable[..., Opened]) -> None:
    page = opened(EXPORTS["map"].write(export))
    colours = page.run("""[...document.querySelectorAll("#legend .dot")]
      .map((dot) => getComputedStyle(dot).backgroundColor.match(/\\d+/g).map(Number))""")
    # The picture has these colours, too.
    page.run("document.querySelector('main').remove()")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", page.page.pdf(print_background=False), re.DOTALL)
    drawn = b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"x")
    filled = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", drawn)
    on_paper = {tuple(round(255 * float(share)) for share in colour) for colour in filled}
    assert len(colours) > 5
    assert {tuple(colour) for colour in colours} <= on_paper


@pytest.mark.slow
@pytest.mark.parametrize("choice", [{"as_of": "2010"}, {"as_of": "1989-11-09"}, {"period": ("1950", "1980")}])
def test_a_page_of_a_time_tells_of_no_other(
    shipped_store: Path, opened: Callable[..., Opened], choice: dict[str, Any]
) -> None:
    network = twingraph.network(shipped_store, around=NAME, steps=2, multilateral="star", **choice)
    page = opened(EXPORTS["html"].write(Export(network, [], TODAY)))
    assert not page.page.is_visible("#year")
    assert not page.page.is_visible("#play")
    when = {"2010": "in 2010", "1989-11-09": "on November 9, 1989"}.get(choice.get("as_of", ""), "in 1950–1980")
    assert page.text("#fixed") == f"This page holds the ties in force {when} and no others."
    possible = network.selected - network.certain_count - network.undated
    towns = sum(kind != "union" for _, kind in network.possible.nodes(data="type"))
    assert page.text("#count") == (
        f"In force {when}: {network.certain_count} ties certainly, {possible} possibly, {network.undated} without a "
        f"known start; between {towns} towns."
    )
    assert page.trouble == []


@pytest.mark.slow
def test_counts_at_the_end_of_a_year_are_those_of_the_analysis(
    shipped_store: Path, opened: Callable[..., Opened]
) -> None:
    network = twingraph.network(shipped_store, multilateral="star")
    page = opened(EXPORTS["html"].write(Export(network, [], TODAY)))
    towns = sum(kind != "union" for _, kind in network.possible.nodes(data="type"))
    assert f"{network.selected} ties between {towns} towns" in page.text("#count")
    for year in (1925, 1963, 1989, 2012, 2025):
        page.page.fill("#year", str(year))
        then = twingraph.network(shipped_store, multilateral="star", as_of=f"{year}-12-31")
        possible = then.selected - then.certain_count - then.undated
        assert f"{then.certain_count} certainly in force, {possible} possibly, {then.undated} without" in page.text(
            "#count"
        )
        page.page.uncheck("#kinds input[value='partnership']")
        kinds = [kind for kind in KINDS_OF_TIES if kind != "partnership"]
        others = twingraph.network(shipped_store, multilateral="star", as_of=f"{year}-12-31", kinds=kinds)
        assert f"{others.certain_count} certainly in force" in page.text("#count")
        page.page.check("#kinds input[value='partnership']")
    page.page.click("#astable")
    pairs = page.run("twingraph.edges.filter((edge) => edge.isVisible).length")
    assert f"{pairs} pairs of towns that are shown, with {then.selected} ties" in page.text("#table caption")


@pytest.mark.slow
def test_dates_are_said_in_words(opened: Callable[..., Opened]) -> None:
    starts = {
        "../1990": "began in or before 1990",
        "1990/..": "began in or after 1990",
        "XXXX-01-21": "began January 21 of an unknown year",
        "1958/1959": "began between 1958 and 1959",
        "196X": "since the 1960s",
        "1970~": "since about 1970",
    }
    graph = nx.Graph()
    for number, start in enumerate(starts):
        graph.add_edge("centre", f"n{number}", start=start, kind="partnership")
    graph.add_edge("centre", "wrong", start="1980", end="1970", status="ended")
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)), "#centre")
    for words in starts.values():
        assert words in page.text("#details")
    assert "ends before it begins" in page.text("#details")
    page.page.click("#language")
    for words in ("begonnen spätestens 1990", "begonnen zwischen 1958 und 1959", "seit den 1960er Jahren"):
        assert words in page.text("#details")
    assert page.text("h1") == page.page.title() == "Netz der Partnerschaften"
    assert page.trouble == []


@pytest.mark.slow
def test_the_slider_counts_as_the_command_does(
    export: Export, shipped_store: Path, opened: Callable[..., Opened], run_twingraph: Callable[..., Any]
) -> None:
    """Around a town the page keeps the towns of all times, the command looks anew: so the page may show more."""

    def asked(*options: str) -> tuple[int, int, int]:
        done = run_twingraph("network", "--format", "json", "--store", str(shipped_store), *options)
        told = json.loads(done.stdout)
        certain, undated = told["certain"]["ties"], told["undated"]
        return certain, told["possible"]["ties"] - certain - undated, undated

    def shown(page: Opened) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d+", page.text("#count"))[1:])

    around = opened(EXPORTS["html"].write(export))
    for year in ("1980", "2010"):
        around.page.fill("#year", year)
        by_command = asked("--around", NAME, "--steps", "2", "--as-of", f"{year}-12-31")
        assert all(here >= there for here, there in zip(shown(around), by_command, strict=True))
        assert (shown(around) == by_command) is (year == "2010")
    whole = opened(EXPORTS["html"].write(Export(twingraph.network(shipped_store), [], TODAY)))
    whole.page.fill("#year", "1989")
    assert shown(whole) == asked("--as-of", "1989-12-31")


@pytest.mark.slow
@KINDS
def test_the_legend_tells_each_colour(
    export: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(export, kind, monkeypatch))
    text = page.text("#legend")
    assert "Germany" in text
    assert "others" in text
    page.page.select_option("#colour", "community")
    assert "community 1" in page.text("#legend")
    page.page.click("#language")
    assert "Gemeinschaft 1" in page.text("#legend")
    page.page.select_option("#colour", "country")
    assert "Deutschland" in page.text("#legend")
    assert page.trouble == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "english", "german"),
    [
        ({"start": "2040", "status": "active"}, "since 2040, not begun yet", "seit 2040, noch nicht begonnen"),
        ({"start": "1990"}, "since 1990, no end known, counted as lasting", "kein Ende bekannt, als andauernd gezählt"),
        ({"start": "1990", "status": "unknown"}, "no end known, counted as lasting", "als andauernd gezählt"),
        ({"start": "1990", "status": "active"}, "since 1990 · active", "seit 1990 · aktiv"),
        ({"start": "1990", "end": "2001", "status": "ended"}, "since 1990, until 2001", "seit 1990, bis 2001"),
        ({"start": "1990", "status": "ended"}, "ended, date unknown", "beendet, Datum unbekannt"),
    ],
)
def test_what_a_date_leaves_open_is_said(
    opened: Callable[..., Opened], values: dict[str, str], english: str, german: str
) -> None:
    graph = nx.Graph()
    graph.add_edge("one", "two", kind="partnership", **values)
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)), "#one")
    page.page.click("#details button.name.by")
    assert english in page.text("#details")
    if values.get("status") in ("active", "ended") and values["start"] != "2040":
        assert "lasting" not in page.text("#details")
    page.page.click("#language")
    assert german in page.text("#details")
    assert page.trouble == []


IN_VIEW = """(nodes) => nodes.every((node) => {
  const at = twingraph.renderer.locate(node), box = document.getElementById("picture");
  return at.x >= 0 && at.y >= 0 && at.x <= box.clientWidth && at.y <= box.clientHeight;
})"""


def find(page: Opened, text: str) -> None:
    page.page.fill("#search", text)
    page.page.keyboard.press("Enter")
    page.page.wait_for_timeout(300)


@pytest.mark.slow
@KINDS
def test_what_is_looked_for_comes_into_view_with_its_partners(
    export: Export, kind: str, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = written(export, kind, monkeypatch)
    shown = f"""(() => {{
      const {{ node, edge }} = twingraph.state.chosen;
      const ends = (edges) => edges.flatMap((edge) => [twingraph.nodes[edge.from], twingraph.nodes[edge.to]]);
      return ({IN_VIEW})(node ? [node, ...ends(node.edges)] : ends([edge]));
    }})()"""
    page = opened(content)
    for name in ("Vitré", "Albuquerque", "Helmstedt"):
        find(page, name)
        assert page.run(shown), name
        assert name in [label[0] for label in page.run("twingraph.labels")]
    page.page.click("#details li:has-text('Albuquerque') button.by")
    page.page.wait_for_timeout(300)
    assert page.run(shown)
    by_address = opened(content, f"#{NAME}")
    by_address.page.wait_for_timeout(300)
    assert by_address.text("#details h2") == "Helmstedt"
    assert by_address.run(shown)
    assert page.trouble == by_address.trouble == []


@pytest.mark.slow
def test_a_click_on_a_town_among_many_lines_is_meant_for_it(
    shipped_store: Path, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(Export(twingraph.network(shipped_store), [], TODAY), "large", monkeypatch))
    page.page.wait_for_timeout(300)
    towns = page.run("twingraph.nodes.filter((node) => node.index % 23 === 0).map((node) => node.name)")
    for name in towns:
        spot = at(page, name)
        page.page.mouse.click(spot["x"] + 1, spot["y"] + 1)
        page.page.wait_for_timeout(350)  # two clicks at once are a double click, which zooms
        assert page.text("#details h2") == name


@pytest.mark.slow
def test_towns_that_become_partners_while_a_town_is_chosen_are_shown_as_such(
    export: Export, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(written(export, "large", monkeypatch))
    page.page.fill("#year", "1979")
    find(page, "Helmstedt")
    page.page.fill("#year", "2020")
    page.page.wait_for_timeout(300)
    moved = page.page.locator("#picture").screenshot()
    page.run("twingraph.choose(twingraph.state.chosen, false)")
    page.page.wait_for_timeout(300)
    assert moved == page.page.locator("#picture").screenshot()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("wroclaw", "Wrocław"),
        ("SØNDERBORG", "Sønderborg"),
        ("sonderborg", "Sønderborg"),
        ("konakli", "Konaklı"),
        ("dessau rosslau", "Dessau-Roßlau"),
        ("saint etienne", "Saint-Étienne"),
        ("xian", "Xi'an"),
        ("xi’an", "Xi'an"),
        ("nurnberg", "Nürnberg"),
        ("nuernberg", "Nürnberg"),
        ("schweningen", ""),
    ],
)
def test_search_takes_names_as_people_type_them(opened: Callable[..., Opened], typed: str, name: str) -> None:
    names = ["Wrocław", "Sønderborg", "Konaklı", "Dessau-Roßlau", "Saint-Étienne", "Xi'an", "Nürnberg"]
    graph = nx.Graph()
    for number, one in enumerate(names):
        graph.add_node(number, name=one)
        graph.add_edge(number, (number + 1) % len(names), kind="partnership")
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)))
    page.page.fill("#search", typed)
    assert page.text("#hits") == (name or "No town of this name is here.")


def shown_counts(page: Opened) -> tuple[int, ...]:
    """Return how many ties are said to be certainly, possibly and without a start in force."""
    return tuple(int(page.text(f"#levels label:has(input[value='{level}']) .by")) for level in (2, 1, 0))


def counts(network: Any) -> tuple[int, int, int]:
    possible = network.selected - network.certain_count - network.undated
    return network.certain_count, possible, network.undated


@pytest.mark.slow
def test_numbers_beside_filters_follow_the_time(shipped_store: Path, opened: Callable[..., Opened]) -> None:
    page = opened(EXPORTS["html"].write(Export(twingraph.network(shipped_store), [], TODAY)))
    for year in ("1975", "2020"):
        page.page.fill("#year", year)
        then = f"{year}-12-31"
        assert shown_counts(page) == counts(twingraph.network(shipped_store, as_of=then))
        for kind in ("partnership", "friendship", "sponsorship"):
            told = int(page.text(f"#kinds label:has(input[value='{kind}']) .by"))
            assert told == twingraph.network(shipped_store, as_of=then, kinds=kind).selected
    page.page.uncheck("#levels input[value='0']")
    undated = twingraph.network(shipped_store, as_of="2020-12-31").undated
    assert shown_counts(page)[2] == undated > 0, "what the box would bring back"


@pytest.mark.slow
@pytest.mark.parametrize("choice", [{"as_of": "1989-12-31"}, {"period": ("1970", "1980")}, {"as_of": "2002"}])
def test_a_page_of_a_time_shows_the_kinds_of_that_time(
    shipped_store: Path, opened: Callable[..., Opened], choice: dict[str, Any]
) -> None:
    page = opened(EXPORTS["html"].write(Export(twingraph.network(shipped_store, **choice), [], TODAY)))
    boxes = page.run("[...document.querySelectorAll('#kinds input')].map((box) => box.value)")
    for kind in boxes:
        for box in boxes:
            page.page.set_checked(f"#kinds input[value='{box}']", box == kind)
        alone = twingraph.network(shipped_store, kinds=kind, **choice)
        told = re.findall(r"\d+", page.text("#count").partition(":")[2])
        assert tuple(int(number) for number in told[:3]) == counts(alone), kind
        assert page.run("twingraph.edges.every((edge) => !edge.isVisible || edge.kind === " + json.dumps(kind) + ")")


@pytest.mark.slow
def test_a_tie_is_shown_as_what_it_was(shipped_store: Path, opened: Callable[..., Opened]) -> None:
    network = twingraph.network(shipped_store)
    page = opened(EXPORTS["html"].write(Export(network, [], TODAY)))
    page.page.fill("#year", "1975")
    day = datetime.date(1975, 12, 31).toordinal()
    ties = {tie.key: tie for tie in network.ties}
    drawn = page.run("twingraph.edges.filter((edge) => edge.isVisible).map((edge) => [edge.tie.key, edge.kind])")
    other = 0
    for key, kind in drawn:
        assert any(life.is_possible_in(day, day) for life in ties[key].lifetimes_as((kind,)))
        other += kind != ties[key].kind
    assert other > 0
    page.run("twingraph.choose({ edge: twingraph.edges.find((edge) => edge.ties.some((tie) => tie.phases)) })")
    assert re.search(r"One after the other: .+ → .+ \((?:since|began) .+\)", page.text("#details"))


@pytest.mark.slow
def test_a_page_of_some_kinds_begins_with_these(shipped_store: Path, opened: Callable[..., Opened]) -> None:
    network = twingraph.network(shipped_store, kinds="partnership")
    page = opened(EXPORTS["html"].write(Export(network, [], TODAY)))
    assert page.text("#count").startswith(f"{network.selected} ties ")
    assert page.run("[...document.querySelectorAll('#kinds input:checked')].map((box) => box.value)") == ["partnership"]
    page.page.fill("#year", "1975")
    assert page.run("twingraph.edges.every((edge) => !edge.isVisible || edge.kind === 'partnership')")


@pytest.mark.slow
def test_a_union_is_in_the_countries_of_its_members(shipped_store: Path, opened: Callable[..., Opened]) -> None:
    page = opened(EXPORTS["html"].write(Export(twingraph.network(shipped_store, multilateral="star"), [], TODAY)))
    page.page.fill("#year", "1990")
    page.page.select_option("#country", "FR")
    then = twingraph.network(shipped_store, multilateral="star", as_of="1990-12-31", countries="FR")
    assert page.run("twingraph.edges.filter((edge) => edge.isVisible).length") == then.possible.number_of_edges()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["html", "map"])
@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_kinds_may_be_called_like_what_every_object_has(kind: str, name: str, opened: Callable[..., Opened]) -> None:
    graph = nx.Graph()
    graph.add_node("one", lat=50.0, long=10.0)
    graph.add_node("two", lat=48.0, long=2.0)
    graph.add_edge("one", "two", kind=name, status=name, start="1990")
    write = EXPORTS[kind].write
    assert write is not None
    page = opened(write(Export(twingraph.network(graph), [], TODAY)), "#one")
    assert page.text("#kinds label").split() == [name, "1"]
    assert f"{name}, since 1990" in page.text("#details")
    assert page.trouble == []


@pytest.mark.slow
def test_the_table_has_each_tie_and_says_what_is_known(opened: Callable[..., Opened]) -> None:
    graph = nx.MultiGraph()
    graph.add_edge("one", "two", kind="partnership", start="1960", status="active")
    graph.add_edge("one", "two", kind="friendship", status="active")
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)))
    page.page.click("#astable")
    assert "1 pair of towns that is shown, with 2 ties" in page.text("#table caption")
    rows = [page.text(f"#table tbody tr:nth-child({number})").split("\t") for number in (1, 2)]
    assert sorted((row[2], row[6]) for row in rows) == [("friendship", "unknown"), ("partnership", "known")]
    assert "Date of the start" in page.text("#table thead")
    assert "In force" not in page.text("#table thead")
    page.page.fill("#year", "1990")
    assert "In force" in page.text("#table thead")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_selection_is_said_in_the_language_of_the_page(
    export: Export, language: str, opened: Callable[..., Opened]
) -> None:
    page = opened(EXPORTS["html"].write(dataclasses.replace(export, language=language)))
    page.page.click("summary[data-text='abouttitle']")
    for now in (language, "de" if language == "en" else "en"):
        about = dataclasses.replace(export, language=now).about()
        assert about["selection"] in page.text("#about")
        assert about["data"] in page.text("#about")
        page.page.click("#language")


@pytest.mark.slow
def test_the_legend_of_lines_is_what_is_drawn(opened: Callable[..., Opened]) -> None:
    def lines(page: Opened, box: str) -> Any:
        marks = f"#{box} label i"
        return page.run(
            f"[...document.querySelectorAll('{marks}')].map((i) => [i.style.borderTopStyle, +i.style.opacity])"
        )

    few, many = nx.Graph(), nx.Graph()
    for graph, count in ((few, 30), (many, 3100)):
        for number in range(count):
            graph.add_node(number, lat=-60 + number * 120 / count, long=5.0 + number % 7)
            graph.add_edge(number, (number + 1) % count, status="ended" if number else "active")
    page = opened(EXPORTS["map"].write(Export(twingraph.network(few), [], TODAY)))
    assert [style for style, _ in lines(page, "levels")] == ["solid", "dotted"]
    assert sorted(opacity for _, opacity in lines(page, "statuses")) == [0.5, 1]
    page = opened(EXPORTS["map"].write(Export(twingraph.network(many), [], TODAY)))
    assert [style for style, _ in lines(page, "levels")] == ["solid", "solid"]


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [False, True])
def test_unknown_is_drawn_in_dots_and_possible_in_dashes(chosen: bool, opened: Callable[..., Opened]) -> None:
    graph = nx.path_graph(3)
    graph.edges[0, 1]["start"] = "1960/1990"
    page = opened(EXPORTS["html"].write(Export(twingraph.network(graph), [], TODAY)))
    page.page.fill("#year", "1980")
    if chosen:
        page.run("twingraph.choose({ node: twingraph.nodes[1] })")
    # A round end adds half the width of the line to each end of a dash.
    drawn = page.run("""new Promise((resolve) => {
      const found = [], pens = CanvasRenderingContext2D.prototype, set = pens.setLineDash;
      pens.setLineDash = function (dash) {
        if (dash.length === 2) {
          const round = this.lineCap === "round" ? this.lineWidth : 0;
          found.push([(dash[0] + round) / this.lineWidth, (dash[1] - round) / this.lineWidth]);
        }
        set.call(this, dash);
      };
      twingraph.renderer.fit();
      setTimeout(() => { pens.setLineDash = set; resolve(found); }, 300);
    })""")
    styles = page.run("[...document.querySelectorAll('#levels i')].map((mark) => mark.style.borderTopStyle)")
    assert {"dotted", "dashed"} <= set(styles)
    lengths = sorted({round(length, 1) for length, _ in drawn})
    assert len(lengths) == 2
    assert lengths[0] < 1.3
    assert lengths[1] > 3
    assert all(gap >= 1 for _, gap in drawn)


@pytest.mark.slow
def test_a_source_that_is_not_counted_is_marked(
    shipped_store: Path, export: Export, opened: Callable[..., Opened]
) -> None:
    left_out = export.sources[0].id
    with twingraph.open(shipped_store) as graph:
        found = dataclasses.replace(
            export, network=twingraph.network(graph, around=NAME, steps=2, without_sources=left_out)
        )
    page = opened(EXPORTS["html"].write(found))
    quoting = "twingraph.edges.find((edge) => edge.ties.some((tie) => tie.claims.some((claim) => claim[0] === 0)))"
    page.run(f"twingraph.choose({{ edge: {quoting} }})")
    marked = [text for text in page.page.locator("#details li").all_inner_texts() if "not counted" in text]
    assert marked
    assert all(f"Title of {left_out}" in text for text in marked)


@pytest.mark.slow
def test_a_map_shows_ties_whole_that_reach_beyond_their_places(opened: Callable[..., Opened]) -> None:
    graph = nx.Graph()
    for name, lat, long in (("Albuquerque", 35.1, -106.6), ("Sasebo", 33.2, 129.7), ("Helmstedt", 52.2, 11.0)):
        graph.add_node(name, lat=lat, long=long)
    nx.add_cycle(graph, list(graph))
    page = opened(EXPORTS["map"].write(Export(twingraph.network(graph), [], TODAY)))
    points = "twingraph.edges.flatMap((edge) => edge.lines).flatMap((line) => line.map((_, i) => i).filter((i) => i % 2 === 0).map((i) => ({ x: line[i], y: line[i + 1], degree: 1 })))"
    assert page.run(f"({points}).length") > 50
    assert page.run(f"({IN_VIEW})({points})")


@pytest.mark.slow
def test_a_map_stays_whole_when_the_window_changes(export: Export, opened: Callable[..., Opened]) -> None:
    page = opened(EXPORTS["map"].write(export))
    page.page.set_viewport_size({"width": 1000, "height": 500})
    page.page.wait_for_timeout(300)
    assert page.run(f"({IN_VIEW})(twingraph.nodes.filter((node) => node.x !== null))")


@pytest.mark.slow
def test_an_address_that_nobody_wrote_does_no_harm(export: Export, opened: Callable[..., Opened]) -> None:
    assert opened(EXPORTS["html"].write(export), "#100%").trouble == []


@pytest.mark.slow
def test_without_webgl_the_page_still_tells_all(
    export: Export, launch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(written(export, "large", monkeypatch))
    browser = launch("--disable-3d-apis")
    try:
        page = browser.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        assert "it has no WebGL" in page.inner_text("#picture")
        rows = page.evaluate("document.querySelectorAll('#table tbody tr').length")
        assert rows == min(200, export.network.possible.number_of_edges())
        page.fill("#search", "vitre")
        page.keyboard.press("Enter")
        assert page.inner_text("#details h2") == "Vitré"
        page.uncheck("#kinds input[value='partnership']")
        assert page.evaluate("document.querySelectorAll('#table tbody tr').length") < rows
    finally:
        browser.close()


@pytest.mark.slow
def test_a_map_shows_kind_and_certainty_of_what_is_chosen(opened: Callable[..., Opened]) -> None:
    graph = nx.Graph()
    for name, lat, long in (("A", 50.0, 8.0), ("B", 52.0, 12.0), ("C", 48.0, 2.0)):
        graph.add_node(name, name=name, country="DE", lat=lat, long=long)
    graph.add_edge("A", "B", kind="friendship", status="active")
    graph.add_edge("A", "C", kind="partnership", status="active", start="1980")
    page = opened(EXPORTS["map"].write(Export(twingraph.network(graph), [], TODAY)))
    strokes = page.page.evaluate("""async () => {
      const found = [], pen = CanvasRenderingContext2D.prototype, stroke = pen.stroke;
      pen.stroke = function (...rest) { found.push([this.lineWidth, this.strokeStyle, this.getLineDash().length]); return stroke.apply(this, rest); };
      twingraph.choose({ node: twingraph.nodes.find((one) => one.key === "A") });
      await new Promise((done) => setTimeout(done, 500));
      pen.stroke = stroke;
      return found;
    }""")
    broadest = max(width for width, _, _ in strokes)
    drawn = {(colour.lower(), dashes > 0) for width, colour, dashes in strokes if width == broadest}
    assert drawn == {(KIND_COLOURS["friendship"].lower(), True), (KIND_COLOURS["partnership"].lower(), False)}
