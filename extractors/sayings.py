"""How a website speaks of its own faults and refusals: words that one sentence has together, by kind of stand-in."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.patterns import Pattern
from extractors.phrases import (
    BLOCKED,
    BROKEN,
    MAINTENANCE,
    NO_SITE,
    NOT_FOUND,
    StandIn,
    either,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What ``kind`` of stand-in a sentence belongs to that has all of ``parts``, in any order, and not ``never``."""

    kind: StandIn
    parts: tuple[Pattern, ...]
    never: Pattern | None = None


_NAMED = (
    r"(?:dies(?:e[rnsm]?)|unser(?:e[rnsm]?)?|die|der|das|den|dem|des|ihre?[rnm]?|this|our|the"
    r"|your)\s(?:[\w-]{1,30}\s){0,3}"
)
_WEB = (
    r"(?:(?:web|internet)-?(?:seiten?|sites?|auftritts?|angebots?|präsenz|portals?)|online-?(?:angebots?|auftritts?)"
    r"|homepage|website|seiten?|sites?|server|url|(?:web|internet)-?adresse|domain|web ?page|page|webserver)\b"
)
# Words that also name other things than websites: only "dieser Dienst", "our service" are sure to mean it.
_OWN = (
    r"(?:dies(?:e[rnsm]?)|unser(?:e[rnsm]?)?|this|our)\s(?:[\w-]{1,30}\s){0,2}"
    r"(?:dienste?|anwendung|systeme?|server|portals?|angebots?|auftritts?|service|application|system)\b"
)
_SITE = either(
    _NAMED + _WEB,
    _OWN,
    r"\bdas portal\b",
    r"\bnotseite\b",
    r"^(?:the )?(?:service|site|website"
    r"|page) (?:is|was)\b",
)
_ASKED = either(
    r"\b(?:angegebene|gesuchte|gewünschte|angeforderte|angefragte|aufgerufene|ausgewählte"
    r"|eingegebene)[rsnm]?\s[\w-]{3,30}",
    r"\b(?:gesucht|gewünscht|angefordert|aufgerufen)e[rsnm]?\s(?:[\w-]{1,24}\s){1,2}[\w-]{3,30}",
    r"\b(?:page|file|content|resource|url|document|article|address)\s(?:that )?you\b|\brequested\s\w{3,20}",
    r"\bdie datei\b|\bdies(?:er|es|e|em|en)\s(?:inhalte?|artikel|beitrag|dokument|datei|eintrag|meldung"
    r"|veranstaltung|link|adresse)\b",
)
_LOST = either(
    r"\bnicht (?:mehr )?(?:\w{1,20} ){0,2}(?:gefunden|finden|vorhanden|verfügbar|auffindbar|zugeordnet|online"
    r"|aufrufbar"
    r"|gültig)\b",
    r"\b(?:existier(?:t|en)|gibt es|besteht) (?:hier )?(?:leider )?nicht\b",
    r"\b(?:verschoben|gelöscht|entfernt|umbenannt|umgezogen|archiviert|abgelaufen)\b",
    r"\bnot (?:be )?found\b|\bn(?:o|['’])t exist|\bno longer\b|\b(?:re)?moved\b|\bdeleted\b|\brenamed\b|\bexpired\b"
    r"|\b(?:can(?:not|['’]t)|could(?: not|n['’]t)) (?:be found|find)\b",
)
_DOWN = either(
    r"\bnicht (?:\w{1,20} ){0,3}(?:erreichbar|verfügbar|zur verfügung|aufrufbar|zugänglich|an(?:ge)?zeigt"
    r"|dargestellt|geladen"
    r"|aufgerufen|angezeigt|bereitgestellt)\b",
    r"\b(?:wird|werden) (?:\S{1,30} ){0,8}(?:gewartet|überarbeitet|umgebaut|umgestellt|erneuert|aktualisiert)\b",
    r"\b(?:abgeschaltet|überlastet|offline|gestört|in wartung|im wartungsmodus|wartungsarbeiten"
    r"|technischen? (?:störung|wartung))\b",
    r"\bnicht (?:\w{1,20} )?(?:zu erreichen|nutzbar|bearbeiten|beantworten|verarbeiten)\b"
    r"|\beingeschränkt (?:genutzt|erreichbar)",
    r"\bvom netz\b|\bausgefallen\b|\bausfalls?\b",
    r"\bzieht (?:\S{1,30} ){0,8}um\b|\bim (?:auf|um)bau\b",
    r"\bcan ?not be (?:displayed|shown|reached|loaded)\b|\bunavailable\b|\bnot (?:\w{1,20} )?available\b"
    r"|\bmaintenance\b|\bis down\b|\boffline\b|\bbe back\b|\boverloaded\b",
)
_PAST = either(
    r"\b(?:war|waren|wurden|were|ist|sind) (?:\S{1,30} ){0,12}(?:gegangen|behoben|abgeschlossen)\b", r"\bwar(?:en)?\b"
)
_REQUEST = either(
    r"\b(?:ihre?[nr]?|diese|your|this|the) (?:[\w-]{1,24} ){0,2}(?:anfrage|aufruf|verbindung|request"
    r"|connection)\b",
    r"\b(?:der|ihr|den|ihren) zugriff\b|\bzugriff (?:auf|von|wurde|ist)\b|\baccess (?:to (?:this|the|our)"
    r"|from)\b|\bzugang zu diesem\b"
    r"|\byour access\b",
    r"\bip(?:-| )?ad(?:resse|dress)\b|\byou(?:['’]ve| have| are| were) (?:been )?",
    r"\b(?:ihrem|your) (?:netzwerk|network|land|country|browser|provider)\b|\b(?:this|diese|die) (?:web(?:site"
    r"|seite| page)|site)\b",
)
_REFUSED = either(
    r"\b(?:blockier|gesperr|abgelehn|zurückgewies|abgewies|verweiger|geblock|unterbund|ausgesperr)\w{0,3}\b",
    r"\bnicht (?:erlaubt|zulässig|gestattet|berechtigt)\b|\b(?:keine|nicht die) (?:zugriffs)?berechtigung"
    r"|\bcould not be (?:satisfied|processed|retrieved)\b|\bprevents\b|\b(?:zugriff"
    r"|aufruf)\b.{0,80}\bnicht möglich\b|\bverletzt\b",
    r"\b(?:stopped|suspicious|unauthori[sz]ed|authori[sz]ed to access|blocked|denied|rejected|refused|banned"
    r"|forbidden|restricted|limited|violat(?:es|ion))\b"
    r"|\bnot (?:allowed|permitted|authori[sz]ed)\b",
)
_TRACE = either(  # what programs print
    r"[\\/]\S{1,120}\.(?:php|inc|py|pl|cfm|aspx?|jsp|rb)\b.{0,20}\bline \d"
    r"|\bat [\w$.]{3,120}\([\w$]{1,60}\.java:\d+\)",
    r"\btraceback \(most recent call|\bstack ?trace\b|\bORA-\d{5}\b|\bSQLSTATE\b|error in your sql syntax"
    r"|\bJBWEB\d{3}",
    r"\b[a-z]\w{1,20}(?:\.\w{1,40}){1,8}\.?[A-Z]\w{2,60}(?:Exception|Error)\b|\b\w{3,40}Exception:"
    r"|\bException Type\b",
    r"\b(?:fatal|parse|runtime|application|server) error\b|\b(?:server|laufzeit|anwendungs)-?fehler\b",
    r"\buncaught (?:\w{1,30} )?(?:exception|error)\b|\bunhandled exception\b|\ban exception occurred\b",
    r"\b(?:connection|server) (?:refused|timed out|reset)\b|\berror code:? \d{3}\b|\bcould not connect to\b"
    r"|\bverbindung zu \S{1,60} fehlgeschlagen\b",
    r"\bguru meditation\b|\bbackend fetch failed\b|\bbad gateway\b|\bgateway time-?out\b"
    r"|\binternal(?: server)? error\b",
    r"\bupstream\b|\bproxy (?:server|error)\b|\bno server is available\b|\bthe server (?:encountered|didn['’]t"
    r"|did not|is not)\b"
    r"|\ballowed memory size\b|\bmysqli?_\w+",
    r"\bhttp (?:status|error)\s?:? [45]\d\d\b|\b(?:the )?(?:full )?stack trace\b|\bundefined in url\b"
    r"|\bweb\.config\b",
)
_BOT = (
    r"\b(?:ro)?bot(?:s|er|ern)?\b|\bein mensch\b|\b(?:a |you are )?human\b|\bcaptcha\b|\bautomati(?:siert|on"
    r"|ed)\w{0,3}\b"
)
_DOUBT = (
    r"\b(?:bestätig|sicher(?:ge)?stell|überprüf|verifizier|nachweis|beweis|vermut|erkannt|lös)\w{0,4}\b"
    r"|\bverify|\bconfirm|\bprove\b|\bmak(?:e|ing) sure\b|\bmade us think\b|\bthink\b|\bbelieve\b"
    r"|\bkein(?:en?)? |\bnot an?\b"
    r"|\bsind sie\b|\bare you\b|\bausschließen\b|\bresolve\b|\bcomplete\b"
)
_CHECKED = (
    r"\b(?:wird|werden|wir|muss)\b.{0,80}\b(?:über)?prüf(?:t|en)\b|\bwird gep?rüft\b|\bchecking\b"
    r"|\bverif(?:y|ies|ying)\b"
)
FAULTS = (
    Saying(kind=BROKEN, parts=(_TRACE,)),
    Saying(kind=BLOCKED, parts=(either(_BOT), either(_DOUBT))),
    Saying(
        kind=BLOCKED,
        parts=(
            either(
                r"\b(?:ihr(?:en)?|your) browser\b|\bverbindung\b"
                r"|\bconnection\b"
            ),
            either(_CHECKED),
        ),
    ),
    Saying(
        kind=BLOCKED,
        parts=(
            either(
                r"\bsecurity (?:service|solution|policy)\b|\bfirewall\b|\bmod_security\b|\bweb-?filter\b"
                r"|\bcyber ?security\b|\bddos\b"
            ),
            either(
                r"\bgeschützt\b|\bschütz|\bprotect|\bblock|\bzurück|\babge|\bgetrennt\b|\btriggered\b"
                r"|\bgenerated\b|\bprevent"
            ),
        ),
    ),
    Saying(kind=BLOCKED, parts=(_REQUEST, _REFUSED)),
    Saying(
        kind=BLOCKED,
        parts=(
            either(
                r"\byou(?:['’]re| are) seeing this\b|\bsie sehen dies(?:e seite)?,? weil\b"
                r"|\bthis challenge\b"
            ),
        ),
    ),
    Saying(
        kind=BLOCKED,
        parts=(
            either(r"\b(?:anfragen|zugriffe|requests|traffic)\b"),
            either(r"\b(?:ihrer|ihrem|ihre|your|you|exceeded)\b"),
            either(
                r"\bviele?\b|\bungewöhnlich|\bauffällig|\bverdächtig|\btoo many\b|\bunusual\b|\bsuspicious\b"
                r"|\bexceeded\b"
            ),
        ),
    ),
    Saying(
        kind=BLOCKED,
        parts=(either(r"\b(?:your|ihre) ip(?:-| )?(?:ad(?:resse|dress))?\s?(?:is|lautet|ist)?\s?:?\s*\d"),),
    ),
    Saying(kind=NOT_FOUND, parts=(either(_SITE.pattern, _ASKED.pattern), _LOST)),
    Saying(
        kind=NOT_FOUND,
        parts=(
            either(r"\b(?:adressen?|url|links?|schreibweise|lesezeichen|bookmarks?|web address|spelling)\b"),
            either(
                r"\bfalsch\b|\bveraltet|\bgeändert\b|\btippfehler|\bschreibweise\b|\bvertippt\b|\bkorrekt\b"
                r"|\b(?:über)?prüfen\b"
                r"|\baktualisieren\b|\bmis(?:typed|spell)|\btyped\b|\bpasted\b|\bout of date\b|\bincorrect"
            ),
        ),
    ),
    Saying(
        kind=NOT_FOUND,
        parts=(
            either(
                r"\b(?:unter|an) dieser (?:adresse|url|stelle)\b.{0,60}\b(?:kein|nicht)",
                r"\bkein(?:e|en)? (?:\w{1,20} )?(?:datensatz|seite|inhalt|dokument|artikel"
                r"|datei)\b.{0,60}\b(?:gefunden|vorhanden)\b",
                r"\b(?:gesuchten|gewünschten|angeforderten) (?:inhalt|seite|artikel)\b.{0,60}\bnicht (?:finden"
                r"|gefunden)\b",
                r"\b(?:no (?:page|record|content)|nothing) (?:was |has been )?found\b|\bnichts gefunden\b",
            ),
        ),
    ),
    Saying(kind=MAINTENANCE, parts=(_SITE, _DOWN), never=_PAST),
    Saying(
        kind=MAINTENANCE,
        parts=(
            either(
                r"\b(?:hier|an dieser stelle) entsteht\b",
                r"\bwir sind (?:\S{1,30} ){0,4}wieder (?:für sie )?(?:da|zurück|online|erreichbar)\b"
                r"|\bsollten? in kürze\b",
                r"\barbeiten (?:\S{1,30} ){0,6}(?:neuen (?:seite|website|internetauftritt)|angebot|seite|website)\b",
                r"\bwe(?:['’]ll| will| should| expect to)? be back\b|\bunavailable for (?:scheduled )?maintenance\b",
                r"\b(?:führen|finden) (?:\S{1,30} ){0,4}(?:gerade|derzeit|zurzeit|momentan"
                r"|aktuell) (?:\S{1,30} ){0,3}wartung",
                r"\bdies ist eine notseite\b|\bsind wir (?:wieder )?zurück\b|\bpage is being generated\b"
                r"|\bable to use the service (?:from"
                r"|again|later)\b",
            ),
        ),
        never=_PAST,
    ),
    Saying(
        kind=BROKEN,
        parts=(
            either(r"\bfehler\b|\berror\b|\bproblem\b"),
            either(
                r"\baufgetreten\b|\boccurred\b|\bpassiert\b|\bencountered\b|\bverarbeitung ihrer\b"
                r"|\bprotokolliert\b|\blogged\b"
                r"|\bprocessing your\b|\bkritischer?n? fehler auf\b"
            ),
        ),
    ),
    Saying(kind=BROKEN, parts=(either(r"\bschief ?ge(?:laufen|gangen)\b|\b(?:went|gone) wrong\b"),)),
    Saying(
        kind=BROKEN,
        parts=(
            either(r"\b(?:datenbank|database)"),
            either(r"\b(?:verbindung|connection|verbunden)\b|verbindung\b"),
            either(r"\bnicht\b|\bfehler|\berror|\bfail|\bunable\b|\bfehlgeschlagen\b"),
        ),
    ),
    Saying(
        kind=NO_SITE,
        parts=(
            either(
                r"\b(?:domain|website|webseite|web-?präsenz|internet-?(?:präsenz|seite)|account|hosting"
                r"|content-management-\w+)\b"
            ),
            either(
                r"\b(?:zum|zu) verkauf|\bfor sale\b|\bgeparkt\b|\bpark(?:t|ed|ing)\b|\bgesperrt\b"
                r"|\bdeaktiviert\b|\bsuspended\b"
                r"|\bunknown domain\b|\badded to a service\b|\bregistriert\b|\bregistered\b|\breserviert\b"
                r"|\bnoch keine (?:inhalte|seite|website)\b|\bwebhosting\b|\bgekündigt\b"
                r"|\babgelaufen\b|\bexpired\b"
            ),
        ),
    ),
    Saying(
        kind=NO_SITE,
        parts=(
            either(
                r"\bwelcome to (?:nginx|apache|caddy|tomcat)|^it works!?$|\bdefault (?:web )?(?:page|site)\b"
                r"|\bdefault welcome page\b",
                r"\bweb server is (?:successfully )?(?:installed|running)\b|^index of /|\bhttp server installed\b",
                r"\bnoch keine inhalte\b|\bsponsored listings\b|\brelated searches\b"
                r"|\bverwandte (?:suchbegriffe|suchen)\b|\bbuy this domain\b",
            ),
        ),
    ),
    Saying(
        kind=BLOCKED,
        parts=(
            either(r"\b(?:aus|in) ihre[mr] (?:land|region)\b|\byour (?:country|region|location)\b"),
            either(
                r"\bnicht (?:\w{1,20} )?(?:verfügbar|möglich|erlaubt|gestattet)\b|\bnot (?:available"
                r"|permitted)\b|\bunavailable\b"
            ),
        ),
    ),
    Saying(
        kind=NOT_FOUND,
        parts=(
            either(r"\bin ihrer sprache\b|\bin (?:the selected|your|this) language\b|\bin dieser sprache\b"),
            either(r"\bnicht (?:\w{1,20} )?verfügbar\b|\bnot available\b"),
        ),
    ),
)
