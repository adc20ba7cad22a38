"""The sheet that a figure stands on: its size in millimetres, fonts, title, legend, caption, and the file."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from twingraph.answers.layout import safe_text
from twingraph.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SUFFIXES", "Sheet", "missing_characters"]

SUFFIXES = ("svg", "pdf", "png")
_INCH = 25.4
_MARGIN = 5.0
#: Of a PNG; each takes four bytes while it is drawn, and again while it is compressed.
_PIXELS = 200_000_000
_BASE = 7.0
_CAPTION = 5.5
#: Share of the height that a picture needs.
_PICTURE = 0.2
#: Height of a line of text, as a share of its size; and the mean width of a letter of DejaVu Sans.
_LINE, _LETTER = 1.35, 0.56
_POINT = _INCH / 72
#: Taken in this order where they are installed, for what DejaVu Sans, which is always there, has no letters for.
_FALLBACKS = (
    "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans Arabic",
    "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Armenian", "Noto Sans Georgian",
    "Noto Sans Ethiopic", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei",
    "PingFang SC", "Hiragino Sans", "Malgun Gothic", "Arial Unicode MS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a figure is printed on.

    Attributes:
        width, height: millimetres.
        form: one of `SUFFIXES`.
        dpi: pixels per inch of a PNG.
        font: name of an installed font to be taken first.
    """

    width: float = 170.0
    height: float = 120.0
    form: str = "svg"
    dpi: int = 300
    font: str | None = None
    fonts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not (30 <= self.width <= 2000 and 30 <= self.height <= 2000):
            raise ExportError(f"a figure of {self.width:g} × {self.height:g} mm can't be drawn; give 30 to 2000 mm.")
        if self.form not in SUFFIXES:
            raise ExportError(
                f"a figure can't be written as .{self.form}; give a file that ends in .svg, .pdf or .png."
            )
        pixels = self.width * self.height * (self.dpi / _INCH) ** 2
        if self.form == "png" and pixels > _PIXELS:
            raise ExportError(
                f"a .png of {self.width:g} × {self.height:g} mm at {self.dpi} pixels per inch has {pixels / 1e6:,.0f} "
                f"million pixels, more than the {_PIXELS / 1e6:,.0f} million that fit into memory; give a smaller "
                "--size or --dpi, or a file that ends in .pdf or .svg."
            )
        installed = _installed()
        if self.font is not None and self.font not in installed:
            raise ExportError(f"no font {self.font!r} is installed; without --font the figure takes DejaVu Sans.")
        wanted = [self.font] if self.font else []
        chosen = [*wanted, "DejaVu Sans", *(name for name in _FALLBACKS if name in installed)]
        object.__setattr__(self, "fonts", tuple(dict.fromkeys(chosen)))

    @property
    def letters(self) -> int:
        """How many letters a line of the caption holds."""
        return max(10, int((self.width - 2 * _MARGIN) / (_CAPTION * _LETTER * _POINT)))

    @contextmanager
    def drawn(self) -> Iterator[Figure]:
        """Give an empty figure of this size, with the styles of print."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        styles: dict[str, Any] = {
            "font.family": list(self.fonts),
            "font.size": _BASE,
            "axes.titlesize": _BASE,
            "axes.labelsize": _BASE,
            "xtick.labelsize": _BASE - 1,
            "ytick.labelsize": _BASE - 1,
            "legend.fontsize": _BASE - 1,
            "legend.frameon": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 0.5,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#dddddd",
            "grid.linewidth": 0.4,
            "xtick.major.width": 0.5,
            "ytick.major.width": 0.5,
            # Letters as shapes in SVG and as TrueType in PDF: a figure looks the same wherever it is opened.
            "svg.fonttype": "path",
            "svg.hashsalt": "twingraph",
            "pdf.fonttype": 42,
            "text.parse_math": False,
        }
        size = [self.width / _INCH, self.height / _INCH]
        if self.form == "png":
            # Whole pixels, or else the library cuts off what is left of one.
            size = [round(side * self.dpi) / self.dpi + 1e-9 for side in size]
        with rc_context(styles), warnings.catch_warnings():  # type: ignore[arg-type]
            # What no font has is said once, in one line, by `missing_characters`.
            warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
            yield Figure(figsize=(size[0], size[1]))

    def arrange(self, figure: Figure, title: str, caption: list[str], room: float = 0.0) -> tuple[float, float]:
        """Write title and caption; return bottom and top of what is left, as shares of the height.

        Args:
            figure: the figure.
            title: over the picture.
            caption: its paragraphs, below.
            room: millimetres for a legend between picture and caption.
        """
        inner = self.width - 2 * _MARGIN
        lines = [line for text in caption for line in textwrap.wrap(safe_text(text), self.letters) or [""]]
        heading = textwrap.wrap(safe_text(title), max(10, int(inner / ((_BASE + 2) * _LETTER * _POINT))))
        above = _MARGIN + len(heading) * (_BASE + 2) * _LINE * _POINT + 1
        # Two fifths of the sheet at most, whatever the list of sources, less where the picture needs the room; the
        # bibliography has all of them.
        free = (1 - _PICTURE) * self.height - above - _MARGIN - 2 - room
        share = min(0.4 * self.height, max(free, 0.25 * self.height))
        most = max(3, int(share / (_CAPTION * _LINE * _POINT)))
        if len(lines) > most:
            lines = [*lines[: most - 1], "…"]
        high = len(lines) * _CAPTION * _LINE * _POINT
        left = _MARGIN / self.width
        figure.text(
            left, _MARGIN / self.height, "\n".join(lines), fontsize=_CAPTION, color="#333333", va="bottom", ha="left",
            linespacing=_LINE,
        )  # fmt: skip
        figure.text(
            left, 1 - _MARGIN / self.height, "\n".join(heading), fontsize=_BASE + 2, weight="bold", va="top", ha="left"
        )
        bottom, top = (_MARGIN + high + 2 + room) / self.height, 1 - above / self.height
        if top - bottom < _PICTURE:
            raise ExportError(
                f"{self.width:g} × {self.height:g} mm leave no room for the picture beside title and caption; "
                "give a larger --size."
            )
        return bottom, top

    def axes(self, figure: Figure, bottom: float, top: float, sides: tuple[float, float] = (0, 0)) -> Axes:
        """Return axes over the width of the sheet, less some millimetres on the left and on the right."""
        left, right = ((_MARGIN + side) / self.width for side in sides)
        found: Axes = figure.add_axes((left, bottom, 1 - left - right, top - bottom))
        return found

    def content(self, figure: Figure) -> bytes:
        """Return the file: the same bytes for the same figure."""
        buffer = io.BytesIO()
        told: dict[str, Any] = {
            "svg": {"Date": None, "Creator": "twingraph"},
            "pdf": {"CreationDate": None, "Creator": "twingraph", "Producer": None},
            "png": {"Software": "twingraph"},
        }
        figure.savefig(buffer, format=self.form, dpi=self.dpi, metadata=told[self.form])
        return buffer.getvalue()


@cache
def _installed() -> frozenset[str]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font_names())


def missing_characters(texts: Iterable[str], fonts: Iterable[str]) -> str:
    """Return the characters that none of the fonts has, sorted."""
    from matplotlib import font_manager, ft2font

    wanted = {ord(char) for text in texts for char in text if char.isprintable() and not char.isspace()}
    for name in fonts:
        if not wanted:
            break
        path = font_manager.findfont(font_manager.FontProperties(family=name), fallback_to_default=False)
        wanted -= set(ft2font.FT2Font(path).get_charmap())
    return "".join(map(chr, sorted(wanted)))
