"""What stands around the form: the same in every stack, taken from our own page.

A peer's template has it as text; only who is logged in and the token are filled in, so
the peers do less for it than we do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"(</span>) Nancy Ann Test Berggren<")
_TOKEN = re.compile(r'(name="csrf_token" value=)"[^"]*"')


@dataclass(frozen=True)
class Frame:
    """The page before and after what is in ``main``, with ``@user@`` and ``@token@``."""

    before: str
    after: str

    @classmethod
    def of(cls, page: str) -> Frame:
        """The frame of our page."""
        before, inner, rest = re.split(r"(<main[^>]*>)", page, maxsplit=1)
        after = rest[rest.index("</main>") :]
        return cls(_marked(f"{before}{inner}"), _marked(after))

    def around(self, content: str, user: str, token: str) -> str:
        """A template: the frame around ``content``, with the template's own expressions."""
        page = f"{self.before}{content}{self.after}"
        return page.replace("@user@", user).replace("@token@", token)


def _marked(part: str) -> str:
    return _TOKEN.sub(r'\1"@token@"', _NAME.sub(r"\1 @user@<", part))
