"""Values about people do not show what they hold."""

from __future__ import annotations


class Personal:
    """Base of values that hold personal data: ``repr`` and ``str`` name the type alone.

    So whoever writes one into a log or a message writes down nobody. What is needed of
    it is asked for by name.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"
