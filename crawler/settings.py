"""The Scrapy settings of every crawl: what may do harm is off, what protects is on (each line has its test).

What a source configures (delay, caps, time-outs, User-Agent) its spider class adds: :mod:`crawler.loader`.
"""

from importlib.metadata import version

# Crawls of so many captures have what changed worked out in a process of its own.
from crawler.detecting import LARGE as DETECT_APART  # noqa: F401 - a setting, as every name in capitals here

BOT_NAME = "amtsblick"
BOT_PAGE = (
    "https://github.com/amtsblick/amtsblick/blob/main/docs/bot.md"  # for webmasters: what, how often, how to stop it
)
PRODUCT = "Amtsblick"  # the token that robots.txt files know us by
USER_AGENT = f"{PRODUCT}/{version('amtsblick')} (+{BOT_PAGE})"

SPIDER_LOADER_CLASS = "crawler.loader.ConfiguredSpiders"
COMMANDS_MODULE = "crawler.scrapycommands"

# Manners. Delay, Crawl-delay and Retry-After are kept per host across processes by crawler.politeness.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # the turns at a host see to it; without a delay Scrapy 2.19 lets several through
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True  # within the delay of the source, which is obeyed as written
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "de,en;q=0.5",
    # As archival crawlers do: bytes stay comparable from crawl to crawl and compress well in the archive.
    "Accept-Encoding": "identity",
}

# Nothing that a page or a header says may steer the crawl; no state but the archive's.
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_ENABLED = False  # the spider follows hop by hop, each hop a capture
REDIRECT_MAX_TIMES = 8
RETRY_ENABLED = False  # the spider asks again itself, each attempt a capture
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"
HTTPCACHE_ENABLED = False
HTTPPROXY_ENABLED = False  # http_proxy of the environment would bypass the guard; [crawler] proxy is the only one
COMPRESSION_ENABLED = False  # payloads are kept as received; readers undo content codings within their limits
HTTPERROR_ALLOW_ALL = True
JOBDIR = None

# No listening socket, no remote control.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The network: only http and https, through guard and recorder, with verified certificates.
DOWNLOAD_HANDLERS = {
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
    "http": "crawler.handler.RecordingHandler",
    "https": "crawler.handler.RecordingHandler",
}
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOAD_VERIFY_CERTIFICATES = True

# Limits (reliability B.9); a source may set its own.
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0  # a large PDF is nothing to warn of
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_FAIL_ON_DATALOSS = True
DEPTH_LIMIT = 20
CLOSESPIDER_TIMEOUT = 2 * 3600
CLOSESPIDER_PAGECOUNT = 20_000  # above any source's own cap: max_pages counts addresses, this also hops and repeats
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 700

# Each answer's requests are taken over one after the other: Scrapy starts as many tasks per answer as this says.
CONCURRENT_ITEMS = 1

# Requests are deduplicated by address before they are made; Scrapy's own filter would only count them again.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER = "crawler.waiting.WaitingAsks"  # breadth first

# The whole list, in place of Scrapy's own: what is switched off by None is loaded all the same (its remote control
# brings a web server along), and what a later Scrapy adds by default would be on. Not there: redirects, retries,
# cookies, caches, proxies and decompression, which a page or a header could steer the crawl by, and Scrapy's own
# robots.txt, which takes 5xx for "everything allowed".
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
}
DOWNLOADER_MIDDLEWARES = {"crawler.robots.RobotsMiddleware": 100}
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800}
EXTENSIONS_BASE = {
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,  # `scrapy crawl NAME -o looks.jsonl`
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
EXTENSIONS = {"crawler.keeper.CrawlKeeper": 0}

# A quiet crawl is quiet: warnings and errors only, and one summary at its end.
LOG_LEVEL = "WARNING"
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False
