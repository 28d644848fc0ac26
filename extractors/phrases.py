"""The words of pages that stand in for the page, German and English, by what they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.model import Outcome
from extractors.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """One sort of page that is served in place of the page asked for.

    ``title`` must match a whole title, heading or part of one (between " - ", " | " and the like). ``text``
    is looked for in the running text; ``support`` only counts beside a title or a text that fits. All are case-blind.
    ``alone`` is true where a title on a short page is proof by itself; ``dated_is_news`` where a sentence
    with a date tells of the future rather than of now; ``needs_name`` where words alone prove nothing.
    """

    outcome: Outcome
    rule: str
    detail: str
    title: Pattern
    text: Pattern
    support: Pattern | None = None
    alone: bool = True
    dated_is_news: bool = False
    needs_name: bool = False


def either(*patterns: str) -> Pattern:
    """One case-blind pattern out of several."""
    return Pattern("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Between a phrase's words, at most this much of one sentence: keeps the search linear.
_GAP = r"[^.!?]{0,60}"
_PAGE = (
    r"(?:web|internet)?-?(?:seiten?|site|website|homepage|angebot|auftritt|inhalt|dokument|portal|adresse|url"
    r"|page|file|"
    r"document|resource)"
)
_THIS = rf"(?:diese[rsn]?|unsere?[rsn]?|die|der|das|ihre?|this|our|the)\s(?:[\w-]{{1,24}}\s){{0,2}}{_PAGE}\b"
_SERVICE = (
    r"(?:(?:diese[rs]?|this) (?:server|service|dienst|anwendung|system|site|seite|portal|page)"
    r"|(?:diese|unsere?|the|our|die|das)\s(?:[\w-]{1,24}\s){0,2}(?:website|site|(?:web|internet)seiten?"
    r"|homepage|server|(?:internet|web|online)-?(?:angebot|auftritt)))\b"
)
_NOW = (
    r"(?:derzeit|zurzeit|zur zeit|momentan|im moment|aktuell|gerade|vorübergehend|kurzzeitig|temporarily"
    r"|currently)"
)

BLOCKED = StandIn(
    outcome=Outcome.BLOCKED,
    rule="bot-check",
    detail="Statt der Seite kam eine Sicherheitsabfrage.",
    title=either(
        r"just a moment(?:\.\.\.|…)?",
        r"attention required!?",
        r"access (?:to this page )?(?:has been |is )?denied",
        r"(?:request|web page|page) (?:blocked|rejected)",
        r"please wait(?:\.\.\.|…)?",
        r"one moment,? please(?:\.\.\.|…)?",
        r"pardon our interruption(?:\.\.\.|…)?",
        r"(?:verify|verifying) (?:that )?you are (?:a )?human",
        r"are you (?:a robot|human)\??",
        r"(?:security|browser) check",
        r"checking your browser.{0,40}",
        r"making sure you(?:'|’)re not a bot!?",
        r"zugriff (?:wurde )?(?:verweigert|gesperrt|blockiert)",
        r"(?:ihre )?anfrage (?:wurde )?(?:blockiert|abgelehnt)",
        r"(?:sicherheits|browser)(?:über)?prüfung",
        r"sicherheitsabfrage",
        r"einen moment(?: bitte)?(?:\.\.\.|…)?",
        r"captcha|bot-?(?:schutz|erkennung|detection)|ddos-?(?:schutz|protection)",
        r"(?:fehler |error )?(?:403|429)(?:[ :–-]+(?:forbidden|too many requests|zugriff verweigert|verboten))?",
        r"forbidden|too many requests|zu viele anfragen",
    ),
    text=either(
        rf"(?:verify|confirm|prove|make sure|checking)\b{_GAP}\b(?:human|not a (?:ro)?bot)\b",
        rf"(?:bestätigen|beweisen|prüfen|nachweisen|sicherstellen)\b{_GAP}\b(?:kein(?:en)? (?:ro)?bot|ein mensch)\b",
        rf"kein (?:ro)?bot\b{_GAP}\b(?:sind|bin)\b",
        r"checking (?:if the site connection is secure|your browser)",
        r"enable javascript and cookies to continue",
        rf"(?:ihr browser|die verbindung|ihre anfrage) wird{_GAP}(?:geprüft|überprüft)",
        r"(?:ungewöhnliche[nr]?|verdächtige[nr]?|automatisierte[nr]?) (?:datenverkehr|aktivität|zugriffe|anfragen)\b"
        rf"{_GAP}(?:festgestellt|erkannt|gesperrt|blockiert)",
        r"unusual traffic|suspicious activity|automated (?:access|requests|queries)\b",
        rf"(?:zugriff|zugang|anfrage|ip-adresse)\b{_GAP}\b(?:aus sicherheitsgründen|durch (?:die|unsere) firewall)\b"
        rf"|(?:aus sicherheitsgründen|von unserer firewall)\b{_GAP}\b(?:blockiert|gesperrt|abgelehnt|verweigert)",
        r"(?:ihre? )?(?:zugriff|anfrage|ip-adresse) (?:auf diese (?:web)?seite )?(?:wurde|ist) (?:leider )?"
        r"(?:blockiert|gesperrt|abgelehnt|verweigert)",
        r"you (?:have been|are|were) (?:blocked|denied)|you don(?:'|’)t have permission to access",
        r"the requested url was rejected|your support id is|incapsula incident|(?:cloudflare )?ray id",
        r"reference #\d+\.[0-9a-f]+\.\d+",
    ),
)

MAINTENANCE = StandIn(
    outcome=Outcome.MAINTENANCE,
    rule="maintenance-page",
    detail="Die Website meldet Wartungsarbeiten.",
    title=either(
        r"wartung(?:sarbeiten|smodus|spause|sseite)?!?",
        r"(?:website|webseite|seite|server|system|portal) (?:in|im) (?:der )?(?:wartung|wartungsmodus)",
        r"(?:geplante |technische )wartung(?:sarbeiten)?",
        r"(?:under|site maintenance|scheduled|down for|maintenance) ?(?:maintenance|mode)?",
        r"(?:site|website|server|page|system) (?:is )?(?:under|down for) (?:scheduled )?maintenance",
        r"(?:vorübergehend|zurzeit|derzeit) nicht (?:erreichbar|verfügbar)",
        rf"{_THIS} ist (?:vorübergehend|zurzeit|derzeit) nicht (?:erreichbar|verfügbar)",
        r"wir sind (?:gleich|bald|in kürze) (?:wieder )?(?:zurück|für sie da|online)!?",
        r"we(?:'|’)?(?:ll| will) be (?:right )?back(?: soon| shortly)?!?|be right back!?|temporarily unavailable",
        r"(?:fehler |error |http )?503(?:[ :–-]+service (?:temporarily )?unavailable)?",
        r"service (?:temporarily )?unavailable",
    ),
    text=either(
        rf"{_SERVICE}{_GAP}\b(?:wird|werden)\b{_GAP}\b(?:gewartet|aktualisiert|überarbeitet|umgebaut)\b",
        rf"\bwird {_SERVICE}{_GAP}\b(?:gewartet|aktualisiert|überarbeitet|umgebaut)\b",
        rf"{_SERVICE}{_GAP}\b(?:in wartung|im wartungsmodus|under(?:going)? (?:scheduled )?maintenance|down for)\b",
        rf"{_SERVICE}{_GAP}\b{_NOW}\b{_GAP}\b(?:nicht (?:erreichbar|verfügbar|zur verfügung)|offline|down)\b",
        rf"{_SERVICE}{_GAP}\b(?:temporarily|currently)\b{_GAP}\b(?:unavailable|not available|offline|down)\b",
        rf"(?:wartungsarbeiten|maintenance|wartung)\b{_GAP}\b{_SERVICE}",
    ),
    support=either(
        rf"{_NOW}\b{_GAP}\b(?:wartungsarbeiten|eine wartung) (?:durch|statt)\b",
        rf"(?:führen|finden)\b{_GAP}\b{_NOW}\b{_GAP}\bwartungs",
        rf"{_NOW} nicht (?:erreichbar|verfügbar)",
        rf"(?:steht|stehen)\b{_GAP}\b{_NOW}\b{_GAP}\bnicht zur verfügung",
        r"(?:versuchen sie es|schauen sie|kommen sie)\b[^.!?]{0,30}\b(?:später|gleich|in kürze|in wenigen minuten)\b",
        r"(?:try again|check back|be back|come back)\b[^.!?]{0,30}\b(?:later|soon|shortly|minutes)\b",
        r"wartungsarbeiten (?:sind )?(?:in kürze |bald )?abgeschlossen|performing (?:some |scheduled )?maintenance",
    ),
    dated_is_news=True,
    alone=False,
)

NOT_FOUND = StandIn(
    outcome=Outcome.SOFT404,
    rule="not-found-page",
    detail="Die Adresse antwortet „Seite nicht gefunden“.",
    title=either(
        rf"(?:{_THIS}|{_PAGE}|die (?:angeforderte|gewünschte|gesuchte|aufgerufene) {_PAGE}) "
        r"(?:(?:wurde|konnte|ist|existiert|was|could|is|does) )?(?:leider )?"
        r"(?:nicht|not|no longer|nicht mehr)(?: be)? ?(?:mehr )?(?:gefunden|found|verfügbar|available|vorhanden"
        r"|exist|"
        r"exists|erreichbar)?(?: werden)?[.!]?",
        r"(?:fehler|error|http|status|fehlercode)?:? ?(?:404|410)(?: ?(?:[-–:|.]|/) ?| )?(?:(?:fehler|error"
        r"|not found|"
        r"nicht gefunden|gone|(?:seite|page|file|datei) (?:nicht|not) (?:gefunden|found))[.!]?)?",
        r"(?:leider )?nichts gefunden[.!]?|nicht gefunden[.!]?|not found[.!]?|gone",
        rf"{_THIS} (?:gibt es|existiert|is) (?:leider )?(?:nicht|no longer|nicht mehr)(?: mehr)?(?: available)?[.!]?",
        r"(?:hoppla|ups|uups|oops|huch)\b.{0,60}",
        r"die seite .{0,60}(?:wurde nicht gefunden|existiert nicht(?: mehr)?)[.!]?",
    ),
    text=either(
        rf"{_PAGE}\b{_GAP}\b(?:wurde|konnte|kann)\b{_GAP}\bnicht (?:mehr )?(?:gefunden|aufgefunden|angezeigt)\b",
        rf"{_PAGE}\b{_GAP}\b(?:existiert|gibt es|besteht)\b (?:leider )?nicht(?: mehr)?\b",
        rf"{_PAGE}\b{_GAP}\bist (?:leider )?nicht (?:mehr )?(?:verfügbar|vorhanden|erreichbar|auffindbar)\b",
        rf"(?:gibt|existiert)\b{_GAP}\b{_PAGE}\b (?:leider )?nicht(?: mehr)?\b",
        rf"(?:wurde|ist) {_GAP}(?:verschoben|umbenannt)\b{_GAP}\b(?:gelöscht|entfernt)\b"
        rf"|(?:gelöscht|entfernt)\b{_GAP}\b(?:verschoben|umbenannt)\b",
        rf"{_PAGE}\b{_GAP}\b(?:could not be found|was not found|can(?:not|(?:'|’)t) be found|does(?: not|n(?:'|’)t) "
        r"exist|is no longer available|has been (?:moved|removed|deleted))\b",
        rf"(?:couldn(?:'|’)t|could not|can(?:'|’)t|cannot) find (?:the|this|that) {_PAGE}\b",
    ),
)

LOGIN = StandIn(
    outcome=Outcome.WALL,
    rule="login-wall",
    detail="Statt der Seite kam eine Anmeldemaske.",
    title=either(
        r"(?:bitte )?(?:anmelden|einloggen|log ?in|sign in|log on)",
        r"anmeldung|login-?(?:seite|bereich)|benutzeranmeldung|(?:user|account) login",
        r"(?:anmeldung|login|authentication|authentifizierung) (?:erforderlich|required)",
        r"geschützter bereich|interner bereich|members only",
    ),
    text=either(
        r"bitte (?:melden sie sich (?:an|mit)|loggen sie sich ein|anmelden|einloggen)",
        r"(?:please |you (?:must|need to) (?:be )?)(?:log|sign|logged|signed)[ -]?(?:in|on)\b",
        rf"(?:sie müssen (?:sich )?(?:angemeldet|eingeloggt|anmelden|einloggen))|nur für angemeldete{_GAP}",
        r"(?:benutzername|benutzerkennung|username|e-mail(?:-adresse)?)[^.!?]{0,40}(?:passwort|kennwort|password)",
        r"(?:passwort|kennwort) vergessen|forgot(?:ten)? (?:your )?password",
    ),
    alone=False,
    needs_name=True,
)

CONSENT = StandIn(
    outcome=Outcome.WALL,
    rule="consent-wall",
    detail="Statt der Seite kam eine Einwilligungsabfrage.",
    title=either(
        r"(?:cookie|datenschutz|privatsphäre|privacy)[- ]?(?:einstellungen|hinweise?|einwilligung|settings"
        r"|preferences|"
        r"consent|notice)",
        r"(?:ihre |your )?(?:einwilligung|zustimmung|consent)",
        r"(?:(?:ihr )?datenschutz ist uns wichtig|(?:your )?privacy (?:choices|matters))",
        r"wir (?:verwenden|nutzen|brauchen|benötigen) (?:cookies|ihre (?:einwilligung|zustimmung))|we use cookies",
        r"before you continue|bevor sie (?:fortfahren|weiterlesen)|(?:mit werbung )?weiterlesen",
        r"we value your privacy|cookies?",
    ),
    text=either(
        r"(?:wir|(?:diese|unsere) (?:web)?(?:seite|site)|we|this (?:web)?site|our (?:web)?site)\b[^.!?]{0,60}"
        r"\b(?:verwende[nt]|nutz(?:en|t)|setz(?:en|t)|uses?)\b[^.!?]{0,40}\bcookies\b",
        r"\balle (?:cookies )?(?:akzeptieren|annehmen|zulassen|ablehnen)\b|\b(?:accept|reject|allow) all\b",
        r"(?:zustimmen|einwilligen|akzeptieren) und (?:weiter|fortfahren)|accept and continue|agree and continue",
        r"(?:benötigen|brauchen|need) (?:wir )?(?:ihre|your) (?:einwilligung|zustimmung|consent)",
        r"(?:nur )?(?:notwendige|essenzielle|necessary|essential) cookies",
    ),
    alone=False,
)

SCRIPT = StandIn(
    outcome=Outcome.WALL,
    rule="javascript-wall",
    detail="Die Seite zeigt ihren Inhalt nur mit JavaScript.",
    title=either(r"javascript (?:ist )?(?:erforderlich|deaktiviert|required|disabled|is (?:required|disabled))"),
    text=either(
        rf"(?:aktivieren|einschalten|erlauben)\b{_GAP}\bjavascript\b",
        rf"javascript\b{_GAP}\b(?:aktivieren|einschalten|erlauben)\b",
        rf"javascript\b{_GAP}\b(?:deaktiviert|ausgeschaltet|nicht aktiviert|benötigt|erforderlich|vorausgesetzt)\b",
        rf"(?:enable|activate|turn on)\b{_GAP}\bjavascript\b|javascript\b{_GAP}\b(?:disabled|required|enabled)\b",
        rf"(?:benötigt|erfordert|braucht|requires?|needs?)\b{_GAP}\bjavascript\b",
    ),
)

BROKEN = StandIn(
    outcome=Outcome.FAILED,
    rule="error-page",
    detail="Die Website meldet einen Fehler auf dem Server.",
    title=either(
        r"(?:fehler |error |http )?50[0-4]"
        r"(?:[ :–-]+(?:internal server error|bad gateway|gateway time-?out|server ?fehler))?",
        r"internal server error|interner server ?-?fehler|bad gateway|gateway time-?out"
        r"|server error(?: in '/.{0,40})?",
        r"(?:database|datenbank)[- ]?(?:error|fehler)|fatal error|application error|anwendungsfehler",
        r"(?:ein|technischer|unerwarteter|interner) fehler(?: ist aufgetreten)?",
        r"es ist ein (?:technischer )?fehler aufgetreten",
        r"(?:jbweb\d+: )?http status [45]\d\d\b.{0,100}|error: the request could not be satisfied",
    ),
    text=either(
        r"error establishing a database connection|(?:internal server error|bad gateway|gateway time-?out)\b",
        r"^(?:php )?(?:fatal|parse) error:|uncaught (?:exception|error|pdoexception)",
        rf"es ist (?:leider )?ein (?:\w{4, 12}er )?(?:server)?fehler\b{_GAP}\baufgetreten",
        r"an (?:unexpected |internal )?error (?:has )?occurred|the server encountered an",
        rf"(?:datenbank|server)\b{_GAP}\b(?:nicht (?:verbunden|erreicht) werden|antwortet nicht)",
    ),
)

NO_SITE = StandIn(
    outcome=Outcome.FAILED,
    rule="no-website",
    detail="Unter der Adresse antwortet keine Website, sondern ein leerer oder gesperrter Server.",
    title=either(
        r"(?:welcome to nginx|it works|index of /.{0,40}|account suspended|iis windows(?: server)?|(?:default"
        r"|test) page)!?",
        r"(?:apache2? |nginx |tomcat |domain )?.{0,20}\bdefault (?:web ?)?page(?:: it works)?|test page for .{0,60}",
        r"(?:hier entsteht|under construction).{0,60}|(?:this )?domain .{0,20}(?:for sale|parked|geparkt"
        r"|zu verkaufen)",
        r".{0,60}\bis for sale|diese (?:internet|web)(?:präsenz|seite|site) (?:ist|wurde) (?:gesperrt|deaktiviert)",
    ),
    text=either(r"\bbuy this domain\b|\bsponsored listings\b"),
    alone=False,
)

WAITING = StandIn(
    outcome=Outcome.WALL,
    rule="waiting-room",
    detail="Statt der Seite kam eine Warteschlange.",
    title=either(
        r"(?:virtueller )?warteraum|warteschlange|(?:virtual )?waiting room|queue-it|you are (?:now )?in line"
    ),
    text=either(r"\b(?:ihre nummer in der schlange|your number in line)\b"),
    alone=False,
)

GATE = StandIn(
    outcome=Outcome.WALL,
    rule="gate",
    detail="Statt der Seite kam eine Abfrage, die ein Mensch beantworten muss.",
    title=either(
        r"(?:ihre )?(?:sitzung|session) (?:ist )?abgelaufen|(?:your )?session (?:has )?expired|altersprüfung"
        r"|age (?:check|gate)"
    ),
    text=either(r"\b(?:ihre|your) (?:sitzung|session)\b[^.!?]{0,40}\b(?:abgelaufen|expired|timed out)\b"),
    alone=False,
)

PAYWALL = StandIn(
    outcome=Outcome.WALL,
    rule="paywall",
    detail="Die Seite zeigt ihren Text nur gegen Bezahlung.",
    title=either(
        r"weiterlesen mit .{0,40}|jetzt weiterlesen|.{0,20}pur-abo.{0,20}|subscribe to (?:read|continue).{0,20}"
    ),
    text=either(r"\b(?:nur für abonnent\w{0,5}|subscribers only|subscribe to continue)\b"),
    alone=False,
)

# In this order: what a page says about robots may stand on a page that also asks for cookies and JavaScript.
STAND_INS = (BLOCKED, NOT_FOUND, MAINTENANCE, BROKEN, NO_SITE, WAITING, GATE, LOGIN, CONSENT, PAYWALL, SCRIPT)
