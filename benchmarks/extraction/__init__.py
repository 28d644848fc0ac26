"""How right and how fast the reading of pages is, on real pages."""
