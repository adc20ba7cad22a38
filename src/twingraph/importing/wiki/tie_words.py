"""The words that people write beside a partner, by what they mean, in six languages of Europe.

A word that stands here under no meaning is not understood, in whatever language it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

__all__ = [
    "AGAINST",
    "ELSEWHERE",
    "KINDS_IN_WORDS",
    "NOTHING_NAMED",
    "NO_TIE",
    "ONE_DATE",
    "STATUSES_IN_WORDS",
    "TWO_DATES",
    "Token",
    "tokens",
]

#: What stands for a date, or for two with the time between them, in a text whose dates are read.
ONE_DATE, TWO_DATES = "\ue000", "\ue001"

#: Phrases by meaning and language, parted by commas; a star stands for any further letters.
_PHRASES: dict[str, dict[str, str]] = {
    "ended": {
        "en": "ended, terminated, dissolved, cancelled, canceled, severed, discontinued, revoked, expired, defunct, "
        "lapsed, annulled, stopped, abandoned, broken off, withdrawn, repealed, rescinded, given up, ceased, "
        "no longer exists, no longer in force, no longer twinned, no longer a partner, termination, dissolution",
        "de": "beendet*, beendigung, endete, gekündigt*, kündigung, aufgekündigt*, aufgelöst*, auflösung, "
        "aufgehoben*, aufhebung, erloschen*, eingestellt*, ausgelaufen*, abgelaufen*, abgebrochen*, gelöst, "
        "aufgegeben*, widerrufen*, stillgelegt*, zurückgezogen, nicht fortgeführt, nicht weitergeführt, "
        "nicht mehr bestehend*, nicht mehr bestehen, existiert nicht mehr, besteht nicht mehr",
        "fr": "dissous, dissoute, dissoutes, rompu*, terminé*, résilié*, dénoncé*, abandonné*, caduc, caducs, "
        "caduque, caduques, annulé*, révoqué*, rupture, fin en, fin du jumelage, fin du partenariat, n'existe plus",
        "it": "cessat*, revocat*, sciolto, sciolta, sciolti, sciolte, decadut*, annullat*, resciss*, terminat*, "
        "scadut*, rotto, rotti, non esiste più, non più in vigore",
        "es": "finalizad*, terminado, terminada, terminados, roto, rota, rotos, rotas, cancelado, cancelada, "
        "cancelados, anulad*, extinguid*, disuelt*, rescindid*, revocad*, ya no vigente, ya no existe",
        "pl": "zakończon*, rozwiązan*, wypowiedzian*, zerwan*, wygasł*, anulowan*, unieważnion*",
    },
    "suspended": {
        "en": "suspended, suspension, on hold, on ice, put on hold, frozen, paused, in abeyance, interrupted",
        "de": "pausiert*, pausierend*, ausgesetzt*, ruhend*, ruht, ruhen, eingefroren*, unterbrochen*, suspendiert*, "
        "auf eis gelegt, auf eis",
        "fr": "suspendu*, gelé, gelée, gelés, gelées, en pause, interrompu*",
        "it": "sospes*, congelat*, interrott*, in pausa",
        "es": "suspendid*, congelad*, interrumpid*, en pausa",
        "pl": "zawieszon*, wstrzyman*, zamrożon*",
    },
    "dormant": {
        "en": "dormant, inactive, no longer active, not active, sleeping",
        "de": "inaktiv*, eingeschlafen*, nicht mehr aktiv, nicht mehr aktive, nicht aktiv, schlafend*",
        "fr": "en sommeil, inactif, inactifs, inactive, inactives, n'est plus actif, n'est plus active, plus actif, "
        "plus active",
        "it": "inattiv*, non più attivo, non più attiva, non più attivi, non attivo, dormiente, dormienti",
        "es": "inactiv*, ya no activo",
        "pl": "nieaktywn*, uśpion*",
    },
    "past": {
        "en": "former, formerly, previous, previously, past, ex, was a, was, were, once",
        "de": "ehemals, ehemalig, ehemalige, ehemaliger, ehemaliges, ehemaligen, ehem, früher, frühere, früherer, "
        "früheres, früheren, einst, einstige, vormals, vormalige, beendete, war",
        "fr": "ancien, ancienne, anciens, anciennes, anciennement, autrefois, jadis",
        "it": "in passato, passato, passati, passate, precedente, precedenti, un tempo, storici",
        "es": "antiguo, antigua, antiguos, antiguas, antiguamente, anterior, anteriores",
        "pl": "były, była, było, byłe, byli, dawny, dawna, dawne, dawniej, niegdyś, poprzednie",
    },
    "resumed": {
        "en": "resumed, reinstated, reactivated, revived, restored, resumption",
        "de": "wiederaufgenommen, wieder aufgenommen, wiederaufnahme, wiederbelebt, reaktiviert, wieder aktiv",
        "fr": "repris, reprise, réactivé, réactivée, relancé, relancée, rétabli, rétablie",
        "it": "ripreso, ripresa, riattivato, riattivata, ripristinato",
        "es": "reanudado, reanudada, reactivado, reactivada, retomado",
        "pl": "wznowiona, wznowiono, wznowione, reaktywowana, reaktywowano, przywrócona",
    },
    "renewed": {
        "en": "renewed, reaffirmed, confirmed again, re-signed",
        "de": "erneuert, erneuerung, bekräftigt",
        "fr": "renouvelé, renouvelée, reconduit",
        "it": "rinnovato, rinnovata",
        "es": "renovado, renovada",
        "pl": "odnowiona, odnowiono, odnowione",
    },
    "planned": {
        "en": "planned, plans, in preparation, in the works, intended, letter of intent, in planning, upcoming, "
        "prospective, future, potential",
        "de": "geplant*, plant, in planung, angestrebt*, im aufbau, vorgesehen*, in vorbereitung, beabsichtigt*, "
        "absichtserklärung, künftig*, zukünftig*, im entstehen",
        "fr": "en projet, prévu, prévue, prévus, prévues, en préparation, envisagé, envisagée, futur, future, "
        "futurs, futures",
        "it": "previsto, prevista, previsti, previste, in programma, in corso di definizione, in preparazione, "
        "progettato, futuri",
        "es": "previsto, prevista, previstos, previstas, en proyecto, planead*, en preparación, futuros",
        "pl": "planowan*, w planach, w przygotowaniu, zamierzona, przyszłe",
    },
    "proposed": {
        "en": "proposed, proposal, candidate, candidates, suggested",
        "de": "vorgeschlagen*, vorschlag, kandidat, kandidatin, kandidaten, anwärter",
        "fr": "proposé, proposée, proposés, candidat, candidate, candidats, candidature",
        "it": "proposto, proposta, proposti, proposte, candidato, candidata, candidatura",
        "es": "propuesto, propuesta, propuestos, propuestas, candidato, candidata",
        "pl": "proponowan*, kandydat, kandydatura",
    },
    "negotiated": {
        "en": "under negotiation, in negotiation, negotiations, pending, under discussion, in progress, "
        "under consideration",
        "de": "in verhandlung, verhandlungen, in anbahnung, anbahnung, in gesprächen, ausstehend",
        "fr": "en négociation, en cours de négociation, en discussion, en attente",
        "it": "in trattativa, in attesa",
        "es": "en trámite, en negociación, pendiente",
        "pl": "w trakcie negocjacji, negocjowana, w trakcie, negocjacje",
    },
    "rejected": {
        "en": "rejected, refused, declined, failed, never signed, never concluded, never came about",
        "de": "abgelehnt*, gescheitert*, nie zustande gekommen, nicht zustande gekommen, zurückgewiesen",
        "fr": "rejeté, rejetée, refusé, refusée, échoué",
        "it": "respinto, respinta, rifiutato, rifiutata, fallito",
        "es": "rechazado, rechazada, fracasado",
        "pl": "odrzucon*",
    },
    "unofficial": {
        "en": "not official, unofficial, unofficially, not an official, no official, informal, not officially",
        "de": "inoffiziell*, nicht offiziell*, keine offizielle*, kein offizieller, informell*",
        "fr": "non officiel*, pas officiel*, officieux, officieuse, informel*",
        "it": "non ufficiale, non ufficiali, informale, ufficioso",
        "es": "no oficial, no oficiales, extraoficial",
        "pl": "nieoficjaln*, nieformaln*",
    },
    "since": {
        "en": "since, from, from the, as of, since the, since early, since late, since the early, since the late, "
        "starting",
        "de": "seit, seit dem, seit den, von, vom, ab, seit anfang, seit anfang der, seit ende, seit ende der, "
        "seit mitte, seit mitte der, seit dem jahr, ab dem",
        "fr": "depuis, depuis le, à partir de, à partir du, dès, depuis le début des, depuis la fin des",
        "it": "dal, dalla, dall', da, a partire dal, sin dal",
        "es": "desde, desde el, a partir de",
        "pl": "od, od roku, od dnia, począwszy od",
    },
    "until": {
        "en": "until, till, up to, until the end of, until early, until late",
        "de": "bis, bis zum, bis ende, bis zum jahr, bis anfang, bis mitte",
        "fr": "jusqu'en, jusqu'au, jusqu'à, jusqu'à fin, jusque",
        "it": "fino al, fino a, sino al, fino alla",
        "es": "hasta, hasta el",
        "pl": "do, do roku, aż do, do końca",
    },
    "begun": {
        "en": "signed, was signed, were signed, was established, was concluded, was agreed, established, started, "
        "begun, began, agreed, concluded, initiated, signing",
        "de": "unterzeichnet, unterzeichnung, begründet, besiegelt, vereinbart, geschlossen, abgeschlossen, "
        "begonnen, beurkundet, unterschrieben, ratsbeschluss",
        "fr": "signé, signée, conclu, conclue, officialisé, officialisée, signature",
        "it": "firmato, firmata, siglato, siglata, stipulato, stipulata, sottoscritto, avviato",
        "es": "firmado, firmada, suscrito, iniciado",
        "pl": "podpisana, podpisano, podpisanie, podpisany, zawarta, zawarto, nawiązana, nawiązano",
    },
    "tie": {
        "en": "twin, twins, twinned, twinning, twinnings, twin town, twin towns, twinned town, twinned towns, "
        "twin city, twin cities, sister, sister city, sister cities, sister town, sister towns, partner, partners, "
        "partnered, partner town, partner towns, partner city, partner cities, partner municipality, "
        "partner municipalities, sister municipality, sister municipalities, partnership, partnerships, "
        "town twinning, twin municipalities",
        "de": "partner, partnerschaft, partnerschaften, partnerstadt, partnerstädte, partnerstädten, "
        "partnergemeinde, partnergemeinden, partnerort, partnerorte, partnerkommune, partnerkommunen, "
        "partnerschaftlich, schwesterstadt, schwesterstädte, städtepartner, städtepartnerschaft, "
        "städtepartnerschaften, stadtpartnerschaft, stadtpartnerschaften, gemeindepartner, gemeindepartnerschaft, "
        "gemeindepartnerschaften, ortspartnerschaft, ortspartnerschaften, kommunalpartnerschaften, "
        "kommunale partnerschaften, partnerschaftsvertrag, partnerschaftsurkunde, partnerschaftsabkommen, "
        "partnerschaftsvereinbarung, verschwistert, verschwisterung, verschwisterungen, städteverbindungen",
        "fr": "jumelage, jumelages, jumelé, jumelée, jumelés, jumelées, jumeau, jumelle, ville jumelle, "
        "villes jumelles, ville jumelée, villes jumelées, ville partenaire, villes partenaires, partenaire, "
        "partenaires, partenariat, partenariats, commune jumelée, communes jumelées, villes jumelées et partenaires",
        "it": "gemellaggio, gemellaggi, gemellata, gemellato, gemellate, gemellati, città gemellata, "
        "città gemellate, città gemella, città gemelle, partenariato, partenariati, città partner",
        "es": "hermanamiento, hermanamientos, hermanada, hermanado, hermanadas, hermanados, ciudad hermana, "
        "ciudades hermanas, ciudad hermanada, ciudades hermanadas",
        "pl": "partnerska, partnerskie, partnerski, partnerstwo, partnerstwa, miasto partnerskie, "
        "miasta partnerskie, gmina partnerska, gminy partnerskie, miasta i gminy partnerskie, miasto bliźniacze, "
        "miasta bliźniacze, współpraca, umowa partnerska, partnerzy",
    },
    "friendship": {
        "en": "friendship, friendships, friendship city, friendship cities, friendship town, friendship towns, "
        "friendly city, friendly cities, friendship agreement, friendship agreements, friendship partner",
        "de": "freundschaft, freundschaften, freundschaftlich, freundschaftliche, städtefreundschaft, "
        "städtefreundschaften, freundschaftsvertrag, freundschaftsabkommen, freundschaftspakt, freundschaftsstadt, "
        "befreundete städte, befreundet, städtefreund, stadtfreundschaft, stadtfreundschaften",
        "fr": "amitié, amitiés, pacte d'amitié, ville amie, villes amies, accord d'amitié, charte d'amitié",
        "it": "amicizia, patto di amicizia, patti di amicizia, patto d'amicizia, patti d'amicizia, città amica, "
        "città amiche",
        "es": "amistad, acuerdo de amistad, ciudades amigas",
        "pl": "przyjaźń, przyjaźni, umowa o przyjaźni, miasta zaprzyjaźnione, miasto zaprzyjaźnione",
    },
    "sponsorship": {
        "en": "sponsorship, sponsorships",
        "de": "patenschaft, patenschaften, patenstadt, patenstädte, patengemeinde, patengemeinden, ortspatenschaft",
        "fr": "parrainage, parrainages",
    },
    "project": {
        "en": "cooperation, cooperation agreement, cooperation agreements, co-operation, project partnership, "
        "cooperation partner, cooperation partners",
        "de": "projektpartnerschaft, projektpartnerschaften, projektpartner, klimapartnerschaft, "
        "klimapartnerschaften, klimapartner, kooperation, kooperationen, kooperationsvertrag",
        "fr": "accord de coopération, accords de coopération, coopération, coopération décentralisée",
        "it": "accordo di cooperazione, cooperazione",
        "es": "acuerdo de cooperación, cooperación",
        "pl": "umowa o współpracy",
    },
    "not": {
        "en": "not, never, no, without",
        "de": "nicht, nie, kein, keine, keinen, keiner, keinem, keines, niemals, ohne",
        "fr": "ne, n', n'est, n'a, pas, jamais, sans, plus",
        "it": "non, mai, senza, né",
        "es": "no, nunca, sin",
        "pl": "nie, nigdy, bez",
    },
    "and": {
        "en": "and",
        "de": "und, sowie",
        "fr": "et",
        "it": "e, ed",
        "es": "y",
        "pl": "i, oraz",
    },
    #: A town's own beginning or end is none of the tie.
    "town": {
        "en": "town, towns, city, cities, city of, town of, municipality, municipalities, municipality of",
        "de": "stadt, städte, städten, gemeinde, gemeinden, ort, orte, kommune, kommunen, stadt und gemeinde",
        "fr": "ville, villes, commune, communes, la ville, la commune",
        "it": "città, città di, comune, comuni, comune di",
        "es": "ciudad, ciudades, municipio, municipios",
        "pl": "miasto, miasta, gmina, gminy",
    },
    #: Verbs of a sentence about what is so today.
    "has": {
        "en": "is, are, has, have, maintains, include, includes",
        "de": "ist, sind, hat, unterhält, pflegt, besteht, bestehen",
        "fr": "est, sont, a, entretient, compte, possède",
        "it": "è, sono, ha, intrattiene",
        "es": "es, está, tiene, mantiene",
        "pl": "jest, są, ma, utrzymuje, posiada",
    },
    #: Words that say nothing by themselves.
    "plain": {
        "en": "in, on, of, the, year, years, with, official, officially, formal, formally, agreement, treaty, "
        "charter, contract, active, current, present, currently, now, list, list of, link, links, other, further, "
        "also, still, until further notice, to date, until today, the following, following, relationship, relations, "
        "mutual consent, by mutual consent, international, its, our, day",
        "de": "im, am, in, der, die, das, dem, den, des, jahr, jahre, jahres, jahren, mit, offiziell, offizielle, "
        "offizieller, formell, vertrag, urkunde, abkommen, vereinbarung, aktiv, aktive, aktuell, aktuelle, "
        "bestehend, bestehende, derzeit, zurzeit, bis heute, bis auf weiteres, folgende, folgenden, weitere, "
        "weiteren, beziehungen, wurde, wird, eine, zu, zur, zum, vertrages, es",
        "fr": "en, le, la, les, l', de, du, des, d', année, années, avec, officiel, officielle, officiellement, "
        "accord, convention, charte, actif, actuel, actuels, actuellement, une, un, jusqu'à aujourd'hui, suivantes, "
        "aux",
        "it": "il, lo, gli, i, del, della, dei, delle, di, d', nel, nell', nella, anno, anni, con, ufficiale, "
        "ufficialmente, patto, accordo, attivo, attiva, attuali, attualmente, ad oggi, fino ad oggi, seguenti",
        "es": "el, los, las, del, año, años, acuerdo, convenio, activo, vigente, actualidad, actualmente",
        "pl": "w, we, z, ze, dnia, r, roku, rok, lata, umowa, umowy, umowę, oficjalna, oficjalnie, aktywna, obecnie, "
        "do dziś, do dzisiaj, kontakty, następującymi, następujące",
    },
}
#: Why what is called so is no tie.
NO_TIE = {
    "planned": "it is planned, not concluded",
    "proposed": "it is proposed, not concluded",
    "negotiated": "it is under way, not concluded",
    "rejected": "it did not come about",
    "unofficial": "it is not official",
}
#: Our status for each meaning that is one.
STATUSES_IN_WORDS = {
    "ended": "ended",
    "past": "ended",
    "until": "ended",
    "suspended": "suspended",
    "dormant": "dormant",
}
#: Meanings of words that may speak against a tie as it is said elsewhere.
AGAINST = frozenset((*NO_TIE, *STATUSES_IN_WORDS, "not", "resumed", "renewed"))
KINDS_IN_WORDS = {"friendship": "friendship", "sponsorship": "sponsorship", "project": "project", "tie": "partnership"}
#: What stands in the place of a partner where there is none.
NOTHING_NAMED = re.compile(
    r"(?:none|nothing|tb[acd]|to be \w+|n/?a|unknown|keine?r?|unbekannt|offen|aucune?|néant|inconnue?|nessun[oa]?|"
    r"sconosciut[oa]|ningun[oa]|ninguno|desconocid[oa]|brak|żadne|nieznan[ey])\Z",
    re.IGNORECASE,
)
#: Words that send the reader elsewhere.
ELSEWHERE = re.compile(r"(?:see|siehe|vgl\.?|cf\.?|voir|vedi|véase|zob\.?|zobacz)(?:\s|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a date or a mark of a text.

    Attributes:
        meaning: a meaning of the lexicon, "date", "span", "mark", or "" for a word that is not understood.
    """

    meaning: str
    text: str
    start: int
    end: int


#: A word of "d'amitié" is each of its two; one with hyphens is a single word.
_WORD = re.compile(r"\w+(?:['’](?=\w)|(?:-\w+)*)|[^\w\s]")


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str], int]:
    """Return the meaning of each phrase, of each beginning of a word, and the words of the longest phrase."""
    phrases: dict[str, str] = {}
    stems: dict[str, str] = {}
    for meaning, languages in _PHRASES.items():
        for phrase in (phrase.strip() for language in languages.values() for phrase in language.split(",")):
            *head, last = _WORD.findall(phrase.rstrip("*")) or [""]
            if head or last:
                (stems if phrase.endswith("*") else phrases).setdefault(" ".join((*head, last)), meaning)
    return phrases, stems, max(key.count(" ") + 1 for key in (*phrases, *stems))


def tokens(text: str) -> Iterator[Token]:
    """Yield the words, dates and marks of a text with what they mean; the longest phrase that fits counts.

    >>> [token.meaning for token in tokens("since \ue000, no longer active, kaboozled")]
    ['since', 'date', 'mark', 'dormant', 'mark', '']
    """
    phrases, stems, longest = _lexicon()
    words = list(_WORD.finditer(text))
    plain = [word[0].casefold().replace("’", "'") for word in words]
    at = 0
    while at < len(words):
        special = {ONE_DATE: "date", TWO_DATES: "span"}.get(words[at][0])
        # "EST" is Estonia, not "est.".
        is_code = re.fullmatch(r"[A-Z]{2,3}", words[at][0]) is not None
        meaning, length = special or ("" if re.match(r"\w", words[at][0]) else "mark"), 1
        for number in range(min(longest, len(words) - at), 0, -1) if meaning == "" and not is_code else ():
            key = " ".join(plain[at : at + number])
            last = key.rfind(" ") + 1
            stem = next((stems[key[:end]] for end in range(len(key), last + 3, -1) if key[:end] in stems), "")
            if found := phrases.get(key) or stem:
                meaning, length = found, number
                break
        start, end = words[at].start(), words[at + length - 1].end()
        yield Token(meaning, text[start:end], start, end)
        at += length
