"""Linked documents as a page presents them: label, size, format and what else stands beside the link."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from urllib.parse import unquote, urlsplit

from extractors import address, files
from extractors.files import is_file
from extractors.html import Element, name_words, resolve, text_of
from extractors.model import Attachment, Block, BlockKind, Link
from extractors.text import fold, squash
from extractors.words import word_set

_SIZE = re.compile(r"\d+(?:[.,]\d+)*\s?(?:[kKMG]i?(?:[bB]|[bB]ytes?)|Bytes?)\b")
_STAND = re.compile(r"(?:Stand|Fassung|Ausgabe)\b\s*(?:vom\s+)?:?\s*[\w. ]*\d{4}", re.IGNORECASE)
_ANYWHERE = "https://host.invalid/"  # a file's name says what it is, whatever the host (RFC 6761 §6.4)
_BESIDE = frozenset(("nav", "aside", "header", "footer"))
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NAMES = "PDF|DOCX?|XLSX?|PPTX?|ODT|ODS|ODP|RTF|ZIP|ICS|CSV|EPUB|Word|Excel"
# What ends a label without brackets: ", PDF, 120 kB", "- PDF", "PDF-Dokument", "| Datei ist nicht barrierefrei". The
# federal government's sites write the format right behind the label's last word.
_TAIL = re.compile(
    rf"(?:(?:[\s,;:|/–-]+|(?<=[a-zäöüß\d])(?=PDF\b))(?:(?:{_NAMES})(?:-(?:Dokument|Datei))?"
    r"|\d+(?:[.,]\d+)*\s?(?:[kKMG]i?[bB](?:ytes?)?|Bytes?)|Download|herunterladen"
    r"|(?:Datei\s+ist\s+)?(?:nicht\s+)?barrierefrei|barrierearm))+$",
    re.IGNORECASE,
)
_PDF = re.compile(r"\bPDF\b", re.IGNORECASE)
_AS_PDF = re.compile(r"\b(?:als|as)\s+PDF\b", re.IGNORECASE)
_PAGE_NAME = re.compile(r"\.(?:[xs]?html?|aspx)$", re.IGNORECASE)  # a page that offers the PDF
MAX_LABEL = 200  # a link "hier" is labelled by its sentence; a whole paragraph is no label
_WORD = re.compile(r"[^\W_]+")
# Words about the file, not about what is in it.
_FILE_WORDS = word_set(
    """pdf dokument datei kb mb gb kib mib gib bytes byte format download downloads herunterladen runterladen laden
    öffnet öffnen in neuem einem neuen fenster tab new window opens barrierefrei barrierefreies nicht größe
    dateigröße size file document ca als zum this link der die das hier here anzeigen ansehen ic nur lesbar
    acrobat reader adobe ist barrierearm nichtbarrierefrei mbyte kbyte doc docx xls xlsx ppt pptx odt ods odp rtf zip
    ics csv epub word excel vcf"""
)
_ENDINGS = {"doc": "Word", "dot": "Word", "rtf": "RTF", "xls": "Excel", "ppt": "PowerPoint", "pps": "PowerPoint"} | {
    name: name.upper() for name in ("odt", "ott", "ods", "odp")
}
_FORMATS = {"word": "Word", "docx": "Word", "excel": "Excel", "xlsx": "Excel", "powerpoint": "PowerPoint"} | {
    name: name.upper() for name in ("zip", "odt", "ods", "odp", "rtf", "ics", "csv", "epub")
}


def size_of(text: str) -> str:
    """Return the first file size in a text as it stands there, "" if there is none."""
    match = _SIZE.search(text)
    return match.group() if match else ""


def format_of(text: str, uri: str) -> str:
    """Return the format that the words or else the address name: "PDF", "Word" and the like."""
    words = {word.lower() for word in _WORD.findall(text)}
    ending = address.document_ending(uri)
    if "pdf" in words or ending == "pdf":
        return "PDF"
    named = _ENDINGS.get(ending[:3]) or files.FILES.get(files.ending(uri))
    return named or next((name for word, name in _FORMATS.items() if word in words), "")


def offers_files(element: Element) -> bool:
    """Tell whether a part of a page links a file."""
    targets = (resolve(link.get("href") or "", _ANYWHERE) for link in element.iter("a"))
    return any(target is not None and is_file(target) for target in targets)


def declared(areas: Iterable[Element], base: str) -> frozenset[str]:
    """Return the targets of links whose attributes say that a PDF is there: class, title, type or file name."""
    links = (link for area in areas for link in area.iter("a") if _declares_pdf(link))
    return frozenset(uri for link in links if (uri := resolve(link.get("href") or "", base)) is not None)


def _declares_pdf(link: Element) -> bool:
    if (link.get("type") or "").strip().lower().startswith("application/pdf"):
        return True
    if (link.get("download") or "").strip().lower().endswith(".pdf") or "pdf" in name_words(link):
        return True
    return _PDF.search(link.get("title") or "") is not None


def _is_called_pdf(link: Link, block: Block) -> bool:
    """Tell whether a link's own words or those right behind it say that a PDF is there."""
    if _PAGE_NAME.search(link.uri.partition("?")[0]):
        return False
    if _PDF.search(link.text) and (label_of(link.text) != link.text or _AS_PDF.search(link.text)):
        return True
    rest = block.text.partition(link.text)[2]
    in_brackets = re.match(r"\s*[(\[]([^()\[\]]{1,80})[)\]]", rest)
    behind = in_brackets[1] if in_brackets else rest if len(block.links) == 1 else ""
    return _PDF.search(behind) is not None and _is_about_files(behind)


def note_of(text: str) -> str:
    """Return what a text says of the file's edition ("Stand: Juli 2024"), "" if it says nothing."""
    match = _STAND.search(text)
    return match.group().strip() if match else ""


def lift(
    blocks: Iterable[Block],
    modules: Sequence[Attachment] = (),
    pictured: Sequence[Attachment] = (),
    declared: Container[str] = (),
) -> tuple[tuple[Block, ...], tuple[Attachment, ...]]:
    """Take the links to documents out of running text.

    A block that is nothing but such links, with words on size and format, becomes attachments only, so that a
    new document is seen once; a sentence with a link stays, and its document is an attachment too. ``modules``
    are those that the page itself presents as downloads; they come first and win over links in the text. Those
    behind pictures come last. A link leads to a document by its address or its words, or where it is ``declared`` to.
    """
    kept: list[Block] = []
    found = {address.key(module.uri): module for module in reversed(modules)}
    found = dict(reversed(found.items()))
    for block in blocks:
        if not block.links:
            kept.append(block)
            continue
        documents = tuple(
            link for link in block.links if is_file(link.uri) or link.uri in declared or _is_called_pdf(link, block)
        )
        beside = _without(block.text, documents) if documents else ""
        alone = bool(documents) and block.kind is not BlockKind.HEADING and _is_about_files(beside)
        for link in documents:
            found.setdefault(address.key(link.uri), _attachment(link, block, beside if alone else ""))
        if not alone:
            kept.append(block)
    for file in pictured:
        found.setdefault(address.key(file.uri), file)
    return tuple(kept), tuple(found.values())


def pictured(areas: Iterable[Element], base: str) -> tuple[Attachment, ...]:
    """Return the files that the main text links by a picture alone, under the words that stand for the picture."""
    found: list[Attachment] = []
    for picture in (image for area in areas for image in area.iter("img")):
        around = list(picture.iterancestors())
        link = next((element for element in around if element.tag == "a"), None)
        if link is None or any(element.tag in _BESIDE for element in around) or squash(text_of(link)):
            continue
        uri = resolve(link.get("href") or "", base)
        if uri is not None and is_file(uri):
            said = squash(picture.get("alt") or link.get("title") or "")
            label = label_of(said)[:MAX_LABEL] or _file_name(uri)
            found.append(Attachment(uri=uri, label=label, size=size_of(said), format=format_of(said, uri)))
    return tuple(found)


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
        format=format_of(around, link.uri) or ("" if is_file(link.uri) else "PDF"),
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
