"""How a website speaks at its gates (log-in, consent, script, queue), and what such pages say besides."""

from __future__ import annotations

import re

from extractors.phrases import CONSENT, GATE, LOGIN, PAYWALL, SCRIPT, WAITING, either
from extractors.sayings import Saying

_LABEL = (
    r"(?:vorgang|case|ray|incident|support|reference|event|request|block|trace|error|correlation|vorgangs|referenz"
    r"|korrelations|fehler)"
)
_TOKEN = re.compile(
    rf"\b{_LABEL}[ -]?(?:id|nummer|nr|no|number|code|#)?\b[^\w]{{0,5}}(?:lautet:? )?\S*\d|\breference\s?#\s?\d"
    rf"|\bXID: \d",
    re.IGNORECASE,
)

GATES = (
    Saying(
        kind=WAITING,
        parts=(
            either(
                r"\bwarte(?:schlange|raum)\b|\b(?:now )?in (?:the )?(?:line|queue)\b|\bwaiting room\b"
                r"|\bwartezeit\b|\bwait time\b"
                r"|\ban der reihe\b|\byour turn\b|\bin der schlange\b|\bauf platz \d|\bviele (?:menschen"
                r"|besucher)\b|\bdieses fenster nicht\b|\bhigh demand\b"
            ),
            either(r"\bsie\b|\bihre?\b|\byou(?:r|['’]re)?\b|\bestimated\b|\bgeschätzte\b|\bvirtuelle[nr]?\b"),
        ),
    ),
    Saying(
        kind=LOGIN,
        parts=(
            either(
                r"\bmelden sie sich\b|\banmeld(?:en|ung)\b|\beinloggen\b|\bloggen sie\b|\b(?:sign"
                r"|log)(?:ged)?[ -]?(?:in|on)\b"
                r"|\bbenutzername|\busername\b|\bzugangsdaten\b|\bauthenti[fk]"
            ),
            either(
                r"\bbitte\b|\bplease\b|\bbenutzer|\bpass?wort|\bkennwort\b|\bpassword\b|\bkonto\b|\baccount\b"
                r"|\berforder|\brequire"
                r"|\bmust\b|\bmüssen\b|\bzugangsdaten\b|\borganisations|\bkennung\b"
            ),
        ),
    ),
    Saying(
        kind=GATE,
        parts=(
            either(r"\b(?:ihre|your|die) (?:sitzung|session)\b"),
            either(r"\babgelaufen\b|\bbeendet\b|\bexpired\b|\btimed? ?out\b|\bungültig\b|\binvalid\b"),
        ),
    ),
    Saying(
        kind=GATE,
        parts=(
            either(
                r"\bautomatisch abgemeldet\b|\bautomatically (?:logged|signed) out\b"
                r"|\berneut an\b"
            ),
        ),
    ),
    Saying(
        kind=GATE,
        parts=(
            either(r"\b18 jahre\b|\bvolljährig\b|\b(?:18|21) years\b|\bof legal age\b"),
            either(r"\bbestätig|\bconfirm\b|\bbetreten\b|\benter\b"),
        ),
    ),
    Saying(
        kind=GATE,
        parts=(
            either(r"\bbitte\b|\bplease\b|\bmust\b"),
            either(r"\bakzeptier|\baccept\b|\bstimmen sie\b|\bagree to\b"),
            either(r"\bmit dem internet\b|\bconnect|\b(?:internet)?(?:zugang|verbindung)\b"),
        ),
    ),
    Saying(
        kind=SCRIPT,
        parts=(
            either(r"\bfirefox\b|\bchrome\b|\bsafari\b|\bbrowser\b"),
            either(r"\bverwenden sie\b|\bnutzen sie\b|\baktualisieren sie\b|\bupdate\b|\bupgrade\b|\bplease use\b"),
            either(r"\bum (?:\S{1,30} ){1,8}zu\w* \w|\bto (?:view|use|access|see|continue)\b"),
        ),
    ),
    Saying(
        kind=CONSENT,
        parts=(
            either(
                r"\bcookies?\b|\beinverständnis\b|\bdrittanbieter\b|\bdatenverarbeitung\b|\btrack(?:ing|er)\b"
                r"|\beinwilligung\b|\bzustimmung\b|\bconsent\b|\bpartner\b"
                r"|\bprivatsphäre\b"
                r"|\bprivacy\b|\bdatenschutz(?:einstellungen|erklärung)?\b"
            ),
            either(
                r"\bnotwendig\b|\bhelfen\b|\bbrauchen\b|\bspeicher|\bgreifen\b|\bakzeptier|\bzustimm|\bauswahl"
                r"|\bauswähl|\bwiderruf|\bpersonalis"
                r"|\bverwende|\bnutze"
                r"|\bstore\b|\bretrieve\b|\baccept|\ballow|\bchoice|\bmanage\b|\bsettings\b|\bbenötigen\b"
                r"|\bwe use\b|\bwerbung\b"
                r"|\buses?\b|\brespekt|\balways active\b"
            ),
        ),
    ),
    Saying(
        kind=SCRIPT,
        parts=(
            either(r"\bjava ?script\b|\bJS\b|\bihr browser\b|\byour browser\b|\bcookies\b"),
            either(
                r"\baktivier|\beinschalt|\bschalten sie\b|\bdeaktiviert\b|\bausgeschaltet\b|\bbenötigt\b"
                r"|\berforder|\bnicht unterstützt\b"
                r"|\bveraltet\b|\benable|\bdisabled?\b|\brequire|\bturn on\b|\bwithout\b|\bohne\b"
                r"|\bunsupported\b|\bnot supported\b"
                r"|\boutdated\b|\bneeds?\b"
            ),
        ),
    ),
    Saying(
        kind=PAYWALL,
        parts=(
            either(r"\babo\b|\babonnent\w{0,5}\b|\babonnement\b|\bsubscri(?:be|bers?|ption)\b|\bpur-abo\b"),
            either(
                r"\bweiterlesen\b|\bnur für\b|\btesten\b|\bexklusiv\b|\bbereits\b|\bonly\b|\bcontinue reading\b"
                r"|€|\beuro\b"
            ),
        ),
    ),
)

# What such pages say besides, whatever they stand for; good pages say it too, about other things.
BESIDE = (
    (
        either(
            r"\b(?:versuch|probier|lad|aktualisier|schau|komm|wart)en sie\b|\btry\b|\breload\b|\brefresh\b"
            r"|\bcheck back\b|\bcome back\b"
            r"|\bversuche es\b|\bplease wait\b|\bbitte später\b|\brufen sie\b"
        ),
        either(
            r"\bspäter\b|\berneut\b|\bnoch ?(?:ein)?mal\b|\bnochmals?\b|\bwieder\b|\bagain\b|\blater\b|\bneu\b"
            r"|\bminuten?\b|\bsoon\b"
            r"|\bshortly\b|\bseconds\b|\bsekunden\b|\bminutes?\b|\bpage\b"
        ),
    ),
    (
        either(
            r"\bwenden\b|\bkontaktieren\b|\binformieren\b|\bmelden sie\b|\bsind sie\b|\bteilen sie\b"
            r"|\bcontact\b|\breport\b|\blet (?:us|them) know\b"
            r"|\bcheck the logs\b|\bemail the\b"
        ),
        either(
            r"\badministrator\b|\bbetreiber\b|\bwebmaster\b|\bsupport\b|\bredaktion\b|\bprovider\b|\banbieter\b"
            r"|\bowner\b|\bfehler\b"
            r"|\berror\b|\bhersteller\b|\bkundenservice\b|\binhaber\b|\bthem\b|\blogs\b"
        ),
    ),
    (
        either(
            r"\bbitten um\b|\bentschuldig|\bverständnis\b|\bgeduld\b|\bunannehmlichkeiten\b|\bsorry\b|\bapolog"
            r"|\binconvenience\b"
            r"|\bpatience\b|\bes tut uns leid\b"
        ),
    ),
    (
        either(
            r"\bstartseite\b|\bsuchfunktion\b|\bunsere suche\b|\bhome ?page\b|\bsitemap\b|\bgo back\b"
            r"|\bzurück\b|\bsearch\b"
            r"|\bsuchen sie\b|\bbeginnen sie\b|\bmögliche ursachen\b|\bwas können sie tun\b|\bwhat (?:can i do"
            r"|happened)\b"
        ),
    ),
    (
        either(
            r"\bautomatisch\w* (?:weiter|um)|\bweitergeleitet\b|\bredirect|\bfortzufahren\b|\bto continue\b"
            r"|\bproceed\b|\bdauert nur\b"
            r"|\bgeht es automatisch\b|\bautomatically\b|\bmay have been\b|\bmöglicherweise\b|\bvielleicht\b"
            r"|\beventuell\b"
        ),
    ),
    (
        either(
            r"\bso schnell wie möglich\b|\bas soon as possible\b|\btechniker\b"
            r"|\barbeiten (?:\S{1,30} ){0,3}an der lösung\b|\bbehebung\b"
            r"|\bin dringenden fällen\b|\btelefonisch\b|\bin kürze\b"
        ),
    ),
    (
        either(
            r"\b(?:powered|protected|generated) by\b|\bserver at\b|^(?:nginx|apache|openresty|microsoft-iis"
            r"|jetty)\b.{0,40}$|\bperformance & security\b|^loading|\bwird geladen\b|^laden\b"
        ),
    ),
    (_TOKEN,),
)
