"""The policy table, row by row, on real git: one workspace in which each row has its folder."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest

from classroom import Learner, Link, Runs, Teacher
from nbpull_sync.policy import POLICY, Ours, Theirs

BINARY, BINARY_THEIRS, BINARY_OURS = b"\0\1", b"\0\2", b"\0\3"
TEXT = "".join(f"{number}\n" for number in range(1, 10))
THEIRS = TEXT.replace("2\n", "2 theirs\n")
OURS = TEXT.replace("8\n", "8 ours\n")
BOTH = THEIRS.replace("8\n", "8 ours\n")
CLASH = TEXT.replace("2\n", "2 ours\n")
OTHER = "something else\n"


def notebook(**sources):
    """Give a notebook with one cell for each name."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": name,
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for name, source in sources.items()
    ]
    return (
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
        + "\n"
    )


NOTEBOOK = notebook(a="1", b="2")
NOTEBOOK_THEIRS = notebook(a="1 theirs", b="2", c="3")
NOTEBOOK_OURS = notebook(a="1", b="2 ours")
NOTEBOOK_BOTH = notebook(a="1 theirs", b="2 ours", c="3")


@dataclass(frozen=True)
class Row:
    """One row: what base has, what each side does, what is then there and reported.

    ``ASIDE`` in a name stands for the moment of the sync.
    """

    name: str
    base: dict
    theirs: dict
    ours: dict
    there: dict
    said: dict = field(default_factory=dict)
    kept: tuple = ()


ASIDE = "f__*.txt"

ROWS = [
    Row("same-same", {"f.txt": TEXT}, {}, {}, {"f.txt": TEXT}),
    Row("same-changed", {"f.txt": TEXT}, {}, {"f.txt": OURS}, {"f.txt": OURS}),
    Row("same-added", {}, {}, {"f.txt": OURS}, {"f.txt": OURS}),
    Row(
        "same-deleted", {"f.txt": TEXT}, {}, {"f.txt": None}, {"f.txt": TEXT}, {"f.txt": "restored"}
    ),
    Row(
        "changed-deleted",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": None},
        {"f.txt": THEIRS},
        {"f.txt": "restored"},
    ),
    Row(
        "changed-same",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {},
        {"f.txt": THEIRS},
        {"f.txt": "updated"},
    ),
    Row("added-absent", {}, {"f.txt": THEIRS}, {}, {"f.txt": THEIRS}, {"f.txt": "added"}),
    Row("changed-equal", {"f.txt": TEXT}, {"f.txt": THEIRS}, {"f.txt": THEIRS}, {"f.txt": THEIRS}),
    Row(
        "changed-text",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": OURS},
        {"f.txt": BOTH},
        {"f.txt": "merged"},
        (OURS,),
    ),
    Row(
        "changed-clash",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": CLASH},
        {"f.txt": CLASH},
        {"f.txt": "kept-yours"},
    ),
    Row(
        "changed-partly",
        {"f.txt": TEXT},
        {"f.txt": THEIRS + "10\n"},
        {"f.txt": CLASH},
        {"f.txt": CLASH + "10\n"},
        {"f.txt": "kept-yours"},
        (CLASH,),
    ),
    Row(
        "changed-crlf",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": OURS.replace("\n", "\r\n").encode()},
        {"f.txt": BOTH.replace("\n", "\r\n")},
        {"f.txt": "merged"},
    ),
    Row(
        "changed-notebook",
        {"f.ipynb": NOTEBOOK},
        {"f.ipynb": NOTEBOOK_THEIRS},
        {"f.ipynb": NOTEBOOK_OURS},
        {"f.ipynb": NOTEBOOK_BOTH},
        {"f.ipynb": "merged"},
        (NOTEBOOK_OURS,),
    ),
    Row(
        "changed-notebook-clash",
        {"f.ipynb": NOTEBOOK},
        {"f.ipynb": NOTEBOOK_THEIRS},
        {"f.ipynb": notebook(a="1 ours", b="2")},
        {"f.ipynb": notebook(a="1 ours", b="2", c="3")},
        {"f.ipynb": "kept-yours"},
    ),
    Row(
        "changed-notebook-broken",
        {"f.ipynb": NOTEBOOK},
        {"f.ipynb": NOTEBOOK_THEIRS},
        {"f.ipynb": "{broken"},
        {"f.ipynb": "{broken"},
        {"f.ipynb": "kept-yours"},
    ),
    Row(
        "changed-binary",
        {"f.bin": BINARY},
        {"f.bin": BINARY_THEIRS},
        {"f.bin": BINARY_OURS},
        {"f.bin": BINARY_OURS.decode()},
        {"f.bin": "kept-yours"},
    ),
    Row(
        "changed-latin1",
        {"f.txt": b"\xe4\n1\n"},
        {"f.txt": b"\xe4\n2\n"},
        {"f.txt": b"\xf6\n1\n"},
        {"f.txt": b"\xf6\n1\n"},
        {"f.txt": "kept-yours"},
    ),
    Row(
        "changed-marked-binary",
        {".gitattributes": "f.txt binary\n", "f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": OURS},
        {".gitattributes": "f.txt binary\n", "f.txt": OURS},
        {"f.txt": "kept-yours"},
    ),
    Row(
        "deleted-same",
        {"f.txt": TEXT, "g/h.txt": TEXT},
        {"f.txt": None, "g/h.txt": None},
        {},
        {},
        {"f.txt": "removed", "g/h.txt": "removed"},
    ),
    Row(
        "deleted-changed",
        {"f.txt": TEXT},
        {"f.txt": None},
        {"f.txt": OURS},
        {"f.txt": OURS},
        {"f.txt": "kept-yours"},
    ),
    Row("deleted-deleted", {"f.txt": TEXT}, {"f.txt": None}, {"f.txt": None}, {}),
    Row(
        "moved-same",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": TEXT},
        {},
        {"g.txt": TEXT},
        {"g.txt": "moved"},
    ),
    Row(
        "moved-changed",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": TEXT},
        {"f.txt": OURS},
        {"g.txt": OURS},
        {"g.txt": "merged"},
        (OURS,),
    ),
    Row(
        "moved-and-changed",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": THEIRS},
        {"f.txt": OURS},
        {"g.txt": BOTH},
        {"g.txt": "merged"},
        (OURS,),
    ),
    Row(
        "moved-deleted",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": TEXT},
        {"f.txt": None},
        {"g.txt": TEXT},
        {"g.txt": "restored"},
    ),
    Row(
        "moved-onto-mine",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": TEXT},
        {"g.txt": OTHER},
        {"g.txt": TEXT, "g__*.txt": OTHER},
        {"g.txt": "set-aside"},
        (OTHER,),
    ),
    Row(
        "moved-changed-onto-mine",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": TEXT},
        {"f.txt": OURS, "g.txt": OTHER},
        {"g.txt": OURS, "g__*.txt": OTHER},
        {"g.txt": "merged"},
        (OURS, OTHER),
    ),
    Row("added-equal", {}, {"f.txt": TEXT}, {"f.txt": TEXT}, {"f.txt": TEXT}),
    Row(
        "added-added",
        {},
        {"f.txt": THEIRS},
        {"f.txt": OURS},
        {"f.txt": THEIRS, ASIDE: OURS},
        {"f.txt": "set-aside"},
        (OURS,),
    ),
    Row(
        "added-ignored",
        {".gitignore": "f.txt\n"},
        {"f.txt": THEIRS},
        {"f.txt": OURS},
        {".gitignore": "f.txt\n", "f.txt": THEIRS, ASIDE: OURS},
        {"f.txt": "set-aside"},
        (OURS,),
    ),
    Row(
        "file-on-directory",
        {},
        {"f.txt": THEIRS},
        {"f.txt/x": OURS},
        {"f.txt": THEIRS, "f__*.txt/x": OURS},
        {"f.txt": "set-aside"},
        (OURS,),
    ),
    Row(
        "directory-on-file",
        {},
        {"d/x": THEIRS},
        {"d": OURS},
        {"d/x": THEIRS, "d__*": OURS},
        {"d": "set-aside", "d/x": "added"},
        (OURS,),
    ),
    Row(
        "directory-becomes-file",
        {"d/x": TEXT, "d/y": TEXT},
        {"d/x": None, "d/y": None, "d": THEIRS},
        {},
        {"d": THEIRS},
        {"d": "moved", "d/y": "removed"},
    ),
    Row(
        "directory-with-mine-becomes-file",
        {"d/x": TEXT},
        {"d/x": None, "d": OTHER},
        {"d/y": OURS},
        {"d": OTHER, "d__*/y": OURS},
        {"d": "set-aside", "d/x": "removed"},
        (OURS,),
    ),
    Row(
        "file-becomes-directory",
        {"d": TEXT},
        {"d": None, "d/x": OTHER},
        {},
        {"d/x": OTHER},
        {"d": "removed", "d/x": "added"},
    ),
    Row(
        "changed-file-becomes-directory",
        {"d": TEXT},
        {"d": None, "d/x": OTHER},
        {"d": OURS},
        {"d/x": OTHER, "d__*": OURS},
        {"d": "set-aside", "d/x": "added"},
        (OURS,),
    ),
    Row(
        "file-moves-into-its-name",
        {"d": TEXT},
        {"d": None, "d/x": TEXT},
        {},
        {"d/x": TEXT},
        {"d/x": "moved"},
    ),
    Row(
        "changed-file-moves-into-its-name",
        {"d": TEXT},
        {"d": None, "d/x": TEXT},
        {"d": OURS},
        {"d/x": OURS},
        {"d/x": "merged"},
        (OURS,),
    ),
    Row(
        "mode-changed",
        {"f.sh": TEXT},
        {"f.sh": Runs(TEXT)},
        {},
        {"f.sh": Runs(TEXT)},
        {"f.sh": "updated"},
    ),
    Row(
        "mode-changed-and-mine",
        {"f.sh": TEXT},
        {"f.sh": Runs(TEXT)},
        {"f.sh": OURS},
        {"f.sh": Runs(OURS)},
        {"f.sh": "merged"},
        (OURS,),
    ),
    Row(
        "mode-is-mine",
        {"f.sh": TEXT},
        {"f.sh": THEIRS},
        {"f.sh": Runs(TEXT)},
        {"f.sh": Runs(THEIRS)},
        {"f.sh": "merged"},
    ),
    Row("link-added", {}, {"l": Link("f.txt")}, {}, {"l": Link("f.txt")}, {"l": "added"}),
    Row(
        "link-changed",
        {"l": Link("f.txt")},
        {"l": Link("g.txt")},
        {},
        {"l": Link("g.txt")},
        {"l": "updated"},
    ),
    Row(
        "link-changed-by-both",
        {"l": Link("f.txt")},
        {"l": Link("g.txt")},
        {"l": Link("h.txt")},
        {"l": Link("h.txt")},
        {"l": "kept-yours"},
    ),
    Row("link-becomes-file", {"l": Link("f.txt")}, {"l": TEXT}, {}, {"l": TEXT}, {"l": "updated"}),
    Row(
        "file-becomes-link",
        {"l": TEXT},
        {"l": Link("f.txt")},
        {},
        {"l": Link("f.txt")},
        {"l": "updated"},
    ),
    Row(
        "link-on-mine",
        {},
        {"l": Link("f.txt")},
        {"l": OURS},
        {"l": Link("f.txt"), "l__*": OURS},
        {"l": "set-aside"},
        (OURS,),
    ),
    Row(
        "directory-is-a-link",
        {"d/x": TEXT},
        {"d/x": OTHER},
        {"d/x": None, "d": Link("../elsewhere")},
        {"d/x": OTHER, "d__*": Link("../elsewhere")},
        {"d": "set-aside", "d/x": "restored"},
    ),
    Row(
        "case-only",
        {"f.txt": TEXT},
        {"f.txt": None, "F.txt": TEXT},
        {},
        {"F.txt": TEXT},
        {"F.txt": "moved"},
    ),
    Row(
        "composed-and-decomposed",
        {"\u00e9.txt": TEXT},
        {"e\u0301.txt": OTHER},
        {"\u00e9.txt": OURS},
        {"\u00e9.txt": OURS, "e\u0301.txt": OTHER},
        {"e\u0301.txt": "added"},
    ),
    Row(
        "odd-names",
        {"-f": TEXT, 'q"q': TEXT, "a\nb": TEXT, " s ": TEXT, "\u65e5\u672c": TEXT},
        {"-f": THEIRS, 'q"q': THEIRS, "a\nb": THEIRS, " s ": THEIRS, "\u65e5\u672c": THEIRS},
        {"-f": OURS, 'q"q': OURS, "a\nb": OURS, " s ": OURS, "\u65e5\u672c": None},
        {"-f": BOTH, 'q"q': BOTH, "a\nb": BOTH, " s ": BOTH, "\u65e5\u672c": THEIRS},
        {
            "-f": "merged",
            'q"q': "merged",
            "a\nb": "merged",
            " s ": "merged",
            "\u65e5\u672c": "restored",
        },
        (OURS,),
    ),
    Row(
        "long-name",
        {},
        {"n" * 255: THEIRS},
        {"n" * 255: OURS},
        {"n" * 255: THEIRS, "n" * 239 + "__*": OURS},
        {"n" * 255: "set-aside"},
        (OURS,),
    ),
    Row(
        "empty-file",
        {"f.txt": ""},
        {"f.txt": TEXT},
        {"f.txt": ""},
        {"f.txt": TEXT},
        {"f.txt": "updated"},
    ),
]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Play all rows in one workspace and give the learner, the files and the report."""
    root = tmp_path_factory.mktemp("policy")
    return play(root, ROWS)


def play(root, rows, **options):
    teacher = Teacher(root / "upstream", {"README": "course\n"})
    learner = Learner(root / "course", teacher)
    for number, row in enumerate(rows):
        teacher.write(_placed(number, row.base))
    teacher.commit()
    learner.sync()
    for number, row in enumerate(rows):
        teacher.write(_placed(number, row.theirs))
        learner.write(_placed(number, row.ours))
    teacher.commit()
    report = learner.sync(**options)
    again = learner.sync(**options)
    return learner, learner.files(), report, again, learner.kept()


def _placed(number, files):
    """Put a row's files into its folder, and its number into their content.

    Git takes what is alike for moved: each row needs content of its own.
    """
    return {f"{number:02}/{name}": _own(number, content) for name, content in files.items()}


def _own(number, content):
    if isinstance(content, str) and content.startswith("something"):
        return f"other {number}\n" * 20 + content
    if isinstance(content, str) and content.startswith("1\n"):
        return f"row {number}\n" * 20 + content
    if isinstance(content, str) and content.startswith("1\r\n"):
        return f"row {number}\r\n" * 20 + content
    if isinstance(content, Runs):
        return Runs(_own(number, content.text))
    if isinstance(content, bytes) and content.startswith(b"1\r\n"):
        return f"row {number}\r\n".encode() * 20 + content
    return content


def _moments(files):
    """Replace the moment in the names of what was set aside."""
    return {re.sub(r"__\d{14}", "__*", name): content for name, content in files.items()}


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.name for row in ROWS])
def test_row(played, number):
    _, files, report, again, kept = played
    row, folder = ROWS[number], f"{number:02}/"
    here = {path[3:]: content for path, content in files.items() if path.startswith(folder)}
    assert _moments(here) == {name: _own(number, content) for name, content in row.there.items()}
    said = {it.path[3:]: it.outcome.value for it in report.files if it.path.startswith(folder)}
    assert said == row.said
    for content in row.kept:
        assert _own(number, content).encode() in kept
    assert again.status == "unchanged"


def test_each_rule_of_the_policy_is_played():
    """Every pair of the table has a row of its name."""
    names = {row.name for row in ROWS}
    words = {Theirs.SAME: "same", Theirs.CHANGED: "changed", Theirs.DELETED: "deleted"}
    words |= {Theirs.ADDED: "added", Theirs.MOVED: "moved"}
    mine = {Ours.SAME: "same", Ours.EQUAL: "equal", Ours.CHANGED: "changed"}
    mine |= {Ours.DELETED: "deleted", Ours.ABSENT: "absent", Ours.ADDED: "added"}
    special = {"same-equal", "same-absent", "changed-changed"}  # no pair of its own, or three rows
    pairs = {f"{words[theirs]}-{mine[ours]}" for theirs, ours in POLICY}
    assert pairs - special <= names


def test_what_upstream_did_not_get_in_is_told(played):
    _, _, report, _, _ = played
    by_name = {ROWS[int(it.path[:2])].name: it for it in report.files}
    (hunk,) = by_name["changed-clash"].hunks
    assert (hunk.ours, hunk.theirs) == ("2 ours", "2 theirs")
    cells = by_name["changed-notebook-clash"].cells
    assert [cell.cell_id for cell in cells if cell.action == "not-taken"] == ["a"]
    assert by_name["changed-binary"].reason
    assert by_name["deleted-changed"].reason
    assert by_name["changed-notebook-broken"].reason
    assert by_name["moved-same"].moved_from.endswith("/f.txt")


UPSTREAM_FIRST = [
    Row(
        "clash",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": CLASH},
        {"f.txt": THEIRS, ASIDE: CLASH},
        {"f.txt": "set-aside"},
        (CLASH,),
    ),
    Row(
        "no-clash",
        {"f.txt": TEXT},
        {"f.txt": THEIRS},
        {"f.txt": OURS},
        {"f.txt": BOTH},
        {"f.txt": "merged"},
        (OURS,),
    ),
    Row(
        "binary",
        {"f.bin": BINARY},
        {"f.bin": BINARY_THEIRS},
        {"f.bin": BINARY_OURS},
        {"f.bin": BINARY_THEIRS.decode(), "f__*.bin": BINARY_OURS.decode()},
        {"f.bin": "set-aside"},
    ),
    Row(
        "deleted",
        {"f.txt": TEXT},
        {"f.txt": None},
        {"f.txt": OURS},
        {ASIDE: OURS},
        {"f.txt": "set-aside"},
        (OURS,),
    ),
    Row(
        "moved",
        {"f.txt": TEXT},
        {"f.txt": None, "g.txt": THEIRS},
        {"f.txt": CLASH},
        {"g.txt": THEIRS, ASIDE: CLASH},
        {"g.txt": "set-aside"},
        (CLASH,),
    ),
    Row(
        "notebook",
        {"f.ipynb": NOTEBOOK},
        {"f.ipynb": NOTEBOOK_THEIRS},
        {"f.ipynb": notebook(a="1 ours", b="2")},
        {"f.ipynb": NOTEBOOK_THEIRS, "f__*.ipynb": notebook(a="1 ours", b="2")},
        {"f.ipynb": "set-aside"},
    ),
]


@pytest.fixture(scope="module")
def upstream_first(tmp_path_factory):
    return play(tmp_path_factory.mktemp("upstream-first"), UPSTREAM_FIRST, conflict="upstream")


@pytest.mark.parametrize("number", range(6), ids=[row.name for row in UPSTREAM_FIRST])
def test_upstream_takes_the_name_where_that_is_the_rule(upstream_first, number):
    _, files, report, again, _ = upstream_first
    row, folder = UPSTREAM_FIRST[number], f"{number:02}/"
    here = {path[3:]: content for path, content in files.items() if path.startswith(folder)}
    assert _moments(here) == {name: _own(number, content) for name, content in row.there.items()}
    said = {it.path[3:]: it.outcome.value for it in report.files if it.path.startswith(folder)}
    assert said == row.said
    assert again.status == "unchanged"


def test_deleted_files_stay_away_where_that_is_the_rule(tmp_path):
    rows = [row for row in ROWS if row.name in {"same-deleted", "changed-deleted"}]
    _, files, report, again, _ = play(tmp_path, rows, restore_deleted=False)
    assert files == {"README": "course\n"}
    assert report.files == ()
    assert again.status == "unchanged"
