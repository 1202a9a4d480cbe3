"""Labels and groups: every control says what it is (SB-17)."""

from __future__ import annotations

from collections import Counter

from bs4 import Tag

from selvbetjening_core.testing.pages.page import (
    CONTROLS,
    EVERYWHERE,
    WHOLE_PAGES,
    Page,
    attribute,
    name_of,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

_RADIO = "input[type=radio]"
_CHECKBOX = "input[type=checkbox]"
_LABELABLE = frozenset({"input", "select", "textarea", "button", "meter", "output", "progress"})


def groups_in_fieldset(page: Page) -> Found:
    """Radio buttons, and check boxes of one name, stand in a fieldset with a legend."""
    names = Counter(attribute(tag, "name") for tag in page.select(_CHECKBOX))
    grouped = page.select(_RADIO) + [
        tag for tag in page.select(_CHECKBOX) if names[attribute(tag, "name")] > 1
    ]
    told: set[str] = set()
    for control in grouped:
        fieldset = control.find_parent("fieldset")
        legend = fieldset.find("legend", recursive=False) if fieldset else None
        name = attribute(control, "name")
        if (not isinstance(legend, Tag) or not text(legend)) and name not in told:
            told.add(name)
            yield control, "the group has no fieldset with a legend"


def labels_resolve(page: Page) -> Found:
    """What a label is for is a control on the page."""
    for label in page.select("label[for]"):
        target = page.by_id(attribute(label, "for"))
        if target is None:
            yield label, "the label is for nothing on the page"
        elif target.name not in _LABELABLE or attribute(target, "type") == "hidden":
            yield label, f"the label is for a {target.name}, which is no control"


def controls_labelled(page: Page) -> Found:
    """Every control has a name that is shown and read aloud."""
    labels = {attribute(one, "for"): one for one in page.select("label[for]")}
    for control in page.select(CONTROLS):
        own = labels.get(attribute(control, "id")) or control.find_parent("label")
        named = text(own) if own else name_of(page, control) if _is_named(control) else ""
        if not named:
            yield control, "no label"


def controls_sent(page: Page) -> Found:
    """Every control has a name to be sent under."""
    for control in page.select(CONTROLS):
        if not attribute(control, "name"):
            yield control, "the control has no name, so its answer is never sent"


def controls_in_form(page: Page) -> Found:
    """No control stands outside a form."""
    for control in page.select(CONTROLS):
        if control.find_parent("form") is None and not attribute(control, "form"):
            yield control, "the control is in no form, so its answer is never sent"


def _is_named(control: Tag) -> bool:
    return bool(attribute(control, "aria-label") or attribute(control, "aria-labelledby"))


GROUP_RULES = (
    PageRule(
        "SB-17",
        "group-fieldset",
        "Radioknapper og tjekbokse, der hører sammen, står i en gruppe med en overskrift.",
        "dkfds, radioknapper; WCAG 1.3.1",
        EVERYWHERE,
        groups_in_fieldset,
    ),
    PageRule(
        "SB-17",
        "label-for",
        "Hver feltbetegnelse hører til et felt på siden.",
        "WCAG 1.3.1",
        EVERYWHERE,
        labels_resolve,
    ),
    PageRule(
        "SB-17",
        "control-labelled",
        "Hvert felt har en betegnelse.",
        "WCAG 3.3.2, 4.1.2",
        EVERYWHERE,
        controls_labelled,
    ),
    PageRule(
        "SB-17", "control-sent", "Hvert felt bliver sendt.", "HTML", EVERYWHERE, controls_sent
    ),
    PageRule(
        "SB-17",
        "control-in-form",
        "Intet felt står uden for en formular.",
        "HTML",
        WHOLE_PAGES,
        controls_in_form,
    ),
)
"""Rules for labels and groups."""
