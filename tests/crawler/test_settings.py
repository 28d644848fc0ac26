"""The settings of reliability B.9, line by line, as a crawl really gets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler import config, settings
from crawler.clock import Clock
from crawler.crawling import config_of
from crawler.loader import ConfiguredSpiders, spider_class, user_agent
from crawler.order import Order
from crawler.summary import CrawlOutcome, CrawlSummary, Done, Failure, LogLine, Progress, decode, encode


@pytest.fixture(scope="module")
def effective() -> Settings:
    """The project's settings with those of a source's spider on top."""
    made = Settings()
    made.setmodule("crawler.settings", priority="project")
    shipped = config.shipped()
    spider_class(shipped, shipped.source[0], Clock()).update_settings(made)
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("COOKIES_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("HTTPCACHE_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("JOBDIR", None),
        ("REFERRER_POLICY", "no-referrer"),
        ("REFERER_ENABLED", False),
        ("REDIRECT_ENABLED", False),
        ("RETRY_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("DOWNLOAD_FAIL_ON_DATALOSS", True),
        ("DOWNLOAD_MAXSIZE", 32 * 1024 * 1024),
        ("DOWNLOAD_TIMEOUT", 30),
        ("REDIRECT_MAX_TIMES", 8),
        ("MEMUSAGE_ENABLED", True),
        ("MEMUSAGE_LIMIT_MB", 700),
        ("TWISTED_DNS_RESOLVER", "crawler.guard.GuardedResolver"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("AUTOTHROTTLE_ENABLED", True),
        ("COMPRESSION_ENABLED", False),
        ("LOG_LEVEL", "WARNING"),
    ],
)
def test_a_line_of_the_hardened_block(effective: Settings, name: str, value: object) -> None:
    assert effective.get(name) == value


def test_only_http_and_https_can_be_downloaded_and_only_through_the_recorder(effective: Settings) -> None:
    handlers = effective.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler is not None} == {"http", "https"}
    assert {handlers["http"], handlers["https"]} == {"crawler.handler.RecordingHandler"}


def test_middlewares_that_let_a_page_steer_the_crawl_are_off(effective: Settings) -> None:
    downloader = {path for path, order in effective.getwithbase("DOWNLOADER_MIDDLEWARES").items() if order is not None}
    assert downloader == {
        "crawler.robots.RobotsMiddleware",
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware",
    }
    spider = effective.getwithbase("SPIDER_MIDDLEWARES")
    assert set(spider) == {"scrapy.spidermiddlewares.urllength.UrlLengthMiddleware"}


def test_no_extension_listens_or_is_even_loaded(effective: Settings) -> None:
    assert {path.rpartition(".")[2] for path in effective.getwithbase("EXTENSIONS")} == {
        "AutoThrottle",
        "CloseSpider",
        "CrawlKeeper",
        "FeedExporter",
        "LogCount",
        "MemoryUsage",
    }


def test_the_project_keeps_a_delay_of_a_second_where_no_source_says_otherwise() -> None:
    assert settings.DOWNLOAD_DELAY >= 1
    assert settings.DOWNLOAD_DELAY_JITTER == 0


def test_caps_of_the_source_are_those_of_its_spider() -> None:
    shipped = config.shipped()
    source = shipped.source[0]
    found = spider_class(shipped, source, Clock()).custom_settings
    assert found is not None
    assert found["DOWNLOAD_MAXSIZE"] == source.max_bytes
    assert found["DOWNLOAD_TIMEOUT"] == source.timeout.total_seconds()
    assert found["DEPTH_LIMIT"] == source.max_depth
    assert found["CLOSESPIDER_TIMEOUT"] >= source.deadline.total_seconds()
    assert found["CLOSESPIDER_PAGECOUNT"] > source.max_pages


def test_the_user_agent_names_version_page_and_contact() -> None:
    plain = user_agent("")
    assert plain.startswith("Amtsblick/")
    assert "docs/bot.md" in plain
    assert user_agent("amt@example.org").endswith("docs/bot.md; amt@example.org)")
    assert "\r" not in user_agent("a\r\nX: y")
    assert user_agent("Käse)(").count("(") == 1


def test_the_loader_makes_a_spider_per_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "amtsblick.toml"
    file.write_text(
        '[[source]]\nname = "a"\nstart = ["https://a.example/"]\n[[source]]\nname = "b"\nstart = ["https://b.example/"]\nenabled = false\n'
    )
    file.chmod(0o600)
    monkeypatch.setenv("AMTSBLICK_CONFIG", str(file))
    monkeypatch.delenv("AMTSBLICK_DEFAULTS", raising=False)
    loader = ConfiguredSpiders.from_settings(Settings())
    assert loader.list() == ["a"]
    assert loader.load("b").name == "b", "a paused source can still be crawled by hand"
    with pytest.raises(KeyError):
        loader.load("c")


def test_events_and_orders_come_through_as_they_were_sent() -> None:
    failure = Failure(uri="https://a.example/", outcome="failed", rule="timeout")
    events = (
        Progress(source="a", done=1, known=2, uri="https://a.example/ü", outcome="ok"),
        LogLine(level="WARNING", message="zwei\nZeilen\x1b[0m"),
        CrawlSummary(source="a", outcome=CrawlOutcome.BLIND, failures=(failure,), coverage=0.5),
        Done(),
    )
    for event in events:
        line = encode(event)
        assert "\n" not in line
        assert decode(line) == event
    order = Order(config=None, names=("a", "b"), clock=Clock(), dry_run=True)
    assert Order.decode(order.encode()) == order
    assert config_of(order).source == config.shipped().source
    for wrong in ("{}", "[]", "3", "x", '{"event": "nothing"}'):
        with pytest.raises(ValueError, match=r"event|Expecting"):
            decode(wrong)
        with pytest.raises(ValueError, match=r"order|Expecting"):
            Order.decode(wrong)
