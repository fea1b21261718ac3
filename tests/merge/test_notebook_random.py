"""Random courses against a model that knows which cell is which."""

import warnings

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import bases, cells_of, deeds, notebook, play, source_of
from nbpull_sync.notebook import merge_notebook

ASKED = settings(deadline=None, max_examples=80)
scenes = st.tuples(bases, deeds, deeds)


def judge(base, mine, yours, merged, outcomes):
    """Hold a merge with ids against what ought to become of each cell."""
    old = {cell.key: cell for cell in base}
    found = {cell["id"]: cell for cell in merged}
    assert len(found) == len(merged), "ids are unique"
    told = {(it.action, it.cell_id) for it in outcomes}
    for key in {*old, *mine.keys, *yours.keys}:
        ours, theirs = mine.get(key), yours.get(key)
        if key not in old or (ours and theirs):
            expected = True
        elif ours:
            expected = key in mine.changed
        else:
            expected = bool(theirs) and key in yours.changed
        assert (key in found) == expected, key
        if expected:
            judge_cell(old.get(key), ours, theirs, found[key], ("not-taken", key) in told)
    judge_order(base, mine, yours, [cell["id"] for cell in merged])


def judge_cell(old, ours, theirs, cell, refused):
    lines = source_of(cell).split("\n")
    before = old.lines if old else ()
    for line in ours.lines if ours else ():
        assert line in lines or line in before, "no line of the learner's is lost"
    for line in theirs.lines if theirs else ():
        assert line in lines or line in before or refused, "no line of upstream's is missed"
    if theirs and ours in (None, old):
        assert_is(cell, theirs)
    elif theirs in (None, old):
        assert_is(cell, ours)
    elif old:
        judge_both(old, ours, theirs, cell)


def judge_both(old, ours, theirs, cell):
    """Hold a cell that both sides touched."""
    if ours.lines == old.lines:
        assert source_of(cell) == theirs.source
    if theirs.lines == old.lines:
        assert source_of(cell) == ours.source
    for side, other in ((ours, theirs), (theirs, ours)):
        assert side.metadata.items() <= cell["metadata"].items()
        if side.kind == old.kind and source_of(cell) != ours.source:
            assert cell["cell_type"] in (other.kind, old.kind)
    if old.kind == ours.kind == theirs.kind == "code":
        texts = tuple("".join(output["text"]) for output in cell["outputs"])
        got = texts, cell["execution_count"]
        if (ours.outputs, ours.count) == (old.outputs, old.count):
            assert got == (theirs.outputs, theirs.count)
        elif source_of(cell) == ours.source:
            assert got == (ours.outputs, ours.count)
        else:
            assert got == ((), None)


def assert_is(cell, wanted):
    assert {**cell, "id": None} == {**wanted.to_json(None), "id": None}


def judge_order(base, mine, yours, order):
    if not (mine.moved or yours.moved):
        for side in (mine, yours):
            kept = [key for key in side.keys if key in order]
            assert [key for key in order if key in kept] == kept, "each side's order holds"
        shared = {cell.key for cell in base} & set(mine.keys) & set(yours.keys)
        gap = None
        for key in order:
            if key in shared:
                gap = None
            elif key in mine.keys and key not in yours.keys:
                gap = key
            assert not (gap and key.startswith("upstream")), "upstream's additions come first"
    elif not mine.moved and mine.keys == [cell.key for cell in base]:
        kept = [key for key in order if key in yours.keys]
        assert kept == [key for key in yours.keys if key in order], "upstream's moves arrive"
    elif not yours.moved and yours.keys == [cell.key for cell in base]:
        kept = [key for key in order if key in mine.keys]
        assert kept == [key for key in mine.keys if key in order], "the learner's moves stay"


def assert_valid(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(nbformat.from_dict(nbformat.reader.reads(data.decode())))


@ASKED
@given(scenes)
def test_cells_with_ids_become_what_the_model_says(scene):
    base, mine, yours = scene[0], play("learner", *scene[:2]), play("upstream", scene[0], scene[2])
    old, here, there = notebook(base), notebook(mine.cells), notebook(yours.cells)
    result = merge_notebook(old, here, there)
    assert not result.problem
    judge(base, mine, yours, cells_of(result.merged), result.cells)
    assert_valid(result.merged)


@ASKED
@given(scenes)
def test_cells_without_ids_lose_no_line_of_either_side(scene):
    base, mine, yours = scene[0], play("learner", *scene[:2]), play("upstream", scene[0], scene[2])
    files = [notebook(cells, ids=False) for cells in (base, mine.cells, yours.cells)]
    result = merge_notebook(*files)
    merged = cells_of(result.merged)
    lines = [line for cell in merged for line in source_of(cell).split("\n")]
    before = {line for cell in base for line in cell.lines}
    for cell in mine.cells:
        assert all(line in lines or line in before for line in cell.lines)
    for cell in yours.cells:
        new = [line for line in cell.lines if line not in before]
        for line in new:
            kept_out = cell.key in yours.edited & mine.edited and any(
                it.action == "not-taken" for it in result.cells
            )
            dropped = cell.key not in mine.keys and cell.key not in yours.edited
            assert line in lines or kept_out or dropped, line
    untouched = {cell.key for cell in base} - mine.touched
    sources = [source_of(cell) for cell in merged]
    for key in untouched & set(mine.keys):
        theirs = yours.get(key)
        if theirs:
            assert theirs.source in sources
        else:
            assert next(cell.source for cell in base if cell.key == key) not in sources
    assert_valid(result.merged)


@ASKED
@given(scenes, st.booleans())
def test_a_second_merge_changes_nothing(scene, ids):
    base, mine, yours = scene[0], play("learner", *scene[:2]), play("upstream", scene[0], scene[2])
    old, here, there = (notebook(c, ids=ids) for c in (base, mine.cells, yours.cells))
    merged = merge_notebook(old, here, there).merged
    assert merge_notebook(there, merged, there).merged == merged
    assert merge_notebook(old, old, there).merged == there
    assert merge_notebook(old, here, old).merged == here
    assert merge_notebook(old, here, here).merged == here
    if merged != there:  # written otherwise it is still the same notebook
        compact = notebook(yours.cells, ids=ids, indent=None)
        assert merge_notebook(there, merged, compact).merged == merged


@ASKED
@given(scenes)
def test_a_merge_that_was_cut_off_and_done_again_gives_the_same(scene):
    base, mine, yours = scene[0], play("learner", *scene[:2]), play("upstream", scene[0], scene[2])
    old, here, there = notebook(base), notebook(mine.cells), notebook(yours.cells)
    merged = merge_notebook(old, here, there).merged
    again = merge_notebook(old, merged, there).merged
    assert {c["id"] for c in cells_of(again)} == {c["id"] for c in cells_of(merged)}
    for cell in cells_of(merged):
        twin = next(c for c in cells_of(again) if c["id"] == cell["id"])
        assert set(source_of(cell).split("\n")) <= set(source_of(twin).split("\n"))


@ASKED
@given(scenes, st.sampled_from(["ours", "theirs", "both"]))
def test_an_upgrade_that_gives_ids_is_no_edit(scene, upgraded):
    base, mine, yours = scene[0], play("learner", *scene[:2]), play("upstream", scene[0], scene[2])
    fresh = {cell.key: f"fresh-{cell.key}" for cell in mine.cells}
    old = notebook(base, ids=False)
    here = notebook(mine.cells, ids=upgraded != "theirs", names=fresh)
    there = notebook(yours.cells, ids=upgraded != "ours")
    plain = merge_notebook(
        old, notebook(mine.cells, ids=False), notebook(yours.cells, ids=False)
    ).merged
    result = merge_notebook(old, here, there)
    assert [source_of(c) for c in cells_of(result.merged)] == [
        source_of(c) for c in cells_of(plain)
    ]
    assert_valid(result.merged)


@ASKED
@given(scenes)
def test_ids_numbered_anew_are_not_believed(scene):
    base, yours = scene[0], play("upstream", scene[0], scene[2])
    mine = play("learner", scene[0], [deed for deed in scene[1] if deed[0] in ("edit", "run")])

    def numbered(cells):
        return notebook(cells, names={cell.key: str(n) for n, cell in enumerate(cells)})

    result = merge_notebook(numbered(base), numbered(mine.cells), numbered(yours.cells))
    lines = [line for cell in cells_of(result.merged) for line in source_of(cell).split("\n")]
    before = {line for cell in base for line in cell.lines}
    for cell in mine.cells:
        assert all(line in lines or line in before for line in cell.lines)
    refused = any(it.action == "not-taken" for it in result.cells)
    for cell in yours.cells:
        if cell.key not in mine.edited:
            assert all(line in lines or line in before or refused for line in cell.lines)
    assert_valid(result.merged)
