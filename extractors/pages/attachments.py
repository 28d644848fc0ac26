"""Linked documents as a page presents them: label, size, format and what else stands beside the link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from extractors import address
from extractors.model import Attachment, Block, BlockKind, Link
from extractors.text import fold, squash
from extractors.words import word_set

_SIZE = re.compile(r"\d+(?:[.,]\d+)*\s?(?:[kKMG]i?[bB]|Bytes?)\b")
_STAND = re.compile(r"(?:Stand|Fassung|Ausgabe)\b\s*(?:vom\s+)?:?\s*[\w. ]*\d{4}", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
# What ends a label without brackets: ", PDF, 120 kB", "- PDF", "PDF-Dokument".
_TAIL = re.compile(
    r"(?:[\s,;:|–-]+(?:PDF(?:-(?:Dokument|Datei))?|\d+(?:[.,]\d+)*\s?(?:[kKMG]i?[bB]|Bytes?)|Download|herunterladen))+$",
    re.IGNORECASE,
)
MAX_LABEL = 200  # a link "hier" is labelled by its sentence; a whole paragraph is no label
_WORD = re.compile(r"[^\W_]+")
# Words about the file, not about what is in it.
_FILE_WORDS = word_set(
    """pdf dokument datei kb mb gb kib mib gib bytes byte format download downloads herunterladen runterladen laden
    öffnet öffnen in neuem einem neuen fenster tab new window opens barrierefrei barrierefreies nicht größe
    dateigröße size file document ca als zum this link der die das hier here anzeigen ansehen ic nur lesbar
    acrobat reader adobe"""
)
_FORMATS = {"word": "Word", "excel": "Excel", "powerpoint": "PowerPoint", "zip": "ZIP", "odt": "ODT", "ods": "ODS"}


def size_of(text: str) -> str:
    """Return the first file size in a text as it stands there, "" if there is none."""
    match = _SIZE.search(text)
    return match.group() if match else ""


def format_of(text: str, uri: str) -> str:
    """Return the format that the words or else the address name: "PDF", "Word" and the like."""
    words = {word.lower() for word in _WORD.findall(text)}
    if "pdf" in words or address.is_document(uri):
        return "PDF"
    return next((name for word, name in _FORMATS.items() if word in words), "")


def note_of(text: str) -> str:
    """Return what a text says of the file's edition ("Stand: Juli 2024"), "" if it says nothing."""
    match = _STAND.search(text)
    return match.group().strip() if match else ""


def lift(
    blocks: Iterable[Block], modules: Sequence[Attachment] = ()
) -> tuple[tuple[Block, ...], tuple[Attachment, ...]]:
    """Take the links to documents out of running text.

    A block that is nothing but such links, with words on size and format, becomes attachments only, so that a
    new document is seen once; a sentence with a link stays, and its document is an attachment too. ``modules``
    are those that the page itself presents as downloads; they come first and win over links in the text.
    """
    kept: list[Block] = []
    found = {address.key(module.uri): module for module in reversed(modules)}
    found = dict(reversed(found.items()))
    for block in blocks:
        documents = tuple(link for link in block.links if address.is_document(link.uri))
        beside = _without(block.text, documents) if documents else ""
        alone = bool(documents) and block.kind is not BlockKind.HEADING and _is_about_files(beside)
        for link in documents:
            found.setdefault(address.key(link.uri), _attachment(link, block, beside if alone else ""))
        if not alone:
            kept.append(block)
    return tuple(kept), tuple(found.values())


def label_of(text: str) -> str:
    """Return a link text without its tail on format and size: "Programm (PDF, 120 kB)" is "Programm"."""
    bare = _BRACKETS.sub(lambda match: " " if _is_about_files(match.group()) else match.group(), text)
    label = _TAIL.sub("", squash(bare)).strip(" ,;:–-|•·")
    return "" if _is_about_files(label) else label


def _attachment(link: Link, block: Block, beside: str) -> Attachment:
    around = f"{link.text} {beside}"
    return Attachment(
        uri=link.uri,
        label=label_of(link.text) or label_of(block.text)[:MAX_LABEL] or _file_name(link.uri),
        size=size_of(around) or _size_after(block.text, link.text),
        format=format_of(around, link.uri),
        note=note_of(beside),
    )


def _size_after(text: str, label: str) -> str:
    """The size in brackets right behind a link in running text."""
    _, _, rest = text.partition(label)
    match = re.match(r"\s*[(\[]([^()\[\]]{1,80})[)\]]", rest)
    return size_of(match.group(1)) if match else ""


def _without(text: str, links: Iterable[Link]) -> str:
    for link in links:
        text = text.replace(link.text, " ", 1)
    return squash(text)


def _is_about_files(text: str) -> bool:
    rest = _STAND.sub(" ", _SIZE.sub(" ", text))
    return all(word.lower() in _FILE_WORDS for word in _WORD.findall(rest))


def _file_name(uri: str) -> str:
    return fold(unquote(urlsplit(uri).path.rsplit("/", 1)[-1]))
