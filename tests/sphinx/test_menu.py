"""The buttons of a page as HTML: rendered once, right on every page."""

from __future__ import annotations

import pytest

from books import HUB, REPO, notebook
from nbpull_links.sphinx_ext.launch import Button
from nbpull_links.sphinx_ext.menu import Menus

HARD = """https://h.org/a?b=%20&c='"<d>"""
ESCAPED = "https://h.org/a?b=%20&amp;c=&#39;&#34;&lt;d&gt;"


@pytest.fixture(scope="module")
def app(shared_book):
    return shared_book.build({"nb.ipynb": notebook()}, hubs=[HUB], content_repo=REPO).app


@pytest.fixture
def menus(app):
    return Menus(app)


def button(kind="hub", label="Campus", url=HARD):
    return Button(kind=kind, label=label, url=url)


def test_links_are_escaped_wherever_they_stand(menus):
    assert f'href="{ESCAPED}"' in menus.write((button(),))
    html = menus.write((button(), button("own-hub", "")))
    assert f'href="{ESCAPED}"' in html
    assert f'data-nbpull-content="{ESCAPED}"' in html


@pytest.mark.parametrize("others", [(), (button("own-hub", ""),), (button("binder", "Binder"),)])
def test_a_page_has_its_own_links_and_nothing_of_the_page_before(app, menus, others):
    here, there = ((button(url=f"https://{name}.org"), *others) for name in ("here", "there"))
    first, second = menus.write(here), menus.write(there)
    assert second == first.replace("https://here.org", "https://there.org") == menus.write(there)
    assert second == Menus(app).write(there)


def test_pages_with_other_places_have_other_menus(menus):
    assert "Campus" in menus.write((button(),))
    html = menus.write((button(label="Cloud"),))
    assert ("Cloud" in html, "Campus" in html) == (True, False)
    assert html != menus.write((button("own-hub", ""),))


def test_more_places_than_digits_have_each_their_own_link(menus):
    html = menus.write(tuple(button(label=f"Hub {n}", url=f"u{n}.org") for n in range(12)))
    for number in range(12):
        assert f'href="u{number}.org">Hub {number}</a>' in html
