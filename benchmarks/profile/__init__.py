"""Where the processor time of a crawl goes, by part."""
