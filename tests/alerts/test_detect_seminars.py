"""Seminars are told as seminars: one event for what is new or different, whatever pages, lists and papers say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from extractors.model import Outcome, Page
from storage.records import SeminarRow
from tests.alerts.detect_support import (
    Answer,
    Moved,
    Sim,
    events,
    item,
    kinds,
    page,
    paper,
    para,
    pdf,
    source,
    uri,
)

LIST, S22, S23 = "/p/seminare", "/p/seminare/22-seminar", "/p/seminare/23-seminar"
REPORT = page(
    S22,
    "Städtepartnerschaft Berlin-Moskau: 22. Arbeits- und Sozialseminar erfolgreich abgeschlossen",
    "Das Landesamt und das Department führten in der Zeit 16.-21. Juni 2019 in Moskau das 22. Arbeits- und Sozialseminar durch.",
    "Die Gäste besuchten drei Einrichtungen der Stadt.",
)


def announced(
    when: str = "12.–16. Mai 2021", city: str = "Berlin", extra: str = "Anmeldungen nimmt das Referat entgegen."
) -> Page:
    return page(
        S23,
        "Ankündigung: 23. Arbeits- und Sozialseminar",
        f"Das 23. Arbeits- und Sozialseminar findet vom {when} in {city} statt.",
        extra,
    )


def site(*lines: object, start: Page | None = None) -> dict[str, Answer]:
    entries = [line if not isinstance(line, tuple) else item(*line) for line in lines]
    blocks = ("Alle Seminare im Überblick.", item("22. Arbeits- und Sozialseminar", S22), *entries)
    made: dict[str, Answer] = {
        "/p": start
        or page("/p", "Städtepartnerschaft Berlin-Moskau", "Seit 1991 arbeiten beide Städte zusammen.", nav=(LIST,)),
        LIST: page(LIST, "Seminare", *blocks),  # type: ignore[arg-type]  # entries are blocks by now
        S22: REPORT,
    }
    return made


WITH_23 = ("23. Arbeits- und Sozialseminar (angekündigt)", S23)


def started(pages: dict[str, Answer]) -> Sim:
    sim = Sim(source(), at=datetime(2021, 1, 4, 5, 30, tzinfo=UTC))
    assert sim.crawl(pages) == []
    return sim


def test_the_baseline_fills_the_register_and_tells_nothing() -> None:
    sim = started(site())
    (row,) = sim.seminars.values()
    assert (row.number, row.start, row.end, row.city, row.state) == (
        22,
        "2019-06-16",
        "2019-06-21",
        "Moskau",
        "reported",
    )
    assert row.uri == uri(S22)


def test_a_new_seminar_page_with_its_list_line_and_paper_is_one_event() -> None:
    sim = started(site())
    new = replace(announced(), attachments=(paper("/docs/programm.pdf", "Programm", "20 kB"),))
    pages: dict[str, Answer] = {**site(WITH_23), S23: new, "/docs/programm.pdf": pdf("/docs/programm.pdf", "Programm.")}
    (told,) = sim.crawl(pages)
    assert (told.kind, told.uri) == ("seminar.new", uri(S23))
    assert told.after == {
        "number": 23, "series": "Arbeits- und Sozialseminar", "title": told.after["title"], "start": "2021-05-12",
        "end": "2021-05-16", "city": "Berlin", "state": "announced",
    }  # fmt: skip
    assert told.summary == "Das 23. Arbeits- und Sozialseminar ist für den 12.–16. Mai 2021 in Berlin angekündigt."
    assert sim.crawl(pages) == []


def test_a_postponed_seminar_is_one_event_on_all_its_pages_and_each_time() -> None:
    dated = "23. Arbeits- und Sozialseminar, {}, Berlin"

    def at(when: str) -> dict[str, Answer]:
        return {**site((dated.format(when), S23)), S23: announced(when)}

    sim = started(at("12.–16. Mai 2021"))
    (first,) = sim.crawl(at("9.–13. Juni 2021"))
    assert (first.kind, first.uri, first.reason) == ("seminar.changed", uri(S23), "Datum geändert")
    assert (
        first.summary == "Das 23. Arbeits- und Sozialseminar wurde vom 12.–16. Mai auf den 9.–13. Juni 2021 verschoben."
    )
    assert (first.before["start"], first.after["start"], first.after["end"]) == (
        "2021-05-12",
        "2021-06-09",
        "2021-06-13",
    )
    (second,) = sim.crawl(at("15.–19. September 2021"))
    assert (second.before["start"], second.after["start"]) == ("2021-06-09", "2021-09-15")
    (back,) = sim.crawl(at("9.–13. Juni 2021"))
    assert len({first.id, second.id, back.id}) == 3


def test_a_date_and_another_paragraph_edited_in_one_step_are_two_events() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    told = sim.crawl(
        {
            **site(WITH_23),
            S23: announced("9.–13. Juni 2021", extra="Anmeldungen nimmt ab sofort das Büro des Präsidenten an."),
        }
    )
    assert events(told) == [("page.changed", S23), ("seminar.changed", S23)]
    changed = next(event for event in told if event.kind == "page.changed")
    assert "Juni" not in changed.after["text"]


def test_another_city_is_a_change_of_the_seminar() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    (told,) = sim.crawl({**site(WITH_23), S23: announced(city="Moskau")})
    assert (told.kind, told.reason) == ("seminar.changed", "Ort geändert")
    assert told.summary == "Der Ort des 23. Arbeits- und Sozialseminars hat sich geändert: Moskau statt Berlin."


def test_an_announcement_that_becomes_a_report_is_one_event() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    report = page(
        S23,
        "23. Arbeits- und Sozialseminar erfolgreich abgeschlossen",
        "Vom 12. bis 16. Mai 2021 fand in Berlin das 23. Arbeits- und Sozialseminar statt.",
        "Die Gäste lobten die gute Vorbereitung.",
    )
    sim.at = datetime(2021, 6, 1, 5, 30, tzinfo=UTC)
    (told,) = sim.crawl({**site(("23. Arbeits- und Sozialseminar erfolgreich abgeschlossen", S23)), S23: report})
    assert (told.kind, told.before["state"], told.after["state"]) == ("seminar.changed", "announced", "reported")


def test_the_passing_of_its_date_and_an_edit_elsewhere_do_not_make_a_report_of_an_announcement() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    sim.at = datetime(2021, 8, 2, 5, 30, tzinfo=UTC)
    assert sim.crawl({**site(WITH_23), S23: announced()}) == []
    told = sim.crawl({**site(WITH_23), S23: announced(extra="Das Referat hat eine neue Telefonnummer: 12345.")})
    assert events(told) == [("page.changed", S23)]


def test_words_without_a_verdict_keep_the_state_they_gave_when_they_were_read() -> None:
    """Read today, the same words would make a report of it; only other words may do that."""

    def plan(extra: str) -> dict[str, Answer]:
        words = "Das 23. Arbeits- und Sozialseminar, 12.–16. Mai 2021 in Berlin."
        return {**site(WITH_23), S23: page(S23, "23. Arbeits- und Sozialseminar", item(words), extra)}

    sim = started(plan("Es geht um Pflege."))
    sim.at = datetime(2021, 8, 2, 5, 30, tzinfo=UTC)
    assert events(sim.crawl(plan("Es geht um die häusliche Pflege in beiden Städten."))) == [("page.changed", S23)]
    assert next(row for row in sim.seminars.values() if row.number == 23).state == "announced"


def test_a_seminar_first_seen_in_the_list_and_then_on_its_page_is_told_once_for_each_news() -> None:
    sim = started(site())
    line = ("23. Arbeits- und Sozialseminar vom 12.–16. Mai 2021 in Berlin", S23)
    (first,) = sim.crawl(site((line[0],)))
    assert (first.kind, first.uri, first.after["start"]) == ("seminar.new", uri(LIST), "2021-05-12")
    (second,) = sim.crawl({**site(line), S23: announced()})
    assert (second.kind, second.uri) == ("page.added", uri(S23))


def test_a_report_under_a_new_address_is_part_of_its_seminar() -> None:
    sim = started(site(("23. Arbeits- und Sozialseminar vom 12.–16. Mai 2021 in Berlin",)))
    report = page(
        S23,
        "23. Arbeits- und Sozialseminar erfolgreich abgeschlossen",
        "Vom 12. bis 16. Mai 2021 fand in Berlin das 23. Arbeits- und Sozialseminar statt.",
    )
    sim.at = datetime(2021, 6, 1, 5, 30, tzinfo=UTC)
    (told,) = sim.crawl({**site(("23. Arbeits- und Sozialseminar vom 12.–16. Mai 2021 in Berlin", S23)), S23: report})
    assert (told.kind, told.after["state"]) == ("seminar.changed", "reported")


def test_contradicting_pages_leave_the_date_open_and_say_so_with_both_sources() -> None:
    july = page(
        "/p/a", "18. Sozialseminar in Moskau", "Vom 4. bis 9. Juli 2017 fand in Moskau das 18. Sozialseminar statt."
    )
    june = page(
        "/p/b",
        "Teilnahme am 18. Sozialseminar in Moskau",
        "Das 18. Sozialseminar findet vom 4. bis 9. Juni 2017 in Moskau statt.",
    )
    sim = started({**site(), "/p/a": july})
    (told,) = sim.crawl({**site(), "/p/a": july, "/p/b": june})
    assert (told.kind, told.reason) == ("seminar.changed", "Widerspruch zwischen Quellen")
    row = next(row for row in sim.seminars.values() if row.number == 18)
    assert (row.start, row.end, row.city) == (None, None, "Moskau")
    (start, end) = row.conflicts
    assert (start.field, end.field) == ("start", "end")
    assert start.values == (("2017-06-04", uri("/p/b")), ("2017-07-04", uri("/p/a")))
    assert "widersprechen" in told.summary
    (solved,) = sim.crawl(
        {**site(), "/p/a": july, "/p/b": replace(june, blocks=(para(june.blocks[0].text.replace("Juni", "Juli")),))}
    )
    assert (solved.kind, solved.after["start"]) == ("seminar.changed", "2017-07-04")


def test_a_second_page_that_agrees_is_just_a_new_page() -> None:
    sim = started(site())
    pages: dict[str, Answer] = {
        **site(),
        "/p/b": page(
            "/p/b", "Bericht eines Partners", "Im Juni 2019 fand das 22. Arbeits- und Sozialseminar in Moskau statt."
        ),
    }
    assert events(sim.crawl(pages)) == [("page.added", "/p/b")]


def test_what_was_told_is_not_taken_back_when_its_page_goes() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    pages: dict[str, Answer] = {**site(), S23: Outcome.GONE}
    told = sim.crawl(pages) + sim.crawl(pages)
    assert kinds(told) == ["page.removed"]
    assert 23 in {row.number for row in sim.seminars.values()}


def test_a_seminar_page_that_moves_keeps_its_seminar() -> None:
    sim = started({**site(WITH_23), S23: announced()})
    new = "/p/archiv/23-seminar"
    sim.at = datetime(2021, 8, 2, 5, 30, tzinfo=UTC)
    pages: dict[str, Answer] = {**site((WITH_23[0], new)), S23: Moved(new), new: replace(announced(), uri=uri(new))}
    assert events(sim.crawl(pages)) == [("page.moved", new)]
    row = next(row for row in sim.seminars.values() if row.number == 23)
    assert (row.uri, row.state) == (uri(new), "announced")


def test_a_year_without_travel_has_a_substitute_of_its_own() -> None:
    sim = started(site())
    path = "/p/seminare/2020"
    written = page(
        path,
        "Städtepartnerschaft Berlin-Moskau: Seminar 2020",
        "Im Pandemie-Jahr 2020 waren Dienstreisen zwecks Teilnahme an Seminaren nicht möglich.",
        "Beide Seiten einigten sich auf den Austausch von schriftlichen Fachinformationen.",
    )
    (told,) = sim.crawl({**site(("Seminar 2020", path)), path: written})
    assert (told.kind, told.uri, told.after["number"]) == ("seminar.new", uri(path), None)


def test_sources_without_a_register_know_no_seminars() -> None:
    sim = Sim(source(register=""))
    sim.crawl(site())
    assert events(sim.crawl({**site(WITH_23), S23: announced()})) == [("page.added", S23)]
    assert not sim.seminars


NEWS = "Das 23. Arbeits- und Sozialseminar findet vom 12.–16. Mai 2021 in Berlin statt."


def of_23(*lines: str, in_list: str = WITH_23[0]) -> dict[str, Answer]:
    return {**site((in_list, S23)), S23: page(S23, "Ankündigung: 23. Arbeits- und Sozialseminar", *lines)}


def row_of_23(sim: Sim) -> SeminarRow:
    return next(row for row in sim.seminars.values() if row.number == 23)


def test_a_seminar_put_off_to_an_open_date_loses_its_date_and_gets_the_new_one_later() -> None:
    sim = started(of_23(NEWS))
    (off,) = sim.crawl(
        of_23("Das 23. Arbeits- und Sozialseminar wurde verschoben.", "Ein neuer Termin steht noch nicht fest.")
    )
    assert (off.kind, off.reason) == ("seminar.changed", "Verschoben")
    assert off.summary == "Das 23. Arbeits- und Sozialseminar wurde verschoben; ein neuer Termin steht noch nicht fest."
    assert (off.after["start"], off.after["end"], off.after["state"]) == (None, None, "postponed")
    (fixed,) = sim.crawl(
        of_23("Das 23. Arbeits- und Sozialseminar wurde verschoben. Neuer Termin: 6.–10. September 2021, Berlin.")
    )
    assert (fixed.after["start"], fixed.after["state"]) == ("2021-09-06", "postponed")
    assert fixed.summary == "Der Termin des 23. Arbeits- und Sozialseminars steht fest: 6.–10. September 2021."


def test_a_postponement_takes_back_the_date_that_the_list_still_shows() -> None:
    """What other pages said before it holds no more; what one says later does."""
    listed = "23. Arbeits- und Sozialseminar, {}, Berlin"
    put_off = "Das 23. Arbeits- und Sozialseminar wird auf unbestimmte Zeit verschoben."
    sim = started(of_23(NEWS, in_list=listed.format("12.–16. Mai 2021")))
    (off,) = sim.crawl(of_23(put_off, in_list=listed.format("12.–16. Mai 2021")))
    assert (off.after["start"], off.after["state"], row_of_23(sim).conflicts) == (None, "postponed", ())
    (fixed,) = sim.crawl(of_23(put_off, in_list=listed.format("6.–10. September 2021")))
    assert (fixed.kind, fixed.after["start"], fixed.after["state"]) == ("seminar.changed", "2021-09-06", "postponed")


def test_the_old_date_left_on_a_page_that_puts_its_seminar_off_is_no_date() -> None:
    """However often the page is edited elsewhere."""
    sim = started(of_23(NEWS))
    (off,) = sim.crawl(of_23("Das Seminar wurde verschoben.", NEWS))
    assert (off.after["start"], off.after["state"]) == (None, "postponed")
    told = sim.crawl(of_23("Das Seminar wurde verschoben.", NEWS, "Fragen beantwortet das Referat."))
    assert events(told) == [("page.changed", S23)]
    assert row_of_23(sim).start is None


def test_a_seminar_put_off_twice_is_told_twice_with_both_dates() -> None:
    sim = started(of_23(NEWS))
    moved = "Das 23. Arbeits- und Sozialseminar wird vom {} auf den {} verschoben."
    (first,) = sim.crawl(of_23(moved.format("12. bis 16. Mai 2021", "9. bis 13. Juni 2021")))
    (second,) = sim.crawl(of_23(moved.format("9. bis 13. Juni 2021", "15. bis 19. September 2021")))
    assert [told.after["start"] for told in (first, second)] == ["2021-06-09", "2021-09-15"]
    assert [told.after["state"] for told in (first, second)] == ["postponed", "postponed"]
    assert (
        second.summary
        == "Das 23. Arbeits- und Sozialseminar wurde vom 9.–13. Juni auf den 15.–19. September 2021 verschoben."
    )


def test_a_line_that_calls_a_seminar_off_is_one_event_and_so_is_its_return() -> None:
    sim = started(of_23(NEWS))
    (off,) = sim.crawl(of_23(NEWS, "Aktualisierung: Das Seminar muss leider ausfallen."))
    assert (off.kind, off.after["state"], off.after["start"]) == ("seminar.changed", "cancelled", "2021-05-12")
    assert off.summary == "Das 23. Arbeits- und Sozialseminar wurde abgesagt."
    (on,) = sim.crawl(of_23(NEWS))
    assert on.summary == "Das 23. Arbeits- und Sozialseminar soll nun doch stattfinden."


def test_a_seminar_that_an_exchange_replaces_says_by_what() -> None:
    sim = started(of_23(NEWS))
    (told,) = sim.crawl(of_23("Das 23. Arbeits- und Sozialseminar wird durch einen schriftlichen Austausch ersetzt."))
    assert (told.kind, told.after["state"]) == ("seminar.changed", "replaced")
    assert "„schriftlichen Austausch“" in told.summary


def test_the_passed_date_of_a_list_does_not_make_a_report_of_what_was_called_off() -> None:
    sim = Sim(source(), at=datetime(2022, 1, 3, 5, 30, tzinfo=UTC))
    gone = "Das 23. Arbeits- und Sozialseminar ist abgesagt."
    assert sim.crawl(of_23(gone, in_list="23. Arbeits- und Sozialseminar, 12.–16. Mai 2021, Berlin")) == []
    assert (row_of_23(sim).state, row_of_23(sim).start) == ("cancelled", "2021-05-12")


def test_a_seminar_only_mentioned_in_passing_does_not_enter_the_register() -> None:
    """Where it is known, the mention is one more claim about it."""
    aside = page("/p/b", "Neue Leitung", "Nach dem {} im Juni 2019 wechselte die Leitung.")
    sim = started(site())
    for name, known in (("20. Arbeits- und Sozialseminar", False), ("22. Arbeits- und Sozialseminar", True)):
        text = aside.blocks[0].text.format(name)
        sim.crawl({**site(), "/p/b": replace(aside, blocks=(para(text),))})
        assert {row.number for row in sim.seminars.values()} == {22}
        (row,) = sim.seminars.values()
        assert (uri("/p/b") in {mention.uri for mention in row.mentions}) is known


def test_a_claim_keeps_its_sentence_and_the_version_it_came_from() -> None:
    """Until its words change: looking again does not make it newer."""
    sim = started(of_23(NEWS))
    first = next(claim for claim in row_of_23(sim).mentions if claim.uri == uri(S23))
    assert (first.quote, first.captured_at) == (NEWS, sim.at)
    assert first.version is not None
    sim.crawl(of_23(NEWS, "Fragen beantwortet das Referat."))
    assert next(claim for claim in row_of_23(sim).mentions if claim.uri == uri(S23)) == first
    sim.crawl(of_23(NEWS.replace("12.–16. Mai", "9.–13. Juni")))
    second = next(claim for claim in row_of_23(sim).mentions if claim.uri == uri(S23))
    assert (second.quote, second.captured_at) == (NEWS.replace("12.–16. Mai", "9.–13. Juni"), sim.at)
    assert second.version != first.version


def test_a_line_elsewhere_calls_off_what_is_to_come_and_not_what_is_long_over() -> None:
    """A news page without a date is a claim about a known seminar, unless it only looks back."""
    news = page("/p/b", "Nachrichten", "Das 23. Arbeits- und Sozialseminar muss leider ausfallen.")
    past = page("/p/c", "Chronik", "Das 22. Arbeits- und Sozialseminar wurde zweimal verschoben.")
    sim = started(of_23(NEWS))
    told = sim.crawl({**of_23(NEWS), "/p/b": news, "/p/c": past})
    assert events(told) == [("page.added", "/p/b"), ("page.added", "/p/c"), ("seminar.changed", S23)]
    assert row_of_23(sim).state == "cancelled"
    before = next(row for row in sim.seminars.values() if row.number == 22)
    assert (before.start, before.state) == ("2019-06-16", "reported")
