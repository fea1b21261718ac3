"""``python -m nbpull_server.demo``."""

from __future__ import annotations

import sys

from nbpull_server.demo import main

sys.exit(main())
