"""The words round an archived state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.wording import Plural
from web.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """The words of one language."""

    banner: str
    not_today: str
    confirmed: str
    live: str
    life: str
    earlier: str
    later: str
    newest: str
    compare_newest: str
    erased: str
    erased_why: str
    let_go: str
    what_is_left: str
    looked: str
    frame_title: str
    frame_alone: str
    frame_hint: str
    no_frame: str
    missing: Plural
    missing_all: str
    missing_more: str
    text: str
    as_text: str
    download: str
    notices: str
    documents: str
    no_text: str
    sheet: str
    cite: str
    cited_as: str
    original_address: str
    archived_at: str
    permanent: str
    digest: str
    digest_hint: str
    installation: str
    position: str
    position_of: str
    link: str
    timemap: str
    provenance: str


TEXTS: Mapping[Language, Memento] = {
    "de": Memento(
        banner="Archivierter Stand vom {moment} ({zone})",
        not_today="Das ist nicht die heutige Seite.",
        confirmed="Der Server sagte an diesem Tag, dass sich seit dem {moment} nichts geändert hat.",
        live="Heutige Seite öffnen",
        life="Alle Stände dieser Seite",
        earlier="Stand davor: {moment}",
        later="Stand danach: {moment}",
        newest="Neuester Stand: {moment}",
        compare_newest="Mit dem neuesten Stand vergleichen",
        erased="Dieser Stand wurde gelöscht",
        erased_why="Gelöscht am {day} von {by}. Grund: {reason} ({basis}).",
        let_go="Das Original wurde am {day} nach der Aufbewahrungsregel gelöscht ({basis}).",
        what_is_left="Was vom Text erhalten ist, steht unten.",
        looked="So sah die Seite aus",
        frame_title="Archivierte Seite vom {moment}",
        frame_alone="Archivierte Seite ohne Rahmen öffnen",
        frame_hint="Programme, Formulare und Filme der Seite sind abgeschaltet. "
        "Verweise führen zum archivierten Stand der verwiesenen Seite.",
        no_frame="Dieser Stand lässt sich nicht so zeigen, wie er aussah.",
        missing=(
            "Ein Bild, eine Schrift oder eine Gestaltungsvorlage wurde nicht archiviert",
            "{n} Bilder, Schriften oder Gestaltungsvorlagen wurden nicht archiviert",
        ),
        missing_all="Bilder und Gestaltung dieser Seite wurden nicht archiviert; zu sehen ist ihr Inhalt.",
        missing_more="Weitere sind hier nicht aufgeführt.",
        text="Text dieses Standes",
        as_text="Nur den Text (TXT)",
        download="Original herunterladen, wie es empfangen wurde",
        notices="Hinweis auf der Seite",
        documents="Dokumente",
        no_text="Aus diesem Stand ließ sich kein Text lesen.",
        sheet="Seite {n}",
        cite="Zitieren und belegen",
        cited_as="Titel",
        original_address="Adresse der Seite",
        archived_at="Archiviert",
        permanent="Dauerhafte Adresse",
        digest="Prüfsumme (SHA-256)",
        digest_hint="über die empfangenen Bytes, {size} Bytes",
        installation="Archiv",
        position="Stelle in der Kette",
        position_of="{capture} von {captures}",
        link="Glied der Kette",
        timemap="Alle Stände für Programme (TimeMap)",
        provenance="Übernommen aus",
    ),
    "en": Memento(
        banner="Archived state of {moment} ({zone})",
        not_today="This is not the page of today.",
        confirmed="The server said on that day that nothing had changed since {moment}.",
        live="Open the page of today",
        life="All states of this page",
        earlier="State before: {moment}",
        later="State after: {moment}",
        newest="Newest state: {moment}",
        compare_newest="Compare with the newest state",
        erased="This state was erased",
        erased_why="Erased on {day} by {by}. Reason: {reason} ({basis}).",
        let_go="The original was let go on {day} by the rule of retention ({basis}).",
        what_is_left="What is left of the text stands below.",
        looked="How the page looked",
        frame_title="Archived page of {moment}",
        frame_alone="Open the archived page without this frame",
        frame_hint="Scripts, forms and films of the page are switched off. "
        "Links lead to the archived state of their page.",
        no_frame="This state cannot be shown as it looked.",
        missing=(
            "One image, font or style sheet was not archived",
            "{n} images, fonts or style sheets were not archived",
        ),
        missing_all="Images and layout of this page were not archived; what you see is its content.",
        missing_more="Others are not listed here.",
        text="Text of this state",
        as_text="Text only (TXT)",
        download="Download the original as it was received",
        notices="Notice on the page",
        documents="Documents",
        no_text="No text could be read from this state.",
        sheet="Page {n}",
        cite="Cite and prove",
        cited_as="Title",
        original_address="Address of the page",
        archived_at="Archived",
        permanent="Permanent address",
        digest="Checksum (SHA-256)",
        digest_hint="of the bytes received, {size} bytes",
        installation="Archive",
        position="Place in the chain",
        position_of="{capture} of {captures}",
        link="Link of the chain",
        timemap="All states for programs (TimeMap)",
        provenance="Taken in from",
    ),
}
