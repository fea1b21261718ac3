"""The difference of lines is right for any lines, and fast for many."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nbpull_sync.lines import Block, changes
from nbpull_sync.sequences import longest_rising

texts = st.lists(st.sampled_from([b"a", b"b", b"c", b"}", b""]), max_size=12)


@settings(deadline=None, max_examples=100)
@given(texts, texts)
def test_the_blocks_turn_one_text_into_the_other(base, side):
    lines, done = [], 0
    for block in changes(base, side):
        assert block.lo >= done or not done
        lines += base[done : block.lo] + side[block.start : block.stop]
        done = block.hi
    assert lines + base[done:] == side


def test_equal_texts_have_no_blocks():
    assert changes([b"a"] * 5, [b"a"] * 5) == []


def test_lines_that_stand_once_hold_a_text_together():
    base = [b"}", b"one", b"}", b"two", b"}", b"three", b"}"]
    side = [b"}", b"new", b"}", b"one", b"}", b"two", b"}", b"three", b"}"]
    assert [block.hi - block.lo for block in changes(base, side)] == [0]


def test_long_texts_of_few_different_lines_are_compared_too():
    base = [b"abcdefg"[n * n % 7 : n * n % 7 + 1] for n in range(3000)]
    side = base[:1000] + [b"new"] * 700 + base[1400:]
    blocks = changes(base, side)
    assert blocks[0].lo <= 1000
    assert sum(block.stop - block.start for block in blocks) < 2000
    assert changes([b"a"] * 600, [b"b"] * 600) == [Block(0, 600, 0, 600)]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 50), unique=True))
def test_a_longest_rising_run_rises_and_cannot_be_longer(values):
    run = [values[index] for index in longest_rising(values)]
    assert run == sorted(run)
    best = [1] * len(values)
    for i, value in enumerate(values):
        best[i] += max((best[j] for j in range(i) if values[j] < value), default=0)
    assert len(run) == max(best, default=0)
