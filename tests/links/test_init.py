"""The public surface, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nbpull_links

SURFACE = [
    "LTI", "Binder", "BinderEnv", "Content", "InvalidValueError", "JupyterHub", "JupyterServer",
    "Link", "LinkWarning", "NbpullError", "RepoPage", "RepoUrl", "UnreadableLinkError",
    "build_link", "make_link", "parse_link", "read_page", "redact",
]  # fmt: skip

BLOCKED = """
import sys
blocked = ("jupyter_server", "jupyterhub", "git", "tornado", "sphinx", "docutils", "subprocess",
           "click", "rich", "nbformat", "nbpull_sync", "nbpull_server")
sys.modules.update(dict.fromkeys(blocked))
import nbpull_links
import nbpull_links.snippets
link = nbpull_links.make_link(hub="https://h.org", content_repo="https://h.org/r", path="a.py")
assert str(nbpull_links.parse_link(link)) == link
"""


def test_the_public_surface_is_this():
    assert nbpull_links.__all__ == SURFACE
    assert all(hasattr(nbpull_links, name) for name in SURFACE)


def test_the_reader_is_imported_when_it_is_first_asked_for():
    script = (
        "import sys, nbpull_links; assert 'nbpull_links.parse' not in sys.modules;"
        "nbpull_links.parse_link; assert 'nbpull_links.parse' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    with pytest.raises(AttributeError, match="has no attribute 'parse_lnik'"):
        _ = nbpull_links.parse_lnik


def test_links_need_neither_git_nor_jupyter_nor_a_command_line():
    subprocess.run([sys.executable, "-c", BLOCKED], check=True, timeout=60)
