"""The parts of a wiki's page that are about partners: each list item with what stands above it, and all other lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from twingraph.importing.wiki.date_words import mark_dates
from twingraph.importing.wiki.headings import Heading, read_heading
from twingraph.importing.wiki.lines import page_lines
from twingraph.importing.wiki.markup import Line, box_title, ends_box, is_country, layout_only, read_line
from twingraph.importing.wiki.owners import Owner, read_owner
from twingraph.importing.wiki.remarks import BULLETS, is_remark, lines_below
from twingraph.importing.wiki.sentences import core, without_names
from twingraph.importing.wiki.tie_words import AGAINST, tokens
from twingraph.importing.wiki.units import is_about_another
from twingraph.resolving.countries import find_country

__all__ = ["RUNNING_TEXT", "Entry", "Outline"]

_HEADING = re.compile(r"(={1,6})\s*(.*?)\s*\1\s*\Z")
#: Why most lines are not read.
RUNNING_TEXT = "of running text beside the lists"
_NOT_TOLD = "it is not told whose partner this is; name the town with --town"
#: Levels of headings that are no real ones begin here, those of list items there.
_PSEUDO, _ITEMS = 7, 20
_LONGEST_LINE = 20_000


@dataclass(slots=True)
class Entry:
    """A line that names a partner, or would: with what stands above it.

    Attributes:
        text: of an item, without its bullets.
        owner: whose partner it is, or "".
        owner_country, country: of both, as headings name them.
        kind: our kind, "" where the heading names several.
        status: as headings tell, or "".
        refusal: why it can't be taken, or "".
        remarks: lines below it that are about it.
        doubt: words above it that are not understood, where the status is unknown for them.
    """

    row: int
    text: str
    owner: str
    owner_country: str
    country: str
    kind: str
    status: str
    refusal: str
    remarks: list[Line] = field(default_factory=list)
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A heading with all that it hands down to those below it."""

    level: int
    title: str
    sort: str
    kind: str = "partnership"
    status: str = ""
    refusal: str = ""
    country: str = ""
    is_read: bool = True
    doubt: str = ""


class Outline:
    """Reads a page from top to bottom.

    Attributes:
        unread: lines that are told as not read, by why.
        doubtful: lines of headings and owners that are not wholly understood, with their words; what stands below
            has the status unknown.
        passed_over: headings that name ties among words that are not understood; what stands below is not read.
    """

    def __init__(self, text: str, town: str, country: str, *, is_list: bool) -> None:
        self.unread: dict[str, list[int]] = {}
        self.doubtful: dict[int, str] = {}
        self.passed_over: dict[int, str] = {}
        self._lines = page_lines(text)
        self._is_list = is_list
        self._own_names = list(dict.fromkeys((town, town.partition(",")[0]))) if town and not is_list else []
        self._frames = [_Frame(1, "", "partners")] if is_list else []
        self._markers: list[str] = []
        self._given = Owner(town)
        self._owner = self._given
        self._owner_level = 0
        self._owner_country = country
        self._table: list[str] | None = None
        #: The line that opened a box, or "".
        self._box = ""
        #: The last row that is read already.
        self._read_to = 0

    def entries(self) -> Iterator[Entry]:
        """Yield all items and rows of tables in the parts about partners."""
        for row, line in enumerate(self._lines, 1):
            if row <= self._read_to:
                continue
            heading = _HEADING.match(line)
            if heading:
                yield from self._close_table(row)
                self._markers, self._box = [], ""
                self._open(heading[2], len(heading[1]), row)
                continue
            if not self._frames or self._frames[-1].sort == "back":
                continue
            bullets = BULLETS.match(line)
            if line.startswith("{|") or (self._table is not None and not (bullets and self._is_layout())):
                yield from self._in_table(line, row)
                continue
            if bullets:
                below = lines_below(self._lines, row, bullets[1])
                yield from self._item(bullets[2], len(bullets[1]), row, below)
                continue
            if not layout_only(line) or box_title(line):
                self._text(line, row)
            elif ends_box(line, self._box):
                self._close_box()
        yield from self._close_table(len(self._lines) + 1)

    def _tell(self, why: str, row: int) -> None:
        self.unread.setdefault(why, []).append(row)

    def _not_read(self, row: int) -> None:
        frame = self._frames[-1]
        why = f"under {frame.title[:60]!r}, which is not understood as a heading of partners"
        self._tell(RUNNING_TEXT if frame.sort == "container" else why, row)

    # Headings

    def _open(self, title: str, level: int, row: int) -> bool:
        """Open what a heading begins, or what stands for one; return whether it is understood as one."""
        while len(self._frames) > self._is_list and self._frames[-1].level >= level:
            self._frames.pop()
        if level <= self._owner_level:
            self._end_owner()
        above = self._frames[-1] if self._frames else None
        shown = read_line(title).shown
        heading = read_heading(title, self._own_names)
        if heading.sort == "back" and level >= _PSEUDO:
            # Nothing but a real heading tells where notes end.
            heading = Heading("other")
        if self._is_list and level < _PSEUDO and heading.sort == "other" and "[[" in title:
            self._take_owner(read_owner(title, is_heading=True), level, row)
            assert above is not None
            self._frames.append(replace(above, level=level, title=shown, sort="group"))
            return True
        frame = self._frame(heading, level, shown, above)
        if frame is not None:
            self._frames.append(frame)
            if heading.sort == "other" or heading.status == "unknown":
                self._end_owner()
                if frame.is_read:
                    self.doubtful[row] = shown
        elif heading.names_ties:
            self.passed_over[row] = shown
        if heading.country and self._is_list:
            self._owner_country = heading.country
            self._end_owner()
        return heading.sort != "other"

    def _frame(self, heading: Heading, level: int, title: str, above: _Frame | None) -> _Frame | None:
        """Return what a heading hands down, with what it has from the one above; None outside of all about partners."""
        names_partners = heading.sort == "partners" and heading.names_ties
        if above is None:
            if names_partners:
                kind = heading.kind if heading.kind is not None else "partnership"
                doubt = title if heading.status == "unknown" else ""
                return _Frame(level, title, "partners", kind, heading.status, heading.refusal, doubt=doubt)
            return _Frame(level, title, "container", is_read=False) if heading.sort == "container" else None
        if heading.sort == "back" or above.sort == "back":
            return replace(above, level=level, title=title, sort="back", is_read=False)
        if heading.sort == "container":
            return replace(above, level=level, title=title, sort="container", is_read=False)
        below = replace(above, level=level, title=title, sort=heading.sort)
        if heading.sort == "other":
            # A list has headings for regions that no lexicon holds; on a town's page they may be about anything.
            return replace(below, is_read=self._is_list and above.is_read, status="unknown", doubt=title)
        if heading.sort == "group":
            title = title if above.is_read else above.title or title
            return replace(below, title=title, country=heading.country if not self._is_list else "")
        return replace(
            below,
            kind=above.kind if heading.kind is None else heading.kind,
            status=heading.status or above.status,
            doubt=title if heading.status == "unknown" else above.doubt,
            refusal=heading.refusal or above.refusal,
            is_read=above.is_read or names_partners or above.sort == "container",
        )

    def _level(self, marker: str) -> int:
        """Return the level of what stands for a heading: the form that comes first in a section is the outer one."""
        if marker not in self._markers:
            self._markers.append(marker)
        return _PSEUDO + self._markers.index(marker)

    def _close_box(self) -> None:
        """Leave a box: its title says nothing of what follows."""
        level = self._level("box")
        while self._frames[-1].level >= level:
            self._frames.pop()
        self._box = ""

    # Owners

    def _end_owner(self) -> None:
        if self._is_list:
            self._owner, self._owner_level = self._given, 0

    def _take_owner(self, owner: Owner, level: int, row: int) -> None:
        self._owner, self._owner_level = owner, level
        if owner.words or owner.problem:
            self.doubtful[row] = owner.words or read_line(self._lines[row - 1].strip("= ")).shown

    # Lines

    def _text(self, line: str, row: int) -> None:
        """Take a line that is no list item: it stands for a heading, names an owner, or is told."""
        while self._frames[-1].level >= _ITEMS:
            self._frames.pop()
        if title := box_title(line):
            self._open(title, self._level("box"), row)
            self._box = line
            return
        marker = "'''" if line.startswith("'''") else ";" if line.startswith(";") else ""
        if re.match(r"<(?:big|u|b|strong)\b", line):
            marker = "<"
        if marker:
            text = line.lstrip(";").strip()
            heading = read_heading(text, self._own_names)
            is_bold_alone = marker != "'''" or re.fullmatch(r"'''+[^']+'''+\s*:?", line)
            if "[[" not in line and heading.sort != "other" and is_bold_alone:
                self._open(text, self._level(marker), row)
                return
            if self._is_list:
                self._owner_line(line, marker, row)
                return
            if is_bold_alone:
                self._open(text, self._level(marker), row)
                return
        self._running_text(line, row)

    def _owner_line(self, line: str, marker: str, row: int) -> None:
        level = self._level(marker)
        while self._frames[-1].level >= level:
            self._frames.pop()
        owner = read_owner(line.lstrip(";"), is_heading=line.startswith(";"))
        if owner.name or owner.problem:
            self._take_owner(owner, level, row)
        else:
            self._end_owner()
            self._tell(RUNNING_TEXT, row)

    def _running_text(self, line: str, row: int) -> None:
        """Take a line of text: before a list it may say what the list holds."""
        read = read_line(line[:_LONGEST_LINE])
        shown = read.shown
        if not re.search(r"\w", shown) and not read.asides:
            return
        frame = self._frames[-1]
        text = line[:_LONGEST_LINE]
        heading = read_heading(text, self._own_names)
        if (heading.sort == "other" or heading.status == "unknown") and not read.asides:
            text = core(shown, self._own_names)
            heading = read_heading(text, self._own_names)
        is_intro = shown.endswith(":")
        is_before_list = self._is_before_list(row)
        meanings = {word.meaning for word in tokens(shown)}
        is_against = bool(meanings & AGAINST)
        if self._is_list and (is_intro or "[[" in line or "'''" in line):
            self._end_owner()
        opens = frame.sort == "container" and heading.names_ties
        if is_before_list and (is_intro or opens or (is_against and "[[" not in line)):
            level = self._level(":")
            while self._frames[-1].level >= level:
                self._frames.pop()
            above = self._frames[-1]
            is_of_another = not self._is_list and is_about_another(without_names(shown, self._own_names))
            is_clear = heading.sort in ("partners", "group") and not is_of_another
            if is_clear and (above.is_read or heading.names_ties):
                self._open(text, level, row)
                if heading.status == "unknown" or text != line:
                    self.doubtful[row] = shown
                return
            is_read = heading.names_ties or (above.is_read and not is_intro) or self._is_list
            is_read = is_read and not is_of_another
            refusal = above.refusal or (heading.refusal if heading.names_ties else "")
            below = replace(above, level=level, title=shown, sort="other", status="unknown", doubt=shown)
            self._frames.append(replace(below, refusal=refusal, is_read=is_read))
            (self.doubtful if is_read else self.passed_over)[row] = shown
            return
        if frame.is_read:
            self._tell(RUNNING_TEXT, row)
            self._end_sentence()
        else:
            self._not_read(row)

    def _is_before_list(self, row: int) -> bool:
        """Return whether a list follows a line, behind nothing but layout."""
        following = (line for line in islice(self._lines, row, None) if line)
        line = next((line for line in following if not (line.startswith(("{|", "|")) or layout_only(line))), "")
        return BULLETS.match(line) is not None

    def _end_sentence(self) -> None:
        """Leave the sentence that said what the list before this text holds: of a further list it may not be so."""
        sentence = self._frames[-1]
        if ":" not in self._markers or sentence.level != self._level(":"):
            return
        above = self._frames[-2]
        self._frames.pop()
        if (sentence.status, sentence.refusal) != (above.status, above.refusal):
            self._frames.append(replace(above, level=sentence.level, title="", status="unknown", doubt=sentence.title))

    # List items

    def _item(self, text: str, depth: int, row: int, below: list[int]) -> Iterator[Entry]:
        level = _ITEMS + depth
        while self._frames[-1].level >= level:
            self._frames.pop()
        if self._owner_level >= level:
            self._end_owner()
        if not re.search(r"[^\W_]", text) and "{{" not in text:
            return
        frame = self._frames[-1]
        if not frame.is_read:
            self._not_read(row)
            return
        if len(text) > _LONGEST_LINE:
            self._tell("that are longer than any item", row)
            return
        if all(self._is_aside(number) for number in below):
            yield self._with_remarks(text, row, below)
            return
        line = read_line(text)
        heading = read_heading(text, self._own_names)
        # Bedford is a town and a part of the country: with partners right below it, it is the town.
        is_owner = self._is_list and not self._owner.name and "[[" in text and self._is_lowest(depth, below)
        if heading.sort == "partners" or (heading.sort == "group" and not (is_owner and _is_subdivision(line.shown))):
            self._open(text, level, row)
            return
        is_partner = bool(line.flags) or _has_date_or_country(line)
        if not is_partner and self._is_list and not self._owner.name and not self._owner.problem:
            owner = read_owner(text)
            self._take_owner(owner, level, row)
            if not owner.name and not owner.problem:
                self._owner = Owner("", problem=_NOT_TOLD)
                self._tell(RUNNING_TEXT, row)
            self._frames.append(replace(frame, level=level, title=line.shown, sort="group"))
            return
        if is_partner and (self._owner.name or not self._is_list):
            yield self._with_remarks(text, row, below)
            return
        if self._is_list:
            self._take_owner(Owner("", problem=_NOT_TOLD), level, row)
            yield self._entry(text, row)
            self._frames.append(replace(frame, level=level, title=line.shown, sort="group"))
            return
        self._frames.append(replace(frame, level=level, title=line.shown, sort="other", is_read=False))
        self._not_read(row)

    def _is_lowest(self, depth: int, below: list[int]) -> bool:
        """Whether the items below an item of this depth have none below themselves."""
        nested = [BULLETS.match(self._lines[row - 1]) for row in below]
        return all(len(one[1]) <= depth + 1 for one in nested if one)

    def _is_aside(self, row: int) -> bool:
        line = self._lines[row - 1]
        return is_remark(line) or not BULLETS.match(line)

    def _with_remarks(self, text: str, row: int, below: list[int]) -> Entry:
        """Return an item; the lines below it are about it."""
        self._read_to = max(below, default=row)
        for number in below:
            self._tell("that are remarks below an item", number)
        return self._entry(text, row, [read_line(self._lines[number - 1].lstrip("*#: ")) for number in below])

    def _entry(self, text: str, row: int, remarks: list[Line] | None = None) -> Entry:
        frame, owner = self._frames[-1], self._owner
        refusal = owner.problem or ("" if owner.name else _NOT_TOLD)
        return Entry(
            row,
            text,
            owner.name,
            self._owner_country,
            frame.country,
            frame.kind,
            "unknown" if owner.is_doubtful else frame.status,
            refusal or frame.refusal,
            remarks or [],
            owner.words if owner.is_doubtful else frame.doubt if frame.status == "unknown" else "",
        )

    # Tables

    def _in_table(self, line: str, row: int) -> Iterator[Entry]:
        if self._table is None:
            self._table = []
        elif line.startswith(("|-", "|}")):
            yield from self._close_table(row)
            self._table = [] if line.startswith("|-") else None
        elif BULLETS.match(line):
            yield self._refused(line.lstrip("*#: "), row)
            self._table.append("")
        else:
            self._table.append("" if line.startswith(("!", "|+")) and "[[" not in line else line)

    def _is_layout(self) -> bool:
        """Whether the table only puts lists side by side, so that its items are read as any."""
        return not self._is_list and not any("[[" in cell for cell in self._table or [])

    def _close_table(self, row: int) -> Iterator[Entry]:
        """Yield the row of a table before the line `row`, as one that is not read."""
        cells, self._table = self._table or [], None
        words = " ".join(cells)
        if re.search(r"[^\W_]", read_line(words.replace("|", " | ")[:_LONGEST_LINE]).shown):
            yield self._refused(words, row - len(cells))

    def _refused(self, words: str, row: int) -> Entry:
        reason = "stands in a table, which is not read; write it as a list, or import the table as CSV"
        return replace(self._entry(words[:_LONGEST_LINE], row), refusal=reason)


def _has_date_or_country(line: Line) -> bool:
    """Whether an item above others says of itself when, or in which country: then it is a partner."""
    words = [part.strip() for part in re.split(r"[,()–:]", line.shown)]
    return bool(mark_dates(line.shown)[1]) or any(is_country(word) for word in words[1:])


def _is_subdivision(text: str) -> bool:
    found = find_country(text)
    return found is not None and found.how == "subdivision"
