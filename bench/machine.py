"""On what the figures were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def describe() -> dict[str, str]:
    """Name the machine and the programs that the figures depend on."""
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    return {
        "processor": _from_proc("cpuinfo", "model name") or platform.processor() or "unknown",
        "cores": str(os.cpu_count()),
        "memory": f"{int((_from_proc('meminfo', 'MemTotal') or '0').split()[0]) / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "git": git.stdout.split()[2],
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def _from_proc(name: str, field: str) -> str:
    path = Path("/proc") / name
    if not path.exists():
        return ""
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == field:
            return value.strip()
    return ""
