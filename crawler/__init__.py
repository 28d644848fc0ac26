"""Fetching: Scrapy project, clock, config and command line; it starts everything, so it may know everybody."""
