"""The learner's file keeps its bytes where upstream brought nothing new."""

import difflib
import json

import pytest

from nbpull_sync.jsontext import Raw, Style
from nbpull_sync.notebook import merge_notebook

LAYOUTS = {
    "nbformat": {"indent": 1, "ensure_ascii": False, "sort_keys": True},
    "two spaces": {"indent": 2, "ensure_ascii": False},
    "tabs, escapes": {"indent": "\t", "ensure_ascii": True},
    "one line": {"indent": None},
    "compact": {"indent": None, "separators": (",", ":")},
    "old spaces": {"indent": 1, "separators": (", ", ": ")},
}


def course(*sources, strings=False, ids=True):
    cells = []
    for number, source in enumerate(sources):
        cell = {"cell_type": "code", "execution_count": None}
        if ids:
            cell["id"] = f"c{source[0]}{number}" if source.startswith("+") else f"c{source[0]}"
        lines = source if strings else source.splitlines(keepends=True)
        cell |= {"metadata": {"ratio": 1.0, "big": 10**25}, "outputs": [], "source": lines}
        cells.append(cell)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 é"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5 if ids else 4}


def write(value, *, final="\n", ends="\n", **layout):
    return (json.dumps(value, **layout) + final).replace("\n", ends).encode()


BASE = course("a = 1\nb = 2\n", "b = 3", "c = 4")
OURS = course("a = 1\nb = 2\nmine = 'é'\n", "b = 3", "c = 4")
THEIRS = course("a = 0\nb = 2\n", "b = 3", "new = 'ü'", "c = 4")
BOTH = course("a = 0\nb = 2\nmine = 'é'\n", "b = 3", "new = 'ü'", "c = 4")


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("final", ["", "\n"], ids=["open", "closed"])
@pytest.mark.parametrize("theirs", LAYOUTS)
@pytest.mark.parametrize("ours", LAYOUTS)
def test_the_merged_file_has_the_learners_layout(ours, theirs, final, ends):
    mine = write(OURS, final=final, ends=ends, **LAYOUTS[ours])
    yours = write(THEIRS, **LAYOUTS[theirs])
    result = merge_notebook(write(BASE, **LAYOUTS[theirs]), mine, yours)
    assert json.loads(result.merged) == BOTH
    wanted = write(BOTH, final=final, ends=ends, **LAYOUTS[ours])
    if ours == "nbformat" or theirs != "nbformat":  # an order of keys that is none is upstream's
        assert result.merged == wanted


def test_sources_stay_strings_or_lists_as_the_learner_has_them():
    strings = course("a = 1\nb = 2\nmine = 'é'\n", "b = 3", "c = 4", strings=True)
    result = merge_notebook(write(BASE), write(strings), write(THEIRS))
    assert all(isinstance(cell["source"], str) for cell in json.loads(result.merged)["cells"])
    back = merge_notebook(write(BASE), write(OURS), write(course(
        "a = 0\nb = 2\n", "b = 3", "new = 'ü'", "c = 4", strings=True)))  # fmt: skip
    assert json.loads(back.merged) == BOTH


def test_outputs_that_come_in_are_laid_out_as_the_learners():
    def ran(value, text, data):
        bundle = {"text/plain": data, "application/json": ["a\n", "b"]}
        value["cells"][1]["outputs"] = [
            {"name": "stdout", "output_type": "stream", "text": text},
            {"data": bundle, "metadata": {}, "output_type": "display_data"},
        ]
        return value

    theirs = ran(course("a = 1\nb = 2\n", "b = 3", "c = 4", strings=True), "x\ny\n", "p\nq")
    result = merge_notebook(write(BASE), write(OURS), write(theirs))
    outputs = json.loads(result.merged)["cells"][1]["outputs"]
    assert outputs[0]["text"] == ["x\n", "y\n"]
    assert outputs[1]["data"] == {"text/plain": ["p\n", "q"], "application/json": ["a\n", "b"]}


def test_a_file_in_another_layout_is_no_edit():
    ours = write(OURS, indent=4)
    assert merge_notebook(write(BASE), ours, write(BASE, indent=2)).merged == ours
    strings = write(course("a = 1\nb = 2\n", "b = 3", "c = 4", strings=True), indent=3)
    merged = merge_notebook(write(BASE), strings, write(THEIRS)).merged
    assert [c["source"] for c in json.loads(merged)["cells"]][2] == "new = 'ü'"


def test_what_did_not_change_keeps_its_bytes_whatever_wrote_them():
    ours = b"""\xef\xbb\xbf  {"nbformat" :4, "nbformat_minor":5,
      "metadata": { "a": 1e400, "a": NaN, "b" : 1E5, "pair": "\\ud83d\\ude00 \\/" },
      "cells": [ {"id":"a","cell_type":"code","metadata":{ "x": -0.0 },"outputs":[ ]
        ,"execution_count":null,"source":"q\\u0041"}
        , { "id":"b", "cell_type" : "markdown" , "metadata":{}, "source":["t"] } ]  }  \n\n"""
    base = ours.replace(b'["t"]', b'["s"]')
    theirs = base.replace(b"q\\u0041", b"new").replace(b'"x": -0.0', b'"x": -0.0, "y": 1.50')
    merged = merge_notebook(base, ours, theirs).merged
    assert merged.replace(b"new", b"q\\u0041").replace(b', "y": 1.50', b"") == ours
    meta = theirs.replace(b'"b" : 1E5', b'"b" : 1E6')
    merged = merge_notebook(base, ours, meta).merged
    assert b"NaN" in merged
    assert b"1E6" in merged
    assert merged.startswith(b"\xef\xbb\xbf  {")
    assert merged.endswith(b"}  \n\n")


def test_a_cut_in_half_letter_stays_what_it_was():
    value = course("a = 1\n", "b")
    base, ours, theirs = (json.dumps(value | {"metadata": {"n": n}}).encode() for n in range(3))
    theirs = theirs.replace(b'"b"', b'"\\ud800 b"')
    ours = ours.replace(b'"a = 1\\n"', b'"a = 1\\n", "\\udc00"').replace(b"Python", "é".encode())
    merged = merge_notebook(base, ours, theirs).merged
    assert b"\\ud800 b" in merged
    assert json.loads(merged)["cells"][0]["source"][1] == "\udc00"


def test_the_difference_to_the_learners_file_is_what_upstream_brought():
    base, ours, theirs = (write(v, **LAYOUTS["nbformat"]) for v in (BASE, OURS, THEIRS))
    merged = merge_notebook(base, ours, theirs).merged

    def diff(a, b):
        lines = difflib.ndiff(a.decode().splitlines(), b.decode().splitlines())
        return [line for line in lines if line[0] in "+-"]

    assert diff(ours, merged) == diff(base, theirs)


def test_an_empty_list_of_cells_takes_the_layout_of_the_file():
    empty = course()
    for layout in LAYOUTS.values():
        ours = write(empty | {"metadata": empty["metadata"] | {"mine": 1}}, **layout)
        merged = merge_notebook(write(empty), ours, write(THEIRS, **LAYOUTS["two spaces"])).merged
        wanted = THEIRS | {"metadata": THEIRS["metadata"] | {"mine": 1}}
        assert json.loads(merged) == wanted
        gone = merge_notebook(
            write(THEIRS), write(THEIRS | {"metadata": {}}, **layout), write(empty)
        )
        assert json.loads(gone.merged)["cells"] == []


def test_members_beside_the_cells_come_and_go():
    base = b'{"cells": [], "metadata": {}, "old": 1, "nbformat": 4}'
    ours = b'{"cells": [], "metadata": {"m": 1}, "old": 1, "nbformat": 4}'
    theirs = b'{"cells": [], "metadata": {}, "new": {"n": 2}, "nbformat": 4, "nbformat_minor": 5}'
    merged = json.loads(merge_notebook(base, ours, theirs).merged)
    assert merged == {
        "cells": [], "metadata": {"m": 1}, "new": {"n": 2}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


def test_values_are_written_as_json_writes_them():
    value = {"a": [1, [], {}, None, True, False, "é\n"], "b": {"c": "x"}}
    exact = {"a": [("1",), [], {}, None, True, False, "é\n"], "b": {"c": "x"}}
    for layout in LAYOUTS.values():
        style = Style(
            indent=" " * layout["indent"]
            if isinstance(layout["indent"], int)
            else layout["indent"],
            comma=layout.get("separators", ("," if layout["indent"] else ", ",))[0],
            colon=layout.get("separators", (",", ": "))[1],
            ascii=layout.get("ensure_ascii", True),
        )
        assert style.write(exact, 0) == json.dumps(value, **{**layout, "sort_keys": False})


def test_a_value_kept_as_text_is_compared_by_what_it_says():
    assert Raw(b"[1, 2]") == Raw(b"[1, 2]")
    assert Raw(b"[1,2]") == Raw(b"[ 1, 2 ]")
    assert Raw(b"[1]") != Raw(b"[2]")
    assert Raw(b'[{"a": 1, "b": "x"}]') == Raw(b'[{"b": "\\u0078", "a": 1}]')
    assert Raw(b"[1]") == [("1",)]
    assert Style().write(Raw(b"[1]"), 3) == "[1]"
