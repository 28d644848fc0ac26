"""Whether a program that runs for years stays as large as it was."""
