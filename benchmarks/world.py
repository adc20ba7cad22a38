"""Write a made-up data folder of the size of the world, in twingraph's own format.

Run: ``python benchmarks/world.py OUT [--municipalities N] [--partnerships M] [--seed S]``

The same arguments give the same bytes, whatever the Python version or hash seed: only `random.Random` is
asked, and only with methods whose sequence Python guarantees or that are written out here. Nothing in it
is real but the countries: names of towns are made of syllables, their ids lie in ranges that neither
Wikidata nor GeoNames has given out (``Q9000000001`` and ``9000000001`` onwards), addresses end in
``.example``. Its shape follows real twinning networks: few towns with about a hundred partners and many
with one, ties mostly between certain countries, a slow start in the fifties, a peak after 1989, and sources
that agree, refine and contradict each other.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import math
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")

FIRST_ID = 9_000_000_000
RETRIEVED = "2024-01-31"

# code|German|English|French|continent|language|syllables|share|south|north|west|east
_COUNTRIES = """
DE|Deutschland|Germany|Allemagne|Europe|de|germanic|170|47.5|54.6|6.2|14.6
FR|Frankreich|France|France|Europe|fr|romance|165|43.0|50.6|-3.6|7.3
PL|Polen|Poland|Pologne|Europe|pl|slavic|75|49.6|54.4|14.8|23.3
IT|Italien|Italy|Italie|Europe|it|romance|72|37.2|46.4|7.4|17.8
GB|Großbritannien|United Kingdom|Royaume-Uni|Europe|en|english|62|50.5|57.4|-4.8|1.2
US|USA|United States|États-Unis|North America|en|english|55|30.2|47.5|-121.5|-75.2
HU|Ungarn|Hungary|Hongrie|Europe|hu|uralic|40|46.0|48.3|16.7|22.4
ES|Spanien|Spain|Espagne|Europe|es|romance|34|36.8|43.2|-8.2|2.4
CZ|Tschechien|Czechia|Tchéquie|Europe|cs|slavic|30|48.9|50.8|12.8|18.3
JP|Japan|Japan|Japon|Asia|ja|japanese|30|32.2|43.2|130.6|142.5
RO|Rumänien|Romania|Roumanie|Europe|ro|romance|28|44.0|47.9|21.3|28.1
RU|Russland|Russia|Russie|Europe|ru|cyrillic|26|44.8|60.3|29.5|84.6
SE|Schweden|Sweden|Suède|Europe|sv|nordic|22|55.7|65.4|12.2|18.9
FI|Finnland|Finland|Finlande|Europe|fi|uralic|22|60.3|66.3|21.8|29.6
BE|Belgien|Belgium|Belgique|Europe|nl|germanic|22|49.8|51.3|3.0|5.9
NL|Niederlande|Netherlands|Pays-Bas|Europe|nl|germanic|21|51.0|53.3|4.2|6.9
CN|China|China|Chine|Asia|zh|chinese|20|23.2|43.7|103.8|122.2
SK|Slowakei|Slovakia|Slovaquie|Europe|sk|slavic|20|47.9|49.3|17.2|22.2
AT|Österreich|Austria|Autriche|Europe|de|germanic|19|46.6|48.7|9.7|16.6
DK|Dänemark|Denmark|Danemark|Europe|da|nordic|16|54.9|57.4|8.4|12.5
UA|Ukraine|Ukraine|Ukraine|Europe|uk|cyrillic|16|46.6|51.3|23.2|37.6
NO|Norwegen|Norway|Norvège|Europe|nb|nordic|15|58.2|69.5|5.6|18.8
LT|Litauen|Lithuania|Lituanie|Europe|lt|baltic|11|54.3|56.2|21.3|26.1
EE|Estland|Estonia|Estonie|Europe|et|uralic|10|57.8|59.4|22.2|27.8
LV|Lettland|Latvia|Lettonie|Europe|lv|baltic|10|56.0|57.7|21.3|27.4
TR|Türkei|Turkey|Turquie|Asia|tr|turkic|12|36.7|41.6|27.2|42.8
HR|Kroatien|Croatia|Croatie|Europe|hr|slavic|11|43.2|46.2|14.1|18.8
SI|Slowenien|Slovenia|Slovénie|Europe|sl|slavic|9|45.6|46.5|13.7|16.2
RS|Serbien|Serbia|Serbie|Europe|sr|cyrillic|10|42.8|45.9|19.3|22.2
BA|Bosnien und Herzegowina|Bosnia and Herzegovina|Bosnie-Herzégovine|Europe|bs|slavic|6|43.1|45.0|16.1|19.1
MK|Nordmazedonien|North Macedonia|Macédoine du Nord|Europe|mk|cyrillic|4|41.1|42.2|20.8|22.7
ME|Montenegro|Montenegro|Monténégro|Europe|cnr|slavic|2|42.2|43.3|18.7|19.9
BG|Bulgarien|Bulgaria|Bulgarie|Europe|bg|cyrillic|11|41.6|43.9|22.9|28.0
GR|Griechenland|Greece|Grèce|Europe|el|greek|11|36.5|41.1|21.2|25.8
PT|Portugal|Portugal|Portugal|Europe|pt|romance|12|37.1|41.9|-8.8|-7.0
CH|Schweiz|Switzerland|Suisse|Europe|de|germanic|10|46.2|47.6|6.4|9.6
IE|Irland|Ireland|Irlande|Europe|en|english|10|51.8|54.2|-9.5|-6.4
IL|Israel|Israel|Israël|Asia|he|hebrew|9|31.0|33.0|34.6|35.5
BY|Belarus|Belarus|Bélarus|Europe|be|cyrillic|7|52.0|55.4|24.0|31.0
MD|Moldau|Moldova|Moldavie|Europe|ro|romance|4|46.2|48.2|27.6|29.6
GE|Georgien|Georgia|Géorgie|Asia|ka|turkic|4|41.5|42.9|41.7|45.8
AM|Armenien|Armenia|Arménie|Asia|hy|turkic|3|39.4|41.1|43.8|46.2
KZ|Kasachstan|Kazakhstan|Kazakhstan|Asia|kk|turkic|3|43.2|54.3|51.2|82.0
LU|Luxemburg|Luxembourg|Luxembourg|Europe|lb|germanic|3|49.5|50.1|5.9|6.4
MT|Malta|Malta|Malte|Europe|mt|romance|2|35.82|36.06|14.2|14.55
CY|Zypern|Cyprus|Chypre|Asia|el|greek|2|34.7|35.1|32.4|33.9
IS|Island|Iceland|Islande|Europe|is|nordic|3|63.6|66.0|-22.4|-14.4
AL|Albanien|Albania|Albanie|Europe|sq|romance|3|40.0|42.2|19.5|20.8
CA|Kanada|Canada|Canada|North America|en|english|9|43.2|53.0|-122.8|-64.2
MX|Mexiko|Mexico|Mexique|North America|es|romance|8|16.8|31.2|-115.0|-89.0
BR|Brasilien|Brazil|Brésil|South America|pt|romance|9|-29.8|-4.0|-56.0|-35.5
AR|Argentinien|Argentina|Argentine|South America|es|romance|5|-38.5|-25.0|-67.0|-57.8
CL|Chile|Chile|Chili|South America|es|romance|4|-41.2|-20.5|-72.8|-70.1
NI|Nicaragua|Nicaragua|Nicaragua|North America|es|romance|4|11.4|13.6|-86.9|-85.0
AU|Australien|Australia|Australie|Oceania|en|english|9|-37.8|-20.4|116.0|152.8
NZ|Neuseeland|New Zealand|Nouvelle-Zélande|Oceania|en|english|5|-45.8|-36.0|169.0|177.0
KR|Südkorea|South Korea|Corée du Sud|Asia|ko|korean|9|34.8|37.8|126.6|129.3
IN|Indien|India|Inde|Asia|en|bantu|4|10.5|29.5|73.0|87.0
PH|Philippinen|Philippines|Philippines|Asia|en|bantu|6|7.0|18.0|120.2|125.5
ZA|Südafrika|South Africa|Afrique du Sud|Africa|en|bantu|4|-33.9|-24.5|18.8|31.2
ML|Mali|Mali|Mali|Africa|fr|bantu|5|11.2|16.5|-10.8|0.2
SN|Senegal|Senegal|Sénégal|Africa|fr|bantu|4|12.6|16.4|-16.8|-12.4
BF|Burkina Faso|Burkina Faso|Burkina Faso|Africa|fr|bantu|5|10.2|14.2|-4.6|1.6
MA|Marokko|Morocco|Maroc|Africa|fr|turkic|3|30.2|35.2|-9.4|-2.2
"""

_FORMER = """
DDDE|Deutsche Demokratische Republik|German Democratic Republic|RD allemande|Europe|1949-10-07|1990-10-02
SUHH|Sowjetunion|Soviet Union|Union soviétique|Europe|1922-12-30|1991-12-26
YUCS|Jugoslawien|Yugoslavia|Yougoslavie|Europe|1945|1992
CSHH|Tschechoslowakei|Czechoslovakia|Tchécoslovaquie|Europe|1918-10-28|1992-12-31
"""
_SUCCESSORS = {
    "SUHH": ("RU", "UA", "BY", "MD", "GE", "AM", "KZ", "LT", "LV", "EE"),
    "YUCS": ("RS", "HR", "SI", "BA", "MK", "ME"),
    "CSHH": ("CZ", "SK"),
}
_EAST = frozenset(
    [
        "PL",
        "HU",
        "CZ",
        "SK",
        "RO",
        "BG",
        "RU",
        "UA",
        "BY",
        "MD",
        "GE",
        "AM",
        "KZ",
        "LT",
        "LV",
        "EE",
        "RS",
        "HR",
        "SI",
        "BA",
        "MK",
        "ME",
        "AL",
    ]
)

# Ties that history made many: country pair and by how much more than distance alone would.
_BONDS = {
    "DE-FR": 9, "DE-GB": 5, "FR-GB": 8, "DE-PL": 3, "FR-IT": 3, "DE-HU": 4, "DE-IT": 2.5, "DE-RU": 4,
    "JP-US": 14, "CN-JP": 5, "CN-US": 6, "CN-DE": 4, "JP-KR": 4, "DE-US": 5, "DE-IL": 14, "FI-EE": 4,
    "FI-RU": 5, "SE-FI": 3, "DK-SE": 3, "NO-DK": 3, "SE-NO": 2, "HU-RO": 7, "RO-FR": 5, "BF-FR": 28,
    "FR-ML": 24, "FR-SN": 22, "DE-NI": 22, "MX-US": 12, "BR-PT": 9, "PL-UA": 3, "FR-PL": 3, "ES-FR": 3,
    "FR-PT": 4, "DE-AT": 2, "DE-CZ": 3, "RO-MD": 8, "AU-JP": 10, "NZ-JP": 8, "GB-US": 3, "IE-US": 6,
    "IE-FR": 5, "PH-US": 7, "KR-US": 6, "RU-US": 4, "BY-RU": 4, "TR-DE": 4, "GR-CY": 7, "AR-IT": 5,
    "BR-JP": 7, "CA-JP": 7, "BE-FR": 2, "DE-NL": 2, "RS-GR": 3, "IL-US": 5,
}  # fmt: skip

# Each group: beginnings, middles (without them ends serve) and ends; in another script the same place of each list is
# the same sound.
_SYLLABLES: dict[str, tuple[str, str, str]] = {
    "germanic": (
        "Al Bar Ber Dorn Eich Frei Gold Ham Hel Kalt Lang Lind Mühl Nord Ober Rot Schön Stein Wald Wies",
        "len men ben der sel ger kel mer nen ters",
        "bach berg brück burg dorf feld hausen heim hof ingen münde rode stadt stedt tal weiler",
    ),
    "romance": (
        "Al Ar Bel Cas Cor Fon Gran Mon Mar Nov Pel Ri Ros Sal San Tor Val Ver Vil Clé",
        "ta la ri no de vi mo ca se lo",
        "bert celle fort gny lles mont nais nova ral rano ro seur tello tia vère zano",
    ),
    "english": (
        "Ash Bex Black Brad Clay Dun Elm Fair Green Hart King Mill Nor Oak Red Stan Thorn Wes Whit Wool",
        "ing le er en der al es ley ham com",
        "borough bridge bury by combe dale don field ford ham ley mouth port shire ton worth",
    ),
    "slavic": (
        "Bel Bor Brod Čer Dob Gor Jab Kam Kras Lip Mir Nov Ost Pod Rad Slav Stud Vel Vrb Žel",
        "o e a ni re li mo dě va sa",
        "brod gora hrad ice ín kov lec lín mir nik no polje rov sko towo ves",
    ),
    "nordic": (
        "Ål Bjørn Berg Dal Eke Fin Gran Hav Hol Karl Lin Mal Nord Ør Ros Sand Skov Sol Vest Vik",
        "e er um sta na ne le ra sa ke",
        "bo borg bro by dal fjord fors havn holm köping lund nes rup stad sund vik",
    ),
    "uralic": (
        "Ala Kes Kis Kuu Lap Mez Nagy Ori Pál Raa Sala Szé Tam Tör Ura Val Vár Vih Yli Zsa",
        "ka la na ke li ri vo sa me tó",
        "falva gyháza hely järvi joki kylä lahti mäki pere rand salo szeg vár vere vásár koski",
    ),
    "baltic": (
        "Al Balt Dau Gar Jel Kau Klai Lie Mari Ner Pane Ros Šiau Tel Ut Val Vent Vil Zar Žem",
        "ga le na ri pi vo ta do me ki",
        "ava aičiai da dava ena gava iai lis miestis nai pils sala te va vēžys zene",
    ),
    "turkic": (
        "Ak Al Bey Çam Dağ Er Gök Gül İn Kara Kız Kut Niğ Or Sarı Şen Taş Tok Us Yeni",
        "la ka ma ta ra ba da sa ya na",
        "bey burun dere hisar kent köy lar li lık ova pınar şehir su tepe yurt kale",
    ),
    "bantu": (
        "Ba Bo Da Fa Ka Ko Ku Le Ma Mbo Nda Ngo Ou Sa Se Ta Tim Wa Ya Zi",
        "na la ra mba li ndi go ka du ti",
        "bougou dara dougou gani kala koro kro lolo mani nga so sso tenga ville wane yiri",
    ),
    "cyrillic": (
        "Александр Бел Бор Верх Волж Гор Дмитр Зар Камен Красн Лес Мир Никол Ново Озер Петр Светл Степн Тихо Юж",
        "о е и а но ро ля ме ва са",
        "бург вка вск град горск дар ево иха ки но ново поль ск славль тов ямск",
    ),
    "greek": (
        "Αγ Αλ Αμ Βολ Δελ Ηρ Θερ Καλ Κορ Λαρ Μεγ Μυλ Ναυ Ολ Πατ Πετ Ροδ Σπαρ Τριπ Χαλ",
        "ι α ο ε λα μο νι ρα τι φο",
        "δα δος κη λος μα μος νια νος πολη ρα ρια σα σος τρα χωρι ψα",
    ),
    "chinese": (
        "安 北 长 成 大 东 福 广 海 杭 金 连 南 宁 青 上 石 天 西 新",
        "",
        "州 都 江 京 口 陵 明 宁 平 山 阳 原 城 岛 港 河",
    ),
    "japanese": (
        "青 秋 石 大 岡 小 金 川 北 高 長 名 西 浜 東 広 福 松 三 山",
        "",
        "井 浦 江 形 川 口 崎 沢 島 城 田 谷 野 原 本 山",
    ),
    "korean": (
        "강 경 고 광 김 남 동 부 서 성 속 수 안 양 여 울 원 의 전 창",
        "",
        "구 군 기 남 동 릉 명 산 성 수 시 양 원 주 천 포",
    ),
    "hebrew": (
        "אש באר בית גבע חד חול כפר מג נהר נת עכ עפ פתח צפ קרי רמ רע רח תל שד",
        "",
        "אל בון גן דרה הוד יה ים ית לון נה ניה עד רות שבע תקווה תון",
    ),
}

_LATIN: dict[str, tuple[str, str, str]] = {
    "cyrillic": (
        "Alexandr Bel Bor Verkh Volzh Gor Dmitr Zar Kamen Krasn Les Mir Nikol Novo Ozer Petr Svetl Stepn Tikho Yuzh",
        "o e i a no ro lya me va sa",
        "burg vka vsk grad gorsk dar yevo ikha ki no novo pol sk slavl tov yamsk",
    ),
    "greek": (
        "Ag Al Am Vol Del Ir Ther Kal Kor Lar Meg Myl Naf Ol Pat Pet Rod Spar Trip Chal",
        "i a o e la mo ni ra ti fo",
        "da dos ki los ma mos nia nos poli ra ria sa sos tra chori psa",
    ),
    "chinese": (
        "An Bei Chang Cheng Da Dong Fu Guang Hai Hang Jin Lian Nan Ning Qing Shang Shi Tian Xi Xin",
        "",
        "zhou du jiang jing kou ling ming ning ping shan yang yuan cheng dao gang he",
    ),
    "japanese": (
        "Ao Aki Ishi O Oka Ko Kana Kawa Kita Taka Naga Na Nishi Hama Higashi Hiro Fuku Matsu Mi Yama",
        "",
        "i ura e gata gawa guchi saki sawa shima shiro da ya no hara moto yama",
    ),
    "korean": (
        "Gang Gyeong Go Gwang Gim Nam Dong Bu Seo Seong Sok Su An Yang Yeo Ul Won Ui Jeon Chang",
        "",
        "gu gun gi nam dong neung myeong san seong su si yang won ju cheon po",
    ),
    "hebrew": (
        "Ash Beer Beit Geva Had Hol Kfar Mag Nahar Net Ak Af Petah Tsf Kiry Ram Ra Reh Tel Sd",
        "",
        "el bon gan dera hod ya yam it lon na niya ad rot sheva tikva ton",
    ),
}
_FIELDS = [
    "culture",
    "sport",
    "youth-exchange",
    "pupil-exchange",
    "music",
    "fire-brigades",
    "environment",
    "tourism",
    "economic-contacts",
    "administration-exchange",
    "science-exchange",
    "school-partnerships",
    "religion",
    "humanitarian-aid",
    "language",
]
_PURPOSES = [
    "reconciliation",
    "understanding-between-peoples",
    "european-idea",
    "cultural-exchange",
    "economic-exchange",
    "international-peace",
    "personal-relations",
]
_EXONYMS = {
    "de": ("en", "au", "ach", "itz", "burg"),
    "en": ("a", "on", "ville", "y", "gate"),
    "fr": ("e", "oing", "ange", "y"),
}


@dataclass(slots=True)
class Country:
    """A country, its box on the map and its share of all municipalities."""

    code: str
    names: dict[str, str]
    continent: str
    language: str
    group: str
    share: float
    box: tuple[float, float, float, float]
    towns: list[int] = field(default_factory=list)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its box, as latitude and longitude."""
        south, north, west, east = self.box
        return (south + north) / 2, (west + east) / 2


@dataclass(slots=True)
class Town:
    """A municipality. `latin` is how sources of other languages write it."""

    key: str
    number: int
    country: Country
    name: str
    latin: str
    name_de: str
    name_en: str
    more: list[tuple[str, str]]
    lat: float
    long: float
    level: str
    degree: int = 0
    is_homonym: bool = False
    page: str = ""

    @property
    def was_gdr(self) -> bool:
        """Whether it lay in the GDR: the east of the German box."""
        return self.country.code == "DE" and self.long > 10.9 and self.lat > 50.3


@dataclass(slots=True)
class Tie:
    """One partnership as it really was; sources say more or less of it."""

    towns: tuple[int, ...]
    year: int
    month: int
    day: int
    friendship: int = 0
    end: int = 0
    status: str = "active"
    union: str = ""
    kind: str = "partnership"


@dataclass(slots=True)
class SourceFolder:
    """One source and its rows."""

    id: str
    title: str
    publisher: str
    language: str
    type: str
    date: str = ""
    inferred: str = ""
    speaks_for: tuple[str, ...] = ()
    precision: int = 0
    checked: bool = True
    claims: list[list[str]] = field(default_factory=list)
    others: list[list[str]] = field(default_factory=list)


class World:
    """A made-up world; `write` puts it into a folder."""

    def __init__(self, municipalities: int, partnerships: int, seed: int) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.countries = _countries()
        self.towns: list[Town] = []
        self.names: dict[tuple[str, str], int] = {}
        self.judgements: list[list[str]] = []
        self.sources: dict[str, SourceFolder] = {}
        self._make_towns(municipalities)
        self._make_degrees(partnerships)
        self.ties = self._make_ties(partnerships)
        self._make_sources()
        for number, tie in enumerate(self.ties):
            self._state(tie, number)
        self._make_others()

    # --- chance, written out so that it stays the same in every Python ------------------------------------

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[int(self.random.random() * len(items))]

    def chance(self, share: float) -> bool:
        """Return True in `share` of the cases."""
        return self.random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def weighted(self, cumulated: Sequence[float]) -> int:
        """Return an index by cumulated weights."""
        return min(bisect(cumulated, self.random.random() * cumulated[-1]), len(cumulated) - 1)

    def shuffle(self, items: list[T]) -> None:
        """Shuffle in place."""
        for i in range(len(items) - 1, 0, -1):
            j = int(self.random.random() * (i + 1))
            items[i], items[j] = items[j], items[i]

    # --- municipalities ----------------------------------------------------------------------------------

    def _make_towns(self, count: int) -> None:
        shares = list(accumulate(country.share for country in self.countries))
        keys: set[str] = set()
        for number in range(count):
            # Every country has one town at least; the rest by its share.
            country = self.countries[number if number < len(self.countries) else self.weighted(shares)]
            name, latin = self._name(country, number)
            name_de = name_en = ""
            if latin != name:
                name_en = latin
                name_de = latin if self.chance(0.6) else self._exonym(latin, "de", country, number)
            else:
                if self.chance(0.55):
                    name_de = name if self.chance(0.85) else self._exonym(name, "de", country, number)
                if self.chance(0.55):
                    name_en = name if self.chance(0.9) else self._exonym(name, "en", country, number)
            more = []
            if self.chance(0.15):
                more.append((self._exonym(latin, "fr", country, number), "fr"))
            key = f"Q{FIRST_ID + number + 1}"
            if self.chance(0.04):
                key = self._opaque(keys)
            south, north, west, east = country.box
            self.towns.append(
                Town(
                    key,
                    number,
                    country,
                    name,
                    latin,
                    name_de,
                    name_en,
                    more,
                    round(south + (north - south) * self.random.random(), 5),
                    round(west + (east - west) * self.random.random(), 5),
                    self._level(),
                )
            )
            country.towns.append(number)
        self._make_homonyms()

    def _level(self) -> str:
        x = self.random.random()
        return "municipality" if x < 0.93 else "district" if x < 0.955 else "borough" if x < 0.97 else "village"

    def _opaque(self, keys: set[str]) -> str:
        while True:
            key = "m" + "".join(self.pick("abcdefghijklmnopqrstuvwxyz234567") for _ in range(6))
            if key not in keys:
                keys.add(key)
                return key

    def _name(self, country: Country, number: int) -> tuple[str, str]:
        """Return a name that is new in its country, in the local script and in Latin letters."""
        parts = [text.split() for text in _SYLLABLES[country.group]]
        latin_parts = [text.split() for text in _LATIN.get(country.group, ("", "", ""))]
        is_latin = country.group not in _LATIN
        tries = 0
        while True:
            tries += 1
            first, last = int(self.random.random() * 20), int(self.random.random() * 16)
            length = (0 if self.chance(0.45) else 1) + (tries > 3) + (tries > 20)
            local, latin = parts[0][first], "" if is_latin else latin_parts[0][first]
            for _ in range(length):
                of = 1 if parts[1] else 2
                at = int(self.random.random() * len(parts[of]))
                local += parts[of][at]
                latin += "" if is_latin else latin_parts[of][at]
            local += parts[2][last]
            latin = local if is_latin else latin + latin_parts[2][last]
            befores = ("Bad", "Groß", "Neu") if country.language == "de" else ("Nova", "Alta", "Sainte")
            if is_latin and self.chance(0.06):
                local = latin = f"{self.pick(befores)}-{local}"
            if self._claim_name(local, country, number) and (is_latin or self._claim_name(latin, country, number)):
                return local, latin

    def _exonym(self, name: str, language: str, country: Country, number: int) -> str:
        stem = name.rstrip("aeiouyäöüéèíáóę")
        for end in _EXONYMS[language]:
            if self._claim_name(stem + end, country, number):
                return stem + end
        return name

    def _claim_name(self, name: str, country: Country, number: int) -> bool:
        """Return whether a name is free in its country, and take it: else it would resolve to two towns."""
        key = (_plain(name), country.code)
        if key in self.names and self.names[key] != number:
            return False
        self.names[key] = number
        return True

    def _make_homonyms(self) -> None:
        """Give some small towns the name of another in their country, as Neustadt and Saint-Martin have."""
        for _ in range(len(self.towns) // 300):
            country = self.pick(self.countries[:12])
            if len(country.towns) < 20:
                continue
            one, other = self.towns[self.pick(country.towns)], self.towns[self.pick(country.towns)]
            if one.number == other.number or one.is_homonym or other.is_homonym:
                continue
            other.name, other.latin, other.name_de, other.name_en, other.more = one.name, one.latin, "", "", []
            if other.latin != other.name:
                other.name_en = other.latin
            one.is_homonym = other.is_homonym = True

    # --- ties --------------------------------------------------------------------------------------------

    def _make_degrees(self, partnerships: int) -> None:
        """Draw how many ties each town wants: a power law cut at 100, scaled to the wanted mean."""
        top = 100
        wanted = 2 * partnerships / len(self.towns)
        low, high = 1.01, 4.0
        for _ in range(60):
            exponent = (low + high) / 2
            weights = [k**-exponent * math.exp(-k / 60) for k in range(1, top + 1)]
            mean = sum(k * w for k, w in enumerate(weights, 1)) / sum(weights)
            low, high = (exponent, high) if mean > wanted else (low, exponent)
        cumulated = list(accumulate(weights))
        for town in self.towns:
            town.degree = self.weighted(cumulated) + 1
            if town.is_homonym:
                town.degree = min(town.degree, 2)

    def _make_ties(self, count: int) -> list[Tie]:
        pools = {
            country.code: [n for n in country.towns for _ in range(self.towns[n].degree)] for country in self.countries
        }
        for pool in pools.values():
            self.shuffle(pool)
        bonds = self._bonds()
        codes = [country.code for country in self.countries]
        starts = [number for code in codes for number in pools[code]]
        self.shuffle(starts)
        left = {town.number: town.degree for town in self.towns}
        ties: list[Tie] = []
        seen: set[tuple[int, int]] = set()
        rounds = 0
        while len(ties) < count and rounds < 8:
            rounds += 1
            for number in starts:
                if len(ties) >= count:
                    break
                if left[number] <= 0 and rounds < 4:
                    continue
                own = self.towns[number].country.code
                weights = list(accumulate(b * (len(pools[c]) + 1) for c, b in zip(codes, bonds[own], strict=True)))
                for _ in range(12):
                    code = codes[self.weighted(weights)]
                    pool = pools[code]
                    if not pool:
                        continue
                    at = int(self.random.random() * len(pool))
                    other = pool[at]
                    pair = (min(number, other), max(number, other))
                    if other == number or pair in seen or (left[other] <= 0 and rounds < 4):
                        continue
                    pool[at] = pool[-1]
                    pool.pop()
                    seen.add(pair)
                    left[number] -= 1
                    left[other] -= 1
                    ties.append(self._tie((number, other)))
                    break
            for code in codes:
                if not pools[code]:
                    pools[code] = [n for n in self._country(code).towns if left[n] > 0 or rounds > 2]
        ties += self._make_unions(count)
        return ties

    def _country(self, code: str) -> Country:
        return next(country for country in self.countries if country.code == code)

    def _bonds(self) -> dict[str, list[float]]:
        """Return how much each country is drawn to each other: near ones, and those that history tied."""
        special = {frozenset(pair.split("-")): weight for pair, weight in _BONDS.items()}
        bonds: dict[str, list[float]] = {}
        for one in self.countries:
            row = []
            for other in self.countries:
                if one is other:
                    row.append(0.45 if one.code in ("DE", "JP", "IT", "CN") else 0.12)
                    continue
                weight = math.exp(-_kilometres(one.centre, other.centre) / 900) + 0.05
                row.append(weight * special.get(frozenset((one.code, other.code)), 1))
            bonds[one.code] = row
        return bonds

    def _tie(self, towns: tuple[int, int]) -> Tie:
        one, other = (self.towns[number] for number in towns)
        year = self._year(one, other)
        tie = Tie(towns, year, self.between(1, 12), 0)
        tie.day = self.between(1, calendar.monthrange(year, tie.month)[1])
        codes = {one.country.code, other.country.code}
        if self.chance(0.02) and year > 1950:
            tie.friendship = year - self.between(1, 12)
        elif self.chance(0.10):
            tie.kind = ("friendship", "friendship", "contact", "project", "sponsorship")[self.between(0, 4)]
        if "RU" in codes and len(codes) > 1 and self.chance(0.3) and year < 2021:
            tie.status = "suspended"
        elif self.chance(0.025) and year < 2012:
            tie.status, tie.end = "ended", self.between(max(year + 3, 1980), 2023)
        elif self.chance(0.012):
            tie.status = "dormant"
        return tie

    def _year(self, one: Town, other: Town) -> int:
        """Draw a year from the curve of foundings, later where politics did not let towns tie before."""
        codes = {one.country.code, other.country.code}
        east = [code in _EAST or town.was_gdr for code, town in ((t.country.code, t) for t in (one, other))]
        first = 1947
        if self.chance(0.0004):
            return self.between(1913, 1938)
        if "CN" in codes:
            first = 1973
        elif east[0] != east[1] and self.chance(0.85):
            first = 1987
        elif {"GE", "AM", "KZ", "MD"} & codes and self.chance(0.8):
            first = 1989
        while True:
            year = 1947 + self.weighted(_YEARS)
            if year >= first:
                return year

    def _make_unions(self, count: int) -> list[Tie]:
        """Return rings and unions: one tie of many towns, and a few of three."""
        ties = []
        number = max(2, count // 4000)
        for index in range(number):
            size = self.between(5, 27)
            members: list[int] = []
            for country in self._some_countries(size):
                town = self.pick(country.towns)
                if town not in members and not self.towns[town].is_homonym:
                    members.append(town)
            year = self.between(1958, 2012)
            if len(members) > 3:
                ties.append(Tie(tuple(members), year, 5, 9, union=f"made-up-ring-{index + 1:02d}"))
        for _ in range(count // 1000):
            members = []
            for country in self._some_countries(3):
                town = self.pick(country.towns)
                if not self.towns[town].is_homonym:
                    members.append(town)
            if len(members) == 3:
                year = self.between(1958, 2018)
                ties.append(Tie(tuple(members), year, self.between(1, 12), self.between(1, 28)))
        return ties

    def _some_countries(self, size: int) -> list[Country]:
        chosen = [country for country in self.countries if country.continent == "Europe"]
        self.shuffle(chosen)
        return chosen[:size]

    # --- sources and claims ------------------------------------------------------------------------------

    def _make_sources(self) -> None:
        def add(source: SourceFolder) -> None:
            self.sources[source.id] = source

        add(SourceFolder("made-up-gazetteer", "Made-up gazetteer", "twingraph benchmarks", "en", "database", "2023"))
        add(SourceFolder("made-up-items", "Made-up items", "twingraph benchmarks", "en", "database", "2022"))
        add(
            SourceFolder(
                "world-register",
                "Register of twin towns",
                "Made-up register",
                "en",
                "database",
                "2016-05",
                precision=1,
                checked=False,
            )
        )
        add(
            SourceFolder(
                "world-encyclopedia",
                "Lists of twin towns",
                "Made-up encyclopedia",
                "de",
                "encyclopedia",
                "2021-11",
                precision=1,
                checked=False,
            )
        )
        for country in self.countries:
            language = country.language if country.language in ("de", "en", "fr") else "en"
            add(
                SourceFolder(
                    f"portal-{country.code.lower()}",
                    f"Twin towns of {country.names['en']}",
                    f"Made-up association of towns, {country.names['en']}",
                    language,
                    "portal",
                    f"{self.between(2008, 2023)}",
                    precision=self.between(0, 2),
                    checked=self.chance(0.5),
                )
            )
        count = min(420, max(4, len(self.towns) // 60))
        ranked = sorted(self.towns, key=lambda town: (-town.degree, town.number))
        voices = [town for town in ranked if not town.is_homonym][:count]
        for index, town in enumerate(voices, 1):
            language = town.country.language if town.country.language in ("de", "en", "fr") else "en"
            town.page = f"town-{index:04d}"
            kind = "municipal page" if index % 6 else "association page"
            dated = self.chance(0.5)
            add(
                SourceFolder(
                    town.page,
                    f"Partners of {town.latin}",
                    f"Made-up town of {town.latin}",
                    language,
                    kind,
                    f"{self.between(2005, 2023)}" if dated else "",
                    "" if dated or self.chance(0.4) else f"{self.between(2005, 2014)}/{self.between(2015, 2024)}",
                    (f"{town.latin}@{town.country.code}",),
                    precision=self.between(0, 1),
                    checked=self.chance(0.8),
                )
            )

    def _state(self, tie: Tie, number: int) -> None:
        """Let one to four sources say something about a tie."""
        sides = list(tie.towns)
        speakers: list[tuple[str, int]] = []
        first = sides[number % 2]
        speakers.append((f"portal-{self.towns[first].country.code.lower()}", first))
        if self.chance(0.12):
            other = sides[1 - number % 2]
            speakers.append((f"portal-{self.towns[other].country.code.lower()}", other))
        if self.chance(0.06):
            speakers.append((self.pick(("world-register", "world-encyclopedia")), sides[0]))
        for town in sides:
            # Not every town lists what its partner lists.
            if self.towns[town].page and self.chance(0.85):
                speakers.append((self.towns[town].page, town))
        done = set()
        for source, town in speakers:
            if source not in done:
                done.add(source)
                self._claim(self.sources[source], tie, town, len(done))

    def _claim(self, source: SourceFolder, tie: Tie, town: int, nth: int) -> None:
        one = self.towns[town]
        others = [self.towns[number] for number in tie.towns if number != town]
        start = self._date(source, tie, nth)
        status = tie.status
        if source.precision == 2 and self.chance(0.4):
            status = ""
        elif status in ("suspended", "dormant") and self.chance(0.4):
            status = "active"
        end = str(tie.end) if status == "ended" and self.chance(0.8) else ""
        as_of = source.date[:4] or "2015"
        if tie.end and int(as_of) < tie.end:
            status, end = "active", ""
        since = "2022" if status == "suspended" and self.chance(0.7) else ""
        if start and end and start[:4] > end:
            start = ""
        written = others[0].country.names.get(source.language, others[0].country.names["en"])
        codes = ";".join(other.country.code for other in others)
        if len({other.country.code for other in others}) == 1:
            codes = others[0].country.code
        name, country = self._written(one, source)
        partners = [self._written(other, source) for other in others]
        if len(partners) == 1 and not partners[0][1]:
            codes = ""
        kind = tie.kind if self.chance(0.97) else ("friendship" if tie.kind == "partnership" else "partnership")
        if self.chance(0.05):
            kind = ""
        fields = (
            ";".join(dict.fromkeys(self.pick(_FIELDS) for _ in range(self.between(1, 3)))) if self.chance(0.06) else ""
        )
        is_foreign = len(others) == 1 and others[0].country is not one.country
        row = {
            "name": name,
            "country": country,
            "partner": ";".join(name for name, _ in partners),
            "partner_country": codes,
            "written_country": written if is_foreign and self.chance(0.7) else "",
            "then_country": self._state_then(others[0], start) if len(others) == 1 and self.chance(0.6) else "",
            "kind": kind,
            "start": start,
            "end": end,
            "status": status,
            "status_since": since,
            "renewed": str(self.between(tie.year + 5, 2024)) if tie.year < 2005 and self.chance(0.02) else "",
            "first_contact": str(tie.year - self.between(1, 8)) if tie.year > 1955 and self.chance(0.02) else "",
            "union": tie.union,
            "fields": fields,
        }
        if self.chance(0.002):
            row["taken_over_from"] = self.towns[self.pick(one.country.towns)].latin
            row["taken_over"] = str(self.between(1968, 1978))
        if tie.friendship and start and nth <= 2:
            row["kind"] = "partnership"
            early = dict(row, kind="friendship", start=str(tie.friendship), end=start[:4], status="", status_since="")
            if str(tie.friendship) <= start[:4]:
                self._row(
                    source,
                    dict(early, becomes="partnership", renewed="", first_contact="", taken_over_from="", taken_over=""),
                )
        self._row(source, row)

    def _row(self, source: SourceFolder, row: dict[str, str]) -> None:
        number = len(source.claims) + 1
        place = f"table row {number}" if source.type in ("portal", "database") else f"list item {number}"
        basis = "inferred" if self.chance(0.015) else "stated"
        values = dict(row, claim=str(number), locator=place, basis=basis)
        values["checked"] = "yes" if source.checked and self.chance(0.97) else "no"
        values["note"] = "Made up for the benchmark." if self.chance(0.01) else ""
        source.claims.append([values.get(name, "") for name in _CLAIM_HEADER])

    def _written(self, town: Town, source: SourceFolder) -> tuple[str, str]:
        """Return a town's name as a source writes it, and the country given for it."""
        country = town.country.code
        name = town.latin
        if source.language == "de" and town.name_de and self.chance(0.8):
            name = town.name_de
        elif source.language == "en" and town.name_en and self.chance(0.8):
            name = town.name_en
        if town.is_homonym:
            case = [source.id, name, country]
            if not any(row[:3] == case for row in self.judgements[-400:]) and self.chance(0.7):
                self.judgements.append([*case, town.key, "positive", "the page shows it on a map", RETRIEVED])
            return name, country
        if self.chance(0.002) and name.isascii() and len(name) > 5:
            # A slip of the pen that no gazetteer has: stays unresolved.
            return name[:2] + name[3] + name[2] + name[4:] + "q", country
        if self.chance(0.01):
            name = name.upper() if self.chance(0.3) else name.replace("-", " ")
        if self.chance(0.01) and not name.isascii():
            # Written without its accents: the same search key, another spelling.
            name = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
        return name, country

    def _date(self, source: SourceFolder, tie: Tie, nth: int) -> str:
        """Return the start as a source has it: exact, less exact, wrong by some years, about, or not at all."""
        if self.chance((0.06, 0.1, 0.3)[source.precision]):
            return ""
        year = tie.year
        if nth > 1 and self.chance(0.06):
            year = min(max(year + self.pick((-5, -3, -2, -1, 1, 2, 4)), 1913), 2024)
        exact = self.chance((0.7, 0.12, 0.03)[source.precision])
        if exact and year == tie.year:
            return f"{year}-{tie.month:02d}-{tie.day:02d}" if self.chance(0.88) else f"{year}-{tie.month:02d}"
        x = self.random.random()
        if x < 0.012:
            return f"{year}~"
        if x < 0.018:
            return f"{year}?"
        if x < 0.024:
            return f"{year}/{year + 1}"
        if x < 0.028:
            return f"{year // 10}X"
        return str(year)

    def _state_then(self, partner: Town, start: str) -> str:
        """Return the state a partner lay in when the tie began, where that state is no more."""
        year = start[:4]
        if not year.isdigit():
            return ""
        if partner.was_gdr:
            return "DDDE" if 1949 <= int(year) < 1990 else ""
        for former, codes in _SUCCESSORS.items():
            if partner.country.code in codes:
                return former if 1946 <= int(year) < 1991 else ""
        return ""

    # --- associations, events, waves, work ---------------------------------------------------------------

    def _make_others(self) -> None:
        voices = [town for town in self.towns if town.page]
        ranked = sorted(voices, key=lambda town: town.page)
        for index, town in enumerate(ranked):
            source = self.sources[town.page]
            place = f"{town.latin}@{town.country.code}"
            slug = f"society-{index + 1:04d}"
            claims = [row for row in source.claims if row[_CLAIM_HEADER.index("kind")]]
            if index % 3 != 2:
                about = f"association:{slug}"
                year = self.between(1950, 2015)
                self._say(source, about, "name", f"Twinning society of {town.latin}")
                self._say(source, about, "type", self.pick(("society", "committee", "society", "institute")))
                self._say(
                    source, about, "founded", self.pick((str(year), f"{year}-{self.between(1, 12):02d}", f"{year}~"))
                )
                self._say(source, about, "seat", place)
                self._say(source, about, "acts_for", place)
                for name in dict.fromkeys(self.pick(_FIELDS) for _ in range(3)):
                    self._say(source, about, "field", name)
                for row in claims[: self.between(0, 4)]:
                    self._say(source, about, "supports", f"claim:{row[0]}")
                if self.chance(0.05):
                    self._say(source, about, "founded", str(year - 2))
            for nth in range(self.between(0, 2)):
                about = f"event:event-{index + 1:04d}-{nth + 1}"
                kind = self.pick(("exchange", "meeting", "anniversary", "signing", "workshop"))
                when = f"{self.between(1975, 2023)}-{self.between(1, 12):02d}-{self.between(1, 28):02d}"
                self._say(source, about, "name", f"{kind.title()} in {town.latin}")
                self._say(source, about, "type", kind)
                self._say(source, about, "takes_place_on", when)
                self._say(source, about, "takes_place_in", place)
                self._say(
                    source, about, "participant_count", f"{'~' if self.chance(0.5) else ''}{self.between(8, 400)}"
                )
                self._say(source, about, "topic", self.pick(_FIELDS))
                if index % 3 != 2:
                    self._say(source, about, "organised_by", f"association:{slug}")
                if claims:
                    self._say(source, about, "concerns", f"claim:{self.pick(claims)[0]}")
            if self.chance(0.4):
                count = max(1, town.degree + self.pick((0, 0, 0, -1, 1)))
                self._say(source, f"municipality:{place}", "partner_count", str(count))
            if self.chance(0.3):
                for name in dict.fromkeys(self.pick(_PURPOSES) for _ in range(2)):
                    self._say(source, f"municipality:{place}", "purpose", name)
                self._say(source, f"municipality:{place}", "field", self.pick(_FIELDS))
        portal = self.sources["portal-de"]
        for order, (name, year, side, partner) in enumerate(
            (("First visits", 1947, "DE", "GB"), ("Treaty years", 1963, "DE", "FR"), ("Opening", 1990, "DE", "PL")), 1
        ):
            about = f"wave:made-up-wave-{order}"
            self._say(portal, about, "name", name)
            self._say(portal, about, "begins", str(year))
            self._say(portal, about, "order", str(order))
            self._say(portal, about, "side", side)
            self._say(portal, about, "partner_side", partner)

    def _say(self, source: SourceFolder, about: str, name: str, value: str) -> None:
        number = len(source.others) + 1
        checked = "yes" if source.checked else "no"
        source.others.append([f"o{number}", f"paragraph {number}", about, name, value, "stated", checked, ""])

    # --- files -------------------------------------------------------------------------------------------

    def write(self, folder: Path) -> None:
        """Write everything below `folder`, which must be empty or new."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise SystemExit(f"{folder} is not empty; name a new folder")
        for source in self.sources.values():
            self._write_source(folder / "sources" / source.id, source)
        _write(folder / "gazetteer" / "municipalities.csv", _PLACE_HEADER, (self._place(town) for town in self.towns))
        _write(
            folder / "gazetteer" / "names.csv",
            ["municipality", "name", "language", "source"],
            ([town.key, name, language, "made-up-items"] for town in self.towns for name, language in town.more),
        )
        _write(
            folder / "gazetteer" / "countries.csv",
            ["country", "name_de", "name_en", "name_fr", "continent", "start", "end", "source", "note"],
            [
                [c.code, c.names["de"], c.names["en"], c.names["fr"], c.continent, "", "", "made-up-items", ""]
                for c in self.countries
            ]
            + [[*line.split("|"), "made-up-items", ""] for line in _FORMER.split("\n") if line],
        )
        _write(
            folder / "resolution" / "judgements.csv",
            ["source", "name", "country", "municipality", "judgement", "basis", "judged_on"],
            self.judgements,
        )

    def _place(self, town: Town) -> list[str]:
        has_item = town.key[0] == "Q"
        has_entry = town.number % 50 != 7
        has_place = town.number % 40 != 11
        return [
            town.key,
            town.name,
            town.country.language,
            town.name_de,
            town.name_en,
            town.country.code,
            town.level,
            f"{town.lat:.5f}" if has_place else "",
            f"{town.long:.5f}" if has_place else "",
            "made-up-gazetteer" if has_place else "",
            town.key if has_item else "",
            "made-up-items" if has_item else "",
            str(FIRST_ID + town.number + 1) if has_entry else "",
            "made-up-gazetteer" if has_entry else "",
            "",
        ]

    def _write_source(self, folder: Path, source: SourceFolder) -> None:
        folder.mkdir(parents=True)
        lines = [
            f'title = "{source.title}"',
            f'publisher = "{source.publisher}"',
            f'url = "https://{source.id}.example/partners"',
            f'language = "{source.language}"',
            "speaks_for = [" + ", ".join('"' + name + '"' for name in source.speaks_for) + "]",
            f'type = "{source.type}"',
        ]
        if source.date:
            lines.append(f'date = "{source.date}"')
        if source.inferred:
            lines += [f'inferred_date = "{source.inferred}"', 'inference = "Made up for the benchmark."']
        lines.append(f'retrieved = "{RETRIEVED}"')
        if source.checked:
            lines.append('checked_how = "made up for the benchmark"')
        (folder / "source.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        if source.claims:
            _write(folder / "partnership_claims.csv", _CLAIM_HEADER, source.claims)
        if source.others:
            _write(folder / "other_claims.csv", _OTHER_HEADER, source.others)


_CLAIM_HEADER = [
    "claim",
    "locator",
    "name",
    "country",
    "partner",
    "partner_country",
    "written_country",
    "then_country",
    "kind",
    "start",
    "end",
    "status",
    "status_since",
    "first_contact",
    "renewed",
    "becomes",
    "taken_over_from",
    "taken_over",
    "union",
    "fields",
    "basis",
    "checked",
    "note",
]
_OTHER_HEADER = ["claim", "locator", "about", "property", "value", "basis", "checked", "note"]
_PLACE_HEADER = [
    "key",
    "name",
    "language",
    "name_de",
    "name_en",
    "country",
    "level",
    "lat",
    "long",
    "coordinates_source",
    "wikidata_id",
    "wikidata_source",
    "geonames_id",
    "geonames_source",
    "note",
]


def _years() -> list[float]:
    """Return the cumulated weights of the years from 1947: slow start, two rises, a peak in 1990, decline."""
    weights = []
    for year in range(1947, 2025):
        weight = 0.15 + 1.6 * math.exp(-(((year - 1973) / 9) ** 2))
        weight += 3.0 * math.exp(-(((year - 1990.5) / 3.2) ** 2)) + 2.1 * math.exp(-(((year - 2001) / 8) ** 2))
        if year in (2020, 2021):
            weight *= 0.4
        weights.append(weight)
    return list(accumulate(weights))


_YEARS = _years()


def _countries() -> list[Country]:
    found = []
    for line in _COUNTRIES.strip().split("\n"):
        code, de, en, fr, continent, language, group, share, *box = line.split("|")
        south, north, west, east = map(float, box)
        names = {"de": de, "en": en, "fr": fr}
        found.append(Country(code, names, continent, language, group, float(share), (south, north, west, east)))
    return found


def _plain(name: str) -> str:
    """Return a name without case, accents and punctuation: what two spellings of one name share."""
    folded = unicodedata.normalize("NFKD", name).casefold().replace("ı", "i").replace("ø", "o")
    return "".join(ch for ch in folded if ch.isalnum())


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description="Write a made-up data folder of the size of the world.")
    parser.add_argument("out", type=Path, help="folder to write; must be empty or new")
    parser.add_argument("--municipalities", type=int, default=30_000)
    parser.add_argument("--partnerships", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.municipalities < len(_countries()):
        parser.error(f"--municipalities must be {len(_countries())} or more: one for each country")
    world = World(options.municipalities, options.partnerships, options.seed)
    world.write(options.out)
    degrees = [0] * len(world.towns)
    for tie in world.ties:
        for number in tie.towns:
            degrees[number] += len(tie.towns) - 1
    claims = sum(len(source.claims) for source in world.sources.values())
    print(
        f"{len(world.towns)} municipalities, {len(world.ties)} partnerships, {claims} claims, "
        f"{len(world.sources)} sources, {len(world.countries)} countries; "
        f"mean degree {sum(degrees) / len(degrees):.2f}, largest {max(degrees)}"
    )


if __name__ == "__main__":
    main()
