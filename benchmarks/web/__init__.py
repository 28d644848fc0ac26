"""How soon the web view answers out of a large archive, while a crawl writes."""
