"""Print the lowest versions that pyproject.toml allows, as a constraints file for pip.

    python tools/lowest.py > lowest.txt
    pip install --constraint lowest.txt --editable .

Only what the project itself names is held down; what those need is whatever pip finds for them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[.*\])?\s*>=\s*(?P<version>[0-9][0-9.]*)")


def lowest(dependencies: list[str]) -> list[str]:
    """Turn each lower bound into the one version that it names.

    Raises:
        ValueError: A dependency has no lower bound, so nobody can know that it is true.
    """
    pins = []
    for dependency in dependencies:
        bound = BOUND.match(dependency)
        if bound is None:
            raise ValueError(f"{dependency} has no lower bound")
        pins.append(f"{bound['name']}=={bound['version']}")
    return pins


def main() -> int:
    """Print the constraints of this project."""
    project = Path(__file__).parents[1] / "pyproject.toml"
    print("\n".join(lowest(tomllib.loads(project.read_text())["project"]["dependencies"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
