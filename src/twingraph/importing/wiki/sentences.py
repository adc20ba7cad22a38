"""A sentence before a list: whose ties the list holds, and what it says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from twingraph.importing.wiki.date_words import mark_dates
from twingraph.importing.wiki.tie_words import AGAINST, KINDS_IN_WORDS, Token, tokens

__all__ = ["core", "without_names"]

#: What stands in the place of the town's own name.
_OWN = "\ue002"
#: Words that say nothing of whose ties these are.
_HARMLESS = frozenset(
    re.findall(
        r"\w+",
        "it they these there here its their two three four five six seven eight nine ten eleven twelve several many "
        "some sie er es dies diese hier dazu außerdem zudem daneben zwei drei vier fünf sechs sieben acht neun zehn "
        "mehrere elle elles il ils deux trois quatre cinq six sept huit neuf dix plusieurs esso essa due tre quattro "
        "cinque sei sette otto nove dieci ella dos cuatro cinco seis siete ocho nueve diez varias dwa trzy cztery pięć",
    )
)
_WHERE = frozenset(["in", "im", "an", "am", "en", "sur", "bei", "near", "w", "nad"])
_WITH = frozenset(["with", "to", "mit", "zu", "avec", "con", "z", "ze", "à", "aux"])


def without_names(text: str, own_names: Sequence[str], instead: str = "") -> str:
    """Return a text without the town's own names."""
    for name in own_names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text)
    return text


def core(text: str, own_names: Sequence[str]) -> str:
    """Return what a sentence before a list says of it: of "In 2020, Ulm is twinned with towns of X:" that it has twins.

    So it is in a sentence about what is so today, with a word for a tie and none against it. All words are understood
    but those that tell where the town lies, and whom the ties are with: any other may be whose ties these are.
    """
    last = re.split(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[^\W\d_])", text)[-1]
    words = list(tokens(mark_dates(without_names(last, own_names, _OWN))[0]))
    meanings = [word.meaning for word in words]
    ties = [at for at, meaning in enumerate(meanings) if meaning in KINDS_IN_WORDS]
    if "has" in meanings and ties and not AGAINST & set(meanings) and _is_of_the_town(words, ties[0]):
        return " ".join(words[at].text for at in ties)
    return without_names(last, own_names)


def _is_of_the_town(words: Sequence[Token], tie: int) -> bool:
    """Whether no word may name another than the town as the one that has the ties; `tie` is where the first stands."""
    is_free = False
    for at, word in enumerate(words):
        text = word.text.casefold()
        if word.text == _OWN:
            following = words[at + 1].text.casefold() if at + 1 < len(words) else ""
            is_free = following in _WHERE
        elif at > tie and text in _WITH:
            return True
        elif word.meaning == "has" or at == tie:
            is_free = False
        elif not (word.meaning or is_free or text in _HARMLESS):
            return False
    return True
