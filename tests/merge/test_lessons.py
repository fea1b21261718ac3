"""Lessons that a teacher and a learner both work on, against what must become of each cell."""

import json
import re
import warnings

import nbformat
import pytest

from expect import count_faults, faults
from lessons import draw, to_file, to_old_file
from nbpull_sync.notebook import merge_notebook

EACH = 60  # scenes of one test
HEADS = {}, {"mine": 1}, {"yours": 1}  # so that no file is ever taken whole
KNOWN = ("add", "add", "change", "change", "insert", "strike", "delete", "move", "run", "tag")
"""Deeds after which a cell without an id can be known; of two copies either could be the first."""

LAYOUTS = (
    {},
    {"indent": 2},
    {"indent": "\t", "ensure_ascii": True},
    {"indent": None, "separators": (",", ":")},
    {"indent": 4, "separators": (", ", ": ")},
)


def sheets(scene):
    return scene[0], scene[1].cells, scene[2].cells


def merge(files):
    result = merge_notebook(*files)
    assert not result.problem
    assert merge_notebook(files[2], result.merged, files[2]).merged == result.merged
    value = json.loads(result.merged)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(nbformat.from_dict(value))
    return result, value["cells"]


def told(result):
    return {(it.action, it.cell_id) for it in result.cells}


@pytest.mark.parametrize("start", range(0, 6 * EACH, EACH))
def test_every_cell_with_an_id_becomes_what_both_made_of_it(start):
    for seed in range(start, start + EACH):
        scene = draw(seed).play()
        layouts = LAYOUTS[seed % 5], LAYOUTS[seed // 5 % 5], LAYOUTS[seed // 25 % 5]
        files = [
            to_file(cells, metadata=head, layout=layout)
            for cells, head, layout in zip(sheets(scene), HEADS, layouts, strict=True)
        ]
        result, cells = merge(files)
        assert (seed, faults(scene, cells, told(result))) == (seed, [])
        style = {"ensure_ascii": False, "sort_keys": True, "indent": 1, **layouts[1]}
        assert result.merged.decode() == json.dumps(json.loads(result.merged), **style) + "\n"


@pytest.mark.parametrize("start", range(0, 3 * EACH, EACH))
def test_cells_that_are_nearly_the_same_are_told_apart_by_their_ids(start):
    for seed in range(start, start + EACH):
        scene = draw(seed, alike=True, verbs=KNOWN).play()
        pairs = zip(sheets(scene), HEADS, strict=True)
        result, cells = merge([to_file(cells, metadata=head) for cells, head in pairs])
        assert (seed, faults(scene, cells, told(result))) == (seed, [])


def fresh(cells, letter):
    """Give the ids that an editor makes when it upgrades a notebook."""
    return {cell.key: f"{letter}{number * 7919}" for number, cell in enumerate(cells)}


def without_ids(scene, _):
    return [to_file(it, minor=4, metadata=head) for it, head in zip(scene, HEADS, strict=True)]


def of_version_3(scene, _):
    return [to_old_file(it, head) for it, head in zip(scene, HEADS, strict=True)]


def upgraded(scene, sides):
    return [
        to_file(it, metadata=head, names=fresh(it, side), minor=5 if side in sides else minor)
        for it, head, side, minor in zip(scene, HEADS, "bmy", (4, 2, 4), strict=True)
    ]


@pytest.mark.parametrize("alike", [False, True], ids=["distinct", "alike"])
@pytest.mark.parametrize(
    ("write", "sides"),
    [(without_ids, ""), (of_version_3, ""), (upgraded, "m"), (upgraded, "y"), (upgraded, "my")],
    ids=["4.4", "3", "the learner upgrades", "upstream upgrades", "both upgrade"],
)
def test_without_ids_hardly_a_cell_is_there_twice_and_none_is_lost(write, sides, alike):
    """Hold how seldom it may fail: nothing tells a cell that was rewritten from a new one."""
    wrong, lost = [], []
    for seed in range(2 * EACH):
        scene = draw(seed, alike=alike, verbs=KNOWN).play()
        _, cells = merge(write(sheets(scene), sides))
        found = count_faults(scene, cells)
        wrong += [seed] if found else []
        texts = "\n".join("".join(cell["source"]) for cell in cells)
        words = re.findall(r"mine\d+", "\n".join(cell.source for cell in scene[1].cells))
        lost += [word for word in words if word not in texts]
    assert not lost
    assert len(wrong) <= (6 if alike else 2)
