"""Letters that may stand on a receipt, and what stands for the others.

Nothing is lost: what cannot be shown becomes its number, ``⟨U+1F600⟩``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_NEW_LINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Joiners and marks of direction that scripts need. Those that turn other text
# around (overrides, embeddings, isolates) are not among them: they would let an
# answer look like another one.
_UNSEEN_BUT_NEEDED = frozenset("\n\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060")
_SPACES = str.maketrans("\t\u00a0\u2007\u202f", "    ")
# Unicode breaks no line between a space and many a sign: " .a .b .c" would run
# off the page. A space of no width lets the line break there.
_HELD_TOGETHER = re.compile(r"[^\w\s.,;:] +|(?<! ) +(?=[^\w\s])")
_BREAK = "\u200b"
# These count as letters and would not be seen; Typst drops the last for a use of its own.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufffc")
_MOST_MARKS = 4
"""More marks on one letter than any script has would climb out of their line."""


class Letters:
    """Makes texts showable. ``escaped`` tells whether anything had to be escaped.

    :param hidden: characters that no font here has
    """

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self._hidden = hidden
        self.escaped = False

    def of(self, value: Any) -> Any:
        """JSON data with every text in it made showable."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {name: self.of(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        lines = _NEW_LINES.sub("\n", unicodedata.normalize("NFC", text)).translate(_SPACES)
        if not lines.isprintable() or not lines.isascii():
            lines = self._escaped(lines)
        return _HELD_TOGETHER.sub(lambda found: found.group() + _BREAK, lines)

    def _escaped(self, text: str) -> str:
        shown, marks = [], 0
        for char in text:
            marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
            shown.append(char if marks <= _MOST_MARKS and self._is_shown(char) else _number(char))
        result = "".join(shown)
        self.escaped = self.escaped or result != text
        return result

    def _is_shown(self, char: str) -> bool:
        if char in self._hidden or char in _UNSEEN:
            return False
        return char.isprintable() or char in _UNSEEN_BUT_NEEDED


def _number(char: str) -> str:
    # Between two marks of direction it reads the same within right-to-left letters.
    return f"\u200e⟨U+{ord(char):04X}⟩\u200e"
