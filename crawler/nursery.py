"""All that a reader needs, for the process that the readers are forked from: it loads this, and does nothing else."""

import gc

gc.disable()  # as in crawler.child: what is loaded stays

import pebble  # noqa: E402, F401

from crawler import reading  # noqa: E402, F401

gc.freeze()  # a search for garbage in a reader would copy every page of memory that it shares with the others
gc.enable()
