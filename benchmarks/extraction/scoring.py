"""Token precision, recall and F1 of a text against what was marked as main text; order does not count, number does."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_WORD = re.compile(r"\w+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def tokens(text: str) -> list[str]:
    """Words and numbers in lower case, compatibility forms undone, soft hyphens and zero-width characters gone."""
    return _WORD.findall(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(found: str, *, main: str, optional: str = "", beside: str = "") -> Score:
    """Compare ``found`` with ``main`` as multisets of tokens.

    Tokens of ``optional`` (marked as in doubt) cost nothing, found or not. Tokens of ``beside`` (what a reader reports
    about a document besides its label) may fill a gap of ``found``, but are not counted as too much.
    """
    wanted, doubtful = Counter(tokens(main)), Counter(tokens(optional))
    given, spare = Counter(tokens(found)), Counter(tokens(beside))
    right = given & wanted
    filled = (wanted - right) & spare
    wrong = (given - right) - doubtful
    hits, misses = right.total(), wrong.total()
    return Score(
        precision=hits / (hits + misses) if hits + misses else float(not wanted),
        recall=(hits + filled.total()) / wanted.total() if wanted else 1.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """Means over pages; ``f1`` is the mean of the pages' F1."""

    precision: float
    recall: float
    f1: float


def mean(scores: Iterable[Score]) -> Mean:
    """Each page counts the same, however long it is; raises ``StatisticsError`` for no pages."""
    pages: Sequence[Score] = list(scores)
    return Mean(
        precision=fmean(page.precision for page in pages),
        recall=fmean(page.recall for page in pages),
        f1=fmean(page.f1 for page in pages),
    )


def differences(found: str, *, main: str, optional: str = "") -> tuple[Counter[str], Counter[str]]:
    """Return the tokens of the main text that are missing, and those found that belong to no mark."""
    wanted, given = Counter(tokens(main)), Counter(tokens(found))
    return wanted - given, (given - wanted) - Counter(tokens(optional))
