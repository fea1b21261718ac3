"""A second build does what has changed, and nothing else."""

from __future__ import annotations

from books import HUB, REPO, notebook, text_notebook

FILES = {"a.ipynb": notebook(), "b.md": text_notebook(), "c.md": "# Plain\n"}
SETTINGS = {"hubs": [HUB], "content_repo": REPO}


def test_nothing_is_done_again_where_nothing_changed(book):
    book.build(FILES, **SETTINGS)
    again = book.build(**SETTINGS)
    assert (again.updated, again.warnings) == ([], "")


def test_a_changed_option_reaches_every_link_and_button(book):
    files = FILES | {"c.md": "# Plain\n\n```{launch}\n```\n"}
    book.build(files, **SETTINGS)
    built = book.build(**SETTINGS, content_branch="v2")
    for page in ("a", "b"):
        [url] = built.page(f"{page}.html").links.values()
        assert "&branch=v2&" in url
    assert "&branch=v2&" in built.page("c.html").references[0]


def test_an_option_that_is_ignored_or_the_same_changes_nothing(book):
    book.build(FILES, **SETTINGS)
    assert book.build(**SETTINGS, path_to_docs="", depth=None).updated != []
    assert book.build(**SETTINGS, path_to_docs="", pages=["auto"]).updated == []


def test_another_version_is_another_branch(book, monkeypatch):
    book.build(FILES, follow_version=True, **SETTINGS)
    monkeypatch.setenv("CI_COMMIT_TAG", "v9")
    built = book.build(follow_version=True, **SETTINGS)
    assert "&branch=v9&" in built.page("a.html").links["Launch on Campus"]


def test_only_a_page_whose_metadata_changed_is_written_again(book):
    book.build(FILES, **SETTINGS)
    before = (book.out / "html" / "a.html").stat().st_mtime_ns
    built = book.build({"b.md": text_notebook(more="nbpull: false")}, **SETTINGS)
    assert built.updated == ["b"]
    assert built.page("b.html").launch == ""
    assert (book.out / "html" / "a.html").stat().st_mtime_ns == before


def test_each_wrong_option_warns_once_and_the_book_is_built(book):
    wrong = {"app": "vim", "buttons": ["x"], "hubs": [{"uri": "x"}]}
    built = book.build(FILES, **SETTINGS | wrong)
    for option in wrong:
        [line] = [line for line in built.warnings.splitlines() if f"nbpull_{option} " in line]
        assert "is left out" in line
        assert line.endswith("[nbpull.config]")
    assert built.warnings.count("WARNING") == len(wrong)
    assert (built.out / "a.html").exists()
    assert book.build(suppress_warnings=["nbpull.config"], **SETTINGS | wrong).warnings == ""
