"""Fills pages with plain official German, the same words for the same seed."""

from __future__ import annotations

import random

from benchmarks.alert_quality.content import Items, Para, Part

_OPEN = (
    "Das Sachgebiet {t} ist für alle Anliegen rund um {n} zuständig.",
    "Wer Fragen zu {n} hat, wendet sich an die Mitarbeitenden im Bereich {t}.",
    "Im Bereich {t} werden jedes Jahr rund {z} Vorgänge zu {n} bearbeitet.",
    "Unter dem Stichwort {t} finden Sie hier, was Sie über {n} wissen sollten.",
    "Die Aufgaben im Bereich {t} reichen von {n} bis zu {m}.",
    "{t}: Hinter diesem Wort stehen {n}, {m} und vieles mehr.",
)
_BODY = (
    "Grundlage sind die Satzung über {n} und die dazu ergangenen Richtlinien.",
    "Für {n} ist ein formloser Antrag ausreichend, dem {m} beizufügen sind.",
    "Die Bearbeitung dauert in der Regel {z} Tage, bei unvollständigen Unterlagen auch länger.",
    "Zimmer {z} im zweiten Obergeschoss ist barrierefrei zu erreichen.",
    "Auskünfte zu {n} erteilt die Leitstelle unter der Durchwahl {z}.",
    "Eine Übersicht der Stellen für {m} liegt im Foyer aus.",
    "Vor einer Entscheidung über {n} werden die beteiligten Fachstellen angehört.",
    "Die Kosten für {m} trägt in den meisten Fällen die Gemeinde.",
    "Bei {n} arbeiten mehrere Stellen zusammen, damit Sie nur einmal vorsprechen müssen.",
    "Alle Angaben zu {m} werden vertraulich behandelt.",
    "Seit der Neuordnung der Zuständigkeiten gehören auch {m} zu diesem Bereich.",
    "Ein Merkblatt zu {n} wird auf Wunsch per Post zugeschickt.",
    "Für Menschen, die nicht selbst kommen können, gibt es bei {n} einen Besuchsdienst.",
    "Über {m} entscheidet ein Ausschuss, der sechsmal im Jahr zusammentritt.",
    "Die Erfahrung zeigt, dass {n} und {m} oft gemeinsam beantragt werden.",
    "Ein Vordruck mit der Kennung {k} erleichtert die Angaben zu {n}.",
)
_NOUNS = (
    "Anträge auf Zuschüsse", "Beratung und Vermittlung", "Genehmigungen", "Bescheinigungen", "Förderprogramme",
    "Hilfen im Alltag", "Nachweise", "Planungen", "Prüfungen vor Ort", "Beteiligungsverfahren", "Patenschaften",
    "Netzwerke der Träger", "Gutachten", "Wegweiser", "Ersatzleistungen", "Sprechstunden der Fachleute",
    "Ausnahmen im Einzelfall", "Verträge mit freien Trägern", "Erhebungen", "Schulungen", "Ehrenämter",
    "Unterkünfte", "Sammelbestellungen", "Nutzungsrechte", "Vereinbarungen", "Begehungen", "Vormundschaften",
)  # fmt: skip


def paragraphs(topic: str, seed: int, number: int = 5) -> tuple[Para, ...]:
    """Paragraphs about a topic, each of two to four sentences."""
    rng = random.Random(f"{topic}{seed}")
    body = rng.sample(_BODY, len(_BODY))
    openings = rng.sample(_OPEN, len(_OPEN))
    made: list[Para] = []
    for at in range(number):
        more = [body.pop() if body else rng.choice(_BODY) for _ in range(rng.randint(1, 3))]
        frames = [openings[at % len(openings)], *more]
        made.append(Para(" ".join(_fill(frame, topic, rng) for frame in frames)))
    return tuple(made)


def page(topic: str, seed: int, number: int = 5) -> tuple[Part, ...]:
    """The parts of an ordinary page: paragraphs and, in the middle, a list."""
    text = paragraphs(topic, seed, number)
    rng = random.Random(f"list{topic}{seed}")
    items = Items(tuple(f"{noun} ({topic}, Stelle {rng.randint(11, 98)})" for noun in rng.sample(_NOUNS, 4)))
    return (*text[: number // 2], items, *text[number // 2 :])


def _fill(frame: str, topic: str, rng: random.Random) -> str:
    one, other = rng.sample(_NOUNS, 2)
    code = f"{topic[:2].upper()}-{rng.randint(100, 999)}"
    return frame.format(t=topic, n=one, m=other, z=rng.randint(14, 899), k=code)
