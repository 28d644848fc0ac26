"""One module per command; each holds a typer app of its own, loaded when it is run."""
