"""Every text is used, and every text that is used is there: collected, not listed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import selvbetjening_core
import selvbetjening_dkfds
import selvbetjening_html_receipt
import selvbetjening_pdf_receipt
import selvbetjening_solutions
from selvbetjening_core.definitions.model import LOOKUPS
from selvbetjening_core.delivery.finding import Standing as Found
from selvbetjening_core.delivery.listing import Which
from selvbetjening_core.delivery.reasons import EVIDENCE, SENTENCES
from selvbetjening_core.forms.account_control import PARTS as ACCOUNT_PARTS
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.kinds.household import Reason
from selvbetjening_core.forms.kinds.lookup import TEXTS as LOOKUP_TEXTS
from selvbetjening_core.forms.messages import INVALID
from selvbetjening_core.journey.audit import AuditPurpose, AuditWay
from selvbetjening_core.journey.records import DeliveryState, WaivedAs
from selvbetjening_core.journey.standing import Standing
from selvbetjening_core.texts import LANGUAGES, placeholders, texts_for
from selvbetjening_core.values import WITHOUT_LOGIN, AssuranceLevel, Basis, Channel, OutcomeKind
from selvbetjening_core.web.staff import delivery, receiver
from selvbetjening_demo.faults.mischief import Fault

TOLD_STATES = [
    *(state for state in DeliveryState if state is not DeliveryState.WAIVED),
    *(f"waived_{way}" for way in WaivedAs if way),
]
WRONG_REASONS = ("no_reason", "reason_too_long", "reason_has_number")
FAULTY_CONTRACTS = ("delivery", "identity", "payment", "prefill")
CORE = Path(selvbetjening_core.__file__).parent
THEMES = (CORE, Path(selvbetjening_dkfds.__file__).parent)
RECEIPTS = (
    CORE / "receipts",
    Path(selvbetjening_html_receipt.__file__).parent,
    Path(selvbetjening_pdf_receipt.__file__).parent,
)
CATALOGUE = texts_for("da").by_key

_IN_TEMPLATE = re.compile(r"\bt\(\s*\"([a-z_.]+)\"")
_KEY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
AUDITED = (
    "submitted",
    "searched",
    "submission-seen",
    "seen",
    "audit-seen",
    "receipt-seen",
    "receipt-taken",
    "receipt-contradicts",
    "attempt-ended-late",
)
"""What the audit log may have about a submission, besides what staff decide."""


def template_keys(folders):
    """What templates ask for: ``t("…")``."""
    return {
        key
        for folder in folders
        for file in folder.rglob("*.html")
        for key in _IN_TEMPLATE.findall(file.read_text("utf-8"))
    }


def code_keys(sources):
    """What looks like a key of one of the catalogue's tables in Python."""
    tables = {key.split(".")[0] for key in CATALOGUE}
    words = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {word for word in words if _KEY.fullmatch(word) and word.split(".")[0] in tables}


def words_in(sources):
    """Every text in Python that could be the name of a notice."""
    return {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def field_error_keys():
    """What the kinds of fields can fail with."""
    codes = {
        (kind.declaration.name, code) for kind in BUILTIN_KINDS for code in kind.declaration.errors
    }
    return {
        f"field_error.{INVALID}",
        *(f"field_error.{code}" for _, code in codes),
        *(f"field_error.{kind}.{code}" for kind, code in codes),
    }


def value_keys():
    """What is made of a value: a state, a basis, a level, a channel, a role, part of a date."""
    roles = set(re.findall(r'role\s*=\s*"(\w+)"', _solutions_text()))
    return {
        *(f"delivery.{state}" for state in TOLD_STATES),
        *(f"delivery.explanation.{state}" for state in TOLD_STATES),
        *(f"standing.{one}.{part}" for one in Standing for part in ("what", "next")),
        *(f"parties.basis_{basis}" for basis in Basis),
        *(f"parties.level_{level.name.lower()}" for level in AssuranceLevel),
        f"parties.level_{WITHOUT_LOGIN}",
        *(f"parties.channel_{channel}" for channel in Channel),
        *(f"destination.{role}" for role in roles),
        *(f"field.{part}" for part in ("day", "month", "year")),
        *(f"field.account.{part}" for part in ACCOUNT_PARTS),
        *(f"field.person.why_{reason}" for reason in Reason),
        *(f"field.{kind}.{word}" for kind in LOOKUPS for word in LOOKUP_TEXTS),
        *(f"faults.{fault}" for fault in Fault),
        *(f"faults.{contract}" for contract in FAULTY_CONTRACTS),
        *staff_keys(),
    }


def staff_keys():
    """What the pages for staff make of a value."""
    waived = [one for one in WaivedAs if one]
    done = {"retried", "rebound", "waived", "paused", "resumed"}
    assert done == {*delivery.DONE, *receiver.DONE}
    return {
        *(f"staff.state.{state}" for state in (*DeliveryState, *TOLD_STATES)),
        *(f"staff.outcome.{kind}" for kind in OutcomeKind),
        *(f"staff.reason.{key}" for key in SENTENCES),
        *(f"staff.evidence.{key}" for key in EVIDENCE),
        *(f"staff.delivery.{one}" for one in ("receiver", "destination", "state", "changed")),
        *(f"staff.overview.{which}" for which in Which),
        *(f"staff.list.{which}" for which in Which),
        *(f"staff.list.title_{which}" for which in Which),
        *(f"staff.find.{one}" for one in Found if one != Found.FOUND),
        *(f"staff.done.{word}" for word in done),
        *(f"staff.audit.{word}" for word in done - {"waived"}),
        *(f"staff.audit.waived_{one}" for one in waived),
        *(f"staff.audit.way_{one or 'application'}" for one in AuditWay),
        *(f"staff.audit.purpose_{one.name.lower()}" for one in AuditPurpose),
        *(f"staff.audit.{event}" for event in AUDITED),
        *(f"staff.waive.{part}{one}" for one in waived for part in ("", "will_")),
        *(f"staff.waive.{one}_hint" for one in waived),
        *(f"staff.why.{fault}" for fault in WRONG_REASONS),
        *(f"help.{one}" for one in ("empty", "misheard", "changed")),
    }


def receipt_keys():
    """The words of a receipt: ``t.NAME`` in its templates, and what its code picks by name."""
    templates = [
        file.read_text("utf-8")
        for folder in RECEIPTS
        for end in ("html", "typ")
        for file in sorted(folder.rglob(f"*.{end}"))
    ]
    code = [file.read_text("utf-8") for folder in RECEIPTS for file in folder.rglob("*.py")]
    names = {name for text in templates for name in re.findall(r"\bt\.([a-z_]+)", text)}
    return {
        *(f"document.{name}" for name in names | words_in(code)),
    }


def paper_keys():
    """The words of a form on paper: ``t.NAME`` in its template, and frames of sentences."""
    template = (RECEIPTS[2] / "template" / "paper.typ").read_text("utf-8")
    frames = ("only_if", "needed_if", "choose_if")
    compared = ("at_least", "at_most", "above", "below", "filled", "not_filled", "is", "is_not")
    return {
        *(f"paper.{name}" for name in re.findall(r"\bt\.([a-z_]+)", template)),
        *(f"paper.{frame}" for frame in frames),
        *(f"paper.{frame}_it_applies" for frame in frames),
        *(f"paper.condition.{one}" for one in compared),
        "paper.page",
        "paper.form",
    }


def _solutions_text():
    folder = Path(selvbetjening_solutions.__file__).parent
    return "\n".join(file.read_text("utf-8") for file in folder.glob("*/solution.toml"))


def sources():
    return [path.read_text("utf-8") for path in sorted(CORE.rglob("*.py"))]


def used_keys():
    names = words_in(sources())
    notices = {key for key in CATALOGUE if key.startswith("notice.") and key.split(".")[1] in names}
    return (
        template_keys(THEMES)
        | code_keys(sources())
        | field_error_keys()
        | value_keys()
        | receipt_keys()
        | paper_keys()
        | notices
    )


def unused(catalogue, used):
    return set(catalogue) - used


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_text_is_used(locale):
    assert unused(texts_for(locale).by_key, used_keys()) == set()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_text_that_a_template_asks_for_is_there(locale):
    asked = template_keys(THEMES)
    assert {"session.heading", "step.next", "layout.accessibility"} <= asked
    assert len(asked) > 80
    assert asked - texts_for(locale).by_key.keys() == set()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_error_of_every_kind_has_its_sentence(locale):
    """Its own, or the one for all kinds; with the label in it, so that it names the field."""
    catalogue = texts_for(locale).by_key
    for kind in BUILTIN_KINDS:
        for code in kind.declaration.errors:
            keys = (f"field_error.{kind.declaration.name}.{code}", f"field_error.{code}")
            found = [catalogue[key] for key in keys if key in catalogue]
            assert found, keys
            assert "label" in placeholders(found[0]), keys


def test_what_is_planted_is_found():
    """Negative controls."""
    used = used_keys()
    assert unused({**CATALOGUE, "home.nowhere": ""}, used) == {"home.nowhere"}
    assert unused({**CATALOGUE, "notice.nowhere.what": ""}, used) == {"notice.nowhere.what"}
    assert unused({**CATALOGUE, "field_error.text.nowhere": ""}, used)
    assert unused(CATALOGUE, used - {"step.next"}) == {"step.next"}


def test_a_template_with_an_unknown_text_is_found(tmp_path):
    """Negative control."""
    (tmp_path / "planted.html").write_text('{{ t("home.nowhere") }}', "utf-8")
    assert template_keys([tmp_path]) - CATALOGUE.keys() == {"home.nowhere"}
