"""A read-only window on the archive, for people in a browser and for programs."""
