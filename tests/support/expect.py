"""What must become of each cell of a lesson, said from what was done and nothing else.

Each rule is a sentence of the design. ``faults`` names those that a merged notebook breaks;
an empty list is a merge as it should be.
"""

from __future__ import annotations

from collections import Counter

from lessons import to_json


def stays(base, ours, theirs):
    """Tell whether a cell is in the merged notebook."""
    if base is None or (ours and theirs):
        return True
    left = ours or theirs
    return left is not None and left.written != base.written


def faults(scene, merged, told):
    """Judge merged cells whose ids are the keys of the lesson.

    Args:
        scene: What was played: base, ours and theirs.
        merged: The cells of the merged file.
        told: The pairs of action and id in the report.
    """
    base, mine, yours = scene
    old = {cell.key: cell for cell in base}
    found = {cell.get("id"): cell for cell in merged}
    bad = []
    if len(found) != len(merged):
        bad.append("an id stands on two cells")
    for key in {*old, *mine.keys, *yours.keys}:
        before, ours, theirs = old.get(key), mine.get(key), yours.get(key)
        if stays(before, ours, theirs) != (key in found):
            bad.append(f"{key} is {'there' if key in found else 'missing'}")
        elif key in found:
            refused = ("not-taken", key) in told
            bad += [f"{key}: {it}" for it in _cell(before, ours, theirs, found[key], refused)]
    if not bad:
        bad += _report(old, mine, yours, told)
        bad += _order(old, mine, yours, [cell["id"] for cell in merged])
    if found.keys() - {*old, *mine.keys, *yours.keys}:
        bad.append("a cell came from nowhere")
    return bad


def _cell(before, ours, theirs, cell, refused):
    if not ours or not theirs or (before and before in (ours, theirs)):
        left = ours if not theirs or theirs == before else theirs
        return [] if cell == to_json(left, cell["id"]) else ["is not as its one author left it"]
    if not before:
        return ["both added it"]
    texts = Counter("".join(cell["source"]).split("\n"))
    return [
        *_lines(before, ours, theirs, texts, refused),
        *_metadata(before, ours, theirs, cell),
        *_run(before, ours, theirs, cell),
    ]


def _lines(before, ours, theirs, texts, refused):
    """Hold the lines of a cell that both touched, where no two lines are the same."""
    if any(len(set(it.texts)) < len(it.texts) for it in (before, ours, theirs)):
        return
    old, mine, yours = ({it.token: it.text for it in c.lines} for c in (before, ours, theirs))
    struck = any(yours.get(token) != text for token, text in old.items())
    for token in {*old, *mine, *yours}:
        was, here, there = old.get(token), mine.get(token), yours.get(token)
        wanted = there if here == was else here
        for text in {was, here, there} - {None, wanted}:
            if texts[text]:
                yield f"the line {text!r} is there"
        if was is None and here is None and struck and refused and not texts[there]:
            continue  # a line in place of others, which the learner changed
        if wanted is not None and texts[wanted] != 1:
            yield f"the line {wanted!r} is there {texts[wanted]} times"
    yield from _refusal(before, ours, theirs, refused, _clash(old, mine, yours))


def _clash(old, mine, yours):
    """Tell whether both changed one line differently, and whether both changed one at all."""
    both = [it for it in old if mine.get(it) != old[it] != yours.get(it)]
    anew = not old.keys() & mine.keys() or not old.keys() & yours.keys()
    return any(mine.get(it) != yours.get(it) for it in both), bool(both) or anew


def _refusal(before, ours, theirs, refused, clash):
    """Hold that the report tells of a refusal if and only if there was one."""
    quarrel, near = clash
    kinds = before.kind, ours.kind, theirs.kind
    quarrel |= ours.kind != before.kind and theirs.kind not in kinds[:2]
    for name, picture in theirs.pictures.items():
        was, here = before.pictures.get(name), ours.pictures.get(name)
        quarrel |= here != was and picture not in (was, here)
    # What was put in where both changed a line may stand in place of it.
    if refused and not (quarrel or near) and len(set(kinds)) == 1:
        yield "something was refused without need"
    if quarrel and not refused:
        yield "something was refused without a word"


def _metadata(before, ours, theirs, cell):
    if len({before.kind, ours.kind, theirs.kind}) > 1:
        return
    for key in {*before.metadata, *ours.metadata, *theirs.metadata}:
        was, here, there = (c.metadata.get(key) for c in (before, ours, theirs))
        if cell["metadata"].get(key) != (there if here == was else here):
            yield f"the metadata {key} are {cell['metadata'].get(key)}"
    for name in {*ours.pictures, *theirs.pictures}:
        was, here, there = (c.pictures.get(name) for c in (before, ours, theirs))
        if cell.get("attachments", {}).get(name) != (there if here == was else here):
            yield f"the picture {name} is not right"


def _run(before, ours, theirs, cell):
    if {before.kind, ours.kind, theirs.kind} != {"code"}:
        return
    source = "".join(cell["source"])
    got = tuple("".join(it["text"]) for it in cell["outputs"]), cell["execution_count"]
    if ours.ran == before.ran:
        wanted = theirs.ran
    else:
        wanted = ours.ran if source == ours.source else ((), None)
    if got != wanted:
        yield f"the outputs are {got}, not {wanted}"


def _report(old, mine, yours, told):
    for key in yours.keys:
        new = key not in mine.keys and stays(old.get(key), None, yours.get(key))
        if new and ("added", key) not in told:
            yield f"{key} arrived without a word"
    for key in mine.keys:
        if key in old and key not in yours.keys:
            action = "kept" if stays(old[key], mine.get(key), None) else "removed"
            if (action, key) not in told:
                yield f"{key} was {action} without a word"


def _order(old, mine, yours, order):
    place = {key: number for number, key in enumerate(order)}

    def rises(keys):
        places = [place[key] for key in keys if key in place]
        return places == sorted(places)

    for side, other, whose in ((mine, yours, "the learner's"), (yours, mine, "upstream's")):
        alone = not other.moved and other.keys == list(old)
        if not rises(side.keys) and (alone or not (side.moved or other.moved)):
            yield f"the order of {whose} is not kept"
        if not side.moved and not rises([key for key in side.keys if key.startswith(side.name)]):
            yield f"what {side.name} added stands in another order"
    if not (mine.moved or yours.moved):
        yield from _turns(set(old) & set(mine.keys) & set(yours.keys), mine, yours, order)


def _turns(shared, mine, yours, order):
    """Hold that upstream's additions come first at each place."""
    seen = False
    for key in order:
        seen = key not in shared and (seen or key.startswith(mine.name))
        if seen and key.startswith(yours.name):
            yield f"{key} of upstream's stands behind the learner's"


def count_faults(scene, merged):
    """Judge merged cells without ids, by how often each text stands in them.

    Only for cells that one person at most touched can the text be said; the others count.
    """
    base, mine, yours = scene
    old = {cell.key: cell for cell in base}
    wanted, both, apart = Counter(), 0, 0
    for key in {*old, *mine.keys, *yours.keys}:
        before, ours, theirs = old.get(key), mine.get(key), yours.get(key)
        if not stays(before, ours, theirs):
            continue
        if before and ours and theirs and before not in (ours, theirs):
            both += 1
            filled = ours.source != theirs.source and ours.source and theirs.source
            apart += bool(not before.source and filled)  # two cells, for nothing says it is one
        else:
            left = ours if not theirs or theirs == before else theirs
            wanted[left.kind, left.source] += 1
    got = Counter((cell["cell_type"], "".join(cell["source"])) for cell in merged)
    bad = [f"missing: {text!r} x{n}" for (_, text), n in (wanted - got).items()]
    more = sum(got.values()) - sum(wanted.values()) - both
    if more > apart:
        bad.append(f"{more} cells too many: {[text for _, text in (got - wanted)]}")
    if more < 0:
        bad.append(f"{-more} cells too few")
    return bad
