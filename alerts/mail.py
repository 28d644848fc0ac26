"""A rendered message as the bytes that will travel: one per recipient, checked by reading them back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import sha256
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from alerts.languages import wording
from alerts.letter import Letter, Rendered
from alerts.model import Context, Language
from storage.records import Delivery, NewDelivery

HEADER_LIMIT = 200  # characters of site text in a header: a subject beyond that is read by nobody
_NOTICE_LINKS = 10
_LINE_LIMIT = 76  # RFC 2047 §2
_LINKABLE = re.compile(r"[!-;=?-~]+")  # printable ASCII without blanks and angle brackets (RFC 2369 §3)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def safe_header(text: str) -> str:
    """Return text that can do no harm in a header.

    NFC; controls and line or paragraph separators become blanks; format characters (bidi, zero
    width), lone surrogates, private and unassigned code points go; ``=?`` is taken apart, because Python's
    older header folding decodes encoded words that were never meant as such (CVE-2024-6923).
    """
    kept = "".join(map(_header_character, unicodedata.normalize("NFC", text[: 8 * HEADER_LIMIT])))
    return " ".join(kept.replace("=?", "= ?").split())[:HEADER_LIMIT].rstrip()


def build(
    rendered: Rendered,
    recipient: str,
    number: int,
    context: Context,
    *,
    list_name: str | None = "",
    language: Language = "de",
) -> NewDelivery:
    """Freeze a message for one recipient. ``list_name`` None: it is of no list, and none can be left.

    The bytes are parsed again; where headers or recipients are not exactly those meant, or the parts
    do not come back, a plain notice of the same number goes out instead.
    """
    headers = _headers(rendered.subject, recipient, number, context, list_name)
    text, html = _encodable(rendered.text), _encodable(rendered.html)
    message = _assemble(headers, text, html)
    if not reads_back(message, headers, text, html):
        words = wording(language, context.zone).words
        headers = _headers(words.fallback_subject, recipient, number, context, list_name)
        message, html = _assemble(headers, words.fallback.format(number=number), ""), ""
    return NewDelivery(
        recipient=address_of(recipient),
        envelope_from=address_of(context.mail.envelope_from or context.mail.sender),
        message_id=headers["Message-ID"],
        message=message,
        html=html.encode(),
    )


def notice(refused: Delivery, content: Letter, now: datetime) -> NewDelivery | None:
    """A short plain message in the place of one that a server would not take: where to read it, and nothing else.

    Its headers are those of the frozen message, but for a subject of our own, a new date and a new Message-ID. None
    where it would not read back as it is meant.
    """
    words = wording(content.language, ZoneInfo(content.zone)).words
    parsed = message_from_bytes(refused.message, policy=policy.default)
    headers = {name: str(parsed[name]) for name in parsed if name not in _MIME_HEADERS}
    domain = refused.message_id.rpartition("@")[2].rstrip(">")
    headers |= {
        "Message-ID": _message_id(refused.digest, domain, "notice", refused.message_id),
        "Date": format_datetime(now.astimezone(ZoneInfo(content.zone))),
        "Subject": words.notice_subject.format(number=refused.digest),
    }
    lines = [words.notice.format(number=refused.digest)]
    if content.web:
        lines += [words.notice_online, f"{content.web}/digest/{refused.digest}"]
    else:
        uris = dict.fromkeys(item.uri for item in content.items if item.uri)
        lines += [words.notice_pages, *list(uris)[:_NOTICE_LINKS]] if uris else []
    text = _encodable("\n".join(lines) + "\n")
    message = _assemble(headers, text, "")
    if not reads_back(message, headers, text, ""):
        return None
    return NewDelivery(
        recipient=refused.recipient,
        envelope_from=refused.envelope_from,
        message_id=headers["Message-ID"],
        message=message,
        part="notice",
    )


def human_address(context: Context) -> str:
    """Where readers reach a person: ``reply_to``, else the operator's contact; "" if neither is set."""
    return address_of(context.mail.reply_to) or context.contact


def address_of(mailbox: str) -> str:
    """The bare address of "Name <address>", "" where there is none that may stand in an envelope."""
    address = parseaddr(mailbox)[1]
    return address if _ADDRESS.fullmatch(address) else ""


def reads_back(message: bytes, headers: Mapping[str, str], text: str, html: str) -> bool:
    """Whether the bytes parse into exactly these headers, this one recipient and these parts."""
    try:
        parsed = message_from_bytes(message, policy=policy.default)
        names = [name for name in parsed.keys() if name not in _MIME_HEADERS]  # noqa: SIM118 - repeats count, and only keys() shows them
        same_headers = names == list(headers) and all(str(parsed[name]) == headers[name] for name in headers)
        recipients = [one.addr_spec for one in parsed["To"].addresses]
        parts = {part.get_content_type(): part.get_content() for part in parsed.walk() if not part.is_multipart()}
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        return False
    wanted = {"text/plain": text} | ({"text/html": html} if html else {})
    same_parts = {kind: _lines(content) for kind, content in parts.items()} == {k: _lines(v) for k, v in wanted.items()}
    return same_headers and recipients == [address_of(headers["To"])] and same_parts


_MIME_HEADERS = frozenset({"MIME-Version", "Content-Type", "Content-Transfer-Encoding"})


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").splitlines()


def _headers(subject: str, recipient: str, number: int, context: Context, list_name: str | None) -> dict[str, str]:
    """The headers of a message in their order, as a reader sees them (not yet encoded)."""
    mail = context.mail
    domain = mail.message_id_domain or address_of(mail.sender).rpartition("@")[2] or "localhost"
    sender = parseaddr(mail.sender)
    headers = {
        "Message-ID": _message_id(
            number, domain, list_name or "", address_of(recipient), context.now.isoformat(), subject
        ),
        "Date": format_datetime(context.now.astimezone(context.zone)),
        "From": _mailbox(sender[0], address_of(mail.sender)),
        "To": address_of(recipient),
        "Subject": safe_header(subject),
    }
    if reply_to := address_of(mail.reply_to):
        headers["Reply-To"] = reply_to
    headers["Auto-Submitted"] = "auto-generated"
    if list_name is None:
        return headers
    slug = slugged(list_name) or "digest"
    headers["List-Id"] = f"<{slug}.amtsblick.{domain}>"
    return headers | _unsubscribing(context, slug, list_name, address_of(recipient))


def _unsubscribing(context: Context, slug: str, list_name: str, recipient: str) -> dict[str, str]:
    """RFC 2369 by mail, and RFC 8058 besides where an https address takes the one click.

    ``{list}`` and ``{recipient}`` in that address are filled in: the click has to say who is meant (RFC 8058 §3.1),
    and only the header may, since a forwarded mail loses it.
    """
    target = context.mail.unsubscribe
    address = address_of(target.removeprefix("mailto:").partition("?")[0])
    address = address or address_of(context.mail.reply_to) or address_of(context.mail.sender)
    ways = [f"<mailto:{quote(address, safe='@')}?subject=unsubscribe%20{slug}>"] if address else []
    click = target.replace("{list}", quote(list_name, safe="")).replace("{recipient}", quote(recipient, safe=""))
    if urlsplit(target).scheme != "https" or not _LINKABLE.fullmatch(click):
        return {"List-Unsubscribe": ", ".join(ways)} if ways else {}
    return {
        "List-Unsubscribe": ", ".join((f"<{click}>", *ways)),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def slugged(name: str) -> str:
    """A name as one lower-case ASCII word with hyphens, fit for a List-Id (RFC 2919) and for a file's name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60]


def _message_id(number: int, domain: str, *parts: str) -> str:
    """The same for the same message; what else tells messages apart is hashed, so that no address shows."""
    seed = "\x1f".join((str(number), *parts))
    return f"<digest-{number}.{sha256(seed.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}@{domain}>"


def _mailbox(name: str, address: str) -> str:
    plain = safe_header(name).replace('"', "").replace("\\", "")
    return formataddr((plain, address)) if plain.isascii() else f"{plain} <{address}>"


def _assemble(headers: Mapping[str, str], text: str, html: str) -> bytes:
    """Header lines of our own before a body of the standard library's.

    The library's own header folding loses blanks between encoded words (Python 3.11.7: in 2,963 of 20,000
    random subjects of up to 200 characters); :class:`email.header.Header` lost none.
    """
    body = EmailMessage(policy=policy.SMTP)
    body.set_content(text, cte="quoted-printable")
    if html:
        body.add_alternative(html, subtype="html", cte="quoted-printable")
        body.set_boundary(_boundary(headers["Message-ID"]))
    lines = "".join(f"{name}: {_encoded(name, value)}\r\n" for name, value in headers.items())
    return lines.encode("ascii") + body.as_bytes()


def _encoded(name: str, value: str) -> str:
    if value.isascii():
        return _folded(name, value) if name in {"Subject", "From"} else value
    phrase, address = (value, "") if name != "From" else (parseaddr(value)[0], f" <{parseaddr(value)[1]}>")
    encoded = Header(phrase, "utf-8", header_name=name, maxlinelen=_LINE_LIMIT).encode(linesep="\r\n")
    return encoded + address


def _folded(name: str, value: str) -> str:
    """Plain words over several lines (RFC 5322 §2.2.3); what has no blank to break at stays whole."""
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > _LINE_LIMIT and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]).removeprefix(f"{name}: ")


def _boundary(message_id: str) -> str:
    """The same for the same message, so that golden files and tests can compare whole messages."""
    return f"=_{sha256(message_id.encode()).hexdigest()[:32]}"


def _encodable(text: str) -> str:
    """Text without what no mail can carry: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _header_character(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Co" | "Cn":
            return ""
        case _:
            return character
