"""Every example in the page about merging comes out as the page says."""

import json
import re
from pathlib import Path

import pytest

from nbpull_sync.notebook import merge_notebook
from nbpull_sync.text import merge_text

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "merging.md"
EXAMPLE = re.compile(r"```\{code-block\} text\n:class: merge-(\w+)\n\n(.*?)```", re.DOTALL)


def columns(example):
    """Read the columns of an example, which its first line lays out."""
    head, *rows = example.splitlines()
    starts = [found.start() for found in re.finditer(r"\S+( \S+)*", head)]
    stops = [*starts[1:], None]
    table = [[row[a:b].strip() for row in rows] for a, b in zip(starts, stops, strict=True)]
    names = [head[a:b].strip() for a, b in zip(starts, stops, strict=True)]
    return {
        name: [cell for cell in column if cell] for name, column in zip(names, table, strict=True)
    }


def examples(kind):
    found = [columns(text) for name, text in EXAMPLE.findall(PAGE.read_text()) if name == kind]
    assert found
    return found


def text(lines):
    return "".join(f"{line}\n" for line in lines).encode()


def notebook(rows):
    cells = []
    for row in rows:
        name, _, rest = row.partition(": ")
        source, _, printed = rest.partition(" -> ")
        output = {"name": "stdout", "output_type": "stream", "text": printed}
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": name,
                "metadata": {},
                "outputs": [output] if printed else [],
                "source": source.replace(" / ", "\n"),
            }
        )
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize("example", examples("lines"))
def test_an_example_of_lines_is_true(example):
    sides = (text(example[name]) for name in ("before", "yours", "upstream"))
    result = merge_text(*sides)
    assert result.merged == text(example["merged"])
    assert [hunk.theirs for hunk in result.hunks] == example.get("not taken", [])


@pytest.mark.parametrize("example", examples("cells"))
def test_an_example_of_cells_is_true(example):
    sides = (notebook(example[name]) for name in ("before", "yours", "upstream"))
    result = merge_notebook(*sides)
    assert json.loads(result.merged) == json.loads(notebook(example["merged"]))
