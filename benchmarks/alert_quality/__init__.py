"""How well real events are told once: labelled timelines of sites, driven through a crawl and scored."""
