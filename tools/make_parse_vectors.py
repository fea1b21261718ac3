"""Write tests/vectors/parse.json: what the Python reader says to each link of its own tests.

The JavaScript twin runs the file, so that it reads wild links right where no Python is at hand.

    python tools/make_parse_vectors.py
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from nbpull_links import NbpullError, parse_link

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "vectors" / "parse.json"


def read(text: str) -> dict[str, Any]:
    """Give what the reader says to ``text``."""
    try:
        link = parse_link(text)
    except NbpullError as error:
        return {"error": error.code}
    return {"url": str(link), "link": link.to_dict()}


def vectors() -> list[dict[str, Any]]:
    """Give all vectors, in the order of the tests."""
    tests = runpy.run_path(str(ROOT / "tests" / "links" / "test_parse.py"))
    found = {name: text for name, (text, *_) in tests["FOUND"].items()}
    refused = {f"refused-{number}": text for number, text in enumerate(tests["UNREADABLE"])}
    return [{"name": name, "text": text} | read(text) for name, text in (found | refused).items()]


def main() -> None:
    """Write the file, one vector a line."""
    lines = ",\n".join(json.dumps(vector) for vector in vectors())
    VECTORS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
