"""Reads archives that others made, and keeps what they hold as history (docs/adr/0019)."""
