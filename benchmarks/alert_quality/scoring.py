"""Compares what was told with what should have been: precision, recall, duplicates, kinds, delay, and the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from benchmarks.alert_quality.labels import Label, Played, Told
from benchmarks.alert_quality.place import route

# Looks that an event may come late and still count as told (with its delay). Our choice: later than that, staff have
# acted on the old state, and a change of another step would be taken for it.
GRACE = 2
UNKNOWN = "*"


class Fault(StrEnum):
    """What is wrong with an item that was told, or with a label that was not."""

    MISSED = "missed"
    FALSE = "false alarm"
    EARLY = "told too early"
    DUPLICATE = "duplicate"
    WRONG_KIND = "wrong kind"
    DETAIL = "wrong detail"  # the right event, with a wrong fact: not counted in precision and recall


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault with what one needs to look at: the step, the look (from 1, over the whole timeline), the words."""

    fault: Fault
    step: int
    name: str
    look: int
    expected: str = ""
    got: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score of one timeline. ``told`` leaves out what was optional; ``delays`` are in looks, one a hit."""

    steps: int
    looks: int
    labels: int
    told: int
    delays: tuple[int, ...]
    cases: tuple[Case, ...]

    @property
    def hits(self) -> int:
        """Labels told once, rightly."""
        return len(self.delays)

    @property
    def precision(self) -> float:
        """The share of told items that were a label's first telling; 1 where nothing was told."""
        return self.hits / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """The share of labels that were told; 1 where there are none."""
        return self.hits / self.labels if self.labels else 1.0

    def count(self, fault: Fault) -> int:
        """How many cases there are of one fault."""
        return sum(case.fault is fault for case in self.cases)

    @property
    def clean(self) -> bool:
        """True when nothing at all is to be said against it."""
        return not self.cases


def total(scores: Sequence[Score]) -> Score:
    """Several timelines as one."""
    return Score(
        steps=sum(score.steps for score in scores),
        looks=sum(score.looks for score in scores),
        labels=sum(score.labels for score in scores),
        told=sum(score.told for score in scores),
        delays=tuple(delay for score in scores for delay in score.delays),
        cases=tuple(case for score in scores for case in score.cases),
    )


@dataclass(slots=True)
class _Due:
    """A label on its way: ``due`` is the look at which it can first be told."""

    label: Label
    step: int
    name: str
    due: int
    told_at: int = 0  # the look, 0: not yet
    mistaken: bool = False
    near: list[Told] = field(default_factory=list)  # what else was told of it

    def open_at(self, look: int) -> bool:
        return self.due <= look <= self.due + GRACE

    def waits(self) -> bool:
        return not self.told_at and not self.mistaken


@dataclass(slots=True)
class _Count:
    told: int = 0
    delays: list[int] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    step: int = 0
    name: str = ""
    look: int = 0

    def add(self, fault: Fault, item: Told, expected: str) -> None:
        """One more fault at the present look."""
        self.cases.append(
            Case(fault=fault, step=self.step, name=self.name, look=self.look, expected=expected, got=shown(item))
        )


def score(played: Sequence[Played]) -> Score:
    """Score one timeline. Each label is matched by one item of a right kind about the right address (design §4.3)."""
    dues: list[_Due] = []
    count = _Count()
    for number, each in enumerate(played, start=1):
        count.step, count.name = number, each.step.name
        dues += [_Due(label, number, each.step.name, count.look + label.look) for label in each.step.labels]
        for told in each.told:
            count.look += 1
            _judge(told, dues, count)
    for due in dues:
        if due.waits() and not due.label.optional:
            near = "; ".join(shown(item) for item in due.near)
            count.cases.append(
                Case(
                    fault=Fault.MISSED,
                    step=due.step,
                    name=due.name,
                    look=due.due,
                    expected=describe(due.label),
                    got=near,
                )
            )
    return Score(
        steps=len(played),
        looks=count.look,
        labels=sum(not due.label.optional for due in dues),
        told=count.told,
        delays=tuple(count.delays),
        cases=tuple(sorted(count.cases, key=lambda case: (case.look, case.step))),
    )


def _judge(told: Sequence[Told], dues: Sequence[_Due], count: _Count) -> None:
    """Exact matches first, so that a mistaken item never uses up the label of a right one."""
    look = count.look
    left: list[Told] = []
    for item in told:
        due = next((due for due in dues if due.waits() and due.open_at(look) and _fits(item, due.label)), None)
        if due is None:
            left.append(item)
            continue
        due.told_at = look
        due.near.append(item)
        for wrong in details(item, due.label):
            count.add(Fault.DETAIL, item, f"{describe(due.label)}: {wrong}")
        if not due.label.optional:
            count.told += 1
            count.delays.append(look - due.due)
    for item in left:
        count.told += 1
        fault, blamed = _blame(item, dues, look)
        count.add(fault, item, describe(blamed.label) if blamed else "silence")
        if blamed is None:
            continue
        blamed.near.append(item)
        if fault is Fault.WRONG_KIND:
            blamed.mistaken = True


def _blame(item: Told, dues: Sequence[_Due], look: int) -> tuple[Fault, _Due | None]:
    """What is wrong with an item that matches no open label, and the label it comes nearest to."""
    for due in dues:
        if due.waits() and look < due.due and _fits(item, due.label):
            return Fault.EARLY, due
    for due in reversed(dues):
        again = due.told_at and due.open_at(look) and _fits(item, due.label)
        if again or (due.told_at == look and _is_part(item, due.label)):
            return Fault.DUPLICATE, due
    for due in dues:
        if due.waits() and due.open_at(look) and not due.label.optional and _concerns(item, due.label):
            return Fault.WRONG_KIND, due
    return Fault.FALSE, None


def _fits(item: Told, label: Label) -> bool:
    if item.kind == UNKNOWN:
        return place(item.uri) in {place(path) for path in (label.path, *label.places, *label.paths)}
    right_kind = item.kind in {label.kind, *label.kinds}
    return right_kind and place(item.uri) in {place(path) for path in (label.path, *label.places)}


def _is_part(item: Told, label: Label) -> bool:
    """One page of an event that many pages share."""
    return item.kind in {label.kind, *label.kinds} and place(item.uri) in {place(path) for path in label.paths}


def _concerns(item: Told, label: Label) -> bool:
    """Whether an item of another kind speaks of the label's subject."""
    return place(item.uri) in {place(path) for path in (label.path, *label.places)}


def place(uri: str) -> str:
    """A URI or a path as the site itself tells its pages apart: no scheme, host, fragment, final slash, session id."""
    parts = urlsplit(uri)
    path, mark, query = route(parts._replace(scheme="", netloc="", fragment="").geturl()).partition("?")
    return (path.rstrip("/") or "/") + mark + query


def details(item: Told, label: Label) -> Iterator[str]:
    """What the change says wrongly of itself."""
    if item.kind == UNKNOWN:
        return
    if label.minor is not None and item.minor is not None and item.minor != label.minor:
        yield f"minor is {str(item.minor).lower()}"
    if label.paths and item.uris:
        named, wanted = {place(uri) for uri in item.uris}, {place(path) for path in label.paths}
        if wanted - named:
            yield f"uris lack {', '.join(sorted(wanted - named)[:3])} ({len(wanted - named)} in all)"
        if named - wanted:
            yield f"uris have {', '.join(sorted(named - wanted)[:3])} ({len(named - wanted)} in all) besides"
    for name, wanted_value in label.facts.items():
        got = fact(item, name)
        if not _says(got, wanted_value):
            yield f"{name} is {got!r}, not {wanted_value!r}"


def fact(item: Told, name: str) -> object:
    """A fact by its dotted name: "after.start", "before" or "summary"."""
    head, _, rest = name.partition(".")
    value: object = getattr(item, head)
    return value.get(rest) if rest and isinstance(value, Mapping) else value


def _says(got: object, wanted: object) -> bool:
    """Addresses are compared by their place, words by standing in the text, all else as it is."""
    if isinstance(got, str) and isinstance(wanted, str):
        return place(got) == place(wanted) if wanted.startswith("/") else wanted in got
    return got == wanted


def describe(label: Label) -> str:
    """A label in one line."""
    kinds = " or ".join((label.kind, *label.kinds))
    where = " or ".join(dict.fromkeys((label.path, *label.places)))
    pages = f" ({len(label.paths)} pages)" if len(label.paths) > 1 else ""
    return f"{kinds} {where}{pages}" + (f": {label.note}" if label.note else "")


def shown(item: Told) -> str:
    """An item in one line."""
    more = f" and {len(item.uris) - 1} more" if len(item.uris) > 1 else ""
    minor = " (minor)" if item.minor else ""
    words = " ".join(item.summary.split())
    return f"{item.kind}{minor} {place(item.uri)}{more}" + (f": {words[:160]}" if words else "")
