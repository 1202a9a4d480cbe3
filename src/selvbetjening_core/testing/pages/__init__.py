"""The project's own rules for a page: what axe and an HTML validator do not see.

The national design system prescribes where an error stands, what its link
says, which order a date has. :func:`breaches` holds a finished page to that,
in any theme::

    for breach in breaches(response.text, PageKind.STEP):
        print(breach)
"""

from __future__ import annotations

from collections.abc import Iterator

from selvbetjening_core.testing.pages.contract import CONTRACT_RULES
from selvbetjening_core.testing.pages.design_system import DESIGN_SYSTEM_RULES
from selvbetjening_core.testing.pages.error_summary import ERROR_SUMMARY_RULES
from selvbetjening_core.testing.pages.fields import FIELD_RULES
from selvbetjening_core.testing.pages.frame import FRAME_RULES
from selvbetjening_core.testing.pages.groups import GROUP_RULES
from selvbetjening_core.testing.pages.journey import JOURNEY_RULES
from selvbetjening_core.testing.pages.language import LANGUAGE_RULES
from selvbetjening_core.testing.pages.page import Expected, PageKind, read_page
from selvbetjening_core.testing.pages.rules import Breach, PageRule
from selvbetjening_core.testing.pages.session import SESSION_RULES
from selvbetjening_core.testing.pages.typing import TYPING_RULES

__all__ = ["RULES", "Breach", "Expected", "PageKind", "PageRule", "breaches", "rules_for"]

RULES: tuple[PageRule, ...] = (
    *CONTRACT_RULES,
    *FRAME_RULES,
    *FIELD_RULES,
    *TYPING_RULES,
    *GROUP_RULES,
    *ERROR_SUMMARY_RULES,
    *JOURNEY_RULES,
    *SESSION_RULES,
    *LANGUAGE_RULES,
    *DESIGN_SYSTEM_RULES,
)
"""Every rule, in the order in which breaches are reported."""

_NOTHING_MORE = Expected()


def breaches(html: str, kind: PageKind, expected: Expected = _NOTHING_MORE) -> list[Breach]:
    """What is wrong with a finished page; an empty list if nothing is.

    ``expected`` is what cannot be seen on the page itself. A breach quotes
    texts of the page (labels, links) and never what a citizen typed.
    """
    page = read_page(html, kind, expected)
    return [
        breach
        for rule in rules_for(kind, design_system=expected.design_system)
        for breach in rule.breaches(page)
    ]


def rules_for(kind: PageKind, *, design_system: bool = False) -> Iterator[PageRule]:
    """The rules that a page of this kind is held to."""
    for rule in RULES:
        if kind in rule.kinds and (design_system or not rule.design_system):
            yield rule
