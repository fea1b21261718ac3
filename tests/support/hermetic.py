"""The environment that every test runs in: nothing of the machine's, nothing of the user's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

STRANGERS = (
    "BASH_ENV",
    "BROWSER",
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "LINES",
    "NO_COLOR",
    "PYTHONPATH",
    "PYTHONWARNINGS",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "VISUAL",
)
STRANGE_PREFIXES = (
    "GIT_",
    "HATCH_",
    "IPYTHON",
    "JUPYTER",
    "LC_",
    "NBGITPULLER_",
    "NBPULL_",
    "XDG_",
    "_NBPULL",
)
PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


def is_strange(name: str) -> bool:
    """Tell whether a variable would bring something of the user's into a test."""
    return name in STRANGERS or name.lower() in PROXIES or name.startswith(STRANGE_PREFIXES)


def clean_environment(root: Path) -> dict[str, str]:
    """Give a copy of the process's environment with every home of a program under `root`."""
    kept = {name: value for name, value in os.environ.items() if not is_strange(name)}
    home = root / "home"
    gitconfig = home / ".gitconfig"
    home.mkdir()
    # Empty on purpose: a learner need not have an identity, so none is lent to the code under test.
    gitconfig.touch()
    return kept | {
        "GIT_CONFIG_GLOBAL": str(gitconfig),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(home),
        "IPYTHONDIR": str(root / "ipython"),
        "JUPYTER_CONFIG_DIR": str(root / "jupyter-config"),
        "JUPYTER_DATA_DIR": str(root / "jupyter-data"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": str(root / "jupyter-runtime"),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "TERM": "dumb",
        "TZ": "UTC",
        "XDG_CACHE_HOME": str(root / "cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(root / "data"),
        "XDG_STATE_HOME": str(root / "state"),
    }
