"""What the page of any error has: its words, who can mend it, what to do, and no barrier."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import expect

from faulty import Faults
from learner import title

YOU, AUTHOR = "You can", "Whoever gave you the link"
ADMIN, NOBODY = "The people who run this server", "Usually nobody needs to: it passes"


@dataclass(frozen=True)
class Case:
    """A link, what goes wrong with it, and what its page says."""

    heading: str
    who: str
    buttons: tuple[str, ...] = ()
    faults: Faults = field(default_factory=Faults)
    repo: str = "course"
    link: dict[str, str] = field(default_factory=dict)


def check(visit, case):
    """Look at the page that is there, in light and in dark."""
    page = visit.page
    title(page, case.heading)
    expect(page.get_by_role("definition")).to_have_text(case.who)
    shown = page.locator(".actions button").all_inner_texts()
    assert shown == [*case.buttons, "Continue without syncing"]
    expect(page.get_by_role("alert")).to_have_text(f"{case.heading}.")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert visit.barriers() == []
