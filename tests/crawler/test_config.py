"""Every mistake in a config is one line that says where it is and what to write instead; a right one holds what it says."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import shown, values
from crawler.config import ConfigError, find, from_environment, load, shipped

SOURCE = '[[source]]\nname = "office"\nstart = ["https://example.org/office/"]\n'
READER = '[[subscription]]\nname = "team"\nto = ["team@example.org"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "amtsblick.toml"


def refused(file: Path, text: str | bytes) -> str:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load(file)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(file))
    return message.removeprefix(str(file))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (SOURCE + "dleay = 1", 4, "[[source]] no. 1: dleay: there is no such key; did you mean “delay”?"),
        ("[sorce]", 1, "sorce: there is no such key; did you mean “source”?"),
        ('[archive]\n\npaht = "a.db"', 3, "archive.paht: there is no such key; did you mean “path”?"),
        (SOURCE + "timeout = 30", 4, "[[source]] no. 1: timeout: must be a text in quotes, not 30"),
        (SOURCE + 'timeout = "30"', 4, "write a number and its unit, such as 30s"),
        (SOURCE + 'timeout = "0s"', 4, "must be longer than 0s"),
        (SOURCE + 'max_bytes = "32"', 4, "write a number and its unit, such as 500KB"),
        (SOURCE + 'schedule = "0 7 * * 1"', 4, "write its name: mon tue wed thu fri sat sun"),
        (SOURCE + 'schedule = "0 7 * *"', 4, "has 4 fields; a schedule has five fields"),
        (SOURCE + 'schedule = "0 0 31 feb *"', 4, "names a day that never comes"),
        (SOURCE + "delay = -1", 4, "must be greater than or equal to 0"),
        (SOURCE + "delay = nan", 4, "must be a finite number"),
        (SOURCE + 'main = ["p[["]', 4, "main: “p[[” is no CSS selector"),
        (SOURCE + 'extractor = "berlin"', 4, "there is no page object “berlin”; did you mean “berlin.de”?"),
        (SOURCE + 'enabled = "yes"', 4, "enabled: must be true or false"),
        (SOURCE + SOURCE, 5, "[[source]] no. 2: name: “office” is used twice"),
        (SOURCE + SOURCE.replace("office", "Office"), 5, "“Office” is used twice"),
        ('[[source]]\nname = "a"\nstart = []', 3, "start: must not be empty"),
        ('[[source]]\nname = "a"', 1, "start: is missing"),
        ('[[source]]\nname = "a"\nstart = ["www.example.org/"]', 3, "write “https://www.example.org/”"),
        ('[[source]]\nname = "a"\nstart = ["file:///etc/hostname"]', 3, "it must begin with https:// or http://"),
        ('[[source]]\nname = "a"\nstart = ["https://me:secret@example.org/"]', 3, "must not hold a user name"),
        ('[[source]]\nname = "a b"\nstart = ["https://example.org/"]', 2, "without spaces"),
        ('[source]\nname = "a"', 1, "write [[source]] with double brackets"),
        ('[[subscription]]\nname = "team"\nto = ["team"]', 3, "“team” has no domain; write an address such as"),
        ('[[subscription]]\nname = "team"\nto = ["müller@example.org"]', 3, "use an address of ASCII letters"),
        ('[[subscription]]\nname = "team"\nto = ["a@example.org\\nBcc: b@example.org"]', 3, "must be one line"),
        (READER + 'kinds = ["page.chnaged"]', 4, "did you mean “page.changed”?"),
        (SOURCE + READER + 'sources = ["ofice"]', 7, "there is no source “ofice”; did you mean “office”?"),
        ('[mail]\nsmtp = "smtp://mail.example.org"', 2, "mail.smtp: “smtp://mail.example.org” would send everything"),
        ('[mail]\nsmtp = "smtps://u:secret@mail.example.org"', 2, "a password must not stand in the config"),
        ('[mail]\nsmtp = "mail.example.org:587"', 2, "write smtp+starttls://user@mail.example.org:587"),
        ('[mail]\nfrom = "Amtsblick"', 2, "“Amtsblick” has no domain; write “Amtsblick <amtsblick@"),
        ('[web]\nbase_url = "blick.example.org"', 2, "web.base_url: “blick.example.org” is no address of the web"),
        ('[web]\nbase_url = "https://example.org/blick?x=1"', 2, "must end with its path"),
        ('[web]\nbase_url = "https://example.org/a b/"', 2, "has spaces in it"),
        ('[web]\nbase_url = "https://example.org/a%20b/"', 2, "may have letters, digits"),
        ('[web]\nbase_url = "https://example.org/de/blick/"', 2, "serve it under another path"),
        ('[web]\nhosts = ["https://blick.example.org/"]', 2, "without scheme, port and path"),
        ('[web]\nhosts = ["blick.example.org:8765"]', 2, "without scheme, port and path"),
        ('[web]\nhosts = ["a.*.example.org"]', 2, "“a.*.example.org” is no host name"),
        ('[web]\nhosts = ["*.*"]', 2, "“*.*” is no host name"),
        ('[web]\nhosts = ["[::g]"]', 2, "“[::g]” is no IPv6 address"),
        ('[web]\nhosts = "blick.example.org"', 2, "web.hosts: must be a list"),
        ('[web]\nimprint = "/impressum"', 2, "web.imprint: “/impressum” is no address of the web"),
        ('[web]\nprivacy = "javascript:alert(1)"', 2, "must begin with https:// or http://"),
        ('[schedule]\ntime_zone = "Europe/Berln"', 2, "did you mean “Europe/Berlin”?"),
        ('[log]\nformat = "xml"', 2, "must be 'text' or 'json'"),
        ("a = 1\na = 2", 2, "this key stands twice"),
        ("[mail", 1, "no valid TOML"),
        (b'[archive]\npath = "\xff"', 2, "is not UTF-8 text"),
        ("#" * 1024**2 + "##", None, "is larger than 1 MB"),
    ],
)
def test_a_mistake_names_line_key_and_remedy(file: Path, text: str | bytes, line: int | None, words: str) -> None:
    message = refused(file, text)
    assert words in message
    assert message.startswith(f":{line}: " if line else ": ")
    assert "secret" not in message


def test_the_defaults_are_those_of_the_documentation(file: Path) -> None:
    file.write_text(SOURCE + READER)
    config = load(file)
    (source,) = config.source
    assert source.scope == source.start
    assert (source.delay, source.timeout, source.deadline) == (1.0, timedelta(seconds=30), timedelta(hours=2))
    assert (source.confirm_after, source.max_bytes, source.max_pages) == (timedelta(hours=48), 32 * 1024**2, 5000)
    assert config.zone.key == "Europe/Berlin"
    (reader,) = config.subscriptions
    assert reader.schedule == "0 7 * * mon"
    assert reader.immediately == ("seminar.new", "seminar.changed", "notice.posted", "notice.changed")
    assert config.archive_path == file.parent / "amtsblick.db"
    assert config.outbox_path == file.parent / "outbox"


def test_the_same_file_gives_the_source_that_archive_and_detection_know(file: Path) -> None:
    file.write_text(SOURCE + 'register = "seminars"\npress = true\nmatch = ["Moskau"]\nconfirm_after = "0s"\n')
    source = load(file).sources["office"]
    assert (source.register, source.press, source.match) == ("seminars", True, ("Moskau",))
    assert source.confirm_after == timedelta(0)


def test_relative_paths_count_from_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[archive]\npath = "data/a.db"\n[log]\nfile = "log/a.log"\n')
    monkeypatch.chdir("/")
    assert load(file).archive_path == file.parent / "data" / "a.db"
    assert load(file).log_file == file.parent / "log" / "a.log"


def test_the_shipped_sources_load_and_each_has_its_place() -> None:
    config = shipped()
    assert config.file is None
    assert config.enabled[0].name == "lageso-partnerschaft"
    assert config.enabled[0].register_ == "seminars"
    press = [each for each in config.source if each.press]
    assert press
    assert all(each.match and each.delay >= 1 for each in press)


def test_a_config_written_back_reads_the_same(file: Path) -> None:
    file.write_text(SOURCE + 'match = ["Größe \\"x\\""]\nconfirm_after = "36h"\nmax_bytes = "500KB"\n' + READER)
    first = load(file)
    file.write_text(shown.as_toml(first))
    assert load(file).model_dump() == first.model_dump()
    file.write_text(shown.as_toml(shipped()))
    assert load(file).model_dump() == shipped().model_dump()


def test_what_is_shown_hides_the_heartbeat_whose_path_is_its_password(file: Path) -> None:
    file.write_text('[operator]\nheartbeat = "https://watch.example.org/ping/secret"\n')
    assert "secret" not in shown.as_toml(load(file))


@given(st.integers(min_value=0, max_value=10**7))
@settings(max_examples=200)
def test_a_duration_written_back_reads_the_same(seconds: int) -> None:
    assert values.duration(shown.duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_a_config_that_others_can_change_is_refused(file: Path) -> None:
    file.write_text(SOURCE)
    for mode in (0o664, 0o646, 0o666):
        file.chmod(mode)
        with pytest.raises(ConfigError, match="others can change it; chmod go-w"):
            load(file)
    file.chmod(0o644)
    load(file)


def test_a_config_in_a_folder_that_everybody_can_write_to_is_refused_unless_it_is_sticky(file: Path) -> None:
    file.write_text(SOURCE)
    file.parent.chmod(0o777)
    with pytest.raises(ConfigError, match="others can replace it"):
        load(file)
    file.parent.chmod(0o1777)
    load(file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_config_of_another_user_is_refused(file: Path) -> None:
    file.write_text(SOURCE)
    os.chown(file, 65534, 65534)
    with pytest.raises(ConfigError, match="belongs to another user"):
        load(file)


def test_a_missing_file_that_was_named_is_an_error_and_no_silent_default(tmp_path: Path) -> None:
    named = tmp_path / "none.toml"
    assert find(named, {}) == named
    with pytest.raises(ConfigError, match="there is no such file"):
        load(named)


def test_the_search_takes_option_then_variable_then_the_folder_one_is_in(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    assert find(None, {}) is None
    users = tmp_path / "user" / "amtsblick" / "amtsblick.toml"
    users.parent.mkdir(parents=True)
    users.write_text(SOURCE)
    assert find(None, {}) == users
    Path("amtsblick.toml").write_text(SOURCE)
    assert find(None, {}) == Path("amtsblick.toml")
    assert find(None, {"AMTSBLICK_CONFIG": "/x.toml"}) == Path("/x.toml")
    assert find(file, {"AMTSBLICK_CONFIG": "/x.toml"}) == file


def test_a_child_process_without_a_config_says_so_unless_it_is_told_to_take_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match="AMTSBLICK_DEFAULTS=1"):
        from_environment({})
    assert from_environment({"AMTSBLICK_DEFAULTS": "1"}).source == shipped().source


class TestPassword:
    """It comes from the environment or from a file that only its owner can read, and is asked for only to send."""

    MAIL = '[mail]\nsmtp = "smtps://me@mail.example.org"\n'

    def test_of_the_environment(self, file: Path) -> None:
        file.write_text(self.MAIL)
        assert load(file).mail_settings({"AMTSBLICK_SMTP_PASSWORD": "geheim"}).password == "geheim"

    def test_that_is_missing_is_named_with_its_variable(self, file: Path) -> None:
        file.write_text(self.MAIL + 'password_env = "OFFICE_PASSWORD"\n')
        with pytest.raises(ConfigError, match="set the environment variable OFFICE_PASSWORD"):
            load(file).mail_settings({"AMTSBLICK_SMTP_PASSWORD": "geheim"})

    def test_in_a_file_that_others_can_read_is_refused(self, file: Path) -> None:
        file.write_text(self.MAIL + 'password_file = "secret"\n')
        secret = file.parent / "secret"
        secret.write_text("geheim\n")
        with pytest.raises(ConfigError, match=r"others can read it; chmod 600 .*secret"):
            load(file).mail_settings({})
        secret.chmod(0o600)
        assert load(file).mail_settings({}).password == "geheim"

    def test_is_no_part_of_a_preview(self, file: Path) -> None:
        file.write_text(self.MAIL)
        context = load(file).context(datetime(2026, 3, 2, tzinfo=UTC))
        assert context.mail.password == ""
        assert context.mail.smtp
        assert context.mail.smtp.port == 465


@pytest.mark.parametrize(
    "text", ["team@localhost", "o'neil+news@sub.example.org", "Amt <a@b.de>", '"Amt, Berlin" <a@b.de>']
)
def test_mail_addresses_of_every_right_form_are_taken(text: str) -> None:
    assert values.mailbox(text) == text


@pytest.mark.parametrize("text", ["@example.org", "a@", "a b@example.org", "a@exa mple.org", "a@b..c", "<a@b.c> x", ""])
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        values.mailbox(text)
