"""A replay of the LAGeSo partnership section, week by week, for demo and tests; every sentence in it is ours."""
