"""Make the pictures of the README and the documentation from the running software.

    python tools/pictures.py            (or: make pictures)

A course on a git server and a Jupyter server run on this machine, a link is clicked in Chromium as
a learner would, and what is then on the screen becomes docs/images/*.png.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from browser import chromium  # noqa: E402 - the path comes first
from nbpull_links import make_link  # noqa: E402
from nbpull_server.demo import course as script  # noqa: E402
from nbpull_server.demo.course import Course  # noqa: E402
from nbpull_server.demo.githttp import GitServer  # noqa: E402
from nbpull_server.demo.jupyter import Jupyter  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 760, "height": 800}
FILLED = urlencode(
    {
        "repo": "https://github.com/org/course",
        "branch": "main",
        "path": "week1/notes.md",
        "hub": "https://hub.example.org",
    }
)
TOGETHER = """
<style>
  body {{ margin: 0; padding: 24px; display: flex; gap: 24px; width: max-content }}
  body {{ background: #eceff1 }}
  img {{ width: {width}px; border-radius: 8px; box-shadow: 0 2px 12px #0004 }}
</style>
<img src="data:image/png;base64,{left}"><img src="data:image/png;base64,{right}">
"""


def main() -> int:
    """Click the link twice and keep what is seen."""
    IMAGES.mkdir(exist_ok=True)
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    with tempfile.TemporaryDirectory() as name, chromium(executable) as browser:
        home = Path(name) / "home"
        home.mkdir()
        course = Course.create(Path(name) / "git", Path(name) / "teacher")
        with GitServer(Path(name) / "git") as git, Jupyter(home) as jupyter:
            link = jupyter.with_token(
                make_link(
                    jupyter=jupyter.url,
                    content_repo=git.url_of(course.bare.name),
                    path=script.LESSON,
                    targetpath=script.NAME,
                )
            )
            page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
            page.goto(jupyter.with_token(f"{jupyter.url}/nbpull/links/?{FILLED}"))
            page.wait_for_selector(".result[data-ready=yes]")
            page.screenshot(path=IMAGES / "links.png", full_page=True)
            page.goto(link)
            page.wait_for_url("**/lab/**")
            work_on(home / script.NAME)
            course.update()
            page.goto(link)
            summary = show_summary(page)
            page.wait_for_url("**/lab/**", timeout=60_000)
            lab = show_lab(page)
            show_panel(page)
        page.set_viewport_size({"width": 2 * SIZE["width"] + 72, "height": SIZE["height"] + 48})
        page.set_content(TOGETHER.format(width=SIZE["width"], left=summary, right=lab))
        page.screenshot(path=IMAGES / "demo.png", full_page=True)
    return 0


def work_on(workspace: Path) -> None:
    """Edit as a learner does who also corrects a line that the teacher is about to correct."""
    script.learn(workspace)
    lesson = workspace / script.LESSON
    opening = "open('../data/temperatures.csv'"
    lesson.write_text(lesson.read_text().replace(opening, f"{opening}, newline=''"))
    (workspace / "README.md").unlink()


def show_summary(page: Page) -> str:
    """Photograph what the page says happened to the learner's files, and go on."""
    page.wait_for_selector(".summary h1")
    picture = page.screenshot(path=IMAGES / "sync.png")
    return base64.b64encode(picture).decode()


def show_lab(page: Page) -> str:
    """Photograph Lab with the notebook open."""
    page.wait_for_selector(".jp-Notebook h1:has-text('Temperatures')")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    # Lab asks everybody once whether they want its news.
    page.click(".Toastify__toast button:has-text('No')")
    page.wait_for_selector(".Toastify__toast", state="detached")
    picture = page.screenshot(path=IMAGES / "lab.png")
    return base64.b64encode(picture).decode()


def show_panel(page: Page) -> None:
    """Photograph the panel beside the notebook, with what the sync said and a link to the file."""
    page.set_viewport_size({"width": 1100, "height": SIZE["height"]})
    page.click(".jp-SideBar [role=tab][title='Course files']")
    page.get_by_role("button", name="Make a link to this file").click()
    page.wait_for_selector(".nbpull-Link input")
    page.locator(".nbpull-Panel").evaluate("panel => panel.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / "panel.png")


if __name__ == "__main__":
    sys.exit(main())
