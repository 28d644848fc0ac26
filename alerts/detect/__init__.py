"""The rules that turn what a crawl saw into what happened in the world: pure, one module per claim."""
