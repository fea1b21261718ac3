"""The parameters of a pull mean what they mean to nbgitpuller; what is wrong is said."""

from __future__ import annotations

import pytest

from nbpull_links import UnreadableLinkError
from nbpull_links.pull_query import read_content
from nbpull_links.reading import Notes, split_query

REPO = "repo=https%3A%2F%2Fh.org%2Fo%2Fr"

# query, what the content is, codes
QUERIES = [
    (REPO, {"branch": None, "urlpath": None, "depth": None}, []),
    (f"{REPO}&branch=a&branch=b", {"branch": "b"}, ["duplicate-parameter"]),
    (f"{REPO}&branch=a&branch=a", {"branch": "a"}, []),
    (f"{REPO}&targetPath=a&targetpath=b", {"targetpath": "b"}, []),
    (f"{REPO}&targetPath=a&targetpath=", {"targetpath": "a"}, []),
    (f"{REPO}&urlPath=lab&depth=0", {"urlpath": "lab", "depth": 0}, []),
    (f"{REPO}&branch=", {"branch": None}, ["blank-parameter"]),
    (f"{REPO}&branch=-x", {"branch": None}, ["branch-invalid"]),
    (f"{REPO}&branch=%3Cbranch%3E", {"branch": "<branch>"}, ["template"]),
    (f"{REPO}&branch=%3Cyour+branch%3E", {"branch": None}, ["template", "branch-invalid"]),
    (f"{REPO}&branch={'A1' * 20}", {"branch": "A1" * 20}, ["commit-as-branch"]),
    (f"{REPO}&depth=x", {"depth": None}, ["depth-invalid"]),
    (f"{REPO}&depth=-1", {"depth": None}, ["depth-invalid"]),
    (f"{REPO}&depth=2147483647", {"depth": 2147483647}, []),
    (f"{REPO}&depth=2147483648", {"depth": None}, ["depth-invalid"]),
    (f"{REPO}&targetpath=../x", {"targetpath": None}, ["targetpath-outside"]),
    (f"{REPO}&targetpath=/x", {"targetpath": None}, ["targetpath-outside"]),
    (f"{REPO}&backup=false", {}, ["backup-dropped"]),
    (f"{REPO}&backup=", {}, ["blank-parameter"]),
    (f"{REPO}&who=&who=x", {}, ["unknown-parameter"]),
    (f"{REPO}&token=secret", {}, ["token-dropped"]),
    (f"{REPO}&redirects=1&autodecode", {}, ["blank-parameter"]),
    (f"{REPO}&foo=1", {}, ["unknown-parameter"]),
    (f"{REPO}&subPath=d/a.ipynb", {"urlpath": "notebooks/r/d/a.ipynb"}, ["old-parameters"]),
    (f"{REPO}&subpath=d", {"urlpath": "tree/r/d"}, ["old-parameters"]),
    (f"{REPO}&subpath=.&app=LAB", {"urlpath": "lab/tree/r"}, ["old-parameters"]),
    (f"{REPO}&app=notebook", {"urlpath": "tree/r"}, ["old-parameters"]),
    (f"{REPO}&subPath=d&targetpath=c+d/e", {"urlpath": "tree/c%20d/e/d"}, ["old-parameters"]),
    (f"{REPO}&subPath=../x", {"urlpath": None}, ["old-parameters", "urlpath-outside"]),
    (f"{REPO}&urlpath=lab&app=lab", {"urlpath": "lab"}, ["ignored-parameter"]),
    (f"{REPO}&urlpath=/lab/tree/r", {"urlpath": "lab/tree/r"}, ["leading-slash"]),
    (f"{REPO}&urlpath=//lab/tree/r", {"urlpath": "lab/tree/r"}, ["leading-slash"]),
    (f"{REPO}&urlpath=//evil.example/x", {"urlpath": None}, ["urlpath-absolute"]),
    (f"{REPO}&urlpath=https://evil.example/x", {"urlpath": None}, ["urlpath-absolute"]),
    (f"{REPO}&urlpath=/javascript:x", {"urlpath": None}, ["leading-slash", "urlpath-absolute"]),
    (f"{REPO}&urlpath=lab?token=secret", {"urlpath": "lab"}, ["token-dropped"]),
    (f"{REPO}&urlpath=lab?a=1%26token=secret%26b=2%23c", {"urlpath": "lab?a=1&b=2#c"},
     ["token-dropped"]),
    (f"{REPO}&urlpath=lab/tree/r/%257Bx%257D", {"path": "{x}"}, []),
    (f"{REPO}&urlpath=lab/tree/r/%7Bx%7D", {"path": "{x}"}, ["template"]),
    (f"{REPO}&urlpath=lab%252Ftree%252Fr", {"app": None}, ["over-encoded"]),
    (f"{REPO}&urlpath=lab/tree/x/y", {"path": None}, ["other-directory"]),
    (f"{REPO}&urlpath=lab/tree/r/C%23.ipynb", {"path": "C"}, ["unescaped-character"]),
    (f"{REPO}&urlpath=lab/tree/r//y", {"path": "y"}, ["double-slash"]),
    (f"{REPO}&urlpath=rstudio/%23/x", {"app": "rstudio"}, []),
    (f"{REPO}/tree/main/d&app=lab", {"branch": "main", "path": "d"},
     ["forge-page"]),
    (f"{REPO}/tree/main/d&urlpath=lab/tree/r/x.py", {"branch": "main", "path": "x.py"},
     ["forge-page"]),
    ("repo=https%253A%252F%252Fh.org%252Fo%252Fr&branch=a%252Fb", {"branch": "a/b"},
     ["over-encoded"]),
    ("repo=https%25253A%25252F%25252Fh.org%25252Fo%25252Fr", {}, ["over-encoded"]),
    ("repo=https://h.org/o/r%26branch%3Da%252Fb%26targetPath%3Dt", {"branch": "a/b",
     "targetpath": "t"}, ["over-encoded-separators"]),
    ("repo=https://h.org/o/r%26branch%3Da&branch=b", {"branch": "b"}, ["over-encoded-separators"]),
    ("repo=https://h.org/o/r?branch=a", {"branch": "a"}, ["over-encoded-separators"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "says", "said"), QUERIES)
def test_a_query_is_read(query, says, said):
    notes = Notes()
    content = read_content(split_query(query, notes), [], notes)
    assert {name: getattr(content, name) for name in says} == says
    assert str(content.repo) == "https://h.org/o/r"
    assert sorted({warning.code for warning in notes()}) == sorted(set(said))
    assert "secret" not in repr((content, notes()))


def test_what_leaked_fills_in_and_never_wins():
    notes = Notes()
    pairs = split_query(f"{REPO}&branch=a", notes)
    content = read_content(pairs, [("branch", "b"), ("targetPath", "t"), ("depth", "")], notes)
    assert (content.branch, content.targetpath, content.depth) == ("a", "t", None)
    assert [warning.code for warning in notes()] == ["leaked-parameter"]


@pytest.mark.parametrize("query", ["", "repo=", "branch=x", "repo=%26branch%3Dx"])
def test_a_pull_of_nothing_is_refused(query):
    with pytest.raises(UnreadableLinkError) as caught:
        read_content(split_query(query, Notes()), [], Notes())
    assert caught.value.code == "repo-missing"
