"""A ``_config.yml`` is read if it can be, and it is said if it cannot."""

from __future__ import annotations

import sys

import pytest

from nbpull_links.sphinx_ext.book import read_book


@pytest.mark.parametrize(
    ("content", "found", "said"),
    [
        (None, {}, []),
        (b"title: x\n", {"title": "x"}, []),
        (b"- a list\n", {}, []),
        (b"", {}, []),
        (b"a: [\n", {}, ["_config.yml cannot be read: while parsing"]),
        (b"\xff\xfe\xff", {}, ["_config.yml cannot be read: 'utf-8' codec"]),
    ],
)
def test_a_configuration_is_read_or_what_is_wrong_is_said(tmp_path, content, found, said):
    if content is not None:
        (tmp_path / "_config.yml").write_bytes(content)
    values, problems = read_book(tmp_path)
    assert values == found
    assert len(problems) == len(said)
    assert all(
        problem.startswith(start) and "\n" not in problem
        for problem, start in zip(problems, said, strict=True)
    )


def test_without_a_reader_of_yaml_it_is_said_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "_config.yml").write_text("title: x\n")
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert read_book(tmp_path)[1] == [
        "_config.yml cannot be read without PyYAML: pip install PyYAML"
    ]
