"""Finding the words of a passage again: in any spelling of spaces, markup and case, or by their salted hash alone."""

from __future__ import annotations

import hmac
import html
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from hashlib import sha256

from extractors import charset, coding, heads
from storage.records import ErasureKind, ErasureOrder

_SALT = 16  # bytes, as NIST SP 800-132 §5.1 asks for at least
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # stand inside a word and are not seen
_LARGEST = 1 << 30  # bytes once decoded; what was archived was below a source's max_bytes
_JOINT = "\x1f"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words in a row, known only by a salted hash."""

    words: int
    salt: bytes
    mark: bytes

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a text: (start, end), from left to right."""
        found = [(_folded(each.group()), each.start(), each.end()) for each in _WORD.finditer(text)]
        rows = range(len(found) - self.words + 1)
        return [
            (found[row][1], found[row + self.words - 1][2])
            for row in rows
            if self._is([word for word, _, _ in found[row : row + self.words]])
        ]

    def marked(self, text: str, mark: str) -> str:
        """The text with a mark in the place of the words."""
        for start, end in reversed(self.spans(text)):
            text = f"{text[:start]}{mark}{text[end:]}"
        return text

    def _is(self, words: list[str]) -> bool:
        return hmac.digest(self.salt, _JOINT.join(words).encode(), "sha256") == self.mark


def subject(text: str) -> str:
    """A passage as an order names it: number of words, salt, hash. ValueError for a text without a word."""
    words = [_folded(word) for word in _WORD.findall(_HIDDEN.sub("", text))]
    if not words:
        raise ValueError("there is no word in it")
    salt = secrets.token_bytes(_SALT)
    mark = hmac.new(salt, _JOINT.join(words).encode("utf-8", "replace"), sha256)
    return f"{len(words)} words, {salt.hex()}:{mark.hexdigest()}"


def of(order: ErasureOrder) -> Passage | None:
    """The passage that an order is about, None if it is about something else. ValueError if it cannot be read."""
    if order.kind is not ErasureKind.PASSAGE:
        return None
    count, _, rest = order.subject.partition(" words, ")
    salt, _, mark = rest.partition(":")
    return Passage(words=int(count), salt=bytes.fromhex(salt), mark=bytes.fromhex(mark))


def texts(data: bytes, head: bytes) -> Iterator[str]:
    """What some stored bytes say: as they are, decoded as their head says, without markup, and as parts of a mail."""
    headers = {name.lower(): value for name, value in heads.fields(head)}
    kind = headers.get("content-type", "")
    try:
        body = coding.decode(data, headers.get("content-encoding", ""), _LARGEST).body
    except coding.CodingError:
        body = data
    text = _HIDDEN.sub("", html.unescape(charset.decode(body, kind).text))
    yield text
    if "<" in text:
        yield _TAG.sub("", text)
        yield _TAG.sub(" ", text)
    if data.startswith((b"From:", b"Subject:", b"To:", b"Date:", b"Message-ID:", b"MIME-Version:")):
        message = message_from_bytes(data, policy=policy.default)
        for part in message.walk():
            if part.get_content_maintype() == "text":
                yield _TAG.sub(" ", html.unescape(str(part.get_content())))


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
