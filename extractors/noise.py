"""Lines that say nothing a reader came for, and words that announce a restriction."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.words import word_set

# A line longer than this says more than when it was made: our choice, twice the longest stamp we can think of.
NOISE_MAX_CHARS = 160

_MONTHS = (
    "januar februar märz april mai juni juli august september oktober november dezember january february march may "
    "june july october december jan feb mär mrz mar apr jun jul aug sep sept okt oct nov dez dec"
)
_DAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so monday tuesday "
    "wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
)
# Words that make a line a time stamp of the page …
_STAMP_WORDS = word_set(
    """abgerufen abruf abrufdatum abrufzeit aktualisiert aktualisierung änderung geändert verändert bearbeitet
    bearbeitung cache cached
    druckdatum ausgedruckt erstellt erzeugt gedruckt generiert generated generation last-modified modified
    redaktionsstand rendered served serverzeit seitenstand stand timestamp updated update zeitstempel built ausgeliefert
    ladezeit"""
)
# … and the words that may stand beside them.
_STAMP_FILLERS = word_set(
    """this the page at on was is it in by der die das dieser diese seite webseite website internetseite seiten am um
    uhr uhrzeit vom von bis letzte letzten letzter letztmalig letztmals zuletzt last wurde ist war sekunden sekunde
    seconds second sec
    secs ms s h heute today now jetzt datum date time zeit gmt utc mez mesz cet cest und and auf mit content inhalt
    inhalte server dokument document t z a p minuten minute min
    veröffentlicht veröffentlichung publiziert eingestellt published lesezeit lesedauer reading
    durch redaktion onlineredaktion online-redaktion internetredaktion internet-redaktion webredaktion web-redaktion
    webmaster administrator admin drucken druckversion druckansicht"""
) | word_set(f"{_MONTHS} {_DAYS} pm")

_COUNTER_WORDS = word_set(
    """besucher besucherin besucherzahl besucherzähler besucherinnen seitenaufrufe seitenabrufe aufrufe zugriffe
    zugriffszähler visitors visitor hits views pageviews visits counter zähler klicks gelesen angeklickt aufgerufen"""
)
_COUNTER_FILLERS = word_set(
    """sie sind der die das anzahl gesamt heute gestern online seit total today yesterday unique page seite auf dieser
    dieses unserer haben bisher bislang number of you are derzeit aktuell currently users gäste guests und since nr no
    this insgesamt monat woche month week mal bereits schon wurde artikel beitrag diese dieser seite keine kein keinem
    mitglied mitglieder benutzer nutzer gast im system website webseite members member"""
) | word_set(f"{_MONTHS} {_DAYS}")

_COUNTER_LINE = _COUNTER_WORDS | _COUNTER_FILLERS
_STAMP_LINE = _STAMP_WORDS | _STAMP_FILLERS | _COUNTER_LINE

# Who is on the site at the moment: one of these with "online".
_PRESENT = word_set("gäste gast besucher benutzer nutzer mitglieder guests guest users visitors members")

_DAY = (
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}"
    r"|\d{1,2}\.?\s+[^\W\d]{3,9}\.?,?\s+\d{4})"
)
_CLOCK = r"\d{1,2}:\d{2}"
_SECONDS = rf"{_CLOCK}:\d{{2}}(?:[.,]\d+)?"
_MOMENT = re.compile(rf"{_DAY}|{_CLOCK}|\d+[.,]\d+\s*(?:s\b|ms\b|sec|sek)|\b\d{{10}}(?:\d{{3}})?\b", re.IGNORECASE)
_EXACT_MOMENT = re.compile(rf"{_DAY}[T,\s]*(?:um\s|at\s)?\s*{_SECONDS}", re.IGNORECASE)
# What a page says of its age, and a calendar or a clock that it shows. A date alone is an event's, until something
# says that it is today's.
_AGO = re.compile(
    r"\bvor\s+(?:\d+|eine[rmn]?)\s+(?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)\b"
    r"|\b\d+\s+(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\s+ago\b",
    re.IGNORECASE,
)
_APPEARED = word_set("veröffentlicht publiziert eingestellt published")
_TODAY = re.compile(
    rf"(?:heute|today)(?:\s+ist|\s+is|\s*:)?[\s,]*(?:(?:{_DAYS.replace(' ', '|')})[\s,.]*)?(?:de[rnm]\s+|the\s+)?{_DAY}"
    rf"(?:[\s,;–-]*(?:es\s+ist\s+|um\s+)?{_CLOCK}(?::\d\d)?(?:\s*uhr)?)?",
    re.IGNORECASE,
)
_NOW = re.compile(rf"(?:es\s+ist|it\s+is)\s+(?:jetzt\s+)?{_CLOCK}(?::\d\d)?(?:\s*uhr)?", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|copyright)\s*(?:©\s*|copyright\s+|by\s+)?\d{4}(?:\s?[-/–]\s?\d{4})?\b[^.!?:]{0,60}"
    r"(?:[.,–|-]?\s*(?:alle\s+rechte\s+vorbehalten|all\s+rights\s+reserved))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_OPAQUE = re.compile(r"(?:[0-9a-f]{24,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
_LABELLED_TOKEN = re.compile(
    r"(?:build|request|session|csrf|xsrf|nonce|trace|ray|cache|token|commit|revision|deploy(?:ment)?|server|node)"
    r"(?:[ _-]?(?:id|key|token|nr|no|hash|name|build))?\s*[:=#]?\s*(?=\S*\d)[\w.:/+=-]{4,}",
    re.IGNORECASE,
)
# "1. Änderung vom 12.03.2024" is a statute's, "500 Besucher 2024" a year's: neither is a counter or a stamp.
_AMENDMENT = re.compile(r"\d\.\s*änderung", re.IGNORECASE)
_VISITORS = word_set("besucher besucherinnen besucherin besucherzahl visitors")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]?\d)")
_NUMBER = re.compile(r"\d[\d.]*")
_DIGIT = re.compile(r"[0-9]")
_PIECES = re.compile(r"\s*[|·•]\s*")
_WHOLE_LINES = (_OPAQUE, _LABELLED_TOKEN, _TODAY, _NOW, _AGO, _COPYRIGHT)
# A stamp inside a longer line counts only with seconds: nobody writes those by hand.
_STAMP_INSIDE = re.compile(
    r"\(?\b(?:(?:diese\s+)?(?:web|internet)?seite\s+(?:wurde\s+)?)?(?:stand(?:\s+der\s+seite)?|(?:zuletzt\s+|letzte\s+)?(?:aktualisiert|aktualisierung|generiert|erzeugt|erstellt|abgerufen|"
    r"gedruckt|änderung)|(?:page\s+)?(?:generated|rendered|served)|last\s+(?:updated|modified))\b(?:\s+(?:am|um|on|at))?\s*:?\s*"
    rf"(?:{_DAY})[T,\s]*(?:um\s|at\s)?\s*{_SECONDS}(?:Z|[+-]\d\d:?\d\d)?(?:\s*uhr)?\)?",
    re.IGNORECASE,
)

# A visitor counter inside a line; "500 Besucher 2024" is none.
_COUNTER_INSIDE = re.compile(
    r"(?:\bsie sind )?(?:\b(?:der|die|unser(?:e)?) )?"
    r"\b(?:besucher(?:in)?\s*(?:nr\.?|nummer)|besucherzähler:?|seitenaufrufe:)\s*\d[\d.]*",
    re.IGNORECASE,
)

# Opening hours as such stand in every second footer; only changed ones are news (design §4.5).
_HOURS = r"(?:\w*öffnungs|sprech|service|geschäfts|betriebs)zeiten|sprechstunden?"
_RESTRICTION = re.compile(
    r"""\b(?:
      geschlossen(?!e[nrs]?\s+gesellschaft) | schlie(?:ß|ss)(?:t|en|ung|ungen|tage?|zeit(?:en)?)\b | schlo(?:ss|ß)\b
    | (?:ein|be)geschränkt | ein(?:ge)?schränk | einschraenk | \w*einschränkung | beschränk
    | (?:ge)?sperrt\b | gesperrte | \w*sperrung(?:en)?\b | vollsperrung
    | entf(?:ä|ae)llt | entfallen | f(?:ä|ae)llt\b.{0,40}\baus\b | fallen\b.{0,40}\baus\b | \w*ausf(?:all|älle)\b
    | \w*stör(?:ung|ungen)\b | stoerung | gestört
    | nicht\s+(?:erreichbar|verfügbar|zugänglich|besetzt|möglich|geöffnet) | unerreichbar | nur\s+eingeschränkt
    | (?:geändert|abweichend|verkürzt|verändert|neu|besonder|ander)\w*\s+(?:\w+\s+)?HOURS | sonderöffnungszeiten\b
    | HOURS\b.{0,60}\b(?:geändert|änder[nt]|abweich|verkürzt|verlängert|entfallen)
    | bis\s+auf\s+weiteres | vorübergehend | unterbroch | unterbrechung | streik | notbetrieb | notdienst
    | nur\s+(?:nach|mit)\s+(?:vorheriger\s+)?termin | publikumsverkehr | publikumsbesuch | wartungs?arbeiten | wartung\b
    | verzöger | abgesagt | absage | ausgesetzt | lockdown | evakuier | warnung | umgezogen
    | clos(?:ed|ure|ures|ing)\b | restrict(?:ed|ion|ions)\b | disrupt | outage | unavailable | suspended | cancell?ed
    | (?:changed|new|reduced|different|special|holiday)\s+opening\s+hours | opening\s+hours\b.{0,40}\bchang
    | limited\s+(?:service|access) | strike\b | maintenance | out\s+of\s+(?:service|order)
    | until\s+further\s+notice | not\s+available | shut\s?down | delays?\b
    )""".replace("HOURS", f"(?:{_HOURS})"),
    re.IGNORECASE | re.VERBOSE,
)


# What each alternative of the pattern has in it, case-folded: a text with none of them cannot fit.
_STEMS = word_set(
    """schlo schlie schränk schraenk sperr entf llt fallen ausf stör stoer erreichbar verfügbar zugänglich besetzt
    möglich geöffnet zeiten sprechstunde weiteres vorübergehend unterbr streik notbetrieb notdienst termin publikums
    wartung verzöger abgesagt absage ausgesetzt lockdown evakuier warnung umgezogen clos restrict disrupt outage
    unavailable suspended cancel opening limited strike maintenance out further available shut delay"""
)


def is_noise_line(text: str) -> bool:
    """Tell whether a line only says when or how the page was made, counts visitors, or is a token.

    A line with any other word in it is no noise: "Datenstand: 26.01.2021, 12:00 Uhr" stays.
    """
    return bool(text) and len(text) <= NOISE_MAX_CHARS and _is_noise_line(text)


@lru_cache(maxsize=2048)  # header, footer and labels of a page are its neighbours' as well
def _is_noise_line(text: str) -> bool:
    if not any(map(str.isdigit, text)):
        return False
    stripped = text.strip(" .,:;|()[]–-")
    if any(pattern.fullmatch(stripped) for pattern in _WHOLE_LINES):
        return True
    words = {word.lower() for word in _WORD.findall(_AGO.sub(" ", text))}
    return _is_counter(words, text) or _is_stamp(words, text)


def _is_counter(words: set[str], text: str) -> bool:
    if not words <= _COUNTER_LINE:
        return False
    if words <= _VISITORS and _YEAR.search(text) and len(_NUMBER.findall(text)) > 1:
        return False
    return bool(words & _COUNTER_WORDS) or ("online" in words and bool(words & _PRESENT))


def _is_stamp(words: set[str], text: str) -> bool:
    if not words <= _STAMP_LINE or _AMENDMENT.search(text):
        return False
    if _AGO.search(text) and words & (_STAMP_WORDS | _APPEARED):
        return True
    return bool(words & _STAMP_WORDS) and _MOMENT.search(text) is not None


def pieces_of(text: str) -> list[str]:
    """Split a line at the bars, dots and bullets that part its labels: "Stand: 3.5.2024 | Drucken | Nach oben"."""
    return [piece for piece in _PIECES.split(text) if piece]


def is_frame_noise(text: str) -> bool:
    """Tell whether a line of header or footer has a stamp, a counter or a copyright year somewhere in it.

    Stricter than :func:`is_noise_line`, because no reader misses a footer line: one that holds a bare
    date (a clock in the header) or several such facts side by side goes too.
    """
    return len(text) <= NOISE_MAX_CHARS and _is_frame_noise(text)


@lru_cache(maxsize=2048)
def _is_frame_noise(text: str) -> bool:
    if is_noise_line(text):
        return True
    words = {word.lower() for word in _WORD.findall(text)}
    if "©" in text or "copyright" in words or _EXACT_MOMENT.search(text):
        return True
    if words <= _STAMP_FILLERS and _MOMENT.search(text):
        return True
    stamped = bool(words & _STAMP_WORDS) and _MOMENT.search(text) is not None
    return stamped or (bool(words & _COUNTER_WORDS) and any(map(str.isdigit, text)))


def without_stamps(text: str) -> str:
    """Return the text without what ticks inside it: time stamps of the page's making (to the second), counters."""
    if ":" in text:
        text = _STAMP_INSIDE.sub(" ", text)
    return _COUNTER_INSIDE.sub(" ", text) if "esucher" in text or "aufrufe:" in text else text


def same_but_ticking(one: str, other: str) -> bool:
    """Tell whether two lines differ in ASCII digits alone, none of them in what may be a year.

    Of two such lines is either both noise or neither: the rules of this module look for digits, and ask of no number
    but a year which one it is.
    """
    if len(one) != len(other) or _DIGIT.sub("0", one) != _DIGIT.sub("0", other):
        return False
    return [year.span() for year in _YEAR.finditer(one)] == [year.span() for year in _YEAR.finditer(other)]


def speaks_of_restriction(text: str) -> bool:
    """Tell whether a text speaks of closure, restriction, disruption or changed hours, in German or English."""
    folded = text.casefold()  # most lines have none of the stems, which is known in a twentieth of the time
    return any(stem in folded for stem in _STEMS) and _RESTRICTION.search(text) is not None
