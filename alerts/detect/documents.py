"""Linked documents: told when they come, when their text changes, and when they go."""

from __future__ import annotations

from alerts.detect import changes, removals, sentences
from alerts.detect.claims import Side, targets
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_lines, is_dating
from alerts.detect.scene import Seen, Stand
from alerts.detect.shelf import Shelf
from extractors import text
from extractors.model import Outcome
from storage.pages import StoredPage
from storage.records import Change, Json, Standing


def claim(ledger: Ledger) -> None:
    """Tell what happened to the documents, and claim their lines on the pages that link them."""
    if not ledger.scene.source.documents:
        return
    shelf = Shelf(ledger)
    came: dict[str, StoredPage | None] = {}
    replaced = _replaced(ledger, shelf)
    for seen in ledger.scene.documents:
        if seen.address in replaced:
            continue
        if seen.live and seen.before is not None:
            _follow_known(ledger, shelf, seen)
        elif _is_new(shelf, seen):
            _take_new(ledger, shelf, seen)
            came[seen.address] = None
        elif seen.stand is Stand.GOOD and seen.watch is not None and seen.watch.standing is Standing.LIVE:
            ledger.hold(seen.uri, "first-good-look", "known from the baseline, readable for the first time")
        elif seen.stand is Stand.OPEN and seen.look is not None and not seen.live:
            ledger.watch(seen, label=shelf.label(seen), linked_from=seen.look.linked_from)
            ledger.hold(seen.uri, "not-judged", f"{seen.look.capture.outcome}: {seen.look.capture.rule}")
            came[seen.address] = None
    _remember_links(ledger, shelf)
    _claim_words(ledger, came)


def _is_new(shelf: Shelf, seen: Seen) -> bool:
    """A document is new at its first good look, and when a page links it again after it was told as gone."""
    if seen.stand is not Stand.GOOD:
        return False
    if seen.watch is not None and seen.watch.standing in {Standing.REMOVED, Standing.MOVED}:
        return bool(shelf.after[seen.address])
    return seen.watch is None or not seen.watch.told


# --- the same label, another address


def _replaced(ledger: Ledger, shelf: Shelf) -> set[str]:
    """Deal with documents that took another's place under its label; return both addresses of each pair."""
    done: set[str] = set()
    for new in ledger.scene.documents:
        if new.live and new.before is not None:
            continue
        old = _predecessor(ledger, shelf, new)
        if old is None or old.address in done:
            continue
        done.update({old.address, new.address})
        ledger.claims.moved[old.address] = new.address
        if new.stand is not Stand.GOOD:
            ledger.watch(old, moved_to=new.address)
            ledger.watch(new, label=shelf.label(new))
            ledger.hold(new.uri, "not-judged", f"stands in for {old.uri}, and could not be read yet")
            continue
        _tell_replaced(ledger, shelf, old, new)
    return done


def _predecessor(ledger: Ledger, shelf: Shelf, new: Seen) -> Seen | None:
    """The known document that pages called by the same label until now, and that they do not link any more."""
    if new.look is not None and new.look.target is None:
        for old in ledger.scene.documents:
            if old.live and old.before is not None and _leads_to(old, new):
                return old
    labels = {(link.page.address, text.fold(link.label)) for link in shelf.after[new.address] if link.label}
    for name, links in sorted(shelf.before.items()):
        old = ledger.scene.seen[name]
        if name == new.address or not old.live or old.before is None or shelf.linking(old):
            continue
        if any((link.page.address, text.fold(link.label)) in labels for link in links):
            return old
    return None


def _leads_to(old: Seen, new: Seen) -> bool:
    if old.stand is Stand.MOVED and old.look is not None and old.look.target == new.address:
        return True
    return old.watch is not None and old.watch.moved_to == new.address


def _tell_replaced(ledger: Ledger, shelf: Shelf, old: Seen, new: Seen) -> None:
    look = new.look
    linked = look.linked_from if look else ()
    ledger.watch(old, standing=Standing.MOVED, moved_to=new.address, missing_since=None, doubt="")
    ledger.watch(
        new,
        uri=new.uri,
        told=True,
        standing=Standing.LIVE,
        label=shelf.label(new),
        linked_from=linked,
        missing_since=None,
        doubt="",
    )
    if old.before is not None and new.page is not None and _same_words(old.before.page, new.page):
        ledger.hold(new.uri, "same-text-new-address", f"the same text as {old.uri} under the same label")
        return
    _tell_changed(ledger, shelf, new, old)


# --- one document at one address


def _follow_known(ledger: Ledger, shelf: Shelf, seen: Seen) -> None:
    if ledger.watches[seen.address].standing is Standing.REMOVED:
        return  # it went with the pages that offered it
    if seen.stand is Stand.GOOD:
        watch = ledger.watches[seen.address]
        if watch.missing_since is not None or watch.standing is Standing.MISSING:
            ledger.watch(seen, standing=Standing.LIVE, missing_since=None, doubt="")
        if seen.settled and seen.look is not None:
            ledger.settled.append(seen.look.capture.id)
        if not shelf.linking(seen) and _was_linked(seen):
            _tell_removed(ledger, shelf, seen, served=True)
        elif seen.changed:
            _tell_changed(ledger, shelf, seen, seen)
        elif seen.look is not None and seen.look.capture.outcome is Outcome.OK:
            ledger.hold(seen.uri, "saved-again", "other bytes, the same text")
    elif seen.stand is Stand.GONE:
        _follow_gone(ledger, shelf, seen)
    elif seen.look is not None:
        ledger.hold(seen.uri, "not-judged", f"{seen.look.capture.outcome}: {seen.look.capture.rule}")


def _follow_gone(ledger: Ledger, shelf: Shelf, seen: Seen) -> None:
    if not removals.follow(ledger, seen):
        return
    pages = shelf.linking(seen)
    standings = {ledger.watches[page.address].standing for page in pages if page.address in ledger.watches}
    if pages and Standing.LIVE not in standings:
        if Standing.MISSING in standings:
            ledger.hold(seen.uri, "awaiting-confirmation", "the pages that link it are missing too")
        else:
            ledger.watch(seen, standing=Standing.REMOVED)
            ledger.hold(seen.uri, "with-its-page", "the document followed the pages that linked it")
    elif ledger.scene.host_is_well(seen.host, [seen.address]):
        _tell_removed(ledger, shelf, seen, served=False)
    else:
        ledger.hold(seen.uri, "host-unwell", "most of the host's other addresses do not answer well either")


def _was_linked(seen: Seen) -> bool:
    return seen.watch is not None and bool(seen.watch.linked_from)


def _take_new(ledger: Ledger, shelf: Shelf, seen: Seen) -> None:
    pages = shelf.linking(seen)
    first = ledger.scene.seen[pages[0].address] if pages else None
    ledger.watch(
        seen, uri=seen.uri, told=True, standing=Standing.LIVE, label=shelf.label(seen),
        missing_since=None, doubt="", moved_to=None, linked_from=tuple(page.address for page in pages),
        depth=seen.look.depth if seen.look else 0,
    )  # fmt: skip
    if pages and all(page.address in ledger.silent for page in pages):
        ledger.hold(seen.uri, "new-by-config", "linked only by pages that the config brought in")
    elif pages and all(_is_news(ledger, page) for page in pages):
        ledger.hold(
            seen.uri, "with-its-page", "part of the new page that links it", into=ledger.absorbed.get(pages[0].address)
        )
    elif not any(watch.role is seen.role for watch in ledger.scene.state.watches.values()) and (
        seen.address in shelf.linked_before
    ):
        ledger.hold(seen.uri, "new-by-config", "documents were not watched before")
    else:
        _tell_added(ledger, shelf, seen, first)


def _is_news(ledger: Ledger, page: Seen) -> bool:
    """New pages, and those that came back, bring their documents along; moved ones had them before."""
    return not page.live and page.address not in ledger.origins


# --- telling


def _tell_added(ledger: Ledger, shelf: Shelf, seen: Seen, page: Seen | None) -> None:
    label, size = shelf.label(seen), shelf.size(seen, Side.AFTER)
    summary = sentences.document_added(label, size, page.title if page else "")
    _tell(
        ledger, shelf, seen, kind="document.added", summary=summary, importance=65, reason="Neues Dokument",
        after=_paper(label, seen.uri, size),
    )  # fmt: skip


def _tell_changed(ledger: Ledger, shelf: Shelf, seen: Seen, old: Seen) -> None:
    label = shelf.label(seen)
    before, after = old.before.page if old.before else None, seen.page
    if before is None or after is None or not _readable(before) or not _readable(after):
        summary = sentences.document_changed(label, readable=False)
        _tell(
            ledger, shelf, seen, kind="document.changed", summary=summary, importance=60,
            reason="Andere Datei, Inhalt nicht vergleichbar", old=old,
        )  # fmt: skip
        return
    found = changes.passages(before.blocks, after.blocks)
    _tell(
        ledger, shelf, seen, kind="document.changed", summary=sentences.document_changed(label, readable=True),
        importance=70, reason="Inhalt geändert", old=old,
        before=_paper(shelf.label(old), old.uri, shelf.size(old, Side.BEFORE) or shelf.size(old, Side.AFTER)),
        after=_paper(label, seen.uri, shelf.size(seen, Side.AFTER)),
        diff=changes.as_facts(found),
    )  # fmt: skip


def _tell_removed(ledger: Ledger, shelf: Shelf, seen: Seen, served: bool) -> None:
    label = shelf.label(seen)
    ledger.watch(seen, standing=Standing.REMOVED, linked_from=())
    _tell(
        ledger, shelf, seen, kind="document.removed", summary=sentences.document_removed(label, served), importance=60,
        reason="Nicht mehr verlinkt" if served else "Dokument entfernt",
        before=_paper(label, seen.uri, shelf.size(seen, Side.BEFORE)),
    )  # fmt: skip


def _tell(
    ledger: Ledger,
    shelf: Shelf,
    seen: Seen,
    *,
    kind: str,
    summary: str,
    importance: int,
    reason: str,
    old: Seen | None = None,
    before: Json = None,
    after: Json = None,
    diff: list[Json] | None = None,
) -> Change:
    pages = shelf.linking(seen) or tuple(link.page for link in shelf.before[seen.address])
    return ledger.tell(
        Draft(
            kind=kind,
            subject=seen.address,
            uri=seen.uri,
            uris=tuple(dict.fromkeys(page.uri for page in pages)) or (seen.uri,),
            title=shelf.label(seen),
            summary=summary,
            importance=importance,
            reason=reason,
            marks=((old or seen).mark_before, seen.mark_after),
            before=before,
            after=after,
            facts={"label": shelf.label(seen), "pages": [[page.title, page.uri] for page in pages], "diff": diff or []},
            observed_at=seen.observed_at,
            version_before=old.before.id if old and old.before else None,
            version_after=seen.look.capture.version_id if seen.look and kind != "document.removed" else None,
        )
    )


# --- the words on the pages


def _remember_links(ledger: Ledger, shelf: Shelf) -> None:
    for seen in ledger.scene.documents:
        watch = ledger.watches.get(seen.address)
        if watch is not None and watch.standing in {Standing.LIVE, Standing.MISSING}:
            linked = tuple(page.address for page in shelf.linking(seen))
            label = shelf.label(seen)
            if (linked and linked != watch.linked_from) or label != watch.label:
                ledger.watch(seen, linked_from=linked or watch.linked_from, label=label)


def _claim_words(ledger: Ledger, came: dict[str, StoredPage | None]) -> None:
    """Claim the lines of documents that came or went, and size and date beside those that were saved anew."""
    went: dict[str, StoredPage | None] = {}
    anew: set[str] = set()
    for seen in ledger.scene.documents:
        watch = ledger.watches.get(seen.address)
        standing = watch.standing if watch else Standing.REMOVED
        unread = seen.live and seen.stand is Stand.OPEN
        if standing is not Standing.LIVE or seen.stand is Stand.GONE or unread:
            went[seen.address] = None
        if seen.look is not None and seen.look.capture.outcome is Outcome.OK:
            anew.add(seen.address)
    came.update(dict.fromkeys(ledger.claims.moved.values()))
    claim_lines(ledger, Side.AFTER, came)
    claim_lines(ledger, Side.BEFORE, went)
    for page in ledger.changed_pages():
        for side, names in ((Side.BEFORE, {*went, *anew}), (Side.AFTER, {*came, *anew})):
            blocks = ledger.blocks(page, side)
            for name in names:
                ledger.claims.attachment(page.address, side, name)
            beside = {at for i, block in enumerate(blocks) if targets(block) & anew for at in (i - 1, i + 1)}
            for index in ledger.fresh(page, side):
                linked = targets(blocks[index])
                if (linked and linked <= anew) or (index in beside and not linked and is_dating(blocks[index].text)):
                    ledger.claims.block(page.address, side, index)


def _readable(page: StoredPage) -> bool:
    return bool(page.blocks)


def _same_words(one: StoredPage, other: StoredPage) -> bool:
    return _readable(one) and text.text_digest(one.said) == text.text_digest(other.said)


def _paper(label: str, uri: str, size: str) -> Json:
    return {"label": label, "uri": uri, "size": size}
