"""Badges are read by each markup's own parser as the link and the label that were meant."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import docutils.core
import docutils.nodes
import pytest
from markdown_it import MarkdownIt
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from nbpull_links import InvalidValueError, make_link
from nbpull_links.snippets import BADGES, MARKUPS, badge, picture
from nbpull_links.urls import decode

LINKS = [
    make_link(hub="https://h.org/a_b(c)*d", content_repo="https://h.org/r", path="a.py", depth=1),
    "https://h.org/x?a=1&copy=2&amp;b=3",
    "https://h.org/(x)_[y]*z`~!$'",
    "https://h.org/a_?b=_c_",
]
LABELS = [
    "Open in Jupyter",
    'A "quoted" <b>label</b> & more',
    "[x](y) *a* _b_ `c` \\ ~d~ |e| !f",
    "{role}`x` $a$ @b %c ^d^ :e: #f + g",
    "Über · מבוא · 演習",
    "- not a list",
]
SHOWN = "launch (1)_x.svg"


class _Html(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        self.found |= {(tag, name): value for name, value in attrs}


def read_html(text):
    parser = _Html()
    parser.feed(text)
    return parser.found["a", "href"], parser.found["img", "alt"], parser.found["img", "src"]


def read_markdown(text):
    return read_html(MarkdownIt("commonmark").render(text))


def read_docutils(document):
    (link,) = document.findall(docutils.nodes.reference)
    (image,) = link.findall(docutils.nodes.image)
    return link["refuri"], image["alt"], image["uri"]


def read_rst(text):
    settings = {"report_level": 1, "halt_level": 1}
    return read_docutils(docutils.core.publish_doctree(text, settings_overrides=settings))


def read_myst(text):
    extensions = {"dollarmath", "colon_fence", "attrs_inline", "strikethrough", "substitution"}
    config = MdParserConfig(enable_extensions=extensions)
    parser = create_md_parser(config, DocutilsRenderer)
    document = docutils.utils.new_document("x", docutils.frontend.get_default_settings())
    parser.options["document"] = document
    parser.render(text)
    return read_docutils(document)


READERS = {"html": read_html, "markdown": read_markdown, "rst": read_rst, "myst": read_myst}


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("url", LINKS)
@pytest.mark.parametrize("label", LABELS)
def test_a_badge_says_what_was_meant(markup, url, label):
    link, alt, image = READERS[markup](badge(url, markup, label=label, image=SHOWN))
    assert decode(link) == decode(url)
    assert alt == label
    assert image == "launch%20(1)_x.svg"


def test_a_label_is_one_line_and_never_empty():
    assert "Open in Jupyter" in badge("https://h.org", "html", label=" \n ")
    assert 'alt="a b"' in badge("https://h.org", "html", label="a\n b")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"markup": "latex"}, "unknown-markup"),
        ({"url": "javascript:alert(1)"}, "not-a-url"),
        ({"url": "ftp://h.org"}, "unsupported-scheme"),
        ({"image": "javascript:alert(1)"}, "unsupported-scheme"),
        ({"image": ""}, "unsupported-scheme"),
        ({"label": "a\x07"}, "control-character"),
    ],
)
def test_what_is_no_badge_is_refused(values, code):
    with pytest.raises(InvalidValueError) as caught:
        badge(**{"url": "https://h.org"} | values)
    assert caught.value.code == code


@pytest.mark.parametrize("name", sorted(path.name for path in BADGES.glob("*.svg")))
def test_a_picture_is_a_small_drawing_without_script_or_reference(name):
    text = picture(name)
    root = ET.fromstring(text)
    assert root.get("aria-label")
    assert len(text) < 2000
    assert "href" not in text
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "clipPath", "rect", "g", "path", "circle", "text"
    }  # fmt: skip


def test_the_picture_of_a_badge_ships():
    assert picture().startswith("<svg")
    with pytest.raises(InvalidValueError) as caught:
        picture("../../cli.py")
    assert caught.value.code == "unknown-badge"
