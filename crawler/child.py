"""The crawl process: ``python -m crawler.child SOURCE…`` crawls, detects, and reports by JSON lines.

With ``--serve`` it takes its orders from standard input, one JSON line each (:mod:`crawler.order`), until that closes.
Nothing heavy is imported up here: a reader process imports this module again, and should not load Scrapy with it.
"""

from __future__ import annotations

import gc
import os
import sys


def main(words: list[str]) -> int:
    """Crawl the sources named, or those that standard input asks for; 0 when each of them has told its summary."""
    os.umask(0o077)  # everything that a crawl writes is for its owner alone
    gc.disable()  # what is loaded now stays: to look through it for garbage, again and again, is a tenth of the start
    # Each of three names that it deprecates makes Scrapy look through all modules that are loaded, for every frame
    # of the stack: here, where there are few of both, that takes 50 ms less.
    import scrapy.core.downloader.contextfactory  # noqa: F401, PLC0415

    from crawler import crawling  # noqa: PLC0415 - see above

    names = [word for word in words if not word.startswith("--")]
    if "--serve" in words:
        return crawling.serve(names, os.environ)
    return crawling.crawl(names, os.environ, dry_run="--dry-run" in words)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # All is stored and told by now; to take Scrapy down in order would take half a second.
    os._exit(code)
