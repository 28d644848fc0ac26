"""What a document file says about itself: title, author, program, when it was made and saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict

from extractors.text import fold, squash

_MAX = 300  # characters; longer ones are the whole text pasted into a field
_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(?:(\d\d))?)?)?)?\s*(Z|[+-]\d\d)?'?(\d\d)?")
# What programs put there when nobody wrote a title.
_NO_TITLE = re.compile(
    r"microsoft (?:office )?(?:word|excel|powerpoint|publisher)\b.*|(?:powerpoint|power point)[- ]pr[äa]sentation.*"
    r"|(?:dokument|document|unbenannt|untitled|pr[äa]sentation|presentation|folie|mappe|seite|layout|druck|entwurf|scan"
    r"|vorlage|template|titel|title|kein titel|no title|anonymous|unspecified)[\s_-]*\d*"
    r"|.*\.(?:docx?|dotx?|odt|rtf|indd|qxp?d?|pmd?|pdf|pptx?|xlsx?|ods|odp|pub|vsdx?|cdr|ai|tiff?|jpe?g|txt|tmp)"
    r"|[\W\d_]*|\S{0,3}",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w{3,}")


class Info(TypedDict):
    """The fields that are kept; "" where the file does not say. Times are ISO 8601, as exact as the file has them."""

    title: str
    author: str
    producer: str
    created: str
    modified: str


def read(raw: Mapping[str, str]) -> Info:
    """The information dictionary of a PDF (ISO 32000-1 §14.3.3), bounded and in plain text."""
    text = {key: squash(value)[:_MAX] for key, value in raw.items()}
    return Info(
        title=text.get("Title", ""),
        author=text.get("Author", ""),
        producer=text.get("Producer", "") or text.get("Creator", ""),
        created=_moment(text.get("CreationDate", "")),
        modified=_moment(text.get("ModDate", "")),
    )


def title(info: Info, text: str) -> str:
    """The title that the file states if it is one: no left-over, and said in the document's own first words too."""
    stated = info["title"]
    words = set(_WORD.findall(fold(stated).casefold()))
    if not words or _NO_TITLE.fullmatch(stated) or not words <= set(_WORD.findall(fold(text).casefold())):
        return ""
    return stated


def _moment(text: str) -> str:
    """A PDF date, ``D:20190603101500+02'00'``, as ISO 8601; "" if it is none."""
    match = _DATE.match(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second, zone, zone_minutes = match.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    offset = "" if zone is None else "Z" if zone == "Z" else f"{zone}:{zone_minutes or '00'}"
    return f"{date}T{hour}:{minute}:{second or '00'}{offset}"
