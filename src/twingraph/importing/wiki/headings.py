"""What a heading of a wiki's page says of the list below it: partners, of which kind, of the past, in which country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from twingraph.importing.wiki.date_words import mark_dates
from twingraph.importing.wiki.markup import STRUCK, is_country, read_line, without_marks
from twingraph.importing.wiki.tie_words import KINDS_IN_WORDS, NO_TIE, STATUSES_IN_WORDS, Token, tokens
from twingraph.resolving.countries import find_country

__all__ = ["Heading", "read_heading"]

#: Sections whose links are no partners.
_BACK_MATTER = re.compile(
    r"(?:see also|references|notes|footnotes|citations|sources|bibliography|further reading|external links|"
    r"siehe auch|einzelnachweise|anmerkungen|quellen|literatur|weblinks|fußnoten|voir aussi|notes et références|"
    r"références|liens externes|bibliographie|note|voci correlate|collegamenti esterni|véase también|referencias|"
    r"enlaces externos|bibliografia|bibliografía|przypisy|zobacz też|linki zewnętrzne|uwagi)\b",
    re.IGNORECASE,
)
#: Sections that hold one about partners beside others.
_CONTAINER = re.compile(
    r"(?:international|foreign|external) (?:relations?|affairs|cooperation|co-operation)|"
    r"internationale (?:beziehungen|zusammenarbeit)|außenbeziehungen|(?:relations|coopération) internationales?|"
    r"(?:relazioni|rapporti|cooperazione) internazional[ie]|(?:relaciones|cooperación) internacional(?:es)?|"
    r"współpraca (?:międzynarodowa|zagraniczna)|stosunki międzynarodowe",
    re.IGNORECASE,
)
#: What groups partners: continents, at home and abroad, the letters of a list.
_GROUPS = re.compile(
    r"(?:africa|america|north america|south america|central america|latin america|asia|europe|oceania|australia|"
    r"middle east|world|domestic|national|international|abroad|overseas|foreign|home|"
    r"afrika|amerika|nordamerika|südamerika|mittelamerika|lateinamerika|asien|europa|ozeanien|australien|naher osten|"
    r"inland|ausland|innerdeutsche?|im inland|im ausland|nationale?|internationale?|"
    r"afrique|amérique(?: du nord| du sud| latine)?|asie|océanie|australie|étranger|à l['’]étranger|"
    r"nationaux|internationaux|nationales|internationales|en france|"
    r"america (?:settentrionale|meridionale|latina|del nord|del sud)|asia|oceania|nazionali|internazionali|estero|"
    r"all['’]estero|américa(?: del norte| del sur| latina)?|áfrica|nacionales|internacionales|"
    r"azja|afryka|ameryka(?: północna| południowa)?|krajowe|zagraniczne|zagranica|"
    r"\w|\w\s*[-–,]\s*\w|0[-–]9|other countries|rest of the world)",
    re.IGNORECASE,
)
#: Beside these words, those for the past are about others.
_OF_TODAY = re.compile(
    r"current|active|present|aktuelle?|aktive?|bestehende?|actuels?|actuelles?|attuali|attivi|actuales|obecne|aktywne",
    re.IGNORECASE,
)
#: Words that leave a heading without one for a tie as neutral as "Current" or "Städte im Ausland".
_NEUTRAL = re.compile(r"international\w*|in|of|the|im|in|der|die|le|la|les|i|gli|el|los|las|à l['’]|w|z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says.

    Attributes:
        sort: "partners", "group" (of them, by place), "container" (of a section about them), "back" (no partners),
            "other" (not understood).
        names_ties: whether it holds a word for a tie.
        kind: our kind; None where it names none, "" where it names several.
        status: our status, "" where it names none, "unknown" where a part of it is not understood.
        refusal: why what stands below is no tie, or "".
        country: that it names, or "".
    """

    sort: str
    names_ties: bool = False
    kind: str | None = None
    status: str = ""
    refusal: str = ""
    country: str = ""


def read_heading(text: str, own_names: Iterable[str] = ()) -> Heading:
    """Return what the wikitext of a heading says.

    Args:
        text: without the marks of a heading.
        own_names: of the town that the page is about, which say nothing more.
    """
    line = read_line(text)
    unstruck = without_marks(STRUCK.sub("", line.marked))
    if not re.search(r"\w", unstruck) and STRUCK.search(line.marked):
        struck = read_heading(without_marks(line.marked), own_names)
        return replace(struck, status="ended") if struck.sort in ("partners", "group") else struck
    shown = unstruck.strip(" :.")
    for name in own_names:
        shown = re.sub(rf"(?<!\w){re.escape(name)}(?:['’]?s)?(?!\w)", " ", shown).strip(" :.")
    if _BACK_MATTER.match(shown):
        return Heading("back")
    if _CONTAINER.fullmatch(shown):
        return Heading("container")
    if _GROUPS.fullmatch(shown):
        return Heading("group")
    if is_country(shown) or (not shown and len(line.flags) == 1):
        return Heading("group", country=shown or line.flags[0])
    if shown and all(_is_place(part.strip()) for part in shown.split(",")):
        return Heading("group")
    return _of_words([*_parts(shown), *([Token("", aside, 0, 0)] for aside in line.asides)])


def _is_place(text: str) -> bool:
    """Whether a text is a country or a part of one, such as "Bayern" or "East of England"."""
    text = re.sub(
        r"^(?:(?:north|south|east|west|central)(?:ern)?(?:[\s-](?:east|west)(?:ern)?)?(?: of)? )", "", text, flags=re.I
    )
    found = find_country(text)
    return is_country(text) or bool(found and found.how == "subdivision" and text[:1].isupper())


def _parts(shown: str) -> list[list[Token]]:
    """Return the words of a heading, in parts that marks and words for "and" divide; a place in words is plain."""
    parts: list[list[Token]] = [[]]
    for word in tokens(mark_dates(shown)[0]):
        if word.meaning in ("mark", "and"):
            if word.text not in "'’\"„“”«»-/" and parts[-1]:
                parts.append([])
            continue
        is_known_place = not word.meaning and _is_group(word.text)
        parts[-1].append(Token("plain", word.text, word.start, word.end) if is_known_place else word)
    return [part for part in parts if part]


def _are_neutral(parts: list[list[Token]]) -> bool:
    """Whether words say no more than that towns follow: "Other links" may be about anything."""
    return all(
        word.meaning == "town"
        or _OF_TODAY.fullmatch(word.text)
        or _NEUTRAL.fullmatch(word.text)
        or _is_group(word.text)
        for part in parts
        for word in part
    )


def _is_group(text: str) -> bool:
    return len(text) > 1 and (is_country(text) or _GROUPS.fullmatch(text) is not None)


def _begins_otherwise(meanings: list[set[str]]) -> bool:
    """Whether a tie with a status, or planned, comes after one without, as in "twin towns and former twin towns"."""
    told = [bool(part & {*STATUSES_IN_WORDS, *NO_TIE}) for part in meanings if part & set(KINDS_IN_WORDS)]
    return any(told) and not told[0]


def _of_words(parts: list[list[Token]]) -> Heading:
    meanings = [{word.meaning for word in part} for part in parts]
    every = set().union(*meanings)
    clear = [part for part in meanings if "" not in part and "not" not in part]
    names_ties = any(part & set(KINDS_IN_WORDS) for part in clear)
    statuses = {STATUSES_IN_WORDS[word] for word in every if word in STATUSES_IN_WORDS}
    refusal = next((NO_TIE[word] for word in every if word in NO_TIE), "")
    is_whole = len(clear) == len(parts)
    if not parts or not (names_ties or (is_whole and (statuses or refusal or _are_neutral(parts)))):
        has_ties = bool(every & set(KINDS_IN_WORDS))
        return Heading("other", names_ties=has_ties, refusal=refusal, status="unknown" if statuses else "")
    kinds = [{KINDS_IN_WORDS[word] for word in part if word in KINDS_IN_WORDS} for part in clear]
    # "Friendship agreements" hold a word for a tie as such, too.
    named = {(kind - {"partnership"} or kind).pop() for kind in kinds if kind}
    kind = None if not named else named.pop() if len(named) == 1 else ""
    of_today = any(_OF_TODAY.fullmatch(word.text) for part in parts for word in part)
    status = statuses.pop() if len(statuses) == 1 else "unknown" if statuses else ""
    is_mixed = (of_today and (status or refusal)) or (status and refusal) or _begins_otherwise(meanings)
    if not is_whole or "span" in every or is_mixed:
        status, refusal = "unknown", ""
    if not (names_ties or status or refusal):
        return Heading("group")
    return Heading("partners", names_ties, kind, status, refusal)
