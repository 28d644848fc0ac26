"""What the crawl process does: reads its config, wakes the readers, and runs orders one after the other."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler import readers
from crawler.clock import Clock
from crawler.config import Config, ConfigError, from_environment, load, shipped
from crawler.order import Order
from crawler.summary import CrawlOutcome, LogLine, encode
from storage.archive import Archive
from storage.errors import ArchiveError

_LONGEST_LINE = 2000  # reliability T7: a log field of 2 KB
_LONGEST_ORDER = 1 << 20


def crawl(names: Sequence[str], environ: Mapping[str, str], *, dry_run: bool = False) -> int:
    """Crawl the sources named, one after the other, and detect after each; 0 when each has told its summary."""
    try:
        config, clock = from_environment(environ), Clock.from_environment(environ)
    except (ConfigError, ValueError) as error:
        print(error, file=sys.stderr)
        return CrawlOutcome.UNUSABLE.exit_code
    file = str(config.file) if config.file else None

    async def orders() -> AsyncIterator[Order]:
        yield Order(config=file, names=tuple(names), clock=clock, dry_run=dry_run)

    return _run(orders(), config, names)


def serve(names: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the orders that come on standard input until it closes; ``names`` are the sources they will probably name."""
    try:
        config = from_environment(environ)
    except ConfigError:
        config = None  # each order is told why

    async def orders() -> AsyncIterator[Order]:
        stream = asyncio.StreamReader(limit=_LONGEST_ORDER)
        parent = _Parent(stream)
        with open(0, "rb", closefd=False) as stdin:  # noqa: ASYNC230 - opened, not read
            await asyncio.get_running_loop().connect_read_pipe(lambda: parent, stdin)
            while line := await stream.readline():
                parent.waits_for_us = True
                yield Order.decode(line.decode())
                parent.waits_for_us = False

    return _run(orders(), config, names)


class _Parent(asyncio.StreamReaderProtocol):
    """The other end of standard input: when it closes before its order is carried out, whoever gave it is dead."""

    waits_for_us = False

    def eof_received(self) -> bool | None:
        if self.waits_for_us:
            signal.raise_signal(signal.SIGTERM)  # end as if told to: what was seen is kept, the source is free again
        return super().eof_received()


def _run(orders: AsyncIterator[Order], config: Config | None, names: Sequence[str]) -> int:
    if config is None or _reads_everything(config, names):
        readers.warm()  # loads the parsers in another process while this one loads Scrapy
    from crawler.process import OrderlyProcess  # noqa: PLC0415 - after the readers were told to warm up

    process = OrderlyProcess()
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(_ToParent(logging.WARNING))
    # Scrapy sets it to DEBUG, and then makes a record of every answer for nobody.
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    gc.freeze()
    gc.enable()  # crawler.child has switched it off while all this was loaded
    return process.run(orders)


def config_of(order: Order) -> Config:
    """The config that an order is to be carried out by. Raises ConfigError."""
    return shipped() if order.config is None else load(Path(order.config))


@contextmanager
def archive_for(config: Config, order: Order) -> Iterator[Path]:
    """The archive that an order writes to: a dry run is a whole crawl on a copy that is thrown away."""
    if not order.dry_run:
        yield config.archive_path
        return
    with TemporaryDirectory(prefix="amtsblick-") as folder:
        copy = Path(folder) / config.archive_path.name
        if config.archive_path.exists():
            source = f"{config.archive_path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(source, uri=True)) as archive, closing(sqlite3.connect(copy)) as target:
                archive.backup(target)
        yield copy


def _reads_everything(config: Config, names: Sequence[str]) -> bool:
    """Whether this is the first crawl of a source: all its pages must be read, so the readers had better be ready.

    Later crawls start them with the first page that shows other bytes; often there is none.
    """
    if not names or not config.archive_path.exists():
        return True
    try:
        with Archive.open(config.archive_path, readonly=True) as archive:
            return not all(archive.crawls(name, limit=1) for name in names)
    except ArchiveError:
        return False  # the crawl itself will say what is wrong


class _ToParent(logging.Handler):
    """Sends log records as events, one line each."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = encode(LogLine(level=record.levelname, message=self.format(record)[:_LONGEST_LINE]))
            os.write(1, (line + "\n").encode())
        except OSError:
            self.handleError(record)
