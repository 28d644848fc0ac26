"""The archive: the only SQL, the only writer."""
