"""The replay is a site as berlin.de has it, and its weeks do what their table says."""

from __future__ import annotations

import http.client
import importlib.util
import io
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import lxml.html
import pypdf
import pytest

from crawler.replay import paths
from crawler.replay.server import ReplayServer, serving
from crawler.replay.site import moment, respond, standing
from crawler.replay.weeks import LAST_PAGES, WEEKS, Doing, Happening, Trouble, Week
from extractors import read
from extractors.model import Answer, Hints, Outcome, Page
from extractors.text import text_digest

NOISE = re.compile(
    r"\.(?:css|js)\?(?:ts=)?\d+|imgscale[r4]/[0-9a-f]+|\d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d Uhr|:\d+/", re.ASCII
)


def get(week: int, path: str, count: int = 0, **headers: str) -> tuple[int, dict[str, str], bytes]:
    response = respond(week, path, {"host": "127.0.0.1:8921", **headers}, count)
    return response.status, dict(response.headers), response.body


def page(week: int, path: str, count: int = 0) -> str:
    status, _, body = get(week, path, count)
    assert status == 200, (week, path, status)
    return body.decode()


def reading(week: int, path: str, count: int = 0) -> Page:
    status, headers, body = get(week, path, count)
    answer = Answer(uri=f"http://127.0.0.1:8921{path}", status=status, headers=tuple(headers.items()), body=body)
    result = read.read(answer, Hints())
    assert result.outcome is Outcome.OK, (week, path, result)
    assert result.page is not None
    return result.page


def walk(week: int, start: str) -> set[str]:
    """All pages that links lead to from one page, below its path."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        status, headers, body = get(week, path)
        if status == 301:
            todo.append(urlsplit(headers["Location"]).path)
            continue
        if status != 200 or not headers["Content-Type"].startswith("text/html"):
            continue
        seen.add(path)
        for link in lxml.html.fromstring(body.decode()).xpath("//a/@href"):
            parts = urlsplit(urljoin(path, link))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if not parts.netloc and target.startswith(start):
                todo.append(target)
    return seen


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with serving(0) as running:
        yield running


def ask(server: ReplayServer, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


class TestWeeks:
    def test_sixteen_weeks_or_more_from_monday_1_march_2021_at_half_past_five_in_berlin(self) -> None:
        assert len(WEEKS) >= 16
        assert [week.number for week in WEEKS] == list(range(1, len(WEEKS) + 1))
        assert WEEKS[0].monday == date(2021, 3, 1)
        for week in WEEKS:
            local = moment(week.number).astimezone(ZoneInfo("Europe/Berlin"))
            assert (local.weekday(), local.hour, local.minute) == (0, 5, 30)

    def test_every_doing_happens_in_exactly_one_week(self) -> None:
        assert sorted(doing for week in WEEKS for doing in week.doings) == sorted(Doing)

    def test_trouble_makes_both_sources_blind_and_its_end_makes_them_see(self) -> None:
        for week in WEEKS:
            kinds = [happening.kind for happening in week.happenings]
            before = WEEKS[week.number - 2].trouble if week.number > 1 else Trouble.NONE
            assert kinds.count("source.blind") == (2 if week.trouble else 0)
            assert kinds.count("source.seeing") == (2 if before and not week.trouble else 0)

    @pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"week{week.number}")
    def test_the_addresses_of_all_happenings_exist_or_have_existed(self, week: Week) -> None:
        ever = {path for each in WEEKS[: week.number] for path in standing(each.number).pages}
        ever |= {path for each in WEEKS[: week.number] for path in standing(each.number).documents}
        for happening in week.happenings:
            assert {happening.path, *happening.paths} <= ever

    @pytest.mark.parametrize(
        "kind",
        [
            "notice.changed",
            "notice.lifted",
            "seminar.new",
            "seminar.changed",
            "press.new",
            "page.added",
            "page.changed",
            "page.moved",
            "page.removed",
            "document.changed",
            "source.blind",
            "source.seeing",
        ],
    )
    def test_the_kinds_that_a_reader_may_meet_are_shown(self, kind: str) -> None:
        shown: list[Happening] = [happening for week in WEEKS for happening in week.happenings]
        assert any(happening.kind == kind for happening in shown)

    def test_what_is_taken_down_is_every_page_of_the_section(self) -> None:
        last = next(week.number for week in WEEKS if Doing.SECTION_TAKEN_DOWN in week.doings) - 1
        assert {path for path in standing(last).pages if path.startswith(paths.SECTION)} == set(LAST_PAGES)


class TestMarkup:
    OLD, NEW = 1, next(week.number for week in WEEKS if Doing.NEW_TEMPLATE in week.doings)

    def test_the_old_era_has_its_marks(self) -> None:
        text = page(self.OLD, paths.SEMINAR_2020)
        for mark in (
            '<div class="emergency-box">',
            '<h6 class="aural" id="aural_maincontent">Inhaltsspalte</h6>',
            '<div class="span7 column-content">',
            '<div class="html5-section article" role="main">',
            '<div class="html5-section download-multi modul-download-multi">',
            "&#10;",
            "&shy;",
            'class="span3 column-right html5-aside"',
        ):
            assert mark in text

    def test_the_new_era_has_its_marks(self) -> None:
        text = page(self.NEW, paths.SEMINAR_2020)
        for mark in (
            '<div id="page-wrapper" class="kiekma screendefault ">',
            '<!-- === Layout "ScreenOrganization" === -->',
            '<div id="layout-grid__area--herounit">',
            '<section class="modul-download-multi">',
            "link link--download",
            '<div class="emergency-box">',
        ):
            assert mark in text
        assert "Inhaltsspalte" not in text

    @pytest.mark.parametrize("week", [OLD, NEW])
    def test_the_press_list_is_paged_and_names_its_feed(self, week: int) -> None:
        first = lxml.html.fromstring(page(week, paths.PRESS))
        assert first.xpath('//link[@rel="alternate"]/@href') == [paths.FEED]
        assert "?page_at_1_0=2" in first.xpath("//nav//li[contains(@class,'pager-item-next')]/a/@href")
        assert page(week, f"{paths.PRESS}?page_at_1_0=2") != page(week, paths.PRESS)
        assert page(week, f"{paths.PRESS}?page_at_1_0=1") == page(week, paths.PRESS)
        assert get(week, f"{paths.PRESS}?page_at_1_0=9")[0] == 404

    @pytest.mark.parametrize("week", [week.number for week in WEEKS if not week.trouble])
    def test_all_pages_of_section_and_press_can_be_reached_by_links(self, week: int) -> None:
        for start in (paths.SECTION, paths.PRESS):
            here = {path for path in standing(week).pages if path.startswith(start)}
            assert {path.removesuffix("?page_at_1_0=1") for path in walk(week, start)} == here

    @pytest.mark.parametrize("week", [week.number for week in WEEKS if not week.trouble])
    def test_every_pdf_is_linked_under_its_label_with_its_true_size(self, week: int) -> None:
        site = standing(week)
        linked = {}
        for path, article in site.pages.items():
            text = page(week, path)
            for part in article.parts:
                if name := getattr(part, "label", ""):
                    linked[part.path] = text
                    assert name in text
        assert set(linked) == set(site.documents)
        for path, document in site.documents.items():
            assert f"PDF-Dokument ({len(document.body) / 1000:.1f} kB)" in linked[path]


class TestNoise:
    @pytest.mark.parametrize("week", [1, TestMarkup.NEW])
    def test_every_fetch_differs_and_only_by_noise(self, week: int) -> None:
        for path in (paths.SECTION, paths.PRESS, paths.SEMINAR_22):
            one, other = page(week, path, 1), page(week, path, 2)
            assert one != other
            assert NOISE.sub("", one) == NOISE.sub("", other)

    def test_the_second_week_is_nothing_but_noise(self) -> None:
        assert standing(1) == standing(2)
        for path in standing(2).pages:
            assert page(1, path) != page(2, path)
            assert NOISE.sub("", page(1, path)) == NOISE.sub("", page(2, path))

    def test_the_feed_tells_the_time_of_its_own_making(self) -> None:
        one, other = page(1, paths.FEED, 1), page(1, paths.FEED, 2)
        assert one != other
        assert one.count("<item>") == other.count("<item>") == len(re.findall(r"<pubDate>", one)) - 1

    def test_the_same_question_gives_the_same_answer(self) -> None:
        assert respond(5, paths.SECTION, {}, 7) == respond(5, paths.SECTION, {}, 7)


class TestWhatWeeksBring:
    def week_of(self, doing: Doing) -> int:
        return next(week.number for week in WEEKS if doing in week.doings)

    @pytest.mark.parametrize(("doing", "changed"), [(Doing.NOTICE_REWORDED, True), (Doing.NOTICE_LIFTED, False)])
    def test_the_notice_changes_on_every_page_at_once(self, doing: Doing, *, changed: bool) -> None:
        week = self.week_of(doing)
        for path in standing(week).pages:
            if path == paths.HOME:
                continue
            assert 'class="emergency-box"' in page(week - 1, path)
            assert ('class="emergency-box"' in page(week, path)) is changed
            assert ("Ab dem 15. März 2021" in page(week, path)) is changed

    def test_the_new_seminar_is_linked_and_then_moved_in_page_and_list(self) -> None:
        announced, moved = self.week_of(Doing.SEMINAR_ANNOUNCED), self.week_of(Doing.SEMINAR_MOVED)
        assert get(announced - 1, paths.SEMINAR_23)[0] == 404
        for path in (paths.SEMINAR_23, paths.SEMINARS):
            assert "12. bis 16. Mai 2021" in page(announced, path)
            assert "9. bis 13. Juni 2021" in page(moved, path)
            assert "Mai 2021" not in page(moved, path)

    def test_the_typo_is_one_letter_on_one_page(self) -> None:
        week = self.week_of(Doing.TYPO_FIXED)
        before, after = standing(week - 1).pages, standing(week).pages
        assert [path for path in after if after[path] != before[path]] == [paths.SEMINAR_19]
        assert NOISE.sub("", page(week - 1, paths.SEMINAR_19)).replace("abilta", "abilita") == NOISE.sub(
            "", page(week, paths.SEMINAR_19)
        )

    @pytest.mark.parametrize(
        ("doing", "path", "same"),
        [(Doing.PDF_REPLACED, paths.PDF_PROGRAMME, False), (Doing.PDF_SAVED_AGAIN, paths.PDF_2020, True)],
    )
    def test_a_pdf_gets_other_bytes_and_validators_with_or_without_other_text(
        self, doing: Doing, path: str, *, same: bool
    ) -> None:
        week = self.week_of(doing)
        _, old, before = get(week - 1, path)
        _, new, after = get(week, path)
        assert before != after
        assert old["ETag"] != new["ETag"]
        assert old["Last-Modified"] != new["Last-Modified"]
        assert (pdf_text(before) == pdf_text(after)) is same
        assert get(week, path, **{"if-none-match": old["ETag"]})[0] == 200
        assert get(week, path, **{"if-none-match": new["ETag"]})[0] == 304
        assert get(week, path, **{"if-modified-since": new["Last-Modified"]})[0] == 304

    def test_the_press_release_pushes_every_line_down_by_one(self) -> None:
        week = self.week_of(Doing.PRESS_RELEASED)
        before, after = (lines_of_press(each) for each in (week - 1, week))
        assert after[0].endswith(paths.PRESS_NEW)
        assert after[1:] == before
        assert paths.PRESS_NEW in page(week, paths.FEED)

    def test_a_deleted_report_is_gone_and_nowhere_linked(self) -> None:
        week = self.week_of(Doing.REPORT_DELETED)
        for later in (week, week + 1):
            assert get(later, paths.SEMINAR_14)[0] == 404
            assert paths.SEMINAR_14 not in page(later, paths.SEMINARS)

    def test_a_moved_report_redirects_and_the_list_links_the_new_address(self) -> None:
        week = self.week_of(Doing.REPORT_MOVED)
        status, headers, _ = get(week, paths.SEMINAR_17_OLD)
        assert (status, headers["Location"]) == (301, f"http://127.0.0.1:8921{paths.SEMINAR_17}")
        assert paths.SEMINAR_17_OLD not in page(week, paths.SEMINARS)
        assert NOISE.sub("", page(week - 1, paths.SEMINAR_17_OLD)).count("Lichtenberg") == 1
        assert NOISE.sub("", page(week, paths.SEMINAR_17)).count("Lichtenberg") == 1

    def test_an_outage_is_a_500_and_maintenance_a_200_at_every_address(self) -> None:
        for week in WEEKS:
            if week.trouble is Trouble.NONE:
                continue
            answers = [get(week.number, path) for path in (paths.HOME, paths.ROBOTS, paths.SECTION, paths.PDF_2020)]
            assert {status for status, _, _ in answers} == {500 if week.trouble is Trouble.OUTAGE else 200}
            assert len({body for _, _, body in answers}) == 1

    def test_the_section_goes_as_a_whole_while_home_and_press_stay(self) -> None:
        week = self.week_of(Doing.SECTION_TAKEN_DOWN)
        for later in (week, week + 1):
            for path in (*LAST_PAGES, paths.SEMINAR_17_OLD, *standing(week - 1).documents):
                assert get(later, path)[0] == 404
            for path in (paths.HOME, paths.ROBOTS, paths.PRESS, paths.PRESS_NEW):
                assert get(later, path)[0] == 200


class TestReadByOurExtractors:
    """Whoever reads the replay with our own page objects sees what its tables say."""

    OLD, NEW = TestMarkup.NEW - 1, TestMarkup.NEW

    @pytest.mark.parametrize("path", sorted(standing(NEW).pages))
    def test_a_new_template_is_the_same_text(self, path: str) -> None:
        if path == paths.HOME:
            return  # it is only asked whether it is there
        old, new = reading(self.OLD, path), reading(self.NEW, path)
        assert (old.title, texts(old)) == (new.title, texts(new))
        assert text_digest(old) == text_digest(new)

    def test_title_text_notice_and_attachment_stand_apart(self) -> None:
        for week in (1, self.NEW):
            seen = reading(week, paths.SEMINAR_2020)
            assert seen.title == "Städtepartnerschaft Berlin-Moskau: Seminar 2020"
            assert texts(seen)[0] == "Im Jahr 2020 konnte wegen der Pandemie kein Seminar stattfinden."
            assert not [line for line in texts(seen) if "Corona" in line or "Turmstraße" in line or "Stand der" in line]
            assert [(each.label, each.size) for each in seen.attachments] == [
                ("Informationsmaterial des Moskauer Departements", standing(week).documents[paths.PDF_2020].size)
            ]
            assert len(seen.notices) == 1
            assert seen.notices[0].title.startswith("Einschränkungen im Landesamt")

    def test_two_fetches_of_one_week_have_one_text_digest(self) -> None:
        for path in (paths.SECTION, paths.PRESS, paths.FEED):
            assert text_digest(reading(1, path, 1)) == text_digest(reading(1, path, 2))

    def test_press_releases_state_their_day(self) -> None:
        for week in (self.OLD, self.NEW):
            assert date(2021, 4, 22) in [stated.day for stated in reading(week, paths.PRESS_NEW).dates]


class TestServer:
    def test_it_serves_on_loopback_and_each_fetch_is_another(self, server: ReplayServer) -> None:
        assert server.server_address[0] == "127.0.0.1"
        one, first = ask(server, paths.SECTION)
        _, second = ask(server, paths.SECTION)
        assert one.status == 200
        assert first != second
        assert f'<link rel="canonical" href="{server.base}{paths.SECTION}"/>'.encode() in first

    def test_turning_the_week_changes_what_is_served(self, server: ReplayServer) -> None:
        assert ask(server, paths.SEMINAR_23)[0].status == 404
        server.week = 4
        assert ask(server, paths.SEMINAR_23)[0].status == 200

    def test_a_validator_sent_back_is_answered_with_304_and_no_body(self, server: ReplayServer) -> None:
        first, body = ask(server, paths.PDF_2020)
        again, nothing = ask(server, paths.PDF_2020, If_None_Match=first.headers["ETag"])
        assert body.startswith(b"%PDF")
        assert (again.status, nothing) == (304, b"")

    def test_a_taken_port_is_no_obstacle(self, server: ReplayServer) -> None:
        with serving(server.server_address[1]) as other:
            assert other.server_address[1] != server.server_address[1]
            assert ask(other, paths.HOME)[0].status == 200


def test_the_committed_pdfs_hold_the_text_of_the_script_that_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("reportlab")
    tools = Path(__file__).resolve().parents[2] / "tools" / "make_replay_pdfs.py"
    spec = importlib.util.spec_from_file_location("make_replay_pdfs", tools)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_replay_pdfs", module)  # dataclasses look their module up there
    spec.loader.exec_module(module)
    for sheet in module.SHEETS:
        module.make(sheet, tmp_path)
        committed = module.TARGET / sheet.name
        assert pdf_text(committed.read_bytes()) == pdf_text((tmp_path / sheet.name).read_bytes())
    assert {path.name for path in module.TARGET.iterdir()} == {sheet.name for sheet in module.SHEETS}


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


def pdf_text(body: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(body)).pages]


def lines_of_press(week: int) -> list[str]:
    lines: list[str] = []
    for number in (1, 2):
        tree = lxml.html.fromstring(page(week, f"{paths.PRESS}?page_at_1_0={number}"))
        lines += tree.xpath("//div[contains(@class,'modul-autoteaser')]//div[contains(@class,'text')]/a/@href")
    return lines
