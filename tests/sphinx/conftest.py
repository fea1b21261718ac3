"""What the tests of the Sphinx extension share."""

from __future__ import annotations

import pytest
from sphinx import locale

from books import Book


@pytest.fixture
def book(tmp_path, monkeypatch):
    """An empty book; the build service that runs the tests must not name its version."""
    for name in ("READTHEDOCS", "GITHUB_REF", "CI_COMMIT_TAG", "CI_COMMIT_BRANCH"):
        monkeypatch.delenv(name, raising=False)
    yield Book(tmp_path)
    locale.translators.clear()
