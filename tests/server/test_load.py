"""A herd in one server: fifty workspaces at once, and nothing of anybody's is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

HERD = [f"w{number}" for number in range(50)]


def sync_all(server, repo):
    """Click in every workspace at once; give what the streams ended with, by workspace."""

    def click(name):
        query = urlencode({"repo": repo, "targetpath": name})
        return server.program().get(f"git-pull/api?{query}").events[-1]

    with ThreadPoolExecutor(len(HERD)) as class_room:
        return dict(zip(HERD, class_room.map(click, HERD), strict=True))


def test_fifty_workspaces_sync_at_once_and_lose_nothing(server, root, teacher, upstream):
    finished = {name: {"phase": "finished"} for name in HERD}
    repo = upstream.url_of("course")
    assert sync_all(server, repo) == finished
    for name in HERD:
        (root / name / "week1" / "a b.txt").write_text(f"a\nmine, in {name}\n")
        (root / name / "mine.txt").write_text(name)
    teacher.publish({"week1/a b.txt": "a, corrected\n", "week2/new.txt": "new\n"})
    assert sync_all(server, repo) == finished
    for name in HERD:
        assert (root / name / "mine.txt").read_text() == name
        assert (root / name / "week1" / "a b.txt").read_text() == f"a, corrected\nmine, in {name}\n"
        assert (root / name / "week2" / "new.txt").read_text() == "new\n"
    jobs = server.program().get("nbpull/api/syncs").json
    # Of the herd that is over only so many are remembered.
    assert len(jobs) <= 30
    assert {job["state"] for job in jobs} == {"finished"}
