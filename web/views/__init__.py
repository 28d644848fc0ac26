"""The pages, one module for each kind: from a request to what it shows."""
