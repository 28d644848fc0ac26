"""What a crawl costs beside plain Scrapy and beside a naive monitor, on one made-up site."""
