"""What is handed over: WARC, WACZ, tables and deposits, each format in a file of its own (docs/export.md)."""
