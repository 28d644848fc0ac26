"""The difference of two texts: paragraphs first, then words, never cutting a number, always bounded in time."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.diff import Op, Run, RunOp, align, all_minor, is_minor, is_minor_text, words
from extractors.model import Block, BlockKind, Link


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, *targets: str) -> Block:
    return Block(kind=kind, text=text, links=tuple(Link(uri=target) for target in targets))


def marked(runs: tuple[Run, ...]) -> str:
    form = {RunOp.SAME: "{}", RunOp.DEL: "[-{}-]", RunOp.INS: "{{+{}+}}"}
    return "".join(form[run.op].format(run.text) for run in runs)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            "von 8.00 bis 15.00 Uhr geöffnet",
            "von 8.00 bis 12.30 Uhr geöffnet",
            "von 8.00 bis [-15.00-]{+12.30+} Uhr geöffnet",
        ),
        ("ist geöffnet", "ist nicht geöffnet", "ist {+nicht +}geöffnet"),
        ("vom 12. bis 16. Mai 2021", "vom 9. bis 13. Juni 2021", "vom [-12-]{+9+}. bis [-16. Mai-]{+13. Juni+} 2021"),
        ("„Amt“ – heute", '"Amt" - heute', '"Amt" - heute'),
    ],
)
def test_words_are_marked_whole(before: str, after: str, shown: str) -> None:
    """Numbers and dates are never cut; variants of quotes and dashes are no difference."""
    assert marked(words(before, after)) == shown


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_new_text_stands_in_the_runs(before: str, after: str) -> None:
    """Kept and added words make the new text, for any two texts."""
    assert "".join(run.text for run in words(before, after) if run.op is not RunOp.DEL) == after


def test_a_paragraph_that_stands_elsewhere_has_moved() -> None:
    """A move is no removal and no addition; an edited paragraph is one, with its words."""
    old = [block("Erster Absatz über Wasser."), block("Zweiter Absatz über Luft."), block("Dritter Absatz über Erde.")]
    new = [
        old[2],
        block("Erster Absatz über Wasser und Eis."),
        block("Ganz anderes steht nun hier geschrieben."),
        old[1],
    ]
    changes = align(old, new)
    assert [change.op for change in changes] == [Op.MOVED, Op.CHANGED, Op.ADDED, Op.SAME]
    assert marked(changes[1].runs) == "Erster Absatz über Wasser{+ und Eis+}."


def test_removed_paragraphs_stay_where_they_stood() -> None:
    """In the order of the new text, with what went between its neighbours."""
    old = [block("Alpha eins."), block("Beta zwei ist weg."), block("Gamma drei.")]
    assert [change.op for change in align(old, [old[0], old[2]])] == [Op.SAME, Op.REMOVED, Op.SAME]


@given(st.lists(st.text(min_size=1, max_size=12), max_size=12), st.lists(st.text(min_size=1, max_size=12), max_size=12))
def test_each_block_is_told_once(before: list[str], after: list[str]) -> None:
    """Every block of both sides stands in exactly one change."""
    changes = align([block(text) for text in before], [block(text) for text in after])
    assert [change.after.text for change in changes if change.after is not None] == after
    assert sorted(change.before.text for change in changes if change.before is not None) == sorted(before)


BLOCKS = st.lists(
    st.builds(
        Block,
        kind=st.sampled_from(BlockKind),
        text=st.lists(
            st.sampled_from(["Amt", "Termin", "12.", "13.", "Mai", "nicht", "Raum", "|", "Frau", "Yıldız"]),
            min_size=1,
            max_size=6,
        ).map(" ".join),
        sheet=st.integers(0, 3),
        links=st.lists(st.sampled_from("abc"), max_size=1).map(
            lambda names: tuple(Link(uri=f"https://h.example/{name}") for name in names)
        ),
    ),
    max_size=14,
)


@given(BLOCKS, BLOCKS)
def test_applying_a_difference_gives_the_new_text(before: list[Block], after: list[Block]) -> None:
    """Paragraphs, items, rows and sheets alike, moved ones included: the new side whole and in order, the old one whole."""
    changes = align(before, after)
    assert [change.after for change in changes if change.after is not None] == after
    for change in changes:
        applied = "".join(run.text for run in change.runs if run.op is not RunOp.DEL)
        assert applied == (change.after.text if change.after is not None else "")
    taken = [change.before for change in changes if change.before is not None]
    assert sorted(map(repr, taken)) == sorted(map(repr, before))


@given(BLOCKS)
def test_a_text_does_not_differ_from_itself(blocks: list[Block]) -> None:
    """Whatever its blocks are, and however often one stands there."""
    assert all(change.op is Op.SAME for change in align(blocks, blocks))


@given(BLOCKS, st.randoms(use_true_random=False))
def test_another_order_is_told_as_moves(blocks: list[Block], dice: Random) -> None:
    """Nothing is removed and nothing added when blocks only change places."""
    shuffled = dice.sample(blocks, len(blocks))
    assert {change.op for change in align(blocks, shuffled)} <= {Op.SAME, Op.MOVED}


def test_equal_texts_have_no_difference() -> None:
    """Comparing a text with itself gives nothing but sameness."""
    same = [block("Eins."), block("Zwei."), block("Eins.")]
    assert {change.op for change in align(same, same)} == {Op.SAME}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Die Infromation ist da.", "Die Information ist da."),
        ("ausführlich beraten", "ausfürlich beraten"),
        ("Kommen Sie, bitte", "Kommen Sie bitte"),
        ("in der der Stadt", "in der Stadt"),
        ("mit dem Gruppe", "mit der Gruppe"),
        ("Sozial-Seminar heute", "Sozialseminar heute"),
    ],
)
def test_a_slip_of_the_pen_is_minor(before: str, after: str) -> None:
    """Spelling and punctuation, in both directions."""
    assert is_minor_text(before, after)
    assert is_minor_text(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ist geöffnet", "ist nicht geöffnet"),
        ("Raum 12", "Raum 13"),
        ("8.00 Uhr", "8.30 Uhr"),
        ("im Mai", "im Mär"),
        ("im Juni", "im Juli"),
        ("am Montag", "am Sonntag"),
        ("Herr Müller kommt", "Herr Möller kommt"),
        ("Franz Hoffmann kommt", "Franz Hofmann kommt"),
        ("es ist möglich", "es ist unmöglich"),
        ("kein Einlass", "ein Einlass"),
        ("Das Amt öffnet.", "Das Amt öffnet. Bitte kommen Sie."),
        ("abc\u202edef", "abcdef"),
    ],
)
def test_a_fact_is_never_minor(before: str, after: str) -> None:
    """Digits, months, weekdays, negations, names, whole sentences, invisible characters."""
    assert not is_minor_text(before, after)
    assert not is_minor_text(after, before)


def test_another_link_target_is_not_minor() -> None:
    """The same words that lead elsewhere are a change."""
    assert not is_minor(
        block("Hier", BlockKind.PARAGRAPH, "https://a.example/"),
        block("Hier", BlockKind.PARAGRAPH, "https://b.example/"),
    )


def test_another_caption_is_minor_unless_it_holds_a_fact() -> None:
    """Captions may be rewritten; a number in one may not."""
    old = block("Bild: Roter Platz", BlockKind.CAPTION)
    assert is_minor(old, block("Foto: der Kreml", BlockKind.CAPTION))
    assert not is_minor(old, block("Bild: Roter Platz 2021", BlockKind.CAPTION))
    assert all_minor(align([old], []))


def test_hostile_input_is_bounded() -> None:
    """Long repeats of tokens and blocks end soon (the test's own time limit is the measure)."""
    numbers = " ".join(str(n % 50) for n in range(30_000))
    words(numbers, numbers[::-1])
    align([block(f"x {n % 7} abc") for n in range(9_000)], [block(f"y {n % 5} abc") for n in range(9_000)])


@pytest.mark.timeout(8)  # 0.3 s where it is bounded
def test_many_long_paragraphs_that_are_all_different_are_bounded() -> None:
    """A gap of 200 against 200 paragraphs of 5,000 characters took 26 s when each was compared whole."""
    dice = Random(1)
    old, new = ([block("".join(dice.choices("abcdefgh ", k=5_000))) for _ in range(200)] for _ in "ab")
    assert len(align(old, new)) >= 200
