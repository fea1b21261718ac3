"""The rules of the notebook merge, one by one."""

import json
import warnings

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import cells_of, source_of
from nbpull_sync import nbfile
from nbpull_sync.notebook import merge_notebook

STREAM = [{"name": "stdout", "output_type": "stream", "text": ["one\n", "two\n"]}]
OTHER = [{"name": "stdout", "output_type": "stream", "text": ["three\n"]}]
PICTURE = {"a.png": {"image/png": "AAAA"}}


def code(cell_id, source, outputs=(), count=None, **metadata):
    return _cell("code", cell_id, source, metadata) | {
        "outputs": list(outputs),
        "execution_count": count,
    }


def text(cell_id, source, attachments=None, **metadata):
    more = {"attachments": attachments} if attachments is not None else {}
    return _cell("markdown", cell_id, source, metadata) | more


def _cell(kind, cell_id, source, metadata):
    name = {"id": cell_id} if cell_id else {}
    lines = source.splitlines(keepends=True)
    return {"cell_type": kind, **name, "metadata": metadata, "source": lines}


def file(*cells, minor=5, metadata=None, **layout):
    value = {"cells": list(cells), "metadata": metadata or {}, "nbformat": 4}
    value["nbformat_minor"] = minor
    style = {"indent": 1, "ensure_ascii": False, "sort_keys": True, **layout}
    return (json.dumps(value, **style) + "\n").encode("utf-8", "backslashreplace")


def merge(base, ours, theirs, *, valid=True):
    result = merge_notebook(base, ours, theirs)
    assert not result.problem
    if valid:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nbformat.validate(nbformat.from_dict(json.loads(result.merged)))
    if ours not in (base, theirs):
        assert merge_notebook(theirs, result.merged, theirs).merged == result.merged
    return result


def sources(result):
    return [source_of(cell) for cell in cells_of(result.merged)]


def ids(result):
    return [cell.get("id") for cell in cells_of(result.merged)]


def told(result):
    return [(it.action, it.cell_id, it.first_line) for it in result.cells]


A, B, C = code("a", "x = 1\ny = 2"), text("b", "# Title"), code("c", "plot(x)")
MINE, YOURS = code("m", "mine"), text("t", "theirs")
A_MINE, A_YOURS = code("a", "x = 1\ny = 3"), code("a", "x = 9\ny = 2")

CELLS = {
    # name: (base, ours, theirs, ids and sources of the merged, what is told)
    "both added at one place: upstream's first": (
        [A, C], [A, MINE, C], [A, YOURS, C],
        ["a", "t", "m", "c"], [("added", "t", "theirs")],
    ),
    "both added at the end": (
        [A], [A, MINE], [A, YOURS], ["a", "t", "m"], [("added", "t", "theirs")],
    ),
    "both added to an empty notebook": (
        [], [MINE], [YOURS], ["t", "m"], [("added", "t", "theirs")],
    ),
    "the same cell added by both is one": (
        [A], [A, YOURS, MINE], [A, YOURS], ["a", "t", "m"], [],
    ),
    "upstream deletes what the learner did not touch": (
        [A, B, C], [A, B, C, MINE], [A, C], ["a", "c", "m"], [("removed", "b", "# Title")],
    ),
    "upstream deletes what the learner edited": (
        [A, B], [A_MINE, B], [B], ["a", "b"], [("kept", "a", "x = 1")],
    ),
    "upstream deletes what the learner only ran": (
        [A, B], [code("a", "x = 1\ny = 2", STREAM, 3), B], [B],
        ["b"], [("removed", "a", "x = 1")],
    ),
    "the learner deletes what upstream edited": (
        [A, B], [B], [A_YOURS, B], ["a", "b"], [("added", "a", "x = 9")],
    ),
    "the learner deletes what upstream did not touch": ([A, B, C], [A, C], [A, B, C, YOURS],
        ["a", "c", "t"], [("added", "t", "theirs")],
    ),
    "the learner deletes what upstream only ran": (
        [A, B], [B, MINE], [code("a", "x = 1\ny = 2", STREAM, 3), B], ["b", "m"], [],
    ),
    "the learner moves, upstream edits": (
        [A, B, C], [C, A, B], [A_YOURS, B, C], ["c", "a", "b"], [],
    ),
    "upstream moves, the learner edits": (
        [A, B, C], [A_MINE, B, C], [B, C, A], ["b", "c", "a"], [],
    ),
    "both move the same cell: the learner's place": (
        [A, B, C, YOURS], [B, C, A, YOURS], [B, C, YOURS, A], ["b", "c", "a", "t"], [],
    ),
    "both move different cells": (
        [A, B, C, YOURS], [C, A, B, YOURS], [A, YOURS, B, C], ["c", "a", "t", "b"], [],
    ),
    "both make the same move": (
        [A, B, C], [C, A, B, MINE], [C, A, B, YOURS], ["c", "a", "b", "t", "m"],
        [("added", "t", "theirs")],
    ),
    "one id given to two different cells": (
        [A], [A, code("n", "mine")], [A, code("n", "theirs")],
        ["a", "n", None], [("added", "n", "theirs")],
    ),
    "both change neighbouring lines": (
        [A], [A_MINE], [A_YOURS], ["a"], [("merged", "a", "x = 9")],
    ),
    "both change the same line": (
        [A], [A_MINE], [code("a", "x = 1\ny = 4")], ["a"], [("not-taken", "a", "x = 1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "wanted", "said"), CELLS.values(), ids=CELLS)
def test_cells_merge_as_the_table_says(base, ours, theirs, wanted, said):
    result = merge(file(*base), file(*ours), file(*theirs))
    got = ids(result)
    assert [name if name in wanted else None for name in got] == wanted
    assert told(result) == said


def test_lines_of_a_cell_merge_and_the_learners_win():
    result = merge(file(A, C), file(A_MINE, C), file(A_YOURS, C))
    assert sources(result) == ["x = 9\ny = 3", "plot(x)"]
    result = merge(file(A), file(A_MINE), file(code("a", "x = 1\ny = 4")))
    assert sources(result) == ["x = 1\ny = 3"]


RUNS = {
    # What the learner has, what upstream has, which outputs stay. Base ran once, silently.
    "the learner ran": (("x = 1\ny = 2", STREAM, 7), ("x = 1\ny = 2", OTHER, 2), STREAM, 7),
    "only the count moved": (("x = 1\ny = 2", (), 7), ("x = 1\ny = 2", OTHER, 2), [], 7),
    "the learner did not run": (("x = 1\ny = 3", (), 1), ("x = 1\ny = 2", OTHER, 2), OTHER, 2),
    "ran, and upstream edited": (("x = 1\ny = 2", STREAM, 7), ("x = 9\ny = 2", OTHER, 2), [], None),
    "edited and ran, upstream edited": (
        ("x = 1\ny = 3", STREAM, 7), ("x = 9\ny = 2", OTHER, 2), [], None,
    ),
    "ran the text that both have now": (
        ("x = 9\ny = 2", STREAM, 7), ("x = 9\ny = 2", OTHER, 2), STREAM, 7,
    ),
    "ran a text that stays as it is": (
        ("x = 1\ny = 3", STREAM, 7), ("x = 1\ny = 4", OTHER, 2), STREAM, 7,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "outputs", "count"), RUNS.values(), ids=RUNS)
def test_outputs_are_the_learners_where_they_belong_to_the_source(ours, theirs, outputs, count):
    base = file(code("a", "x = 1\ny = 2", (), 1))
    result = merge(base, file(code("a", *ours)), file(code("a", *theirs)))
    (cell,) = cells_of(result.merged)
    assert (cell["outputs"], cell["execution_count"]) == (outputs, count)


def test_outputs_never_move_to_another_cell():
    ran = [code(name, f"cell {name}", STREAM, n + 1) for n, name in enumerate("abc")]
    plain = [code(name, f"cell {name}") for name in "abc"]
    result = merge(file(*plain), file(*ran), file(plain[2], code("n", "new"), plain[0], plain[1]))
    counts = {cell["id"]: cell["execution_count"] for cell in cells_of(result.merged)}
    assert counts == {"c": 3, "n": None, "a": 1, "b": 2}


TYPES = {
    "upstream makes code text": (
        A, code("a", "x = 1\ny = 2", STREAM, 3, mine=1), text("a", "x = 1\ny = 2"),
        text("a", "x = 1\ny = 2", mine=1),
    ),
    "upstream makes text code": (
        text("a", "x\ny"), text("a", "x\nz"), code("a", "x\ny", OTHER, 2),
        code("a", "x\nz", OTHER, 2),
    ),
    "the learner makes text code and runs it": (
        text("a", "x\ny"), code("a", "x\ny", STREAM, 1), text("a", "x\ny", tags=["t"]),
        code("a", "x\ny", STREAM, 1, tags=["t"]),
    ),
    "the learner makes code text": (
        A, text("a", "x = 1\ny = 2"), A_YOURS, text("a", "x = 9\ny = 2"),
    ),
    "upstream makes code text and rewrites what the learner wrote": (
        A, A_MINE, text("a", "x = 1\nWrite y."), A_MINE,
    ),
    "both change the type": (
        A, text("a", "x = 1\ny = 2"), A | {"cell_type": "raw"}, text("a", "x = 1\ny = 2"),
    ),
    "a picture of the learner's fits no code": (
        text("a", "x"), text("a", "x", PICTURE), code("a", "x"), text("a", "x", PICTURE),
    ),
    "what folds an output means nothing in text": (
        code("a", "x", collapsed=True), text("a", "x", collapsed="odd"),
        code("a", "x", collapsed=False, new=1), text("a", "x", collapsed="odd", new=1),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), TYPES.values(), ids=TYPES)
def test_a_changed_type_arrives_and_the_cell_fits_it(base, ours, theirs, merged):
    def without(cell):
        return {k: v for k, v in cell.items() if k not in ("outputs", "execution_count")}

    if ours["cell_type"] == "markdown" or theirs["cell_type"] != "code":
        theirs = without(theirs) if theirs["cell_type"] == "raw" else theirs
    result = merge(file(base), file(ours), file(theirs))
    assert cells_of(result.merged) == [merged]


KEYS = [
    # base, ours, theirs, merged
    ({}, {"mine": 1}, {"theirs": 2}, {"mine": 1, "theirs": 2}),
    ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}),
    ({"a": 1, "b": 1}, {"a": 1}, {"a": 2, "b": 1}, {"a": 2}),
    ({"a": {"x": 1, "y": 1}}, {"a": {"x": 2, "y": 1}}, {"a": {"x": 1, "y": 2, "z": 3}},
     {"a": {"x": 2, "y": 2, "z": 3}}),
    ({"a": 1}, {"a": 2}, {}, {"a": 2}),
    ({"a": 1}, {"a": 1, "c": 1}, {}, {"c": 1}),
    ({"a": 1}, {"c": 1}, {"a": 5}, {"c": 1}),
    ({}, {"a": {"x": 1}}, {"a": {"y": 1}}, {"a": {"x": 1, "y": 1}}),
    ({"a": 1}, {"a": True, "n": 0}, {"a": 1.0}, {"a": True, "n": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), KEYS)
def test_metadata_merges_by_key_and_the_learners_wins(base, ours, theirs, merged):
    result = merge(*(file(text("a", "x", **side)) for side in (base, ours, theirs)))
    assert cells_of(result.merged)[0]["metadata"] == merged
    whole = merge(*(file(A, metadata=side) for side in (base, ours, theirs)))
    assert json.loads(whole.merged)["metadata"] == merged
    assert not whole.cells


def test_attachments_merge_by_key_and_a_quarrel_is_told():
    b, o, t = ({n: {"image/png": v} for n, v in side.items()} for side in (
        {"p": "0"}, {"p": "1", "m": "1"}, {"p": "2", "t": "2"},
    ))  # fmt: skip
    result = merge(file(text("a", "x", b)), file(text("a", "x", o)), file(text("a", "x", t)))
    merged = cells_of(result.merged)[0]["attachments"]
    assert {name: bundle["image/png"] for name, bundle in merged.items()} == {
        "p": "1", "m": "1", "t": "2",
    }  # fmt: skip
    assert told(result) == [("not-taken", "a", "x")]


def bare(cell):
    return {key: value for key, value in cell.items() if key != "id"}


def test_an_upgrade_by_the_learners_editor_is_no_edit():
    base = file(bare(A), bare(B), bare(C), minor=4)
    ours = file(A | {"id": "lab1"}, B | {"id": "lab2"}, C | {"id": "lab3"})
    result = merge(base, ours, file(bare(A_YOURS), bare(YOURS), bare(C), minor=4))
    assert sources(result) == ["x = 9\ny = 2", "theirs", "plot(x)"]
    assert ids(result)[0::2] == ["lab1", "lab3"]
    assert [action for action, *_ in told(result)] == ["added", "removed"]


def test_an_upgrade_by_upstream_brings_its_ids():
    base = file(bare(A), bare(B), minor=4)
    result = merge(base, file(bare(A_MINE), bare(B), bare(MINE), minor=4), file(A, B, YOURS))
    assert ids(result)[:3] == ["a", "b", "t"]
    assert sources(result) == ["x = 1\ny = 3", "# Title", "theirs", "mine"]
    assert json.loads(result.merged)["nbformat_minor"] == 5


def test_new_ids_are_the_same_each_time():
    sides = file(bare(A), minor=4), file(A, MINE), file(bare(A), bare(YOURS), minor=4)
    assert merge(*sides) == merge(*sides)


def test_ids_numbered_anew_are_not_believed():
    def numbered(*cells):
        return file(*(cell | {"id": str(n)} for n, cell in enumerate(cells)))

    base = numbered(A, B, C)
    result = merge(base, numbered(A_MINE, B, C), numbered(YOURS, A, B, code("c", "plot(y)")))
    assert sources(result) == ["theirs", "x = 1\ny = 3", "# Title", "plot(y)"]


def test_ids_made_new_each_time_are_no_other_cells():
    base = file(*(cell | {"id": f"old{n}"} for n, cell in enumerate((A, B, C))))
    theirs = file(*(cell | {"id": f"new{n}"} for n, cell in enumerate((A, YOURS, B, C))))
    ours = file(*(cell | {"id": f"old{n}"} for n, cell in enumerate((A_MINE, B, C))))
    result = merge(base, ours, theirs)
    assert sources(result) == ["x = 1\ny = 3", "theirs", "# Title", "plot(x)"]
    assert ids(result) == ["new0", "new1", "new2", "new3"]


def test_a_cell_that_was_copied_and_then_edited_keeps_its_id():
    copy = code("copy", "x = 1\ny = 2")
    result = merge(file(A, C), file(A_MINE, copy, C), file(A_YOURS, C))
    assert ids(result) == ["a", "copy", "c"]
    assert sources(result) == ["x = 9\ny = 3", "x = 1\ny = 2", "plot(x)"]


def test_a_cell_that_was_cut_and_pasted_is_the_same_under_its_new_id():
    result = merge(file(A, B, C), file(B | {"id": "pasted"}, A, C), file(A, text("b", "# Top"), C))
    assert sources(result) == ["# Top", "x = 1\ny = 2", "plot(x)"]
    assert ids(result) == ["b", "a", "c"]


def test_ids_that_count_the_cells_are_believed_where_nothing_was_numbered_anew():
    first, second = code("0", "x = 1"), code("1", "")
    ours = file(code("0", "x = 1 + 1"), code("1", "x = 1"))
    result = merge(file(first, second), ours, file(first, second, code("2", "theirs")))
    assert sources(result) == ["x = 1 + 1", "x = 1", "theirs"]
    assert ids(result) == ["0", "1", "2"]


BLANK = code(None, "")
UNNAMED = {
    # Without ids. name: (base, ours, theirs, sources of the merged)
    "the learner writes into an empty cell": (
        [A, BLANK, C], [A, MINE, C], [A_YOURS, BLANK, C], ["x = 9\ny = 2", "mine", "plot(x)"],
    ),
    "upstream writes into an empty cell": (
        [A, BLANK, C], [A_MINE, BLANK, C], [A, YOURS, C], ["x = 1\ny = 3", "theirs", "plot(x)"],
    ),
    "both write into an empty cell": (
        [A, BLANK, C], [A, MINE, C], [A, YOURS, C],
        ["x = 1\ny = 2", "theirs", "mine", "plot(x)"],
    ),
    "the learner empties a cell": ([A, B, C], [BLANK, B, C], [A, B, C, YOURS],
        ["", "# Title", "plot(x)", "theirs"],
    ),
    "the first of two that were the same is edited": (
        [BLANK, B, B, C], [BLANK, text(None, "# Title\nmine"), B, C], [BLANK, B, B, C, YOURS],
        ["", "# Title\nmine", "# Title", "plot(x)", "theirs"],
    ),
    "an empty cell moves": (
        [BLANK, A, C], [A, BLANK, C], [BLANK, A_YOURS, C], ["x = 9\ny = 2", "", "plot(x)"],
    ),
    "a short cell grows beside a new one": (
        [A, code(None, "x = 1"), C], [A, MINE, code(None, "x = 1  # one"), C],
        [A, code(None, "x = 1"), C, YOURS],
        ["x = 1\ny = 2", "mine", "x = 1  # one", "plot(x)", "theirs"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "wanted"), UNNAMED.values(), ids=UNNAMED)
def test_cells_without_ids_are_known_by_what_is_in_them(base, ours, theirs, wanted):
    result = merge(*(file(*map(bare, side), minor=4) for side in (base, ours, theirs)))
    assert sources(result) == wanted


def test_one_id_on_two_cells_is_mended():
    twin = C | {"id": "a"}
    result = merge(file(A, twin, B), file(A_MINE, twin, B), file(A, twin, B, YOURS))
    assert sources(result) == ["x = 1\ny = 3", "plot(x)", "# Title", "theirs"]
    assert len(set(ids(result))) == 4


def test_cells_without_ids_are_known_by_their_lines():
    long = "import numpy as np\ndata = np.arange(10)\nprint(data)\n"
    base = [code(None, long), text(None, "# One"), code(None, "total = data.sum()\ntotal")]
    ours = [base[1], code(None, long + "print('mine')"), base[2]]
    theirs = [code(None, long.replace("10", "20")), text(None, "# One"), base[2]]
    result = merge(*(file(*side, minor=4) for side in (base, ours, theirs)))
    assert sources(result) == [
        "# One",
        long.replace("10", "20") + "print('mine')",
        source_of(base[2]),
    ]


def test_short_cells_without_ids_are_known_by_their_place():
    def short(y):
        return file(*(code(None, line) for line in ("x = 1", f"y = {y}", "z = 3")), minor=4)

    result = merge(short(2), short(20), short(5))
    assert sources(result) == ["x = 1", "y = 20", "z = 3"]
    assert told(result) == [("not-taken", None, "y = 20")]


def test_the_same_cell_added_by_both_without_ids_is_one():
    a, m, t = bare(A), bare(MINE), bare(YOURS)
    result = merge(file(a, minor=4), file(a, t, m, minor=4), file(a, t, minor=4))
    assert sources(result) == [source_of(A), "theirs", "mine"]


def test_repeated_cells_without_ids_keep_their_places():
    show, a, c = code(None, "plt.show()"), bare(A), bare(C)
    base = file(a, show, c, show, minor=4)
    result = merge(base, file(a, show, c, show, bare(MINE), minor=4), file(a, c, show, minor=4))
    assert sources(result) == [source_of(A), "plot(x)", "plt.show()", "mine"]


def test_a_notebook_of_version_3_is_upgraded():
    def old(*cells):
        sheet = [{"cell_type": "code", "collapsed": False, "input": [s], "language": "python",
                  "metadata": {}, "outputs": []} for s in cells]  # fmt: skip
        value = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
        return json.dumps(value | {"worksheets": [{"cells": sheet, "metadata": {}}]}).encode()

    result = merge(old("a = 1", "b = 2"), old("a = 1", "b = 2", "mine"), old("a = 0", "b = 2"))
    assert sources(result) == ["a = 0", "b = 2", "mine"]
    assert json.loads(result.merged)["nbformat"] == 4
    newer = merge(old("a = 1"), old("a = 1", "mine"), file(code("a", "a = 1"), YOURS))
    assert sources(newer) == ["a = 1", "theirs", "mine"]


def test_a_later_minor_version_is_merged_as_far_as_it_is_known():
    base, theirs = file(A, minor=6), file(A | {"new": {"k": 1}}, YOURS, minor=7)
    result = merge(base, file(A_MINE, minor=6), theirs)
    assert sources(result) == ["x = 1\ny = 3", "theirs"]
    assert cells_of(result.merged)[0]["new"] == {"k": 1}
    assert json.loads(result.merged)["nbformat_minor"] == 7


BROKEN = {
    b"": "is empty",
    b" \n": "is empty",
    b"{": "is not valid JSON",
    b"[]": "is not valid JSON",
    b"{}": "has no cells",
    b'{"nbformat": 4}': "has no cells",
    b'{"cells": [1], "nbformat": 4}': "no cell",
    b'{"cells": {}, "nbformat": 4}': "is not valid JSON",
    b'{"cells": [], "nbformat": 5}': "is of a version",
    b'{"worksheets": 1, "nbformat": 3}': "cannot be upgraded",
    b'{"cells": []} x': "is not valid JSON",
    b'{"cells": [],}': "is not valid JSON",
    b'{"cells": [{},]}': "is not valid JSON",
    b'{"cells": [\xff]}': "is not valid JSON",
    b'{"a" 1}': "is not valid JSON",
    b'{"cells":\n<<<<<<< HEAD\n[]\n=======\n[{}]\n>>>>>>> x\n}': "holds the conflict markers",
    b'{"cells": ' + b"[" * 100_000: "is nested too deeply",
}


@pytest.mark.parametrize(("data", "why"), BROKEN.items(), ids=lambda it: str(it)[:30])
@pytest.mark.parametrize("side", range(3), ids=["base", "ours", "theirs"])
def test_what_is_no_notebook_leaves_the_learners_file_alone(data, why, side):
    sides = [file(A), file(A_MINE), file(A_YOURS)]
    sides[side] = data
    result = merge_notebook(*sides)
    assert result.merged == sides[1]
    assert why in result.problem
    assert result.problem.startswith(("The file that was last", "Your file", "Upstream's")[side])
    assert not result.cells


def test_a_notebook_nested_too_deeply_to_merge_stays():
    deep = b"[" * 800 + b"]" * 800
    sides = [file(A | {"metadata": {"deep": "?", "n": n}}).replace(b'"?"', deep) for n in range(3)]

    def call(depth):
        return call(depth - 1) if depth else merge_notebook(*sides)

    result = call(100)
    assert result.problem or json.loads(result.merged)


@pytest.mark.parametrize(
    "wrong", [{"source": 1}, {"source": [1]}, {"metadata": []}, {"cell_type": 1}]
)
def test_a_cell_of_no_known_shape_stays_as_it_is(wrong):
    base, ours, theirs = (A | {"n": n} | wrong for n in range(3))
    result = merge(file(base, B), file(ours, B), file(theirs, B, YOURS), valid=False)
    assert cells_of(result.merged) == [ours, B, YOURS]
    arrived = merge(file(base, B), file(base, B, MINE), file(theirs, B), valid=False)
    assert cells_of(arrived.merged) == [theirs, B, MINE]


MISFITS = [
    {"metadata": None}, {"outputs": None}, {"outputs": [1]}, {"outputs": [{"text": 5}]},
    {"cell_type": "odd"}, {"source": 1}, {"execution_count": "x"},
    {"cell_type": "markdown", "attachments": []},
]  # fmt: skip


@pytest.mark.parametrize("wrong", MISFITS, ids=str)
def test_a_cell_of_upstreams_that_fits_no_notebook_does_not_come_in(wrong):
    ours = file(A_MINE, C)
    for theirs in (file(A, C | wrong), file(A_YOURS, C, code("t", "theirs") | wrong)):
        result = merge_notebook(file(A, C), ours, theirs)
        assert result.merged == ours
        assert "a cell that does not fit the format" in result.problem


def test_metadata_that_are_no_object_leave_the_learners_file_alone():
    result = merge_notebook(
        file(A), file(A_MINE), file(A_YOURS).replace(b': {},\n "n', b': 1,\n "n')
    )
    assert result.problem == "Upstream's file has metadata that are no object."


def test_a_version_of_many_digits_is_no_version():
    odd = file(A_YOURS).replace(b'minor": 5', b'minor": ' + b"9" * 5000)
    assert cells_of(merge_notebook(file(A), file(A_MINE), odd).merged)[0]["id"] == "a"


def test_a_large_notebook_is_merged_without_holding_it_as_objects(monkeypatch):
    monkeypatch.setattr(nbfile, "_HELD", 1000)
    monkeypatch.setattr(nbfile, "_LARGE", 2000)
    bundle = {"application/json": [n / 7 for n in range(200)], "text/plain": "é"}
    big = [{"data": bundle, "metadata": {}, "output_type": "display_data"}]
    cells = [code(f"c{n}", f"é = {n}\nprint({n})", big if n < 25 else (), n) for n in range(60)]
    ours = [*cells[:30], MINE, *cells[30:]]
    ours[0] = code("c0", "é = 0\nmine", big, 0)
    theirs = [code("c0", "é = 1\nprint(0)", big, 0), *cells[1:59], code("c59", "é", STREAM, 9)]
    result = merge(file(*cells), file(*ours), file(*theirs, indent=2))
    assert sources(result)[0] == "é = 1\nmine"
    assert cells_of(result.merged)[60] == theirs[59]
    assert cells_of(result.merged)[0]["outputs"] == big
    assert told(result) == [("merged", "c0", "é = 1")]


def test_two_new_cells_with_one_source_get_two_ids():
    theirs = file(bare(A), bare(YOURS), bare(YOURS), minor=4)
    result = merge(file(bare(A), minor=4), file(A, MINE), theirs)
    assert sources(result) == [source_of(A), "theirs", "theirs", "mine"]
    assert len(set(ids(result))) == 4


def test_an_id_that_upstream_gave_too_early_does_not_come_in():
    result = merge(
        file(bare(A), minor=4), file(bare(A), bare(MINE), minor=4), file(A, YOURS, minor=4)
    )
    assert ids(result) == [None, None, None]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0), st.integers(0, 255)), max_size=6))
def test_any_bytes_merge_or_leave_the_learners_file_alone(damages):
    sides = [bytearray(file(A, B, C)), bytearray(file(A_MINE, B, C)), bytearray(file(A_YOURS, C))]
    for side, place, byte in damages:
        sides[side][place % len(sides[side])] = byte
    base, ours, theirs = map(bytes, sides)
    result = merge_notebook(base, ours, theirs)
    if result.problem:
        assert result.merged == ours
    elif ours != base:
        json.loads(result.merged)
