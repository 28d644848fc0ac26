"""The spiders: one class, of which every configured source gets its own variety (:mod:`crawler.loader`)."""
