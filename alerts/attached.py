"""The documents that go with a seminar."""

from __future__ import annotations

from extractors import address
from extractors.model import Attachment
from storage.archive import Archive
from storage.records import SeminarRow


def attachments(archive: Archive, row: SeminarRow) -> tuple[Attachment, ...]:
    """The documents of the pages whose own title names a seminar; a list's documents belong to no single one."""
    found: dict[str, Attachment] = {}
    for mention in row.mentions:
        page = archive.last_good_page(mention.address) if mention.named_by_title else None
        for each in page.attachments if page else ():
            found.setdefault(address.key(each.uri), each)
    return tuple(found.values())
