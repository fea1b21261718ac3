"""The JavaScript twin says, byte for byte, what the Python library says."""

from __future__ import annotations

import json
import runpy
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_links.build import build_link
from nbpull_links.errors import NbpullError
from nbpull_links.parse import parse_link
from nbpull_links.snippets import MARKUPS, badge

TWIN = Path(__file__).with_name("twin.mjs")
ROOT = Path(__file__).parents[2]

HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "gist.github.com", "www.github.com",
         "raw.githubusercontent.com", "nbviewer.org", "codeberg.org", "hub.example.org",
         "localhost:8888", "[::1]:8000", "h\u00fcb.example", "xn--hb-xka.example", "a..b", "h:0",
         "h:080", "h:443", "\uff0fevil.example", "zenodo.org", "doi.org", "")  # fmt: skip
NAMES = ("org", "course", "course.git", ".git", ".", "..", "-", "blob", "tree", "src", "raw",
         "branch", "main", "v1.0", "feature", "hub", "user", "jo", "home", "lab", "user-redirect",
         "v2", "gh", "refs", "heads", "commits", "releases", "tag", "a.ipynb", "a b#c?.ipynb",
         "app.R", "caf\u00e9", "%C3%A9", "%zz", "%2F", "\u05e9\u05dc\u05d5\u05dd.ipynb",
         "\U0001f600", "a&b=c+d", "record", "3242074", "10.5281", "zenodo.1", "-x", "~", "\\",
         "'\"`", "*", "github", "0123456789abcdef0123456789abcdef", "", " ", "a\nb", "\ud800",
         "\x85", "\u3000", "\ufeff", "\u2028x",
         "da39a3ee5e6b4b0d3255bfef95601890afd80709")  # fmt: skip
SCHEMES = ("https://", "HTTP://", "ssh://git@", "ssh://git:pw@", "git@", "git://", "file://",
           "https://token@", "javascript:", "ftp://", "doi:", "", " https://")  # fmt: skip

paths = st.lists(st.sampled_from(NAMES) | st.text(max_size=4), max_size=7).map("/".join)
addresses = st.builds(
    lambda scheme, host, mark, path, tail: f"{scheme}{host}{mark}{path}{tail}",
    st.sampled_from(SCHEMES), st.sampled_from(HOSTS), st.sampled_from("//:"), paths,
    st.sampled_from(("", "", "", "/", "?x=y", "#top", "?", ".git", " ")),
)  # fmt: skip
texts = paths | addresses | st.text(max_size=12) | st.none()
good = st.sampled_from(("https://github.com/org/course", "https://hub.example.org/base"))
APPS = ("lab", "Notebook", "classic", "retro", "shiny", "vscode", "rstudio", "voila", "nope", "")
inputs = st.fixed_dictionaries(
    {},
    optional={
        "env_repo": addresses | good,
        "branch": texts,
        "content_repo": addresses | good | texts,
        "content_branch": texts,
        "path": texts,
        "app": st.sampled_from(APPS) | texts,
        "urlpath": texts | paths.map(lambda path: f"lab/tree/{path}"),
        "targetpath": texts,
        "depth": st.none() | st.integers(-2, 2**32) | st.booleans() | texts,
        "binder": addresses | good,
        "provider": st.sampled_from(("gh", "gl", "git", "gist", "zenodo", "ckan", "x", "")),
        "hub": addresses | good,
        "server": texts,
        "lti": st.sampled_from(("1.1", "1.3", "2", "")),
        "jupyter": addresses | good,
    },
)
# Most of those are refused for the first thing wrong with them; most of these make a link.
FINE = [name for name in NAMES if name.isprintable() and name not in ("..", "\\")]
fine_paths = st.lists(st.sampled_from(FINE), min_size=1, max_size=5).map("/".join)
words = st.sampled_from(("main", "v1.0", "feature/x", "caf\u00e9", "a&b=c+d", "100%", "x#y"))
repos = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("https://github.com", "https://gitlab.com", "ssh://git@host:22", "git://h",
                         "https://git.example.org:8443", "https://bitbucket.org", "git@h.org:x")),
        st.sampled_from(("/org/course", "/group/sub/course", "/org/course.git/")),
        st.sampled_from(("", "", "", "/blob/main/", "/tree/feature/x/", "/-/raw/v1/", "/src/main/",
                         "/src/branch/x/", "/issues/5", "/releases/tag/", "?tab=readme")),
        st.just("") | words | fine_paths,
    ),
)  # fmt: skip
places = st.one_of(
    st.fixed_dictionaries({"hub": good | addresses}, optional={"server": words}),
    st.fixed_dictionaries({"hub": good, "lti": st.sampled_from(("1.1", "1.3"))}),
    st.fixed_dictionaries(
        {"jupyter": st.sampled_from(("http://localhost:8888/lab/tree/x", "https://h"))}
    ),
    st.fixed_dictionaries(
        {"env_repo": repos | good | addresses}, optional={"branch": words, "binder": good}
    ),
)
contents = st.one_of(
    st.fixed_dictionaries(
        {"content_repo": repos}, optional={"path": fine_paths, "app": st.sampled_from(APPS)}
    ),
    st.fixed_dictionaries(
        {"content_repo": repos},
        optional={
            "urlpath": fine_paths
            | fine_paths.map(lambda path: f"lab/workspaces/a/tree/course/{path}")
        },
    ),
    st.fixed_dictionaries(
        {"content_repo": good, "content_branch": words},
        optional={"targetpath": fine_paths, "depth": st.integers(0, 9), "path": fine_paths},
    ),
)
plausible = st.builds(lambda place, content: place | content, places, contents)


class Node:
    """One process that answers every call of this file."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(TWIN)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, call: str, *args: object) -> object:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the twin died: an error that is not the library's own"
        return json.loads(line)

    def end(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module")
def node(need):
    process = Node(need("node"))
    yield process
    process.end()


def answer(call):
    """Give what the twin would say."""
    try:
        value = call()
    except NbpullError as error:
        return {"error": error.code, "message": error.message, "hint": error.hint}
    # Through JSON, because that is the form both share.
    return {"value": json.loads(json.dumps(value))}


def whole(link):
    return {"url": str(link), **link.to_dict()}


@settings(max_examples=400)
@given(given=plausible | inputs)
def test_both_make_the_same_link_or_refuse_in_the_same_words(node, given):
    assert node.ask("build", given) == answer(lambda: whole(build_link(**given)))


def link_of(given):
    try:
        return str(build_link(**given))
    except NbpullError as error:
        return error.message


def encoded(text, safe=""):
    return quote(text, safe=safe, errors="replace")


# What happens to links on their way: encoded again, escaped, wrapped, quoted, cut, spelt otherwise.
CHANGES = (
    lambda link: link,
    lambda link: encoded(link, ":/?"),
    lambda link: link.replace("&", "&amp;"),
    lambda link: link.replace("%26", "&"),
    lambda link: link.replace("%25", "%"),
    lambda link: link.replace("git-pull?", "git-pull%3F"),
    lambda link: link.replace("%3D", "=").replace("%2F", "/"),
    lambda link: f"https://hub.example.org/base/hub/login?next={encoded(link)}",
    lambda link: f"https://hub.example.org/hub/spawn/jo?next={link}&token=x",
    lambda link: f"https://lms.example.org/x?display=1&url={encoded(link, '/')}",
    lambda link: f"https://h.org/b/hub/lti/launch?custom_next={encoded(link.partition('.org')[2])}",
    lambda link: link.replace("hub/user-redirect", "user/jo/srv"),
    lambda link: link.replace("hub/user-redirect/git-pull", "hub/interact"),
    lambda link: link.replace("/git-pull", "/git-sync"),
    lambda link: link.replace("urlpath=", "subPath=").replace("targetpath", "targetPath"),
    lambda link: link.replace("urlpath=lab%2Ftree%2F", "app=lab&subpath="),
    lambda link: link.replace("urlpath=", "urlpath=%2F"),
    lambda link: link.replace("urlpath=", "labpath="),
    lambda link: link.replace("/v2/gh/", "/repo/").replace("HEAD", "x"),
    lambda link: link.replace("/v2/", "/build/").replace("%2F", "/", 2),
    lambda link: link.replace("repo=https%3A%2F%2F", "repo=git%2Bhttps%3A%2F%2Fme%3Apw%40"),
    lambda link: f"<{link}>, ",
    lambda link: f"({link}).",
    lambda link: link.removeprefix("https://"),
    lambda link: f"{link}&depth=x&branch=%FF&backup=no&repo",
    lambda link: f"{link}#fancy-forms-config=%7B%7D",
    lambda link: link[: len(link) * 2 // 3],
    lambda link: f"{link[:30]}\n {link[30:]}",
    lambda link: link.replace("org", "<org>", 1),
    lambda link: link.replace("course", "{repo}"),
    lambda link: f"see [![x](https://x.org/a.svg)]({link}), and then",
    lambda link: f"\ufeff{encoded(link)}",
    lambda link: link.replace("-", "\\-").replace("&", "\\&"),
    lambda link: link.replace("/hub/user-redirect", "/hub/home/hub/user-redirect/lab"),
    lambda link: f"{link}&app=lab&subPath=x",
    lambda link: link.replace("lab%2Ftree", "lab%252Ftree"),
    lambda _: (
        "https://h.org/b/hub/spawn#fancy-forms-config="
        + quote(
            json.dumps({"gitPuller:repo": "https://github.com/org/r", "gitPuller:filePath": "a b"})
        )
    ),
)


def change(link, changes):
    for one in changes:
        link = one(link)
    return link


found_links = st.builds(
    change, plausible.map(link_of) | addresses, st.lists(st.sampled_from(CHANGES), max_size=3)
)


@settings(max_examples=600)
@given(text=found_links | texts)
def test_both_read_the_same_from_whatever_text_or_refuse_it_in_the_same_words(node, text):
    assert node.ask("parse", text) == answer(lambda: whole(parse_link(text)))


@settings(max_examples=200)
@given(
    url=plausible.map(link_of) | addresses,
    markup=st.sampled_from([*MARKUPS, "nope"]),
    label=texts.filter(lambda text: text is not None)
    | st.text("a [](*_){}<&>'\"\\`$:\n\u00a0", max_size=12),
    image=st.sampled_from(("b.svg", "a b(1).svg", "https://x.org/a&amp;b.svg")) | addresses,
)
def test_both_write_the_same_badge(node, url, markup, label, image):
    options = {"label": label, "image": image}
    assert node.ask("badge", url, markup, options) == answer(lambda: badge(url, markup, **options))


def test_the_vectors_of_found_links_are_what_python_reads_today():
    tool = runpy.run_path(str(ROOT / "tools" / "make_parse_vectors.py"))
    for vector in json.loads(tool["VECTORS"].read_text(encoding="utf-8")):
        known = {"name": vector["name"], "text": vector["text"]}
        assert known | tool["read"](vector["text"]) == vector, "run tools/make_parse_vectors.py"
