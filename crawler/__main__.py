"""``python -m crawler``: the command line, where the installed command is not on the path."""

from crawler.cli import main

if __name__ == "__main__":
    main()
