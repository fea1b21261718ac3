"""JSON that knows where in the text each value stands, and writes in a given style.

A merged notebook is the learner's own text with parts of it replaced: what did not change
keeps its bytes, whatever wrote them. Numbers are kept as they are written (``1.0`` is not
``1``, ``1e400`` is no infinity), as tuples of one string, which no other JSON value is.
"""

from __future__ import annotations

import json
import marshal
import re
from dataclasses import dataclass
from hashlib import blake2b
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Read = Callable[[str, int], tuple[Any, int]]

Number = tuple[str]
Bytes = bytes | memoryview

_READ = 1 << 20  # bytes of a value beyond which it is more than any that was read as an object
_SPACE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_KEY = re.compile(r'("(?:[^"\\]|\\.)*")[ \t\n\r]*:[ \t\n\r]*')


def _number(text: str) -> Number:
    return (text,)


_EXACT = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_number)
_SKIM = json.JSONDecoder(parse_float=bool, parse_int=bool, parse_constant=bool)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: its key, its value, and where both stand."""

    key: str
    value: Any
    start: int
    value_start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Style:
    """How a JSON text is laid out.

    Attributes:
        indent: The white space of one level, None where all is on one line.
        end: The line end.
        comma: What stands between two items, before the line end where there is one.
        colon: What stands between a key and its value.
        ascii: Whether characters beyond ASCII are written as escapes.
        sort: Whether the keys of an object stand in the order of the alphabet.
    """

    indent: str | None = " "
    end: str = "\n"
    comma: str = ","
    colon: str = ": "
    ascii: bool = False
    sort: bool = False

    def line(self, depth: int) -> str:
        """Give the white space before an item at a depth."""
        return "" if self.indent is None else self.end + self.indent * depth

    def write(self, value: Any, depth: int) -> str:
        """Write a value that stands at a depth."""
        quote = encode_basestring_ascii if self.ascii else encode_basestring
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, dict):
            items = [
                quote(key) + self.colon + self.write(value[key], depth + 1)
                for key in (sorted(value) if self.sort else value)
            ]
            return self._set_out("{}", items, depth)
        if isinstance(value, list):
            if set(map(type, value)) == {str}:  # the lines of a source, nearly always
                return self._set_out("[]", map(quote, value), depth)
            return self._set_out("[]", [self.write(item, depth + 1) for item in value], depth)
        return _plainly(value)

    def _set_out(self, pair: str, items: Iterable[str], depth: int) -> str:
        inner = (self.comma + self.line(depth + 1)).join(items)
        if not inner:
            return pair
        return f"{pair[0]}{self.line(depth + 1)}{inner}{self.line(depth)}{pair[1]}"


def _plainly(value: Any) -> str:
    if isinstance(value, tuple):
        return str(value[0])
    if isinstance(value, Raw):
        return value.text
    return {None: "null", True: "true", False: "false"}[value]


def is_sorted(value: Any) -> bool:
    """Tell whether the keys of all objects in a value stand in the order of the alphabet."""
    if isinstance(value, dict):
        return list(value) == sorted(value) and all(map(is_sorted, value.values()))
    return not isinstance(value, list) or all(map(is_sorted, value))


def encoded(text: str) -> bytes:
    """Give the bytes of a JSON text; a lone surrogate, which UTF-8 lacks, as JSON's escape."""
    return text.encode("utf-8", "backslashreplace")


def scan(text: str, at: int) -> tuple[Any, int]:
    """Read the value that starts at a place, and say where it ends.

    Raises:
        ValueError: There is no JSON value.
    """
    return _EXACT.raw_decode(text, at)


def skim(text: str, at: int) -> tuple[Any, int]:
    """Read as :func:`scan` does, but for the numbers: a large array of them costs no memory.

    Raises:
        ValueError: There is no JSON value.
    """
    return _SKIM.raw_decode(text, at)


class Raw:
    """A value too large to hold as an object: where it stands in its file."""

    __slots__ = ("_view",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, view: Bytes) -> None:
        self._view = view

    @property
    def text(self) -> str:
        """The text of the value."""
        return str(self._view, "utf-8")

    def __eq__(self, other: object) -> bool:
        """Compare by bytes; where these differ, by what they say."""
        if not isinstance(other, Raw):
            return len(self._view) < _READ and bool(scan(self.text, 0)[0] == other)
        return self._view == other._view or self._meaning() == other._meaning()

    def _meaning(self) -> bytes:
        """Give what tells the value from others, however it is written; one at a time is read."""
        value = json.loads(self.text, object_pairs_hook=_in_order)
        return blake2b(marshal.dumps(value, 2)).digest()


def _in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(sorted(dict(pairs).items()))


def skip(text: str, at: int) -> int:
    """Give the place of the next character that is no white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def elements(text: str, at: int, read: Read) -> Iterator[tuple[Any, int, int]]:
    """Walk the array at a place: each value and where it stands; the place after it last."""
    at = skip(text, _expect(text, at, "["))
    while text[at] != "]":
        value, stop = read(text, at)
        yield value, at, stop
        at = _next(text, stop, "]")
    yield None, at, at + 1


def members(text: str, at: int, read: Read | None = None) -> Iterator[Member]:
    """Walk the object at a place; ``read(quoted key, place)`` reads its values if given."""
    at = skip(text, _expect(text, at, "{"))
    while text[at] != "}":
        start = at
        found = _KEY.match(text, at)
        if not found:
            raise json.JSONDecodeError("Expecting a key", text, at)
        at = found.end()
        value, stop = read(found[1], at) if read else scan(text, at)
        yield Member(scan(found[1], 0)[0], value, start, at, stop)
        at = _next(text, stop, "}")


def rewrite(
    view: Bytes, values: Mapping[str, str], keys: Iterable[str], style: Style, depth: int
) -> list[Bytes]:
    """Give an object with these keys in this order, and some values replaced, as its pieces.

    Args:
        view: The object, from its ``{`` to its ``}``.
        values: The text of each value that is new.
        keys: All keys of the result; those that are not in ``values`` keep their text.
        style: How members are set apart where the object does not show it.
        depth: The depth of the members.
    """
    found = spans(view)
    parts: dict[str, list[Bytes]] = {
        key: [view[start:stop]] for key, (start, _, stop) in found.items()
    }
    for key, value in values.items():
        parts[key] = [encoded(style.write(key, depth) + style.colon), encoded(value)]
    places = [*found.values()]
    lead: Bytes = style.line(depth).encode()
    tail: Bytes = style.line(depth - 1).encode()
    comma = style.comma.encode() + bytes(lead)
    if places:
        lead, tail = view[1 : places[0][0]], view[places[-1][2] : -1]
        comma = style.comma.encode() + bytes(lead)
    if len(places) > 1:
        comma = bytes(view[places[0][2] : places[1][0]])
    pieces: list[Bytes] = [b"{", lead]
    for number, key in enumerate(keys):
        pieces += [comma, *parts[key]] if number else parts[key]
    return [*pieces, tail, b"}"]


def spans(view: Bytes) -> dict[str, tuple[int, int, int]]:
    """Give where each member of an object stands in its bytes: its key, its value, its end."""
    text = str(view, "latin-1")  # one byte is one character
    found = {}
    for member in members(text, 0, lambda _, at: (None, skim(text, at)[1])):
        key = scan(str(view[member.start : member.value_start], "utf-8"), 0)[0]
        found[key] = member.start, member.value_start, member.stop
    return found


def style_of(data: bytes, text: str, first: Member, second: Member | None) -> Style:
    """Tell a style from the first members of the outermost object and from the bytes."""
    lead = text[text.index("{") + 1 : first.start]
    colon = text[first.start : first.value_start]
    colon = colon[len(colon.rstrip(": \t\n\r")) :]
    between = text[first.stop : second.start] if second else "," + lead
    broken = "\n" in lead
    return Style(
        indent=lead.rpartition("\n")[2] if broken else None,
        end="\r\n" if "\r\n" in lead else "\n",
        comma=between.partition("\r" if "\r" in between else "\n")[0] if broken else between,
        colon=colon if colon.strip() == ":" else ": ",
        ascii=data.isascii() and _FAR.search(data) is not None,
    )


_FAR = re.compile(rb"\\u(?!00[0-7])[0-9a-fA-F]{4}")
"""An escape that ASCII does not need."""


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"Expecting {sign!r}", text, at)
    return at + 1


def _next(text: str, at: int, end: str) -> int:
    """Step over the comma after an item; stay where the end stands."""
    found = _COMMA.match(text, at)
    if found:
        at = found.end()
        if text[at] == end:
            raise json.JSONDecodeError("Expecting a value after the comma", text, at)
        return at
    at = skip(text, at)
    _expect(text, at, end)
    return at
