"""Run the command line as `python -m nbpull_links`."""

import sys

from nbpull_links.cli import main

sys.exit(main())
