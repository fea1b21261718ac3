"""Run the command line as `python -m nbpull_links`."""

import sys

from nbpull_links.cli import main

if __name__ == "__main__":
    sys.exit(main())
