"""Pages of an office before and after: 300 good pairs of all sizes of edit, and twenty large cuts that really happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

TOPICS = (
    "Elterngeld", "Wohngeld", "Baumschutz", "Gewerbeanmeldung", "Fischereischein", "Hundesteuer", "Jagdschein", "Meldewesen",
    "Denkmalschutz", "Straßenreinigung", "Trinkwasser", "Heimaufsicht", "Schwerbehinderung", "Städtepartnerschaft",
    "Seniorenbeirat", "Lärmschutz", "Kleingärten", "Katastrophenschutz", "Schulentwicklung", "Ausländerbehörde",
)  # fmt: skip
SAYINGS = (
    "Der Fachdienst {t} berät Sie zu allen Fragen rund um {t} und nimmt Anträge entgegen.",
    "Anträge auf {t} können schriftlich oder im Kundenzentrum gestellt werden; die Bearbeitung dauert vier Wochen.",
    "Für {t} wird eine Gebühr von {n} Euro erhoben, die bei der Antragstellung zu zahlen ist.",
    "Im Jahr 20{n} hat der Fachdienst {t} rund {n}00 Verfahren abgeschlossen und {n} Bescheide aufgehoben.",
    "Bitte bringen Sie zum Termin Personalausweis, Meldebestätigung und den Bescheid über {t} mit.",
    "Rechtsgrundlage für {t} ist die Satzung des Kreises in der Fassung vom {n}. Mai 2019.",
    "Gegen Entscheidungen über {t} kann innerhalb eines Monats Widerspruch erhoben werden.",
    "Der Ausschuss hat sich in seiner {n}. Sitzung mit {t} befasst und Änderungen empfohlen.",
    "Zuständig für {t} ist Frau Beispiel, Zimmer {n}, die Sie dienstags und donnerstags erreichen.",
    "Die Broschüre über {t} liegt in allen Ortsteilen aus und kann als Datei geladen werden.",
    "Ehrenamtliche, die bei {t} helfen möchten, melden sich im Büro des Landrates, Haus {n}.",
    "Neu ist seit dem {n}. März, dass {t} auch für Vereine und Verbände gilt.",
)


@dataclass(frozen=True)
class Pair:
    """One page before and after."""

    name: str
    before: str
    after: str


def modern(title: str, inner: str) -> str:
    links = "".join(f'<li><a href="/thema/{topic.lower()}">{topic}</a></li>' for topic in TOPICS[:12])
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} | Kreis Talau</title></head><body>'
        f'<header><a href="/">Kreis Talau</a><nav><ul>{links}</ul></nav></header><nav aria-label="Brotkrumen"><ol><li>'
        f'<a href="/">Start</a></li><li>{title}</li></ol></nav><main><article><h1>{title}</h1>{inner}</article></main>'
        '<div id="cookies"><p>Diese Website verwendet Cookies.</p><button>Alle akzeptieren</button></div>'
        '<footer><a href="/impressum">Impressum</a><p>Kreis Talau, Markt 1</p></footer></body></html>'
    )


def old(title: str, inner: str) -> str:
    links = "".join(f'<a href="/{number}.html">Menüpunkt {number}</a><br>' for number in range(10))
    return (
        f"<html><head><title>Kreis Talau - {title}</title></head><body><table><tr><td>{links}<form>Benutzername <input>"
        f'Kennwort <input type="password"></form></td><td><div id="content"><h1>{title}</h1>{inner}</div></td></tr>'
        '</table><p><a href="/impressum.html">Impressum</a></p></body></html>'
    )


def plain(title: str, inner: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{inner}</body></html>"


def said(topic: str, count: int, first: int = 0) -> list[str]:
    return [SAYINGS[(first + n) % len(SAYINGS)].format(t=topic, n=11 + (first * 7 + n * 5) % 80) for n in range(count)]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def listed(texts: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


Edit = Callable[[str, int], tuple[str, str]]


def _word(topic: str, size: int) -> tuple[str, str]:
    texts = said(topic, size)
    return paragraphs(texts), paragraphs([*texts[:-1], texts[-1].replace("und", "sowie").replace("der", "ein")])


def _paragraph_more(topic: str, size: int) -> tuple[str, str]:
    texts = said(topic, size + 1)
    return paragraphs(texts[:-1]), paragraphs(texts)


def _paragraph_less(topic: str, size: int) -> tuple[str, str]:
    texts = said(topic, size + 1)
    return paragraphs(texts), paragraphs(texts[1:])


def _half_rewritten(topic: str, size: int) -> tuple[str, str]:
    texts, others = said(topic, size + 2), said(topic, size + 2, first=5)
    half = len(texts) // 2
    return paragraphs(texts), paragraphs([*texts[:half], *others[half:]])


def _list_grown(topic: str, size: int) -> tuple[str, str]:
    entries = [f"{n}. Mai: Sprechtag zu {topic} im Ortsteil {n}" for n in range(1, size + 8)]
    return listed(entries[: size + 2]), listed(entries)


def _list_shortened(topic: str, size: int) -> tuple[str, str]:
    entries = [f"{n}. Juni: Sprechtag zu {topic} im Ortsteil {n}" for n in range(1, size + 8)]
    return listed(entries), listed(entries[len(entries) // 2 :])


def _notice_came(topic: str, size: int) -> tuple[str, str]:
    texts = paragraphs(said(topic, size))
    notice = (
        '<div class="alert" role="alert"><p>Wegen Wartungsarbeiten ist das Amt bis Freitag nicht erreichbar.</p></div>'
    )
    return texts, notice + texts


def _closed_for_now(topic: str, size: int) -> tuple[str, str]:
    texts = said(topic, size)
    return paragraphs(texts), paragraphs(["Der Online-Antrag steht derzeit nicht zur Verfügung.", *texts])


def _all_but_the_title(topic: str, size: int) -> tuple[str, str]:
    return paragraphs(said(topic, size)), paragraphs(said(topic, size, first=6))


def _table(topic: str, size: int) -> tuple[str, str]:
    rows = [f"<tr><td>{topic} {n}</td><td>{n * 7} Euro</td></tr>" for n in range(1, size + 5)]
    changed = [row.replace("7 Euro", "8 Euro") for row in rows]
    return f"<table>{''.join(rows)}</table>", f"<table>{''.join(changed)}</table>"


EDITS: tuple[Edit, ...] = (
    _word, _paragraph_more, _paragraph_less, _half_rewritten, _list_grown, _list_shortened, _notice_came, _closed_for_now,
    _all_but_the_title, _table,
)  # fmt: skip
FRAMES = (modern, old, plain)


def good_pairs() -> Iterator[Pair]:
    """300 pairs: every edit on every topic in one frame, then half of them in another or in a new one."""
    for number, topic in enumerate(TOPICS):
        for turn, edit in enumerate(EDITS):
            frame = FRAMES[(number + turn) % 3]
            before, after = edit(topic, 1 + (number + turn) % 9)
            yield Pair(f"{edit.__name__}-{topic}", frame(topic, before), frame(topic, after))
            if (number + turn) % 2:  # a new template round the text that was edited
                other = FRAMES[(number + turn + 1) % 3]
                yield Pair(f"{edit.__name__}-{topic}-relaunch", frame(topic, before), other(topic, after))


def large_cuts() -> Iterator[Pair]:
    """Twenty: cut to a fifth, emptied to a sentence, cancelled, and replaced by another text under another title."""
    for number, topic in enumerate(TOPICS):
        frame = (modern, old)[number % 2]
        long = said(topic, 8 + number % 5)
        before = frame(topic, paragraphs(long))
        match number % 5:
            case 0:
                after = frame(topic, paragraphs(long[:1]))
            case 1:
                after = frame(topic, "<p>Derzeit sind keine Termine bekannt.</p>")
            case 2:
                after = frame(topic, f"<p>Die Veranstaltungen zu {topic} fallen in diesem Jahr aus.</p>")
            case 3:
                club = (
                    f"Turnhalle {number} öffnet samstags; Kinder klettern, springen und spielen unter Aufsicht.",
                    "Wer mitmachen will, zieht Turnschuhe an und kommt einfach vorbei, Vorkenntnisse braucht niemand.",
                    "Am Ende der Ferien zeigen alle Gruppen auf dem Sportfest, was sie gelernt haben.",
                )
                after = frame("Ferienspaß in der Turnhalle", paragraphs(list(club)))
            case _:
                after = frame(topic, f"<p>Für {topic} ist seit dem 1. Juli das Land zuständig.</p>")
        yield Pair(f"cut-{topic}", before, after)
