"""Templates: one module a content management system, from an article to the bytes of its page."""
