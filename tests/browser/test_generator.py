"""The link generator in a browser: every place, every mistake, keyboard, copy, share."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from nbpull_links import make_link
from nbpull_links.snippets import badge

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
REPO, HUB, ENV = (
    "https://github.com/org/course",
    "https://hub.example.org",
    "https://github.com/org/env",
)
SHA = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
FILLED = "?" + urlencode({"repo": REPO, "hub": HUB, "path": "week 1/a#b.ipynb"})


def fill(page, **values):
    """Fill in fields as a person does; ``tab`` and ``app`` are chosen."""
    for name, value in values.items():
        if name == "tab":
            page.get_by_label(value, exact=True).check()
        elif page.locator(f"select#{name}").count():
            page.locator(f"#{name}").select_option(value)
        else:
            more = page.locator(f"details:has(#{name}):not([open]) summary")
            if more.count():
                more.click()
            page.locator(f"#{name}").fill(value)


def link_of(page):
    expect(page.locator(".result")).to_have_attribute("data-ready", "yes")
    return page.locator("#link").input_value()


CONTENT = {"content_repo": REPO, "path": "a b/ä#1.ipynb", "app": "lab"}
FIELDS = {"repo": REPO, "path": "a b/ä#1.ipynb"}
PLACES = {
    "a hub": ({"hub": HUB}, {"hub": HUB}),
    "a named server": ({"hub": HUB, "named": "gpu"}, {"hub": HUB, "server": "gpu"}),
    "a hub under a path": ({"hub": f"{HUB}/jupyter/"}, {"hub": f"{HUB}/jupyter"}),
    "Binder": ({"tab": "Binder", "env": ENV}, {"env_repo": ENV}),
    "a BinderHub of one's own, GitLab and a tag": (
        {"tab": "Binder", "env": "https://gitlab.com/g/s/env", "envref": "v1#2", "binder": "https://b.org/x/"},
        {"env_repo": "https://gitlab.com/g/s/env", "branch": "v1#2", "binder": "https://b.org/x"},
    ),
    "any git repository on Binder": (
        {"tab": "Binder", "env": "https://git.example.org/a/b.git", "provider": "git"},
        {"env_repo": "https://git.example.org/a/b.git", "provider": "git"},
    ),
    "a dataset on Binder": (
        {"tab": "Binder", "env": "10.5281/zenodo.3242074", "provider": "zenodo"},
        {"env_repo": "10.5281/zenodo.3242074"},
    ),
    "LTI 1.3": ({"tab": "Canvas, Moodle", "hub": HUB}, {"hub": HUB, "lti": "1.3"}),
    "LTI 1.1, named server": (
        {"tab": "Canvas, Moodle", "hub": HUB, "lti": "1.1", "named": "gpu"},
        {"hub": HUB, "lti": "1.1", "server": "gpu"},
    ),
    "one server": (
        {"tab": "One server", "server": "http://localhost:8888/x"},
        {"jupyter": "http://localhost:8888/x"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "given"), PLACES.values(), ids=PLACES)
def test_each_place_gives_the_link_that_python_makes(open_page, fields, given):
    page = open_page()
    fill(page, **fields, **FIELDS)
    assert link_of(page) == make_link(**given, **CONTENT)


CONTENTS = {
    "a branch": ({"branch": "feature/x"}, {"content_branch": "feature/x", "app": "lab"}),
    "Notebook 7": ({"app": "notebook", "path": "a.ipynb"}, {"app": "notebook", "path": "a.ipynb"}),
    "RStudio": ({"app": "rstudio"}, {"app": "rstudio"}),
    "what the server prefers": ({"app": ""}, {}),
    "a path on the server": (
        {"path": "is not asked", "app": "custom", "urlpath": "lab/workspaces/a/tree/course"},
        {"urlpath": "lab/workspaces/a/tree/course"},
    ),
    "a folder and a depth": (
        {"targetpath": "stats/2026", "depth": "0"},
        {"targetpath": "stats/2026", "depth": 0, "app": "lab"},
    ),
}


@pytest.mark.parametrize(("fields", "given"), CONTENTS.values(), ids=CONTENTS)
def test_each_way_to_open_gives_the_link_that_python_makes(open_page, fields, given):
    page = open_page()
    fill(page, hub=HUB, repo=REPO, **fields)
    assert link_of(page) == make_link(hub=HUB, content_repo=REPO, **given)


def test_binder_opens_what_is_in_the_environment_where_no_content_is_given(open_page):
    page = open_page("?tab=binder")
    fill(page, env=ENV, path="index.ipynb")
    assert link_of(page) == make_link(ENV, path="index.ipynb", app="lab")


# What is wrong: the tab, the fields, the field it is said beside, the words, what the button there
# says, and what it does.
MISTAKES = {
    "a page of a folder as the repository": (
        "hub", {"repo": f"{REPO}/tree/main/dir"}, "repo", "is a page; its repository is",
        "Fill in its parts", {"repo": REPO, "branch": "main", "path": "dir"},
    ),
    "a page of a file at a commit": (
        "hub", {"repo": f"{REPO}/blob/{SHA}/a.ipynb"}, "repo", "is a commit",
        "Use the default branch", {"repo": REPO, "branch": "", "path": "a.ipynb"},
    ),
    "a branch whose name may have a slash": (
        "hub", {"repo": f"{REPO}/blob/feature/x/a.ipynb"}, "repo", "in several ways",
        "Fill in its parts", {"branch": "feature", "path": "x/a.ipynb"},
    ),
    "a password in the repository": (
        "hub", {"repo": "https://me:pw1@github.com/org/course"}, "repo", "holds credentials",
        "Take them out", {"repo": REPO},
    ),
    "a token in the hub": (
        "hub", {"hub": "https://tok1@hub.example.org"}, "hub", "holds credentials",
        "Take them out", {"hub": HUB},
    ),
    "a repository without https": (
        "hub", {"repo": "github.com/org/course"}, "repo", "has no scheme",
        f"Use {REPO}", {"repo": REPO},
    ),
    "a hub's home page": (
        "hub", {"hub": f"{HUB}/hub/home"}, "hub", f"is taken to be {HUB}.",
        "Use that", {"hub": HUB},
    ),
    "somebody's own server as the hub": (
        "lti", {"hub": f"{HUB}/x/user/jo/lab/tree/a?b"}, "hub", f"is taken to be {HUB}/x.",
        "Use that", {"hub": f"{HUB}/x"},
    ),
    "a hub without https": (
        "hub", {"hub": "hub.example.org"}, "hub", "is no URL", f"Use {HUB}", {"hub": HUB},
    ),
    "a commit as the branch": (
        "hub", {"branch": SHA}, "branch", "nbgitpuller cannot pull a commit",
        "Use the default branch", {"branch": ""},
    ),
    "a shortened commit as the branch": (
        "hub", {"repo": REPO, "branch": "da39a3e"}, "branch", "looks like a shortened commit",
        "Use the default branch", {"branch": "", "repo": REPO},
    ),
    "a branch that git refuses": ("hub", {"branch": "-x"}, "branch", "no name that git", None, {}),
    "a path out of the repository": ("hub", {"path": "../x"}, "path", "leaves the repo", None, {}),
    "a folder out of the server": (
        "hub", {"targetpath": "../x"}, "targetpath", "does not stay inside", None, {},
    ),
    "a depth that is no number": ("hub", {"depth": "all"}, "depth", "no number", None, {}),
    "a named server with a slash": ("hub", {"named": "a/b"}, "named", "cannot be one", None, {}),
    "another site as the path": (
        "hub", {"app": "custom", "urlpath": "https://x.org/"}, "urlpath", "another site", None, {},
    ),
    "a page of the env repo": (
        "binder", {"env": f"{ENV}/tree/v1"}, "env", "is a page",
        "Fill in the repository and its branch", {"env": ENV, "envref": "v1"},
    ),
    "an address the provider cannot have": (
        "binder", {"env": REPO, "provider": "gist"}, "env", "is no repository for", None, {},
    ),
    "a Binder link as the BinderHub": (
        "binder", {"binder": "https://b.org/x/v2/gh/a/b/HEAD"}, "binder", "taken to be",
        "Use that", {"binder": "https://b.org/x"},
    ),
    "a branch of a content that is not given": (
        "binder", {"env": ENV, "repo": "", "branch": "x"}, "branch", "none is given",
        "Leave it empty", {"branch": ""},
    ),
    "a server on a hub": (
        "server", {"server": f"{HUB}/user/jo"}, "server", "one person's server",
        "Make it a link to the hub", {"hub": HUB},
    ),
    "a page of the server": (
        "server", {"server": "http://localhost:8888/lab/tree/x"}, "server", "is taken to be",
        "Use that", {"server": "http://localhost:8888"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_named_beside_its_field_and_mended_by_the_button_there(open_page, mistake):
    tab, fields, field, words, button, mended = mistake
    page = open_page(f"?tab={tab}")
    fill(page, **fields)
    said = page.locator(f"#{field}-say")
    expect(said).to_contain_text(words)
    wrong = said.get_attribute("data-level") == "error"
    expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", str(wrong).lower())
    assert not re.search("pw1|tok1", said.inner_text() + page.url)
    if button is None:
        expect(said.get_by_role("button")).to_have_count(0)
        return
    said.get_by_role("button", name=button, exact=True).click()
    for name, value in mended.items():
        expect(page.locator(f"#{name}")).to_have_value(value)
        expect(page.locator(f"#{name}-say")).to_be_empty()


def test_what_typing_on_may_mend_is_said_only_after_a_pause(open_page):
    page = open_page()
    page.clock.install()
    page.locator("#repo").press_sequentially("https://github.c")
    expect(page.locator("#repo-say")).to_be_empty()
    page.clock.run_for(1000)
    expect(page.locator("#repo-say")).to_contain_text("no repository in it")
    page.locator("#repo").press_sequentially("om/org/course")
    expect(page.locator("#repo-say")).to_be_empty()


def test_the_page_says_what_is_missing_and_leads_there(open_page):
    page = open_page()
    steps = page.locator("#wanting")
    expect(steps).to_contain_text("Fill in the content repository")
    steps.get_by_role("link", name="the address of the JupyterHub").click()
    expect(page.locator("#hub")).to_be_focused()
    fill(page, hub=HUB, repo=REPO, depth="x")
    page.locator("details:has(#depth) summary").click()
    steps.get_by_role("link", name="Commits to fetch").click()
    expect(page.locator("#depth")).to_be_focused()
    expect(page.locator("#link")).to_be_hidden()


PASTED = {
    "a file's page": (f"{REPO}/blob/main/week%201/a.ipynb",
        {"repo": REPO, "branch": "main", "path": "week 1/a.ipynb"}, "a page of a repository"),
    "a repository": ("git@github.com:org/course.git",
        {"repo": "git@github.com:org/course.git", "branch": ""}, "a repository"),
    "a hub link": (
        make_link(hub=f"{HUB}/x", server="gpu", content_repo=REPO, app="notebook", path="a#.ipynb",
                  targetpath="t", depth=3),
        {"hub": f"{HUB}/x", "named": "gpu", "repo": REPO, "app": "notebook", "path": "a#.ipynb",
         "targetpath": "t", "depth": "3", "tab": "hub"}, "a JupyterHub link"),
    "a Binder link": (
        make_link(ENV, "v1", REPO, binder="https://b.org/x", path="a.ipynb"),
        {"tab": "binder", "env": ENV, "envref": "v1", "repo": REPO, "path": "a.ipynb",
         "binder": "https://b.org/x", "provider": "gh"}, "a Binder link"),
    "an LTI link": (
        make_link(hub=HUB, lti="1.3", content_repo=REPO), {"tab": "lti", "lti": "1.3", "hub": HUB,
         "app": ""}, "an LTI launch link"),
    "a server's link": (
        make_link(jupyter="http://localhost:8888", content_repo=REPO,
                  urlpath="lab/tree/course?reset"),
        {"tab": "server", "server": "http://localhost:8888", "app": "custom",
         "urlpath": "lab/tree/course?reset"}, "a link to one server"),
    "an address of nbgitpuller's generator": (
        "https://nbgitpuller.readthedocs.io/en/latest/link.html?" + urlencode(
            {"hub": HUB, "repo": REPO, "branch": "dev", "app": "jupyterlab"}),
        {"tab": "hub", "hub": HUB, "repo": REPO, "branch": "dev", "app": "lab"},
        "a filled-in link generator"),
    "an address of this generator": (
        "http://localhost:8000/?" + urlencode(
            {"tab": "binder", "repo": ENV, "branch": "v1", "content-repo": REPO}),
        {"tab": "binder", "env": ENV, "envref": "v1", "repo": REPO, "branch": ""},
        "a filled-in link generator"),
    "a dataset": ("https://doi.org/10.5281/zenodo.3242074",
        {"tab": "binder", "env": "10.5281/zenodo.3242074", "provider": "zenodo"}, "a dataset"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fields", "what"), PASTED.values(), ids=PASTED)
def test_what_is_pasted_is_taken_apart(open_page, text, fields, what):
    page = open_page()
    page.locator("#paste").fill(text)
    expect(page.locator("#paste-say")).to_contain_text(f"Read as {what}")
    for name, value in fields.items():
        if name == "tab":
            expect(page.locator("[name=tab]:checked")).to_have_value(value)
        else:
            expect(page.locator(f"#{name}")).to_have_value(value)
    if "git-pull" in text:
        assert link_of(page) == text


def test_a_pasted_link_that_needs_repair_says_what_was_repaired(open_page):
    page = open_page()
    page.locator("#paste").fill(f"{HUB}/hub/user-redirect/git-pull?repo={REPO}/&amp;urlpath=/lab")
    said = page.locator("#paste-say")
    expect(said).to_contain_text("begins with a slash")
    expect(said).to_contain_text("&amp;")
    assert link_of(page) == make_link(hub=HUB, content_repo=REPO, urlpath="lab")


def test_a_pasted_text_that_is_nothing_says_so_and_changes_nothing(open_page):
    page = open_page(FILLED)
    before = link_of(page)
    page.locator("#paste").fill("good morning")
    expect(page.locator("#paste-say")).to_have_attribute("data-level", "error")
    expect(page.locator("#paste")).to_have_attribute("aria-invalid", "true")
    assert link_of(page) == before


# The parameters of nbgitpuller's own generator, and the link that its page then shows or should.
PREFILLED = {
    "hub": ({"hub": HUB, "repo": REPO, "branch": "dev", "app": "jupyterlab"},
        {"hub": HUB, "content_repo": REPO, "content_branch": "dev", "app": "lab"}),
    "urlpath": ({"hub": HUB, "repo": REPO, "app": "classic", "urlpath": "rstudio/"},
        {"hub": HUB, "content_repo": REPO, "urlpath": "rstudio/"}),
    "canvas": ({"tab": "canvas", "hub": HUB, "repo": REPO, "app": "RetroLab"},
        {"hub": HUB, "content_repo": REPO, "app": "retro", "lti": "1.1"}),
    "binder": (
        {"tab": "binder", "hub": "https://b.org", "repo": ENV, "branch": "v1",
         "content-repo": REPO},
        {"env_repo": ENV, "branch": "v1", "binder": "https://b.org", "content_repo": REPO,
         "app": "lab"}),
    "unknown": ({"hub": HUB, "repo": REPO, "app": "emacs", "tab": "moon", "x": "y"},
        {"hub": HUB, "content_repo": REPO, "app": "lab"}),
}  # fmt: skip


@pytest.mark.parametrize(("query", "given"), PREFILLED.values(), ids=PREFILLED)
def test_an_address_made_for_nbgitpullers_generator_works(open_page, query, given):
    page = open_page("?" + urlencode(query))
    assert link_of(page) == make_link(**given)


@pytest.mark.parametrize("fields", [fields for fields, _ in PLACES.values()], ids=PLACES)
def test_the_address_brings_the_whole_form_back(open_page, fields):
    page = open_page()
    fill(page, **fields, **FIELDS, branch="x&y=ü", targetpath="t/u", depth="7")
    made = link_of(page)
    again = open_page("?" + page.url.partition("?")[2])
    assert link_of(again) == made
    assert again.url == page.url


def test_the_form_is_shared_by_a_button(open_page):
    page = open_page(FILLED, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share this form").click()
    expect(page.locator("#toast")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_credentials_never_reach_the_address(open_page):
    page = open_page()
    fill(page, repo="https://me:hunter2@github.com/org/course", hub="https://hunter2@h.org")
    expect(page.locator("#hub-say")).to_contain_text("credentials")
    assert "hunter2" not in page.url


MARKUPS = {"Markdown": "markdown", "reST": "rst", "HTML": "html", "MyST": "myst"}


@pytest.mark.parametrize(("name", "markup"), MARKUPS.items(), ids=MARKUPS.values())
def test_the_badge_is_copied_as_python_writes_it(open_page, name, markup):
    page = open_page(FILLED, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label(name, exact=True).check()
    fill(page, label="Öffne [*dies*] & <das>", image="https://x.org/a b.svg")
    page.get_by_role("button", name="Copy badge").click()
    expect(page.locator("#toast")).to_have_text("Copied.")
    wanted = badge(
        link_of(page), markup, label="Öffne [*dies*] & <das>", image="https://x.org/a b.svg"
    )
    assert page.evaluate("navigator.clipboard.readText()") == wanted


@pytest.mark.parametrize(
    ("query", "file"),
    [(FILLED, "launch-nbpull.svg"), (f"?tab=binder&repo={ENV}", "launch-binder.svg")],
)
def test_the_badge_is_shown_as_it_will_look_and_its_picture_can_be_saved(open_page, query, file):
    page = open_page(query)
    assert link_of(page) == page.locator("#badge-preview").get_attribute("href")
    picture = page.locator("#badge-preview img")
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("(image) => image.naturalWidth") > 100
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save its picture").click()
    assert saved.value.suggested_filename == file
    assert f"({file})" in page.locator("#snippet").input_value()


def test_a_picture_that_no_badge_may_have_is_refused_beside_its_field(open_page):
    page = open_page(FILLED)
    fill(page, image="javascript:alert(1)")
    expect(page.locator("#image-say")).to_contain_text("must be a file or a web address")
    expect(page.locator("#snippet")).to_have_value("")


def test_where_pages_may_not_copy_the_text_is_selected(open_page):
    page = open_page(FILLED)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toast")).to_contain_text("Ctrl+C")
    expect(page.locator("#link")).to_be_focused()
    selected = "(link) => link.value.slice(link.selectionStart, link.selectionEnd)"
    assert page.locator("#link").evaluate(selected) == link_of(page)


def read_code(need, picture):
    """Read the QR code of an SVG element with a decoder, from its pixels."""
    drawn = picture.evaluate(
        """(svg) => {
          const size = svg.viewBox.baseVal.width, scale = 4;
          const canvas = new OffscreenCanvas(size * scale, size * scale);
          const context = canvas.getContext("2d");
          context.fillStyle = "#fff";
          context.fillRect(0, 0, size * scale, size * scale);
          context.scale(scale, scale);
          context.fillStyle = "#000";
          context.fill(new Path2D(svg.querySelector("path").getAttribute("d")));
          const { data } = context.getImageData(0, 0, size * scale, size * scale);
          let text = "";
          for (const byte of data) text += String.fromCharCode(byte);
          return { side: size * scale, data: btoa(text) };
        }"""
    )
    script = """
      import decode from "qr/decode.js";
      const { side, data } = JSON.parse(await new Response(process.stdin).text());
      const pixels = new Uint8Array(Buffer.from(data, "base64"));
      process.stdout.write(decode({ width: side, height: side, data: pixels }));
    """
    done = subprocess.run(
        [need("node"), "--input-type=module", "--eval", script],
        input=json.dumps(drawn), capture_output=True, encoding="utf-8", cwd=ROOT,
        timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def test_the_qr_code_holds_the_link_and_fills_the_screen_of_a_hall(open_page, need):
    page = open_page(FILLED)
    made = link_of(page)
    assert read_code(need, page.locator("#qr svg")) == made
    page.get_by_role("button", name="Show it large").click()
    stage = page.get_by_role("dialog")
    expect(stage).to_contain_text("a#b.ipynb")
    expect(stage).to_contain_text(made)
    size = stage.locator("svg").bounding_box()
    assert size["height"] > page.viewport_size["height"] / 2
    assert size["y"] + size["height"] <= page.viewport_size["height"]
    page.keyboard.press("Escape")
    expect(stage).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as SVG").click()
    assert saved.value.path().read_text().startswith("<svg")


def test_a_link_too_long_for_a_qr_code_says_so(open_page):
    page = open_page(FILLED)
    fill(page, path="x" * 3000)
    expect(page.locator("#qr-help")).to_contain_text("too long for a QR code")
    expect(page.locator("#qr-show")).to_be_hidden()


def test_all_is_done_by_keyboard_alone(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the form")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.locator("#paste").focus()
    page.keyboard.type(f"{REPO}/blob/main/a.ipynb")
    page.keyboard.press("Enter")
    expect(page.locator("#repo")).to_have_value(REPO)
    presses(page, "Tab", until="[name=tab]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=tab]:checked")).to_have_value("binder")
    page.keyboard.press("Tab")
    expect(page.locator("#env")).to_be_focused()
    page.keyboard.type(ENV)
    presses(page, "Tab", until="[data-copy=link]")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == make_link(
        ENV, None, REPO, content_branch="main", path="a.ipynb", app="lab"
    )
    presses(page, "Tab", until="[name=markup]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#snippet")).to_have_value(re.compile(r"^\.\. image::"))
    presses(page, "Tab", until="#qr-show")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#qr-show")).to_be_focused()


def presses(page, key, *, until):
    """Press a key until the focus is where it is wanted; what has the focus must be seen."""
    for _ in range(40):
        page.keyboard.press(key)
        focused = page.locator(":focus")
        box = focused.bounding_box()
        assert box is not None
        assert box["width"] > 0
        if focused.evaluate("(element, wanted) => element.matches(wanted)", until):
            return
    pytest.fail(f"{until} is not reached by {key}")


LOOKS = {
    "light, wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark, phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(open_page, look):
    page = open_page(**look, reduced_motion="reduce")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    check(page)
    fill(page, repo="https://me:pw@github.com/org/course", hub=f"{HUB}/hub/home", branch=SHA)
    check(page)
    fill(page, repo=f"{REPO}/tree/feature/x", branch="", image="javascript:x")
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true; })")
    check(page)
    for tab in ("Binder", "Canvas, Moodle", "One server"):
        fill(page, tab=tab)
        check(page)
    fill(page, tab="Binder", env=ENV, image="", label="x" * 60)
    check(page)
    page.get_by_role("button", name="Show it large").click()
    check(page)


def check(page):
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
