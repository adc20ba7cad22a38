"""Figures for print: exact size, the same bytes again, fonts within, names that don't overlap, clear refusals."""

from __future__ import annotations

import datetime
import itertools
import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import twingraph
from twingraph.errors import ExportError
from twingraph.exporting.colours import KIND_COLOURS
from twingraph.exporting.figures.drawing import draw_names, draw_ties
from twingraph.exporting.figures.figures import FIGURES, chain_figure, chain_of, draw_figure
from twingraph.exporting.figures.sheet import Sheet, missing_characters
from twingraph.exporting.figures.texts import TEXTS
from twingraph.exporting.gathering import gather
from twingraph.exporting.layouts import positions
from twingraph.exporting.maps import places_without_coordinates
from twingraph.exporting.model import Export, Source
from twingraph.exporting.pages.texts import TERMS
from twingraph.networks.network import read_ties
from twingraph.networks.selection import KINDS, Selection
from twingraph.reporting.plots import _readable_on

TODAY = datetime.date(2026, 6, 30)
NAME = "Q486562"  # Helmstedt


@pytest.fixture(scope="module")
def export(shipped_store: Path) -> Export:
    network = twingraph.network(shipped_store, around=NAME, steps=2)
    return Export(network, [Source("helmstedt-history", "Twinnings with history", "Town of Helmstedt")], TODAY)


def test_texts_say_the_same_in_both_languages() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["de"])
    for key, text in TEXTS["en"].items():
        assert set(re.findall(r"\{\d\}", text)) == set(re.findall(r"\{\d\}", TEXTS["de"][key])), key


@pytest.mark.parametrize("show", FIGURES)
def test_each_figure_is_the_same_again(export: Export, show: str) -> None:
    content = draw_figure(export, show, Sheet())
    assert content == draw_figure(export, show, Sheet())
    root = ElementTree.fromstring(content)
    width, height = (float(str(root.get(side)).removesuffix("pt")) * 25.4 / 72 for side in ("width", "height"))
    assert (width, height) == pytest.approx((170, 120), abs=0.01)
    assert root.find(".//{http://www.w3.org/2000/svg}text") is None, "letters are shapes"


def test_pdf_and_png_have_the_size_that_was_asked_for(export: Export) -> None:
    pdf = draw_figure(export, "network", Sheet(150, 100, "pdf"))
    box = re.search(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box
    assert [float(side) * 25.4 / 72 for side in box.groups()] == pytest.approx([150, 100], abs=0.01)
    assert b"/FontFile2" in pdf, "the fonts are within"
    assert pdf == draw_figure(export, "network", Sheet(150, 100, "pdf"))
    png = draw_figure(export, "network", Sheet(150, 100, "png", dpi=254))
    assert _pixels(png) == [1500, 1000]
    assert png == draw_figure(export, "network", Sheet(150, 100, "png", dpi=254))


@pytest.mark.parametrize(("width", "dpi"), [(170, 300), (170, 72), (85, 300), (123.4, 97)])
def test_png_has_the_whole_pixels_nearest_to_its_size(export: Export, width: float, dpi: int) -> None:
    png = draw_figure(export, "growth", Sheet(width, 120, "png", dpi=dpi))
    assert _pixels(png) == [round(width / 25.4 * dpi), round(120 / 25.4 * dpi)]


def _pixels(png: bytes) -> list[int]:
    return [int.from_bytes(png[at : at + 4], "big") for at in (16, 20)]


def test_names_do_not_overlap(export: Export) -> None:
    graph = export.network.possible
    with Sheet().drawn() as figure:
        axes = figure.add_axes((0.05, 0.05, 0.9, 0.9))
        places = positions(graph)
        points = np.array(list(places.values()))
        axes.set_xlim(points[:, 0].min() - 60, points[:, 0].max() + 60)
        axes.set_ylim(points[:, 1].min() - 60, points[:, 1].max() + 60)
        left_out = draw_names(axes, graph, places)
        texts = {text.get_text(): text for text in axes.texts}
        assert len(texts) == len(graph) - left_out
        assert {"Helmstedt", "Vitré", "Albuquerque"} <= set(texts), "those with most partners are named"
        boxes = [text.get_window_extent() for text in texts.values()]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            shared = [min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)]
            assert min(shared) <= 0.5, "no name lies on another by more than half a point"


@pytest.fixture(scope="module")
def everything(shipped_store: Path) -> Export:
    return Export(twingraph.network(shipped_store), [], TODAY)


@pytest.mark.parametrize("which", ["export", "everything"])
@pytest.mark.parametrize("show", ["network", "map"])
def test_no_name_lies_on_a_marker(request: pytest.FixtureRequest, show: str, which: str) -> None:
    export = request.getfixturevalue(which)

    with Sheet().drawn() as figure:
        FIGURES[show](export, Sheet(), figure)
        axes = figure.axes[0]
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text() and "km" not in text.get_text()]
        markers = [found for found in axes.collections if isinstance(found, PathCollection)]
        radii = [
            (*axes.transData.transform(place), (math.sqrt(size) + rim) / 2 * figure.dpi / 72)
            for found in markers
            for rim in found.get_linewidths()
            for place, size in zip(found.get_offsets(), found.get_sizes(), strict=True)
        ]
    assert len(boxes) > 10
    assert len(radii) == len(export.network.possible) - len(places_without_coordinates(export) if show == "map" else [])
    for box in boxes:
        for x, y, radius in radii:
            apart = max(box.x0 - x, x - box.x1, box.y0 - y, y - box.y1)
            assert apart >= radius


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", {"DE": "Germany", "FR": "France"}), ("de", {"DE": "Deutschland", "FR": "Frankreich"})],
)
def test_legends_name_countries(shipped_store: Path, language: str, names: dict[str, str]) -> None:
    with twingraph.open(shipped_store) as graph:
        export = gather(read_ties(graph), graph, Selection(), language=language)
    for width in (85, 120, 170):
        sheet = Sheet(width, 200)
        with sheet.drawn() as figure:
            FIGURES["network"](export, sheet, figure)
            legend = figure.legends[0]
            assert set(names.values()) <= {text.get_text() for text in legend.get_texts()}
            box, page, axes = legend.get_window_extent(), figure.bbox, figure.axes[0].get_window_extent()
            assert box.x1 <= page.x1, "the legend is as wide as the sheet at most"
            assert box.y1 <= axes.y0 + 1, "and stands below the picture"
            caption = figure.texts[0].get_window_extent()
            assert box.y0 >= caption.y1 - 1, "and over the caption"
    with Sheet().drawn() as figure:
        FIGURES["matrix"](export, Sheet(), figure)
        rows = {label.get_text() for label in figure.axes[0].get_yticklabels()}
        assert {f"{name} ({code})" for code, name in names.items()} <= rows
        for label in figure.axes[0].get_yticklabels():
            assert label.get_window_extent().x0 >= 0


def test_numbers_stand_out_from_the_colours_of_a_matrix(export: Export) -> None:
    with Sheet().drawn() as figure:
        FIGURES["matrix"](export, Sheet(), figure)
        axes = figure.axes[0]
        mesh = axes.collections[0]
        colours = mesh.to_rgba(mesh.get_array())
        for text in axes.texts:
            x, y = (round(at) for at in text.get_position())
            shade, ink = _luminance(colours[y][x]), 0.0 if text.get_color() == "black" else 1.0
            contrast = (max(shade, ink) + 0.05) / (min(shade, ink) + 0.05)
            assert contrast >= 4.5, (text.get_text(), contrast)
    assert _readable_on((1.0, 1.0, 1.0)) == "black"
    assert _readable_on((0.18, 0.0, 0.29)) == "white"


def test_a_matrix_says_how_much_of_it_has_no_room(everything: Export) -> None:
    graph = everything.network.possible
    countries = {frozenset((graph.nodes[one]["country"], graph.nodes[other]["country"])) for one, other in graph.edges}
    known = {code for pair in countries for code in pair}
    with Sheet(170, 160).drawn() as figure:
        FIGURES["matrix"](everything, Sheet(170, 160), figure)
        shown = {label.get_text() for label in figure.axes[0].get_xticklabels()}
        said = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    ends = [{graph.nodes[node]["country"] for node in edge} for edge in graph.edges]
    outside = sum(not pair <= shown for pair in ends)
    assert len(shown) < len(known)
    assert f"Shown are the {len(shown)} of {len(known)} countries with most ties" in said
    assert f"; {outside} of {len(ends)} tied pairs of places have an end in another." in said


def test_in_grey_a_matrix_gets_darker_the_more_often_two_countries_pair(export: Export) -> None:
    with Sheet().drawn() as figure:
        FIGURES["matrix"](export, Sheet(), figure)
        mesh = figure.axes[0].collections[0]
        shades = [_luminance(mesh.to_rgba(level)) for level in np.linspace(-4, 4, 33)]
    assert shades == sorted(shades, reverse=True)
    assert min(one - other for one, other in itertools.pairwise(shades)) > 0.003


@pytest.fixture
def of_all_kinds() -> Export:
    """Ties of each kind between eight countries, two of each; one of each kind is over."""
    graph = nx.Graph()
    for number, kind in enumerate(KINDS * 2):
        for end in (0, 1):
            country = "ABCDEFGH"[(number + end) % 8]
            graph.add_node((number, end), name=f"{number}{end}", country=country, lat=50.0 + number, long=5.0 * end)
        status = "active" if number < len(KINDS) else ("ended", "suspended", "dormant")[number % 3]
        graph.add_edge((number, 0), (number, 1), kind=kind, start="1960", status=status)
    return Export(twingraph.network(graph), [], TODAY)


@pytest.mark.parametrize("show", ["network", "map"])
def test_kinds_differ_without_colour(of_all_kinds: Export, show: str) -> None:
    with Sheet().drawn() as figure:
        FIGURES[show](of_all_kinds, Sheet(), figure)
        axes = figure.axes[0]
        drawn = [found for found in axes.collections if isinstance(found, LineCollection)]
        ties = {kind: [found for found in drawn if _is_of(found, kind)] for kind in KINDS}
        handles = {handle.get_label(): handle for handle in figure.legends[0].legend_handles}
        counted = set()
        for kind, found in ties.items():
            segments = [segment for one in found for segment in one.get_segments()]
            # Each kind has two ties; what else there is are strokes across them.
            assert not len(segments[2:]) % 2
            counted.add(len(segments[2:]))
            marker = handles[TERMS["en"]["kinds"].get(kind, kind)].get_marker()
            assert (0 if marker in ("", "None", None) else len(marker.vertices) // 2) == len(segments[2:]) // 2
    assert len(counted) == len(KINDS)


def _is_of(found: LineCollection, kind: str) -> bool:
    return bool(np.allclose(found.get_colors()[0][:3], to_rgb(KIND_COLOURS[kind])))


def test_strokes_stand_across_their_tie() -> None:
    graph = nx.Graph([("a", "b", {"kind": "friendship"})])
    with Sheet().drawn() as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 170), ylim=(0, 120))
        draw_ties(axes, twingraph.network(graph).possible, {("a", "b"): [np.array([[10.0, 10], [50, 10], [50, 70]])]})
        _, (stroke,) = (found.get_segments() for found in axes.collections)
    assert np.mean(stroke, axis=0) == pytest.approx([50, 20]), "half the way along"
    assert stroke[0][1] == pytest.approx(stroke[1][1]), "across the part that it stands on"
    assert 0.8 < abs(stroke[0][0] - stroke[1][0]) < 1.5, "millimetres"


@pytest.mark.parametrize(("language", "label"), [("en", "ended or at rest"), ("de", "beendet oder ruhend")])
def test_a_legend_says_which_ties_are_lighter(of_all_kinds: Export, language: str, label: str) -> None:
    export = replace(of_all_kinds, language=language)
    with Sheet().drawn() as figure:
        FIGURES["network"](export, Sheet(), figure)
        assert any(label in text.get_text() for text in figure.legends[0].get_texts())
        alphas = {found.get_alpha() for found in figure.axes[0].collections if isinstance(found, LineCollection)}
    assert len(alphas) > 1
    graph = nx.Graph([("a", "b", {"kind": "partnership", "status": "active"})])
    with Sheet().drawn() as figure:
        FIGURES["network"](Export(twingraph.network(graph), [], TODAY, language=language), Sheet(), figure)
        assert not any(label in text.get_text() for text in figure.legends[0].get_texts())


def test_each_marker_stands_out_from_paper(of_all_kinds: Export) -> None:
    with Sheet().drawn() as figure:
        FIGURES["network"](of_all_kinds, Sheet(), figure)
        markers = [found for found in figure.axes[0].collections if isinstance(found, PathCollection)]
        looks = [(found.get_facecolor()[0], found.get_edgecolor()[0]) for found in markers]
        shown = [handle for handle in figure.legends[0].legend_handles if handle.get_linestyle() == "None"]
        looks += [(to_rgb(handle.get_color()), to_rgb(handle.get_markeredgecolor())) for handle in shown]
    assert len(looks) == 16
    for fill, rim in looks:
        assert max(1.05 / (_luminance(colour) + 0.05) for colour in (fill, rim)) >= 3


def test_names_in_a_pdf_are_text(export: Export) -> None:
    names = [values["name"] for _, values in export.network.possible.nodes(data=True)]
    for show in ("network", "map"):
        with Sheet(form="pdf").drawn() as figure:
            FIGURES[show](export, Sheet(form="pdf"), figure)
            plain = {text.get_text() for text in figure.axes[0].texts if not text.get_path_effects()}
            haloed = {text.get_text() for text in figure.axes[0].texts if text.get_path_effects()}
        assert {"Helmstedt", "Vitré"} <= plain & haloed
        assert haloed <= set(names)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_reader_of_pdf_finds_the_names(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "network.pdf"
    file.write_bytes(draw_figure(export, "network", Sheet(form="pdf")))
    done = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, encoding="utf-8", check=True)
    for name in ("Vitré", "Orăștie", "Konaklı"):
        assert name in done.stdout


def _luminance(colour: Sequence[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_a_chain_says_how_two_places_are_linked(export: Export) -> None:
    graph = export.network.possible
    far = max(nx.single_source_shortest_path_length(graph, NAME).items(), key=lambda item: (item[1], item[0]))[0]
    chain = chain_of(export, NAME, far)
    assert (chain.path[0], chain.path[-1]) == (NAME, far)
    cited = {
        name for one, other in itertools.pairwise(chain.path) for name in graph.edges[one, other]["source_ids"].split()
    }
    assert {source.id for source in chain.export.sources} == cited & {source.id for source in export.sources}
    assert chain_figure(chain, Sheet()).startswith(b"<?xml")
    apart = nx.Graph([("a", "b"), ("c", "d")])
    with pytest.raises(ExportError, match="no chain of the selected ties links a with c"):
        chain_of(Export(twingraph.network(apart)), "a", "c")


def test_what_no_font_has_is_named() -> None:
    fonts = ["DejaVu Sans"]
    assert missing_characters(["Orăștie", "Светлогорск", "الرباط", "Αθήνα"], fonts) == ""
    assert missing_characters(["Xi'an 西安", "西"], fonts) == "安西"


@pytest.mark.parametrize("show", ["network", "map"])
def test_odd_names_and_places_are_drawn(show: str) -> None:
    graph = nx.Graph()
    names = ["$x$ ^_{", "</text><script>", "two\nlines", "الرباط", "", "a" * 300]
    for number, name in enumerate(names):
        graph.add_node(number, name=name, lat=float(number), long=179.0 - 360 * (number % 2) + number % 2)
        graph.add_edge(number, (number + 1) % len(names))
    export = Export(twingraph.network(graph), [], TODAY)
    ElementTree.fromstring(draw_figure(export, show, Sheet()))
    graph.remove_nodes_from([2, 3, 4, 5])
    ElementTree.fromstring(draw_figure(Export(twingraph.network(graph), [], TODAY), show, Sheet()))


@pytest.mark.parametrize("show", ["growth", "matrix"])
def test_plots_are_in_german(everything: Export, show: str) -> None:
    from matplotlib.text import Text

    said = {}
    for language in ("en", "de"):
        export = replace(everything, language=language)
        with Sheet().drawn() as figure:
            FIGURES[show](export, Sheet(), figure)
            said[language] = " ".join(text.get_text() for text in figure.findobj(Text)).split()
    words = {"ties", "the", "year", "force", "chance", "countries", "possibly", "certainly"}
    assert words & {word.strip(".,:;") for word in said["en"]}
    assert not words & {word.strip(".,:;") for word in said["de"]}


@pytest.mark.parametrize(
    ("language", "as_of", "words"),
    [
        ("en", None, ["start known", "start unknown", "Projection: Equal Earth", "Data: knowledge graph, version"]),
        ("en", "1989-11-09", ["certainly in force", "possibly in force", "start unknown"]),
        ("de", None, ["Beginn bekannt", "Beginn unbekannt", "Projektion: Equal Earth", "Daten: Wissensgraph, Fassung"]),
        ("de", "1989-11-09", ["sicher in Kraft", "möglicherweise in Kraft", "Beginn unbekannt"]),
    ],
)
def test_a_map_says_how_sure_its_ties_are_and_where_it_comes_from(
    shipped_store: Path, language: str, as_of: str | None, words: list[str]
) -> None:
    export = Export(twingraph.network(shipped_store, as_of=as_of), [], TODAY, language=language)
    with Sheet().drawn() as figure:
        FIGURES["map"](export, Sheet(), figure)
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        said = " ".join([*legend, *(text.get_text() for text in figure.texts)]).replace("\n", " ")
    for word in words:
        assert word in said
    assert ("start known" in legend or "Beginn bekannt" in legend) is (as_of is None)


@pytest.mark.parametrize(
    "chosen", [{"as_of": "1960"}, {"period": ("1950", "1960")}, {"as_of": "2000", "statuses": "ended"}]
)
def test_growth_is_that_of_the_selected_ties(shipped_store: Path, chosen: dict[str, Any]) -> None:
    export = Export(twingraph.network(shipped_store, **chosen), [], TODAY)
    keys = {key for *_, keys in export.edges() for key in keys}
    selected = [tie for tie in export.network.ties if tie.key in keys]
    assert 0 < len(selected) == export.network.selected < len(export.network.ties)
    begun = [[datetime.date.fromordinal(day).year for day in tie.lifetime.starts or ()] for tie in selected]
    # Years before 1900 are summed up in its first.
    surely = sum(years[0] == years[1] >= 1900 for years in begun if years)
    with Sheet().drawn() as figure:
        FIGURES["growth"](export, Sheet(), figure)
        bars = [bar.get_height() for axes in figure.axes for bar in axes.patches]
        (area,) = figure.axes[0].collections
        highest = area.get_paths()[0].vertices[:, 1].max()
        caption = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert sum(bars) == surely
    assert highest <= len(selected)
    assert "Only ties of this selection count" in caption


def test_a_chain_is_in_german(everything: Export) -> None:
    from matplotlib.text import Text

    # As a file, letters are shapes: what is written is looked at before.
    written: list[str] = []
    sheet = Sheet()
    export = replace(everything, language="de")
    content = type(sheet).content

    def seen(self: Sheet, figure: Figure) -> bytes:
        written.extend(text.get_text() for text in figure.findobj(Text))
        return content(self, figure)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sheet, "content", seen)
        chain_figure(chain_of(export, NAME, "Q234704"), sheet)
    text = " ".join(written)
    assert "Partnerschaft, seit 1978-10-22" in text
    assert "Auswahl: verzeichnete Verbindungen" in text
    assert "since" not in text


def test_letters_without_a_font_give_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    graph = nx.Graph()
    graph.add_node("a", name="Xi'an 西安", lat=34.3, long=108.9)
    graph.add_node("b", name="\U000130a7 Helmstedt", lat=52.2, long=11.0)
    graph.add_edge("a", "b")
    sheet = Sheet(form="png", dpi=72)
    for show in ("network", "map"):
        draw_figure(Export(twingraph.network(graph), [], TODAY), show, sheet)
    assert [str(one.message) for one in recwarn if "Glyph" in str(one.message)] == []


def test_a_tie_over_the_edge_of_the_world_goes_out_on_one_side_and_comes_in_on_the_other() -> None:
    graph = nx.Graph()
    for name, lat, long in (
        ("Suva", -18.1, 178.4),
        ("Apia", -13.8, -171.8),
        ("Quito", -0.2, -78.5),
        ("Oslo", 59.9, 10.7),
    ):
        graph.add_node(name, name=name, lat=lat, long=long)
    graph.add_edges_from([("Suva", "Apia"), ("Quito", "Oslo")])
    with Sheet().drawn() as figure:
        FIGURES["map"](Export(twingraph.network(graph), [], TODAY), Sheet(), figure)
        axes = figure.axes[0]
        ties = [found for found in axes.collections if isinstance(found, LineCollection)]
        lines = [line for found in ties for line in found.get_segments()]
        width = np.diff(axes.get_xlim())[0]
    # A line from one edge to the other across the map would be as wide as the world.
    assert len(lines) == 3, "the tie of Suva and Apia is cut in two"
    for line in lines:
        assert np.abs(np.diff(np.asarray(line)[:, 0])).max() < width / 20
    short = sorted(np.ptp(np.asarray(line)[:, 0]) for line in lines)[:2]
    assert sum(short) < width / 10


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-o", "x.gif"], 2, ".svg, .pdf or .png; x.gif ends in none of them"),
        (
            ["-o", "x.svg", "--show", "map", "--between", "Helmstedt", "Dortmund"],
            2,
            "leave --show map out, or --between",
        ),
        (["-o", "x.png", "--size", "2000x2000", "--dpi", "1200"], 1, "8,928 million pixels"),
        (["-o", "x.svg", "--size", "wide"], 2, "'wide' is no size"),
        (["-o", "x.svg", "--size", "5x5"], 1, "give 30 to 2000 mm"),
        (["-o", "x.svg", "--size", "30x30"], 1, "give a larger --size"),
        (["-o", "x.svg", "--font", "No Such"], 1, "no font 'No Such' is installed"),
        (["-o", "x.svg", "--show", "chain"], 2, "give --between ONE OTHER"),
        (["-o", "x.svg", "--between", "Helmstedt", "Nowhere"], 1, "no municipality called 'Nowhere'"),
        (["-o", "x.svg", "--between", "Helmstedt", "Helmstedt"], 1, "both that were given are Helmstedt (Q486562)"),
        (["-o", "none/x.svg"], 1, "can't be written"),
        (["-o", "x.svg", "--size", "nanx100"], 1, "give 30 to 2000 mm"),
    ],
)
def test_wrong_requests(
    shipped_store: Path,
    run_twingraph: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    store = ["--store", str(shipped_store), "--around", "Helmstedt"]
    done = run_twingraph("export", "figure", *store, *arguments)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_figure_on_stdout_is_nothing_but_the_file(run_twingraph: Run, shipped_store: Path) -> None:
    done = run_twingraph("export", "figure", "--store", str(shipped_store), "--size", "100x90")
    assert done.returncode == 0, done.stderr
    ElementTree.fromstring(done.stdout)
    assert done.stdout.rstrip().endswith("</svg>"), "most names find no room here, and no word of it is in the file"


def test_options_of_figures_are_for_figures(run_twingraph: Run, shipped_store: Path) -> None:
    done = run_twingraph("export", "gexf", "--store", str(shipped_store), "--size", "100x100")
    assert done.returncode == 2
    assert "--size is for figures only" in " ".join(done.stderr.split())


def test_many_places_without_coordinates_leave_room_for_the_rest(shipped_store: Path) -> None:
    export = Export(twingraph.network(shipped_store), [Source("one", "The only title")], TODAY)
    lines = _map_caption(export)
    assert "Not on the map" in lines
    assert re.search(r"and \d+ more\.", lines), "the list is cut, and says so"
    assert "The only title" in lines
    assert "version of the data" in lines


def _map_caption(export: Export) -> str:
    sheet = Sheet()
    with sheet.drawn() as figure:
        FIGURES["map"](export, sheet, figure)
        return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_a_map_without_coordinates_is_refused() -> None:
    with pytest.raises(ExportError, match="no place of the selection has coordinates"):
        draw_figure(Export(twingraph.network(nx.path_graph(3))), "map", Sheet())
