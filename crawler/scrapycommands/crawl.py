"""`scrapy crawl SOURCE`: as Scrapy does it, with an exit code that tells how the crawl ended."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl

from crawler.keeper import SUMMARY_STAT


class Command(crawl.Command):
    """Scrapy's own command always exits with 0 once it could start (its docs: use stats instead)."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl one source; the exit codes are those of design §5."""
        if len(args) != 1:
            super().run(args, opts)  # it says how to use it
            return
        process = self.crawler_process
        assert process is not None, "Scrapy gives every command that asks for it a process"  # noqa: S101 - for the type checker
        try:
            crawler = process.create_crawler(args[0])
        except KeyError as error:
            print(error.args[0])
            self.exitcode = 2
            return
        process.crawl(crawler, **opts.spargs)
        process.start()
        summary = crawler.stats.get_value(SUMMARY_STAT)
        self.exitcode = 1 if process.bootstrap_failed or summary is None else summary.exit_code
