"""Names of places as search keys: one normal form for matching, never for showing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["search_key"]

# Letters that NFKD does not take apart, in the plain form people type for them.
_PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)
# Apostrophes disappear (Xi'an, Xi´an, Xi’an, Xian are one name); other punctuation parts words.
_APOSTROPHES = re.compile("['’‘ʼʻ`´′ʹʺ״׳]")
_GAPS = re.compile(r"[\W_]+")


@lru_cache(maxsize=1 << 17)
def search_key(name: str) -> str:
    """Return the form under which names are compared: no case, accents, apostrophes or punctuation.

    Scripts other than Latin keep their letters. Umlauts lose their dots (``Köln`` → ``koln``).

    >>> search_key("Xi´an"), search_key("Orăștie"), search_key("Poix-du-Nord"), search_key("西安")
    ('xian', 'orastie', 'poix du nord', '西安')
    """
    if name.isascii():
        plain = _APOSTROPHES.sub("", name).lower()
    else:
        # Before NFKD, which turns the acute accent ´ into a space with a combining mark.
        folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).casefold().translate(_PLAIN)
        plain = "".join(ch for ch in folded if not unicodedata.combining(ch) and ch != "\N{SOFT HYPHEN}")
    return _GAPS.sub(" ", plain).strip()
