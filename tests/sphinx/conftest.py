"""What the tests of the Sphinx extension share."""

from __future__ import annotations

import pytest
from sphinx import locale

from books import Book

BUILD_SERVICES = ("READTHEDOCS", "GITHUB_REF", "CI_COMMIT_TAG", "CI_COMMIT_BRANCH")


@pytest.fixture(scope="session", autouse=True)
def _no_build_service():
    """The build service that runs the tests must not name the version of their books."""
    with pytest.MonkeyPatch.context() as patch:
        for name in BUILD_SERVICES:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def book(tmp_path):
    """An empty book."""
    yield Book(tmp_path)
    locale.translators.clear()


@pytest.fixture(scope="module")
def shared_book(tmp_path_factory):
    """An empty book that the tests of one module build once and only look at afterwards."""
    yield Book(tmp_path_factory.mktemp("book"))
    locale.translators.clear()
