"""Operators hear of trouble at once, monitoring sees it, and the heartbeat stays away (F47)."""

from __future__ import annotations

import email
import json
import shutil
import ssl
import subprocess
import threading
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
import trustme
from prometheus_client.parser import text_string_to_metric_families

from crawler import cli, health, heartbeat, operators, room
from crawler.config import ConfigError, load
from crawler.schedule import Schedule
from crawler.session import Session
from storage.archive import Archive
from storage.records import DeliveryState, Source
from tests.alerts.servers import Mailbox, aiosmtpd_server
from tests.crawler.bench import Bench
from tests.crawler.daemon import Daemon
from tests.server import LONG, Reply, Site, html, serving

MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
DESK = '[[subscription]]\nname = "team"\nto = ["team@example.org"]\n[operator]\nto = ["ops@example.org"]\n'


class Office:
    """An office that cron works for: crawls, digests and deliveries at given times."""

    def __init__(self, bench: Bench, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self.bench, self.site, self._capsys = bench, site, capsys
        self.out = ""
        site.pages["/"] = html("Start", LONG, links=("/a",))
        site.pages["/a"] = html("A", LONG)
        site.pages["/ping"] = Reply("ok")
        self.watch()

    def watch(self, tail: str = "") -> None:
        beat = f'heartbeat = "{self.site.url("/ping")}"\n'
        self.bench.watch(self.site, tail=DESK + beat + tail)

    def __call__(self, at: datetime, *words: str) -> int:
        self._capsys.readouterr()
        code = cli.run(["--config", str(self.bench.file), "--now", at.isoformat(), *words])
        self.out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return code

    def day(self, at: datetime) -> None:
        self(at, "crawl")
        self(at + timedelta(hours=3, minutes=10), "digest", "--due", "--send")

    def mails(self) -> list[str]:
        """Subjects of what operators got, in order."""
        with self.bench.archive() as archive:
            found = [row for row in archive.outbox() if row.recipient == "ops@example.org"]
        return [str(email.message_from_bytes(row.message, policy=policy.default)["Subject"]) for row in found]

    def beats(self) -> int:
        return len(self.site.asked("/ping"))


@pytest.fixture
def office(bench: Bench, site: Site, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(bench, site, capsys)


def break_site(site: Site) -> None:
    for path in ("/", "/a"):
        site.pages[path] = Reply("down", status=500)


@pytest.mark.slow
def test_a_blind_source_is_told_once_and_so_is_that_it_sees_again(office: Office) -> None:
    office.day(MONDAY)
    assert office.beats() == 1
    break_site(office.site)
    for day in (1, 2):
        office.day(MONDAY + day * DAY)
    assert office.beats() == 1
    weekly, *rest = office.mails()
    assert weekly == "Betrieb: Amtsblick läuft, alles in Ordnung"
    assert rest == ["Betrieb: „site“ kann zurzeit nicht geprüft werden"]
    assert office(MONDAY + 2 * DAY + DAY / 4, "status", "--format", "nagios") == 2
    assert office.out.startswith("AMTSBLICK CRITICAL - site: cannot be checked at present")
    Office(office.bench, office.site, office._capsys)  # the pages are back
    office.day(MONDAY + 3 * DAY)
    assert office.mails()[2:] == ["Betrieb: behoben: „site“ kann zurzeit nicht geprüft werden"]
    assert office.beats() == 2
    office.day(MONDAY + 7 * DAY)
    assert office.mails()[3:] == ["Betrieb: Amtsblick läuft, alles in Ordnung"]


@pytest.mark.slow
def test_when_mail_is_what_is_broken_status_and_the_missing_heartbeat_show_it(office: Office) -> None:
    office.watch('[mail]\nfrom = "Amt <amt@example.org>"\nsmtp = "smtp://127.0.0.1:1"\n')
    office.day(MONDAY)
    assert office(MONDAY + timedelta(hours=5), "status", "--format", "nagios") == 2
    assert "mail waits since 2026-03-02T08:10:00Z" in office.out
    office(MONDAY + DAY, "crawl")
    assert office.beats() == 1  # only the first round, before any mail was owed
    office.watch()
    office(MONDAY + DAY + timedelta(hours=1), "deliver", "--now-all")
    office(MONDAY + 2 * DAY, "crawl")
    assert office.beats() == 2
    assert [subject.partition(",")[0] for subject in office.mails()][-1].startswith("Betrieb: behoben")


@pytest.mark.slow
def test_a_refused_reader_is_told_at_once_and_with_a_masked_address(office: Office) -> None:
    with aiosmtpd_server(Mailbox(rcpt={"team@example.org": "550 <team@example.org> is unknown"})) as port:
        office.watch(f'[mail]\nfrom = "Amt <amt@example.org>"\nsmtp = "smtp://127.0.0.1:{port}"\n')
        office.day(MONDAY)
        assert office.mails() == [
            "Betrieb: Mail an t…@example.org wurde abgewiesen: RCPT TO: 550 <t…@example.org> is unknown"
        ]
        with office.bench.archive() as archive:
            states = {row.recipient: row.state for row in archive.outbox()}
        assert states == {"team@example.org": DeliveryState.REFUSED, "ops@example.org": DeliveryState.SENT}
        assert office(MONDAY + DAY, "status", "--format", "nagios") == 1
        assert "mail to t…@example.org was turned down" in office.out
        office(MONDAY + DAY, "outbox", "drop", "1")
        office(MONDAY + DAY, "deliver")
        assert office(MONDAY + DAY, "status", "--format", "nagios") == 0
    assert len(office.mails()) == 1  # the operator knows who dropped it


def test_what_was_refused_shows_as_long_as_it_can_be_tried_again(office: Office) -> None:
    with aiosmtpd_server(Mailbox(rcpt={"team@example.org": "550 no such person"})) as port:
        office.watch(f'[mail]\nfrom = "Amt <amt@example.org>"\nsmtp = "smtp://127.0.0.1:{port}"\n')
        office.day(MONDAY)
    with office.bench.archive() as archive:
        config = load(office.bench.file)

        def shows(after: timedelta) -> bool:
            found = health.examine(config, archive, MONDAY + after)
            return "mail-refused" in {each.kind for each in found.conditions}

        assert shows(29 * DAY)
        assert not shows(31 * DAY)


def test_a_disk_nearly_full_is_told_before_looks_stop(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office(MONDAY, "crawl")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(1, 1, 320 * 1024**2))
    assert office(MONDAY + timedelta(hours=1), "status", "--format", "nagios") == 1
    office(MONDAY + timedelta(hours=1), "deliver")
    assert office.mails() == [f"Betrieb: Nur noch 320 MB frei auf {office.bench.archive_path.parent}"[:200]]
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(1, 1, 120 * 1024**2))
    assert office(MONDAY + timedelta(hours=1), "status", "--format", "nagios") == 2


@pytest.mark.slow
def test_each_format_says_the_same_and_exits_by_its_own_rules(office: Office) -> None:
    later = MONDAY + timedelta(hours=2)
    assert office(later, "status", "--format", "nagios") == 2
    assert "never looked at" in office.out
    office.day(MONDAY)
    at = MONDAY + timedelta(hours=4)
    assert office(at, "status", "--format", "nagios") == 0
    (line,) = office.out.splitlines()
    assert line.startswith("AMTSBLICK OK - 1 source checked, 0 mails waiting | waiting=0;;;0 refused=0;;;0 archive=")
    assert office(at, "status", "--format", "json") == 0
    row = json.loads(office.out)
    assert row["seconds_since_complete"] == 4 * 3600
    assert row["subscriptions"][0]["last_digest"] == "2026-03-02T08:10:00Z"
    assert row["notes"] == [f"no mail server is set: mail is written to {office.bench.archive_path.parent}/outbox"]
    assert office(at, "status", "--format", "prometheus") == 0
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(office.out)
        for sample in family.samples
    }
    assert samples["amtsblick_well",] == 1
    assert samples["amtsblick_source_judged_addresses", "site"] == 2
    assert samples["amtsblick_source_last_complete_timestamp_seconds", "site"] == MONDAY.timestamp()
    assert samples["amtsblick_mails", "sent"] == 2  # the digest, and the weekly mail to the operator
    promtool = shutil.which("promtool")
    if promtool:
        subprocess.run([promtool, "check", "metrics"], input=office.out, text=True, check=True)
    assert office(MONDAY + 30 * DAY, "status", "--format", "prometheus") == 1
    families = {family.name: family for family in text_string_to_metric_families(office.out)}
    kinds = {sample.labels["kind"] for sample in families["amtsblick_condition"].samples}
    assert kinds == {"overdue", "digest-late"}


def test_nagios_is_told_unknown_on_standard_output_where_nothing_can_be_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "amtsblick.toml"
    file.write_text('[schedule]\ntime_zone = "Europe/Berln"\n')
    file.chmod(0o600)
    assert cli.run(["--config", str(file), "status", "--format", "nagios"]) == 3
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("AMTSBLICK UNKNOWN - ")
    assert "Europe/Berlin" in line
    assert cli.run(["--config", str(file), "status"]) == 78


class TestSchedule:
    """What the schedule did not do shows, however it was kept from it."""

    SOURCE = Source(name="site", start=("https://www.example.org/",), scope=())

    def kinds(self, folder: Path, now: datetime) -> list[str]:
        file = folder / "amtsblick.toml"
        file.write_text('[[source]]\nname = "site"\nstart = ["https://www.example.org/"]\nschedule = "0 5 * * *"\n')
        file.chmod(0o600)
        with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
            return [each.kind for each in health.examine(load(file), archive, now).conditions]

    def crawl(self, archive: Archive, at: datetime, reason: str = "finished") -> None:
        archive.claim_slot("crawl:site", at.replace(hour=4), at)
        crawl = archive.start_crawl(self.SOURCE, at)
        archive.end_crawl(crawl.id, at + timedelta(minutes=1), reason == "finished", reason)

    def test_missed_slots_show_until_the_next_one_is_kept(self, tmp_path: Path) -> None:
        with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
            self.crawl(archive, MONDAY)
            self.crawl(archive, MONDAY + 8 * DAY)
            assert self.kinds(tmp_path, MONDAY + 8 * DAY + DAY / 2) == ["missed"]
            self.crawl(archive, MONDAY + 9 * DAY)
            assert self.kinds(tmp_path, MONDAY + 9 * DAY + DAY / 2) == []

    def test_a_crawl_that_broke_off_and_one_that_never_began_show(self, tmp_path: Path) -> None:
        with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
            self.crawl(archive, MONDAY, "crashed")
            assert self.kinds(tmp_path, MONDAY + DAY / 2) == ["crashed"]
            self.crawl(archive, MONDAY + DAY, "shutdown")
            assert self.kinds(tmp_path, MONDAY + 1.5 * DAY) == []
            slot = (MONDAY + 2 * DAY).replace(hour=4)
            archive.claim_slot("crawl:site", slot, slot)
            assert self.kinds(tmp_path, slot + timedelta(minutes=5)) == []
            assert self.kinds(tmp_path, slot + timedelta(minutes=11)) == ["not-begun"]

    def test_a_clock_behind_the_archive_and_a_scheduler_that_stands_still_show(self, tmp_path: Path) -> None:
        with Archive.open(tmp_path / "amtsblick.db", create=True) as archive:
            self.crawl(archive, MONDAY)
            assert self.kinds(tmp_path, MONDAY - DAY) == ["clock"]
            assert self.kinds(tmp_path, MONDAY + 2.01 * DAY) == ["overdue"]  # F47: within two intervals


@pytest.mark.parametrize("server", ["smtp://mail.example.org", "smtp://127.0.0.1", "smtps://mail.example.org"])
def test_mail_in_the_clear_is_named_every_time_in_the_words_of_doctor(tmp_path: Path, server: str) -> None:
    file = tmp_path / "amtsblick.toml"
    file.write_text(f'[mail]\nsmtp = "{server}"\nallow_plain = true\n')
    file.chmod(0o600)
    found = health.examine(load(file), None, MONDAY)
    assert found.notes == ("; ".join(health.PLAIN_MAIL),)
    assert found.well


def test_an_archive_that_fails_is_told_past_the_outbox_once_whoever_meets_it(
    config_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config_file.write_text(config_file.read_text() + '[operator]\nto = ["ops@example.org"]\n')
    path = config_file.with_name("amtsblick.db")
    path.write_bytes(b"this is no archive" * 1000)
    run = Session(config_option=config_file)

    def meet(days: int) -> int:
        at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        assert cli.run(["--config", str(config_file), "--now", at, "deliver"]) == 65
        return len(list(config_file.parent.glob("outbox/*.eml")))

    assert meet(0) == meet(0) == 1
    keeper = Schedule(run, "0" * 32)
    keeper._safely("digests", keeper.digests)
    assert meet(6) == 1
    (mail,) = config_file.parent.glob("outbox/*.eml")
    message = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert message["To"] == "ops@example.org"
    assert "Das Archiv kann nicht benutzt werden" in message["Subject"]
    assert meet(8) == 2
    assert "Traceback" not in capsys.readouterr().err

    path.unlink()
    with Archive.open(path, create=True) as archive:
        operators.attend(run, archive)
    path.write_bytes(b"this is no archive" * 1000)
    # It worked in between: that is news again, and `run` tells it as well.
    assert cli.run(["--config", str(config_file), "run"]) == 65
    assert meet(0) == 2  # the file of the same day, written again
    assert list(path.with_name("amtsblick.db.d").glob("alarm-*")) != []


def test_what_a_look_that_is_coming_will_mend_is_no_news(config_file: Path) -> None:
    config_file.write_text(config_file.read_text() + '[operator]\nto = ["ops@example.org"]\n')
    run = Session(config_option=config_file)
    with Archive.open(run.config.archive_path, create=True) as archive:
        assert operators.attend(run, archive, awaited={"site"}) is None
        told = operators.attend(run, archive)
        assert told is not None
        assert told.subject == "Betrieb: „site“ wurde noch nie geprüft"
        assert operators.attend(run, archive, awaited={"site"}) is None  # and it is not called over either


def test_a_source_whose_slot_is_just_being_claimed_is_awaited(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first look is then no longer owed and not yet under way; seen on a busy machine as a mail of a first start."""
    config_file.write_text(config_file.read_text() + '[operator]\nto = ["ops@example.org"]\n')
    run = Session(config_option=config_file)
    Archive.open(run.config.archive_path, create=True).close()
    schedule = Schedule(run, "0" * 32)
    attending = threading.Thread(target=schedule.attend)
    credible = schedule._credible

    def claimed_meanwhile(archive: Archive, now: datetime) -> bool:
        schedule._first.discard("site")
        attending.start()
        attending.join(0.2)  # as long as another thread may take its turn here
        return credible(archive, now)

    monkeypatch.setattr(schedule, "_credible", claimed_meanwhile)
    schedule.check(run.config.source[0])
    attending.join()
    with Archive.open(run.config.archive_path, readonly=True) as archive:
        assert len(archive.slots("crawl:site", limit=9)) == 1
        assert archive.outbox() == ()


@pytest.mark.slow
def test_the_scheduler_gives_the_sign_of_life_after_a_round_that_went_well(config_file: Path, site: Site) -> None:
    site.pages["/ping"] = Reply("ok")
    operator = f'[operator]\nto = ["ops@example.org"]\nheartbeat = "{site.url("/ping")}"\n'
    config_file.write_text(config_file.read_text() + operator)
    daemon = Daemon(config_file)
    try:
        daemon.wait(lambda: site.asked("/ping") != [])
        assert daemon.crawls() == 1
    finally:
        assert daemon.terminate()[0] == 0
    assert len(site.asked("/ping")) == 1
    with Archive.open(daemon.archive_path, readonly=True) as archive:
        assert archive.outbox() == ()  # a first start is no trouble
    assert "ops@" not in daemon.log.read_text()


class TestHeartbeat:
    def beat(self, folder: Path, url: str, more: str = "") -> bool:
        file = folder / "amtsblick.toml"
        file.write_text(f'[operator]\nheartbeat = "{url}"\n{more}')
        file.chmod(0o600)
        return heartbeat.beat(load(file))

    def test_only_a_good_answer_counts_and_no_redirect_is_followed(
        self, tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        site.pages["/well"] = Reply("ok")
        assert self.beat(tmp_path, site.url("/well"))
        assert not self.beat(tmp_path, site.url("/status/503"))
        assert not self.beat(tmp_path, site.url("/ping"))  # leads on to /pong
        assert site.asked("/pong") == []
        assert not self.beat(tmp_path, site.url("/drop?secret-token"))
        assert not self.beat(tmp_path, "http://127.0.0.1:1/secret-token")
        assert "secret-token" not in caplog.text

    def test_a_service_that_does_not_answer_is_left(
        self, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(heartbeat, "_TIMEOUT", 0.2)
        assert not self.beat(tmp_path, site.url("/slow"))

    def test_the_environment_names_no_proxy_and_the_config_does(
        self, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        site.pages["/well"] = Reply("ok")
        assert self.beat(tmp_path, site.url("/well"))
        assert not self.beat(tmp_path, site.url("/well"), '[crawler]\nproxy = "http://127.0.0.1:1"\n')

    @pytest.mark.parametrize(
        ("known", "name"), [(True, "127.0.0.1"), (False, "127.0.0.1"), (True, "other.example.org")]
    )
    def test_an_office_authority_is_accepted_with_verification_on(self, tmp_path: Path, known: bool, name: str) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        with serving(tls=context) as watch:
            watch.pages["/well"] = Reply("ok")
            told = f'[crawler]\nca_file = "{tmp_path / "authority.pem"}"\n' if known else ""
            expected = known and name == "127.0.0.1"
            assert self.beat(tmp_path, watch.url("/well"), told) is expected
            assert bool(watch.requests) is expected, "nothing is sent before the certificate is accepted"

    @pytest.mark.parametrize("url", ["http://hc.example.org/x", "ftp://127.0.0.1/x", "https://u:p@hc.example.org/"])
    def test_an_address_that_is_not_safe_is_refused(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(ConfigError, match=r"operator\.heartbeat"):
            self.beat(tmp_path, url)
