"""Text merges by lines, finer than git, whoever merges first."""

import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_sync.diff3 import MARKER_SIZE
from nbpull_sync.events import Hunk
from nbpull_sync.text import TextMerge, merge_text

ASKED = settings(deadline=None, max_examples=60)


@pytest.fixture(scope="session")
def diff3(tmp_path_factory):
    """Git's merge-file, as the engine runs it."""
    folder = tmp_path_factory.mktemp("diff3")

    def run(base, ours, theirs):
        names = []
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            (folder / name).write_bytes(data)
            names.append(str(folder / name))
        command = ["git", "merge-file", "-p", "--diff3", f"--marker-size={MARKER_SIZE}", *names]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode < 128, done.stderr
        return done.stdout

    return run


def spell(text):
    """Write ``a b c`` as three lines; ``.`` is an empty one."""
    return b"".join((b"" if word == "." else word.encode()) + b"\n" for word in text.split())


MERGES = [
    # base, ours, theirs, merged, hunks as (line, ours, theirs)
    ("a b c", "A b c", "a b C", "A b C", []),
    ("a b c", "A b c", "a B c", "A B c", []),  # neighbours are no conflict
    ("a b c d", "A B c d", "a b C D", "A B C D", []),
    ("a b c", "a X b c", "a b Y c", "a X b Y c", []),
    ("a b", "a X b", "a Y b", "a Y X b", []),  # both added: upstream's first
    ("a b", "a X b", "a X b", "a X b", []),  # the same addition once
    ("a b", "a X Z b", "a X b", "a X Z b", []),
    ("a b", "a X b", "a W X b", "a W X b", []),
    ("a b", "a b X", "a b Y", "a b Y X", []),
    ("", "X", "Y", "Y X", []),
    ("a b c", "a X c", "a Y c", "a X c", [(2, "X", "Y")]),
    ("a b c", "A b c", "a b", "A b", []),
    ("a b c", "a c", "a B c", "a c", [(2, "", "B")]),  # deleted and changed
    ("a b c", "a B c", "a c", "a B c", [(2, "B", "")]),
    ("a b c", "a c", "a c", "a c", []),
    ("a b c d", "a X Y d", "a U V d", "a X Y d", [(2, "X\nY", "U\nV")]),
    ("a b c d e", "a X c Y e", "a U c V e", "a X c Y e", [(2, "X", "U"), (4, "Y", "V")]),
    ("a b c d", "a X c d", "a U V d", "a X V d", [(2, "X", "U")]),  # only the same line
    ("a b c d", "a X Y Z d", "a b d", "a X Y Z d", [(3, "Y", "")]),
    ("one x", "one-m x", "one-t more x", "one-m more x", [(1, "one-m", "one-t")]),
    ("zz one e", "one-m e", "zz one-t e", "one-m e", [(1, "one-m", "one-t")]),
    ("one e", "zz one-m e", "one-t e", "zz one-m e", [(2, "one-m", "one-t")]),
    ("a b", "a b", "x y z", "x y z", []),
    ("a b", "x y z", "a b", "x y z", []),
    ("a b c", "", "a b c d", "d", []),
    ("one", "one-mine", "two one-yours", "two one-mine", [(2, "one-mine", "one-yours")]),
    ("a", "a-and-much-more", "X a", "X a-and-much-more", []),
    (". . }", ". X . }", ". . } Y", ". X . } Y", []),
]  # fmt: skip


@pytest.mark.parametrize("by_git", [False, True], ids=["pure", "git-first"])
@pytest.mark.parametrize("row", MERGES, ids=str)
def test_lines_merge_as_the_table_says(row, by_git, diff3):
    base, ours, theirs, merged, hunks = row
    result = merge_text(*map(spell, (base, ours, theirs)), diff3=diff3 if by_git else None)
    wanted = tuple(Hunk(line=line, ours=mine, theirs=yours) for line, mine, yours in hunks)
    assert result == TextMerge(spell(merged), wanted)


ENDS = [
    # base, ours, theirs, merged
    (b"a\nb\n", b"a\r\nb\r\n", b"a\nB\n", b"a\r\nB\r\n"),
    (b"a\r\nb\r\n", b"A\r\nb\r\n", b"a\nb\nc\n", b"A\r\nb\r\nc\r\n"),
    (b"a\nb\n", b"A\nb\n", b"a\r\nb\r\nc\r\n", b"A\nb\nc\n"),
    (b"a\nb\n", b"A\rb\r", b"a\nb\nc\n", b"A\rb\rc\r"),
    (b"a\nb\nc\n", b"a\r\nb\nX\n", b"A\nb\nc\n", b"A\nb\nX\n"),
    (b"a\nb\nc\n", b"a\r\nb\r\nX\n", b"a\nB\nc\n", b"a\r\nB\r\nX\n"),
    (b"a\nb\n", b"A\nb\n", b"a\nb\nx\ry\n", b"A\nb\nx\ry\n"),
    (b"a\nb", b"A\nb", b"a\nb\nc\n", b"A\nb\nc\n"),
    (b"a\nb\n", b"A\nb", b"a\nb\nc\n", b"A\nb\nc"),
    (b"a\nb\n", b"A\nb\n", b"a\nb\nc", b"A\nb\nc"),
    (b"a\n", b"a\r\nX", b"a\nT\n", b"a\r\nT\r\nX"),
    (b"a\n", b"\xef\xbb\xbfa\nX\n", b"T\na\n", b"\xef\xbb\xbfT\na\nX\n"),
    (b"\xef\xbb\xbfa\n", b"a\nX\n", b"\xef\xbb\xbfT\na\n", b"T\na\nX\n"),
    (b"a", b"b\nx", b"a\r\nc\r\n", b"b\nc\nx\n"),
    (b"", b"x", b"y", b"y\nx"),
    (b"a", b"b", b"", b"b"),
    (b"a\n", b"b\n", b"", b"b\n"),
    (b"a", b"", b"a\nb", b"b"),
    (b"a", b"", b"a\nb\n", b"b\n"),
    (b"", b"x\n", b"y", b"y\nx\n"),
    (b"a\n", b"a\r\n", b"a\nb\n", b"a\r\nb\r\n"),
    (b"a\n", b"a\r\nb\nX", b"T\na\n", b"T\na\r\nb\nX"),
    (b"a\nb\n", b"a\r\nb\r\n", b"a\nb\n\n", b"a\r\nb\r\n\r\n"),
]


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), ENDS)
def test_line_ends_are_no_difference_and_the_learners_stay(base, ours, theirs, merged, diff3):
    result = merge_text(base, ours, theirs)
    assert result is not None
    assert result.merged == merged
    by_git = merge_text(base, ours, theirs, diff3=diff3)
    assert by_git == result


@pytest.mark.parametrize("bad", [b"\0", b"\xff\xfea\0", b"caf\xe9\n", b"\xed\xa0\x80"])
@pytest.mark.parametrize("side", range(3))
def test_what_is_no_text_is_not_merged(bad, side):
    sides = [b"a\n", b"b\n", b"c\n"]
    sides[side] = bad
    assert merge_text(*sides) is None


@pytest.mark.parametrize("mark", [b"<<<<<<< HEAD", b"=======", b">>>>>>> x", b"<" * MARKER_SIZE])
def test_conflict_markers_in_a_file_are_lines_like_others(mark, diff3):
    base = b"a\n" + mark + b"\nb\nc\n"
    result = merge_text(
        base, base.replace(b"a", b"A"), base.replace(b"c", b"C" + mark), diff3=diff3
    )
    assert result == TextMerge(b"A\n" + mark + b"\nb\nC" + mark + b"\n", ())


def test_the_report_reads_even_what_is_no_letter(diff3):
    result = merge_text(*("é😀\n".replace("é", x).encode() for x in "abc"), diff3=diff3)
    assert result.hunks == (Hunk(line=1, ours="b😀", theirs="c😀"),)


words = st.lists(st.sampled_from(["a", "b", "c", "d", ".", "}"]), max_size=9)


@st.composite
def three(draw):
    """Three texts whose changed lines are each known to be one side's."""
    base = draw(words)

    def side(name):
        lines = []
        for number, word in enumerate(base):
            deed = draw(st.sampled_from(["keep"] * 5 + ["change", "drop", "add"]))
            if deed == "add":
                lines.append(f"{name}{number}")
            if deed != "drop":
                lines.append(f"{name}-{number}" if deed == "change" else word)
        return lines + [f"{name}z"] * draw(st.integers(0, 1))

    return base, side("mine"), side("yours")


@ASKED
@given(three(), st.booleans())
def test_no_line_of_the_learners_is_lost_and_none_of_upstreams_missed(diff3, texts, by_git):
    base, ours, theirs = (spell(" ".join(lines)) for lines in texts)
    result = merge_text(base, ours, theirs, diff3=diff3 if by_git else None)
    lines = result.merged.decode().split("\n")
    refused = [line for hunk in result.hunks for line in hunk.theirs.split("\n")]
    assert all(line in lines for line in texts[1] if line.startswith("mine"))
    for line in texts[2]:
        if line.startswith("yours"):
            assert line in lines or line in refused
    for hunk in result.hunks:
        mine = hunk.ours.split("\n") if hunk.ours else []
        assert lines[hunk.line - 1 : hunk.line - 1 + len(mine)] == mine
    again = merge_text(theirs, result.merged, theirs, diff3=diff3 if by_git else None)
    assert again == TextMerge(result.merged, ())


@ASKED
@given(st.lists(st.binary(max_size=30), min_size=3, max_size=3))
def test_any_bytes_merge_or_are_refused(sides):
    result = merge_text(*sides)
    assert result is None or isinstance(result.merged, bytes)


@ASKED
@given(three())
def test_one_side_alone_is_taken_byte_for_byte(texts):
    base, ours, theirs = (spell(" ".join(lines)) for lines in texts)
    assert merge_text(base, base, theirs) == TextMerge(theirs, ())
    assert merge_text(base, ours, base) == TextMerge(ours, ())
    assert merge_text(base, ours, ours) == TextMerge(ours, ())


def test_what_git_merges_without_a_conflict_is_gits(diff3):
    base = [f"line {n}" for n in range(60)]
    ours, theirs = list(base), list(base)
    for n in range(0, 60, 10):
        ours[n] += " mine"
        theirs[n + 5] += " theirs"
    files = ["\n".join(lines).encode() + b"\n" for lines in (base, ours, theirs)]
    assert merge_text(*files, diff3=diff3) == merge_text(*files) == TextMerge(diff3(*files), ())


APART = {
    "ours above": ("a b c d", "A b c d", "a b c D E"),
    "ours below": ("a b c d", "a b c D E", "A b c d"),
    "ours grown at the end": ("a b c", "a b c x", "A b c"),
    "ours shrunk at the top": ("a b c d", "c d", "a b c D"),
}


@pytest.mark.parametrize("row", APART)
def test_changes_with_an_unchanged_line_between_are_joined_as_git_does_without_it(row, diff3):
    base, ours, theirs = map(spell, APART[row])
    asked = []
    result = merge_text(base, ours, theirs, diff3=lambda *texts: asked.append(texts) or b"")
    assert result == TextMerge(diff3(base, ours, theirs), ())
    assert not asked


def test_git_is_asked_where_equal_lines_leave_open_what_was_changed(diff3):
    texts = spell("a a a"), spell("a a a a"), spell("a b a")
    asked = []
    result = merge_text(*texts, diff3=lambda *them: asked.append(them) or diff3(*them))
    assert result == TextMerge(diff3(*texts), ())
    assert asked


def test_a_long_text_that_both_rewrote_takes_no_longer_than_its_lines():
    sides = ["\n".join(f"{word} {n}" for n in range(60_000)).encode() for word in "abc"]
    started = time.process_time()
    result = merge_text(*sides)
    assert time.process_time() - started < 10  # with each line looked at once it is well under one
    assert result.merged == sides[1]
    assert len(result.hunks) == 1
